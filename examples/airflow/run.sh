#!/usr/bin/env bash
# Starts an Airflow of its own in a temporary directory, runs the DAG once, and stops it again.
#   COLLECTOR_URL  where the events go (http://127.0.0.1:5000)      API_KEY   if the collector wants one
#   AIRFLOW_PORT   of Airflow's API server (8080); the scheduler serves its logs on the next one
set -euo pipefail
cd "$(dirname "$0")"
export PATH="$PWD/.venv/bin:$PATH"
dag=data_lineage_example
run="example_$(date +%s)"

# These two are all that OpenLineage needs.
auth=${API_KEY:+", \"auth\": {\"type\": \"api_key\", \"apiKey\": \"$API_KEY\"}"}
export AIRFLOW__OPENLINEAGE__TRANSPORT="{\"type\": \"http\", \"url\": \"${COLLECTOR_URL:-http://127.0.0.1:5000}\", \"endpoint\": \"api/v1/lineage\", \"compression\": \"gzip\"$auth}"
export AIRFLOW__OPENLINEAGE__NAMESPACE=my-airflow

# The rest is a small Airflow.
AIRFLOW_HOME="$(mktemp -d)"; export AIRFLOW_HOME
port=${AIRFLOW_PORT:-8080}
export AIRFLOW__CORE__DAGS_FOLDER="$PWD/dags" AIRFLOW__CORE__LOAD_EXAMPLES=False
export AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION=False AIRFLOW__CORE__PARALLELISM=2
export AIRFLOW__API__HOST=127.0.0.1 AIRFLOW__API__PORT="$port" AIRFLOW__API__WORKERS=1
export AIRFLOW__CORE__EXECUTION_API_SERVER_URL="http://127.0.0.1:$port/execution/"
export AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT=$((port + 1))
AIRFLOW__API_AUTH__JWT_SECRET="$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"; export AIRFLOW__API_AUTH__JWT_SECRET

pids=()
start() { airflow "$1" >"$AIRFLOW_HOME/$1.log" 2>&1 & pids+=($!); }
stop() { kill "${pids[@]}" 2>/dev/null || true; wait; }
trap stop EXIT
wait_for() { # what, then a command that says whether it is so
  local what=$1; shift
  for _ in $(seq 60); do
    if "$@"; then return; fi
    sleep 3
  done
  echo "gave up waiting for $what; see the logs in $AIRFLOW_HOME" >&2
  exit 1
}
answers() { python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/api/v2/version')" 2>/dev/null; }
knows_dag() { airflow dags details "$dag" >/dev/null 2>&1; }
run_state() { airflow dags list-runs "$dag" --output plain 2>/dev/null | awk -v run="$run" '$2 == run { print $3 }'; }
has_ended() { state=$(run_state); [ "$state" = success ] || [ "$state" = failed ]; }

airflow db migrate >"$AIRFLOW_HOME/migrate.log" 2>&1
start api-server
start dag-processor
wait_for "Airflow's API server" answers
start scheduler
wait_for "the DAG to be known" knows_dag
airflow dags trigger "$dag" --run-id "$run" >/dev/null
wait_for "the DAG run to end" has_ended
sleep 5 # the scheduler tells the end of the DAG run a little later
sent=$(grep -c 'Successfully emitted OpenLineage' "$AIRFLOW_HOME/scheduler.log" || true)
echo "DAG run $run: $state, $sent events sent. Logs: $AIRFLOW_HOME"

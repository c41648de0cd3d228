#!/usr/bin/env bash
# Runs the job once on this machine. No S3 is needed: a directory stands in for the bucket.
#   COLLECTOR_URL  where the events go (http://127.0.0.1:5000)      API_KEY   if the collector wants one
set -euo pipefail
cd "$(dirname "$0")"
PYSPARK_PYTHON="$PWD/.venv/bin/python"; export PYSPARK_PYTHON
openlineage=1.53.0

# OpenLineage's listener and where it sends to: all that a job needs.
lineage=(
  --conf spark.extraListeners=io.openlineage.spark.agent.OpenLineageSparkListener
  --conf spark.openlineage.transport.type=http
  --conf spark.openlineage.transport.url="${COLLECTOR_URL:-http://127.0.0.1:5000}"
  --conf spark.openlineage.transport.endpoint=/api/v1/lineage
  --conf spark.openlineage.namespace=my-spark
)
[ -z "${API_KEY:-}" ] || lineage+=(--conf spark.openlineage.transport.auth.type=api_key --conf spark.openlineage.transport.auth.apiKey="$API_KEY")

# The listener's jar. On a machine with access to Maven Central, --packages io.openlineage:openlineage-spark_2.12:$openlineage does the same.
mkdir -p jars
[ -s "jars/openlineage-spark_2.12-$openlineage.jar" ] ||
  mvn -B -q dependency:copy -Dartifact="io.openlineage:openlineage-spark_2.12:$openlineage" -DoutputDirectory="$PWD/jars"

# s3://data_bucket is this directory: Hadoop's own mount table, in place of hadoop-aws.
bucket=$(mktemp -d)
printf 'id,column_name\n1,10\n2,20\n3,30\n' >"$bucket/raw_data.csv"
storage=(
  --conf spark.hadoop.fs.s3.impl=org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme
  --conf spark.hadoop.fs.viewfs.overload.scheme.target.file.impl=org.apache.hadoop.fs.LocalFileSystem
  --conf spark.hadoop.fs.viewfs.mounttable.data_bucket.linkFallback="file://$bucket"
)

.venv/bin/spark-submit --master 'local[2]' --driver-class-path "jars/openlineage-spark_2.12-$openlineage.jar" \
  --conf spark.ui.enabled=false "${storage[@]}" "${lineage[@]}" data_lineage_example.py >spark.log 2>&1 ||
  { tail -20 spark.log; exit 1; }
cat "$bucket"/transformed_data.csv/part-*.csv
if grep -E 'Could not emit lineage|OpenLineage callable failed' spark.log; then exit 1; fi
echo "All events were taken. Spark's log: $PWD/spark.log"

import type { JsonObject } from '../../src/openlineage/events.ts'

/** The custom facets that the graph interprets, as Airflow and Spark send them, by `<where>/<key>`. */
export const customFacetInstances: ReadonlyMap<string, JsonObject> = new Map(
  Object.entries<JsonObject>({
    'run/airflow': {
      dag: { dag_id: 'dag' },
      dagRun: { run_id: 'manual__1', triggering_user_name: 'jane' },
      task: { operator_class: 'PythonOperator', upstream_task_ids: '[]', downstream_task_ids: "['load']" },
      taskInstance: { try_number: 2, map_index: 1, log_url: 'http://airflow/log' },
    },
    'job/airflow': {
      tasks: { load: { downstream_task_ids: ['check'] }, check: { downstream_task_ids: [] } },
    },
    'run/airflowDagRun': {
      dagRun: { run_id: 'manual__1', run_type: 'manual', triggering_user_name: 'jane' },
    },
    'run/spark_applicationDetails': { applicationId: 'local-1', userName: 'jane' },
    'run/spark.exception': { message: 'Job aborted', stackTrace: 'at …' },
  }),
)

"""Two tasks; the second takes what the first has fetched, through XCom."""

from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def fetch_data():
    return {"data": [1, 2, 3, 4, 5]}


def process_data(ti):
    fetched = ti.xcom_pull(task_ids="fetch_data_task")
    return {"processed": [number * 2 for number in fetched["data"]]}


with DAG(dag_id="data_lineage_example", start_date=datetime(2024, 1, 1), schedule=None, catchup=False):
    fetch_data_task = PythonOperator(task_id="fetch_data_task", python_callable=fetch_data)
    process_data_task = PythonOperator(task_id="process_data_task", python_callable=process_data)

    fetch_data_task >> process_data_task

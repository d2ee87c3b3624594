"""A task for each exit code, of a program that only ends with it. Read by test_exits.py."""

from airflow.sdk import DAG

from trunkline_airflow import tasks

CODES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 42, 99, 130, 137, 143]

with DAG("exit_codes", schedule=None, start_date=tasks.START, default_args=tasks.DEFAULTS | {"retries": 1}) as dag:
    for code in CODES:
        tasks.task(f"code_{code}", [str(code)])

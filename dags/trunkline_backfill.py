"""### Fill in a range of business days

`from` and `to` are both included, at most 366 days. Each day is one task that does all steps of that day; days that are done already
are not done again unless **again** is set, so the same range may be triggered any number of times.

One day at a time: a run store has one writer, and the pool `genesys_api` one slot for each OAuth client. Each day is published when it
is done. Days are done oldest first, and the first one alone: what no day could do, as with a wrong secret, fails once and not for each.
"""

from __future__ import annotations

from datetime import date, timedelta

from airflow.sdk import DAG, Param, task

from trunkline_airflow import tasks
from trunkline_airflow.exits import AirflowFailException

MAX_DAYS = 366  # of one trigger; core.max_map_length is 1024 unless told

with DAG(
    "trunkline_backfill",
    schedule=None,
    start_date=tasks.START,
    catchup=False,
    max_active_runs=1,
    default_args=tasks.DEFAULTS,
    params={
        "from": Param(type="string", format="date", description="first business day"),
        "to": Param(type="string", format="date", description="last business day, included"),
        "again": Param(False, type="boolean", description="do days although they are done"),
    },
    doc_md=__doc__,
    tags=["trunkline"],
) as dag:

    @task(retries=0)
    def days(*, params=None) -> list[list[str]]:
        """The arguments of each day after the first."""
        first, last = date.fromisoformat(params["from"]), date.fromisoformat(params["to"])
        count = (last - first).days + 1
        if not 0 < count <= MAX_DAYS:
            raise AirflowFailException(
                f"from {first} to {last} is {count} days: give from and to with 1 to {MAX_DAYS} days between them, both included"
            )
        again = f"--again={'true' if params['again'] else 'false'}"
        return [["run", f"--date={first + timedelta(n)}", again, tasks.WAIT] for n in range(1, count)]

    outlets = [tasks.asset(n) for n in (*tasks.TABLES, tasks.PUBLISHED)]
    first = tasks.task("first_day", ["run", "--date={{ params['from'] }}", tasks.AGAIN, tasks.WAIT], pool=tasks.POOL, outlets=outlets)
    others = days()
    others >> first >> tasks.tasks_over("day", others, pool=tasks.POOL, max_active_tis_per_dagrun=1, outlets=outlets)

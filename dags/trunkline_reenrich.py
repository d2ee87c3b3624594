"""### Let earlier rows follow the CRM again

Every night rows of the 30 days before it get the tier, owner and counts of today. This goes further back, for example after tiers were
corrected in Salesforce for all of last year: trigger it with **since** = `400d`. Then it audits and publishes.

It works in the run of the last business day that had ended when it was triggered, or of **date**; `trunkline_nightly` must have loaded
that day. Rows are as much older than the day as **since** says. A task may be cleared or tried again at any time: it works for the same
day, and rows that follow already stay as they are.
"""

from __future__ import annotations

from airflow.sdk import DAG, Param

from trunkline_airflow import tasks

with DAG(
    "trunkline_reenrich",
    schedule=None,
    start_date=tasks.START,
    catchup=False,
    max_active_runs=1,
    default_args=tasks.DEFAULTS,
    params={
        "since": Param("30d", type="string", pattern="^[1-9][0-9]{0,3}d$", description="how much older than the day rows may be"),
        "date": Param(None, type=["null", "string"], format="date", description="a business day, in place of the last one that ended"),
    },
    doc_md=__doc__,
    tags=["trunkline"],
) as dag:
    tasks.task(
        "reenrich",
        ["reenrich", "--since={{ params.since }}", tasks.DAY, tasks.WAIT],
        outlets=[tasks.asset("unified_interactions"), tasks.asset(tasks.PUBLISHED)],
    )

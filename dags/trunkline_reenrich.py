"""### Let earlier rows follow the CRM again

Every night rows of the 30 days before it get the tier, owner and counts of today. This goes further back, for example after tiers were
corrected in Salesforce for all of last year: trigger it with **since** = `400d`. Then it audits and publishes.

It works in the run of the last business day that has ended, which must have been loaded: run `trunkline_nightly` before.
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
    params={"since": Param("30d", type="string", pattern="^[1-9][0-9]{0,3}d$", description="how much older than the day rows may be")},
    doc_md=__doc__,
    tags=["trunkline"],
) as dag:
    tasks.task(
        "reenrich",
        ["reenrich", "--since={{ params.since }}", tasks.WAIT],
        outlets=[tasks.asset("unified_interactions"), tasks.asset(tasks.PUBLISHED)],
    )

"""### The night: extract each source, transform, load, audit, publish

The graph is that of the binary (`trunkline steps -o json`): a source that is added to it appears here without an edit, and one that your
`trunkline.yaml` does not have is **skipped**.

* The business day is the last one that had ended when the run was due, in the time zone of `trunkline.yaml`. **date** does another one.
* A task may be cleared or run again at any time: what is done is not done again. **again** does it in spite of that.
* A task that **failed at its first try** (exit code 4 or 5) wants a person: its last line says what to do. Others are tried again.
* A closed quality gate (7) and too many rejects (3) fail nothing. `findings` tells of them, as the asset
  `trunkline://warehouse/findings`, and `crm_views` is skipped: schedule what needs figures by customer on `trunkline://warehouse/crm_views`.
* Pool `genesys_api`: one slot for each OAuth client. Connections: `trunkline_` and the source's name, and `trunkline_warehouse`.
"""

from __future__ import annotations

import os

from airflow.sdk import DAG, Param, TaskGroup, task
from airflow.timetables.trigger import CronTriggerTimetable

from trunkline_airflow import graph, tasks
from trunkline_airflow.deadline import deadline
from trunkline_airflow.exits import AirflowSkipException

OUTLETS = {"load": tasks.TABLES, "audit": (tasks.JOIN_QUALITY,), "publish": (tasks.PUBLISHED,)}

with DAG(
    "trunkline_nightly",
    schedule=CronTriggerTimetable(
        os.environ.get("TRUNKLINE_SCHEDULE", "30 2 * * *"), timezone=os.environ.get("TRUNKLINE_TIME_ZONE", "UTC")
    ),
    start_date=tasks.START,
    catchup=False,
    max_active_runs=1,
    default_args=tasks.DEFAULTS,
    params={
        "date": Param(None, type=["null", "string"], format="date", description="a business day, in place of the last one that ended"),
        "again": Param(False, type="boolean", description="do steps although they are done"),
    },
    deadline=deadline(),
    doc_md=__doc__,
    tags=["trunkline"],
) as dag:
    made = {}
    with TaskGroup("sources", prefix_group_id=False):
        for part in (p for p in graph.parts() if p.source):
            made[part.task_id] = tasks.task(
                part.task_id,
                [part.stage, f"--sources={part.source}", "--if-configured", tasks.DAY, tasks.AGAIN, tasks.WAIT],
                pool=tasks.POOL if part.source == "genesys" else "default_pool",
            )
    for part in (p for p in graph.parts() if not p.source):
        made[part.task_id] = tasks.task(
            part.task_id,
            [part.stage, tasks.DAY, tasks.AGAIN, tasks.WAIT],
            trigger_rule="none_failed",  # a source that is not configured is skipped
            outlets=[tasks.asset(name) for name in OUTLETS.get(part.stage, ())],
        )
    for part in graph.parts():
        made[part.task_id].set_upstream([made[need] for need in sorted(part.needs)])

    @task(trigger_rule="none_failed", outlets=[tasks.asset(tasks.CRM_VIEWS)])
    def crm_views(audit: dict, publish: dict) -> None:
        """Tell whoever waits for figures by customer that they are new. With a closed gate they are not."""
        if not (audit["gate_open"] and publish["gate_open"]):
            raise AirflowSkipException("the quality gate is closed: the views that need the CRM keep their last good state")

    @task(trigger_rule="none_failed", outlets=[tasks.asset(tasks.FINDINGS)])
    def findings(told: list[dict], *, outlet_events=None) -> list[str]:
        """Tell the owner of the data what the night found out about them."""
        found = sorted({t["finding"] for t in told if t["finding"]})
        if not found:
            raise AirflowSkipException("there is nothing to tell the owner of the data")
        outlet_events[tasks.asset(tasks.FINDINGS)].extra = {"findings": found}
        return found

    crm_views(made["audit"].output, made["publish"].output)
    findings([made[part.task_id].output for part in graph.parts() if not part.source])

"""Write the DAGs to Airflow's database, release one and queue a run of it, as a person does: queue_run.py DAG DUE RUN."""

from __future__ import annotations

import sys
from datetime import datetime

from airflow import settings
from airflow.dag_processing.bundles.manager import DagBundlesManager
from airflow.models import DagModel
from airflow.models.serialized_dag import SerializedDagModel
from airflow.utils.state import DagRunState
from airflow.utils.types import DagRunTriggeredByType, DagRunType
from harness import BUNDLES, parsed, store
from sqlalchemy import update


def main(name: str, due: str, run_id: str) -> None:
    DagBundlesManager().sync_bundles_to_db()
    store(parsed(BUNDLES[0]), BUNDLES[0])
    at = datetime.fromisoformat(due)
    with settings.Session() as session:
        SerializedDagModel.get_dag(name).create_dagrun(
            run_id=run_id,
            logical_date=at,
            data_interval=(at, at),
            run_after=at,
            run_type=DagRunType.MANUAL,
            triggered_by=DagRunTriggeredByType.TEST,
            state=DagRunState.QUEUED,
            session=session,
        )
        session.execute(update(DagModel).where(DagModel.dag_id == name).values(is_paused=False))
        session.commit()


main(*sys.argv[1:])

"""A night that is late: the real scheduler notices, and the real triggerer calls what is to be called."""

from __future__ import annotations

import os
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from harness import DAGS, command

from trunkline_airflow.deadline import LATE_AFTER

DUE = datetime(2026, 1, 8, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (str(DAGS), "trunkline_nightly {run} is not done 4:00:00 after it was queued"),
        ("", "Failed to import"),  # the DAG folder is not where the triggerer looks, unless told
    ],
)
def test_a_night_that_is_late(stored, tmp_path, path, says):
    run = late_run()
    scheduler = subprocess.run(
        [command(), "scheduler", "--num-runs=1", "--skip-serve-logs"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert scheduler.returncode == 0, scheduler.stdout + scheduler.stderr
    log = triggerer_until(["is not done", "Failed to import"], tmp_path, path)
    assert says.format(run=run) in log, log


def late_run() -> str:
    """A run of trunkline_nightly that the scheduler has queued, and whose deadline is over; its id."""
    from airflow import settings
    from airflow.models import Deadline
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType
    from sqlalchemy import select

    with settings.Session() as session:
        run = SerializedDagModel.get_dag("trunkline_nightly").create_dagrun(
            run_id=f"late__{time.time_ns()}",
            run_after=DUE,
            run_type=DagRunType.MANUAL,
            triggered_by=DagRunTriggeredByType.TEST,
            state=DagRunState.QUEUED,
            session=session,
        )
        session.flush()
        deadline = session.scalars(select(Deadline).where(Deadline.dagrun_id == run.id)).one()
        assert deadline.deadline_time == run.queued_at + LATE_AFTER
        deadline.deadline_time = datetime.now(UTC) - timedelta(minutes=1)
        session.commit()
        return run.run_id


def triggerer_until(words: list[str], folder: Path, path: str) -> str:
    """What a triggerer logs until one of some words is in it, for three minutes at most. 3.4 has a file for each callback."""
    output, logs = folder / "output", folder / "logs"
    env = os.environ | {"PYTHONPATH": path, "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(logs)}
    argv = [command(), "triggerer", "--skip-serve-logs"]
    with output.open("w") as out, subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT, cwd=folder, env=env) as triggerer:
        log, end = "", time.monotonic() + 180
        while triggerer.poll() is None and time.monotonic() < end and not any(word in log for word in words):
            time.sleep(0.2)
            log = "".join(f.read_text() for f in [output, *logs.rglob("*.log")])
        triggerer.terminate()
    return log

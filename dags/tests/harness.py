"""What tests do with Airflow, in pytest's process and in others. Nothing here imports Airflow before it is used."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb

TESTS = Path(__file__).parent
DAGS = TESTS.parent
ROOT = DAGS.parent
BINARY = ROOT / "bin" / "trunkline"


BUNDLES = [
    {"name": name, "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle", "kwargs": {"path": str(path)}}
    for name, path in {"dags-folder": DAGS, "for-tests": TESTS / "for_tests"}.items()
]

SECRETS = {"genesys": "simulated", "salesforce": "simulated", "warehouse": "fake-warehouse-password"}

# What becomes of each task of a night about which there is nothing to tell.
DONE = {
    "extract.genesys": "success",
    "extract.salesforce": "success",
    "extract.releases": "skipped",  # not configured
    "extract.trusst": "skipped",
    "transform": "success",
    "load": "success",
    "audit": "success",
    "publish": "success",
    "crm_views": "success",
    "findings": "skipped",  # there are none
}


def command() -> Path:
    """Airflow's own, which, other than python -m, looks for no modules in the working directory."""
    return Path(sys.executable).with_name("airflow")


def parsed(bundle: dict):
    try:
        from airflow.dag_processing.dagbag import DagBag
    except ImportError:  # before 3.2
        from airflow.models.dagbag import DagBag
    found = DagBag(bundle["kwargs"]["path"])
    assert not found.import_errors
    return found


def store(bag, bundle: dict):
    """Write a bundle's DAGs to Airflow's database, as it wants it before it runs one."""
    try:
        from airflow.dag_processing.dagbag import sync_bag_to_db
    except ImportError:  # before 3.2
        from airflow.models.dagbag import sync_bag_to_db
    sync_bag_to_db(bag, bundle["name"], None)


@contextlib.contextmanager
def simulated(*flags: str):
    """A simulated centre of two days, at its address."""
    command = [BINARY, "sim", "--addr", "127.0.0.1:0", "--quiet", "--time-zone", "UTC", "--start", "2026-01-05", "--days", "2"]
    command += ["--now", "2026-01-07T02:30:00Z", "--per-day", "25", "--accounts", "40", "--rate", "0", "--job-delay", "10ms", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sim:
        try:
            yield sim.stdout.readline().split()[1]
        finally:
            sim.terminate()


def hasten(dags):
    for task in (t for dag in dags.values() for t in dag.tasks):
        if task.is_mapped:
            task.partial_kwargs["retry_delay"] = timedelta(seconds=1)
        else:
            task.retry_delay = timedelta(seconds=1)
    return dags


def states(run) -> dict[str, str]:
    """The state of each task of a run; of a mapped one, of each of its instances."""
    return {
        ti.task_id + (f"[{ti.map_index}]" if ti.map_index >= 0 else ""): str(getattr(ti.state, "value", ti.state))
        for ti in run.get_task_instances()
    }


def tables(file) -> dict[str, list]:
    """Every table of a warehouse, with all its rows in one order."""
    with duckdb.connect(str(file), read_only=True) as db:
        names = [name for (name,) in db.sql("select table_name from duckdb_tables() order by 1").fetchall()]
        return {name: db.sql(f'select columns(*)::text from "{name}" order by all').fetchall() for name in names}


def events(run_id: str) -> dict[str, dict]:
    """What a run told with the asset events that it made, by the asset's name."""
    from airflow import settings
    from airflow.models.asset import AssetEvent, AssetModel
    from sqlalchemy import select

    found = select(AssetModel.uri, AssetEvent.extra).join(AssetModel, AssetModel.id == AssetEvent.asset_id)
    rows = settings.Session().execute(found.where(AssetEvent.source_run_id == run_id))
    return {uri.removeprefix("trunkline://warehouse/"): extra for uri, extra in rows}

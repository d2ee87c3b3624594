"""The DAGs as Airflow reads them, before anything runs."""

from __future__ import annotations

import subprocess
import sys

import pytest
from harness import DAGS

from trunkline_airflow import graph, tasks

OURS = ["trunkline_nightly", "trunkline_backfill", "trunkline_reenrich"]


def test_every_dag_is_there(bag):
    assert {name for name, dag in bag.items() if "for_tests" not in dag.fileloc} == set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_manners(bag, name):
    dag = bag[name]
    assert len(dag.doc_md.strip().splitlines()) > 3
    assert dag.tags == {"trunkline"}
    assert dag.max_active_runs == 1
    assert dag.catchup is False
    for task in dag.tasks:
        assert task.owner == "trunkline"
        assert task.retries > 0 or task.task_id == "days"  # which only counts
    dag.topological_sort() if hasattr(dag, "topological_sort") else dag.check_cycle()


def test_what_asks_genesys_is_in_its_pool(bag):
    pools = {(name, t.task_id): t.pool for name in OURS for t in bag[name].tasks}
    assert {k for k, pool in pools.items() if pool == "genesys_api"} == {
        ("trunkline_nightly", "extract.genesys"),
        ("trunkline_backfill", "first_day"),
        ("trunkline_backfill", "day"),
    }


def test_each_source_has_a_task(bag):
    assert {f"extract.{s}" for s in graph.sources()} <= set(bag["trunkline_nightly"].task_ids)


def test_backfill_is_bounded(bag):
    day = bag["trunkline_backfill"].task_dict["day"]
    assert day.is_mapped
    assert day.partial_kwargs["max_active_tis_per_dagrun"] == 1


def test_reading_a_dag_does_no_work(house):
    """No process is started and no connection is opened while a DAG is parsed."""
    code = (
        "import sys, runpy\n"
        "import airflow.sdk, airflow.timetables.trigger\n"
        "import airflow.sdk.definitions.decorators, airflow.providers.standard.decorators.python\n"
        "def no(event, args):\n"
        "    if event in ('subprocess.Popen', 'socket.connect', 'os.system', 'os.posix_spawn'): raise RuntimeError(event)\n"
        "sys.addaudithook(no)\n"
        f"for name in {OURS}: runpy.run_path(f'{DAGS}/{{name}}.py')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_executor_setting(monkeypatch):
    monkeypatch.setenv("TRUNKLINE_EXECUTOR", "podman")
    with pytest.raises(ValueError, match="TRUNKLINE_EXECUTOR is 'podman': give it one of local, docker, kubernetes"):
        tasks.task_class()
    monkeypatch.setenv("TRUNKLINE_EXECUTOR", "docker")
    monkeypatch.delenv("TRUNKLINE_IMAGE", raising=False)
    with pytest.raises(ValueError, match="TRUNKLINE_IMAGE"):
        tasks.task_class()


def test_style():
    """ruff, with the rules for Airflow 3."""
    done = subprocess.run([sys.executable, "-m", "ruff", "check", DAGS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    done = subprocess.run([sys.executable, "-m", "ruff", "format", "--diff", DAGS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout

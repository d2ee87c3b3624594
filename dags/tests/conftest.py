"""A real Airflow with a database of its own, the real binary, and a simulated contact centre that both are tried on.

Made by `make dags`: it builds bin/trunkline, installs the Airflow of a lock file and runs pytest in it. A test that is skipped fails.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from harness import BINARY, BUNDLES, DAGS, SECRETS, hasten, parsed, simulated, store

HOME = tempfile.TemporaryDirectory(prefix="trunkline-airflow-")
os.environ |= {  # before anything of Airflow is imported
    "AIRFLOW_HOME": HOME.name,
    "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(BUNDLES),
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{HOME.name}/airflow.db",
    "PYTHONPATH": str(DAGS),
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that is skipped shows nothing, and that is a failure."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped: {report.longrepr}"
    return report


def pytest_sessionfinish():
    HOME.cleanup()
    logging.raiseExceptions = False  # Airflow closes its database when all is over, and logs that where nothing can be written any more


@pytest.fixture(scope="session", autouse=True)
def airflow_database():
    if not BINARY.exists():
        pytest.fail(f"{BINARY} is not there: run make build", pytrace=False)
    airflow = [sys.executable, "-m", "airflow"]
    made = subprocess.run([*airflow, "db", "migrate"], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    from airflow.dag_processing.bundles.manager import DagBundlesManager

    DagBundlesManager().sync_bundles_to_db()


@pytest.fixture(scope="session")
def stored(airflow_database):
    """Every DAG is in Airflow's database."""
    for bundle in BUNDLES:
        store(parsed(bundle), bundle)


@pytest.fixture
def bag(stored):
    """Every DAG of ours and of the tests, parsed anew: dag.test() leaves the parameters of one run in the DAG of the next."""
    dags = {}
    for bundle in BUNDLES:
        dags |= parsed(bundle).dags
    # dag.test() of 3.4.0b2 takes what a deadline is serialised to for its id and breaks at the end of a run. test_deadline.py has the
    # scheduler look at it.
    for dag in dags.values():
        dag.deadline = None
    return dags


@pytest.fixture(scope="session")
def centre():
    with simulated() as url:
        yield url


class House:
    """A configuration with a run store and a warehouse of its own, and the worker's environment for it."""

    def __init__(self, folder: Path, monkeypatch):
        self.folder, self.monkeypatch = folder, monkeypatch
        self.warehouse = folder / "warehouse.duckdb"
        monkeypatch.setenv("TRUNKLINE_BINARY", str(BINARY))
        monkeypatch.setenv("TRUNKLINE_CONFIG", str(folder / "trunkline.yaml"))
        for name, password in SECRETS.items():
            self.connect(name, password)

    def connect(self, name: str, password: str, **extra: str):
        connection = {"conn_type": "generic", "login": "trunkline", "password": password, "extra": extra}
        self.monkeypatch.setenv(f"AIRFLOW_CONN_TRUNKLINE_{name.upper()}", json.dumps(connection))

    def configure(self, url: str, more: str = ""):
        (self.folder / "trunkline.yaml").write_text(
            "version: 1\n"
            "organisation: {time_zone: UTC}\n"
            "store: {path: runs}\n"
            f'genesys: {{base_url: "{url}", client_id: "${{GENESYS_CLIENT_ID}}", client_secret: "${{GENESYS_CLIENT_SECRET}}",\n'
            "  requests_per_minute: 100000}\n"
            f'salesforce: {{login_url: "{url}", client_id: "${{SALESFORCE_CLIENT_ID}}", client_secret: "${{SALESFORCE_CLIENT_SECRET}}"}}\n'
            "warehouse: {duckdb: {memory_limit: 512MB, path: warehouse.duckdb, published: published.duckdb}}\n" + more
        )

    def only_says(self) -> Path:
        """From here on a program runs that only says its arguments: the file that they are in, one line a call."""
        said, program = self.folder / "said", self.folder / "program"
        program.write_text(f'#!/bin/sh\necho "$*" >> {said}\n')
        program.chmod(0o755)
        self.monkeypatch.setenv("TRUNKLINE_BINARY", str(program))
        return said


@pytest.fixture
def house(tmp_path, monkeypatch):
    return House(tmp_path, monkeypatch)


@pytest.fixture
def quick(bag):
    """The DAGs, tried again after a second instead of minutes."""
    return hasten(bag)

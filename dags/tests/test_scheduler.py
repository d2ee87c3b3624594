"""A night of a running Airflow: its scheduler starts the tasks, its workers run them, and they ask its API server."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request

from harness import DAGS, DONE, TESTS, command, tables

DUE, RUN = "2026-01-06T02:30:00+00:00", "night"


def test_a_night(house, centre):
    house.configure(centre)
    port = free_port()
    env = environment(house.folder, port)
    for step in ([command(), "db", "migrate"], [command(), "pools", "set", "genesys_api", "1", "one slot"]):
        ran(step, house.folder, env)
    ran([sys.executable, TESTS / "queue_run.py", "trunkline_nightly", DUE, RUN], house.folder, env)
    with running(["api-server", f"--port={port}", "--workers=1"], house.folder, env) as server:
        until(lambda: answers(port), [server])
        with running(["scheduler", "--skip-serve-logs"], house.folder, env) as scheduler:
            until(lambda: ask(house.folder, "select state from dag_run")[0][0] in ("success", "failed"), [server, scheduler])
    assert dict(ask(house.folder, "select task_id, state from task_instance")) == DONE, log(house.folder)
    assert len(tables(house.warehouse)["unified_interactions"]) > 20


def environment(folder, port: int) -> dict[str, str]:
    """An Airflow of its own, in which no night is due but the one that is queued."""
    return os.environ | {
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder}/airflow.db",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__API_AUTH__JWT_SECRET": "of the tests, and long enough for an HMAC of 64 bytes, as wanted here",
        "AIRFLOW__API__SECRET_KEY": "of the tests",
        "PYTHONPATH": os.pathsep.join([str(DAGS), str(TESTS)]),
        "TRUNKLINE_SCHEDULE": "30 2 31 12 *",
    }


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ran(argv: list, folder, env):
    done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def running(argv: list[str], folder, env):
    """A process of Airflow's, as long as the block."""
    with (folder / f"{argv[0]}.out").open("w") as out:
        process = subprocess.Popen([command(), *argv], stdout=out, stderr=subprocess.STDOUT, cwd=folder, env=env)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def until(true, processes: list[subprocess.Popen]):
    """Wait until something is so, for ten minutes at most, while processes run."""
    end = time.monotonic() + 600
    while not true():
        assert [p.args[1:] for p in processes if p.poll() is not None] == [], "ended before their time"
        assert time.monotonic() < end, "waited for ten minutes"
        time.sleep(0.5)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/monitor/health", timeout=10) as answer:
            return json.load(answer)["metadatabase"]["status"] == "healthy"
    except (urllib.error.URLError, TimeoutError):
        return False


def ask(folder, query: str) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(f"file:{folder}/airflow.db?mode=ro", uri=True, timeout=60)) as db:
        return db.execute(query).fetchall()


def log(folder) -> str:
    return "".join(f.read_text() for f in [*folder.glob("*.out"), *folder.glob("logs/dag_id=*/**/*.log")])

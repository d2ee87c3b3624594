"""Nights from end to end: the real Airflow runs the real DAGs, they run the real binary, and it reads a simulated centre."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from harness import BINARY, DONE, SECRETS, TESTS, events, simulated, states, tables

from trunkline_airflow import graph

DUE = datetime(2026, 1, 6, 2, 30, tzinfo=UTC)


def test_the_same_night_twice_gives_the_same_tables(bag, house, centre):
    house.configure(centre)
    run = bag["trunkline_nightly"].test(logical_date=DUE)
    assert states(run) == DONE
    once = tables(house.warehouse)
    assert len(once["unified_interactions"]) > 20
    assert len(once["crm_accounts"]) > 30
    told = events(run.run_id)
    assert told["unified_interactions"]["rows"]["inserted"] == len(once["unified_interactions"])
    assert told["unified_interactions"]["runs"] == ["nightly/2026-01-05T00-00-00Z"]
    assert told["join_quality"]["gate_open"] is True
    assert set(told) == {"unified_interactions", "crm_accounts", "join_quality", "published", "crm_views"}

    assert states(bag["trunkline_nightly"].test(logical_date=DUE)) == DONE
    assert tables(house.warehouse) == once

    assert states(bag["trunkline_nightly"].test(logical_date=DUE, run_conf={"again": True})) == DONE
    anew = tables(house.warehouse)
    for name in ("unified_interactions", "conversations", "segments", "crm_accounts", "users", "queues"):
        assert anew[name] == once[name], name


def test_closed_gate_publishes_the_rest_and_tells_the_owner_of_the_data(bag, house):
    with simulated("--share", "noaccount=0.7") as url:
        house.configure(url)
        run = bag["trunkline_nightly"].test(logical_date=DUE)
    assert states(run) == DONE | {"crm_views": "skipped", "findings": "success"}
    (told,) = run.get_task_instance("findings").xcom_pull(task_ids="findings")
    assert told.startswith("exit code 7: TL7001 nightly/2026-01-05T00-00-00Z: the quality gate is closed")


def test_wrong_secret_fails_once(bag, house, centre):
    house.configure(centre)
    house.connect("genesys", "a-wrong-secret-0815")
    log = by_process("trunkline_nightly")
    assert ended(log)["extract.genesys"] == "failed"
    assert {ended(log)[t] for t in ("transform", "publish", "crm_views", "findings")} == {"upstream_failed"}
    assert log.count("trunkline extract --sources=genesys") == 1, "tried more than once"
    assert "TL4101" in log
    assert "a-wrong-secret-0815" not in log


def test_no_secret_is_to_be_seen(bag, house, centre):
    """Not in logs, not in rendered fields, results or anything else in Airflow's database, and not in argv."""
    house.configure(centre)
    house.connect("warehouse", SECRETS["warehouse"], token="fake-token-in-extra")
    # A program that shows the worst: it prints its environment and its arguments, then is the real one.
    program = house.folder / "program"
    program.write_text(f'#!/bin/sh\nenv\necho "argv: $*"\nexec {BINARY} "$@"\n')
    program.chmod(0o755)
    house.monkeypatch.setenv("TRUNKLINE_BINARY", str(program))
    house.monkeypatch.setenv("AIRFLOW_CONN_OTHER", "http://user:fake-of-another-dag@example.com")
    log = by_process("trunkline_nightly")
    assert ended(log) == DONE
    kept = b"".join(f.read_bytes() for f in Path(os.environ["AIRFLOW_HOME"]).rglob("*") if f.is_file())
    assert b"--sources=genesys" in kept, "rendered fields are looked for in the wrong place"
    assert "WAREHOUSE_PASSWORD=***" in log
    assert "argv: extract --sources=genesys" in log
    for secret in {*SECRETS.values(), "fake-token-in-extra", "fake-of-another-dag"}:
        assert secret not in log, secret
        assert secret.encode() not in kept, secret
    assert "AIRFLOW__DATABASE" not in log
    assert "AIRFLOW_CONN_" not in log


def test_a_stopped_task_goes_on_where_it_was(bag, house):
    """SIGTERM to the task is SIGTERM to the binary, which ends with 143 at a safe place; the next try does the rest."""
    with simulated("--latency", "150ms", "--per-day", "100") as url:
        house.configure(url)
        stopped = []

        def stop(process: subprocess.Popen):
            for child in psutil.Process(process.pid).children(recursive=True):
                if not stopped and "--sources=genesys" in child.cmdline() and (house.folder / "runs").exists():
                    stopped.append(child)
                    time.sleep(1)
                    process.send_signal(signal.SIGTERM)

        log = by_process("trunkline_nightly", stop)
    assert stopped
    assert ended(log) == DONE
    assert log.count("trunkline extract --sources=genesys") == 2
    assert "exit code 143: stopped by terminated" in log
    assert not stopped[0].is_running()


def by_process(dag: str, meanwhile=lambda process: None) -> str:
    """Run a DAG in a process of its own, as a worker does, and give all that it wrote."""
    command = [sys.executable, TESTS / "one_run.py", dag, DUE.isoformat()]
    with tempfile.TemporaryFile("w+") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, text=True) as process:
        while process.poll() is None:
            meanwhile(process)
            time.sleep(0.1)
        out.seek(0)
        log = out.read()
    print(log)
    assert process.returncode == 0
    return log


def ended(log: str) -> dict[str, str]:
    """The states that one_run.py printed."""
    return json.loads(log.rpartition("ended: ")[2].partition("\n")[0])


@pytest.mark.parametrize(
    ("how", "when", "again"),
    [
        ({"logical_date": DUE}, "--as-of=2026-01-06T02:30:00+00:00", "--again=false"),
        ({"logical_date": None, "run_after": DUE}, "--as-of=2026-01-06T02:30:00+00:00", "--again=false"),  # as an asset starts one
        ({"logical_date": DUE, "run_conf": {"date": "2026-01-03", "again": True}}, "--date=2026-01-03", "--again=true"),
    ],
)
def test_which_day(bag, house, how, when, again):
    said = house.only_says()
    run = bag["trunkline_nightly"].test(**how)
    assert set(states(run).values()) == {"success", "skipped"}
    lines = said.read_text().splitlines()
    assert len(lines) == len(graph.parts())
    for line in lines:
        assert {when, again, "--wait=4h", "--result-file"} <= set(line.split()), line


def test_backfill(quick, house, centre):
    house.configure(centre)
    run = quick["trunkline_backfill"].test(run_conf={"from": "2026-01-05", "to": "2026-01-06"})
    assert states(run) == {"days": "success", "first_day": "success", "day[0]": "success"}
    assert len(list((house.folder / "runs" / "nightly").iterdir())) == 2
    assert len({row[0] for row in tables(house.warehouse)["unified_interactions"]}) > 40


def test_backfill_with_a_wrong_secret_fails_once(bag, house, centre):
    house.configure(centre)
    house.connect("genesys", "a-wrong-secret-0815")
    run = bag["trunkline_backfill"].test(run_conf={"from": "2026-01-05", "to": "2026-01-09"})
    assert states(run) == {"days": "success", "first_day": "failed", "day": "upstream_failed"}


@pytest.mark.parametrize(("first", "last"), [("2026-01-06", "2026-01-05"), ("2026-01-01", "2027-01-02")])
def test_backfill_of_a_wrong_range(quick, house, capfd, first, last):
    run = quick["trunkline_backfill"].test(run_conf={"from": first, "to": last})
    assert states(run)["days"] == "failed"
    assert "give from and to with 1 to 366 days between them" in "".join(capfd.readouterr())


def test_parameters_are_checked(bag, house):
    for name, conf in [
        ("trunkline_nightly", {"date": "yesterday"}),
        ("trunkline_reenrich", {"since": "30d; rm -rf /"}),
        ("trunkline_backfill", {"from": "2026-01-01", "to": "--config=/etc/passwd"}),
    ]:
        with pytest.raises(Exception, match="(?i)invalid input for param"):
            bag[name].test(run_conf=conf)

"""Nights from end to end: the real Airflow runs the real DAGs, they run the real binary, and it reads a simulated centre."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime

import duckdb
import pytest
from conftest import BINARY, SECRETS, House, simulated, states

DUE = datetime(2026, 1, 6, 2, 30, tzinfo=UTC)

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

# When a row was written, and by which program and run; what is in no table that people read.
BOOKKEEPING = {"etl_loaded_at", "last_changed_at"}


def tables(file) -> dict[str, list]:
    """Every table of a warehouse, with its rows in one order."""
    with duckdb.connect(str(file), read_only=True) as db:
        names = [name for (name,) in db.sql("select table_name from duckdb_tables() order by 1").fetchall()]
        return {name: db.sql(f'select columns(*)::text from "{name}" order by all').fetchall() for name in names}


def test_the_same_night_twice_gives_the_same_tables(bag, house, centre):
    house.configure(centre)
    assert states(bag["trunkline_nightly"].test(logical_date=DUE)) == DONE
    once = tables(house.warehouse)
    assert len(once["unified_interactions"]) > 30
    assert len(once["crm_accounts"]) > 30

    assert states(bag["trunkline_nightly"].test(logical_date=DUE)) == DONE
    assert tables(house.warehouse) == once

    assert states(bag["trunkline_nightly"].test(logical_date=DUE, run_conf={"again": True})) == DONE
    anew = tables(house.warehouse)
    for name in ("unified_interactions", "conversations", "segments", "crm_accounts", "users", "queues"):
        assert anew[name] == once[name], name


def test_events_of_assets_carry_rows(bag, house, centre):
    from airflow import settings
    from airflow.models.asset import AssetEvent, AssetModel
    from sqlalchemy import select

    house.configure(centre)
    run = bag["trunkline_nightly"].test(logical_date=DUE)
    events = settings.Session().execute(
        select(AssetModel.uri, AssetEvent.extra)
        .join(AssetModel, AssetModel.id == AssetEvent.asset_id)
        .where(AssetEvent.source_run_id == run.run_id)
    )
    extra = dict(map(tuple, events))
    loaded = extra["trunkline://warehouse/unified_interactions"]
    rows = tables(house.warehouse)["unified_interactions"]
    assert loaded["rows"]["inserted"] == len(rows)
    assert loaded["runs"] == ["nightly/2026-01-05T00-00-00Z"]
    assert extra["trunkline://warehouse/join_quality"]["gate_open"] is True
    assert "trunkline://warehouse/published" in extra
    assert "trunkline://warehouse/crm_views" in extra
    assert "trunkline://warehouse/findings" not in extra


def test_closed_gate_publishes_the_rest_and_tells_the_owner_of_the_data(bag, house):
    with simulated("--share", "noaccount=0.7") as url:
        house.configure(url)
        run = bag["trunkline_nightly"].test(logical_date=DUE)
    assert states(run) == DONE | {"crm_views": "skipped", "findings": "success"}
    (told,) = run.get_task_instance("findings").xcom_pull(task_ids="findings")
    assert told.startswith("exit code 7: TL7001 nightly/2026-01-05T00-00-00Z: the quality gate is closed")


def test_held_publication(bag, house):
    """With on_breach: fail the task publishes nothing."""
    with simulated("--share", "noaccount=0.7") as url:
        house.configure(url, "audit: {on_breach: fail}\n")
        assert states(bag["trunkline_nightly"].test(logical_date=DUE)) == DONE | {"crm_views": "skipped", "findings": "success"}
    assert not (house.folder / "published.duckdb").exists()


def test_wrong_secret_fails_once(quick, house, centre, capfd):
    house.configure(centre)
    house.connect("genesys", "a-wrong-secret-0815")
    run = quick["trunkline_nightly"].test(logical_date=DUE)
    state = states(run)
    assert state["extract.genesys"] == "failed"
    assert state["transform"] == state["publish"] == state["crm_views"] == state["findings"] == "upstream_failed"
    assert str(getattr(run.state, "value", run.state)) == "failed"
    log = "".join(capfd.readouterr())
    assert log.count("trunkline extract --sources=genesys") == 1, "tried more than once"
    assert "TL4101" in log
    assert "a-wrong-secret-0815" not in log


def test_no_secret_is_to_be_seen(bag, house, centre, capfd, tmp_path_factory):
    """Not in logs, not in rendered fields, results or anything else in Airflow's database, and not in argv."""
    import os
    from pathlib import Path

    house.configure(centre)
    house.connect("warehouse", SECRETS["warehouse"], token="fake-token-in-extra")
    # A program that shows the worst: it prints its environment and its arguments, then is the real one.
    program = house.folder / "program"
    program.write_text(f'#!/bin/sh\nenv\necho "argv: $*"\nexec {BINARY} "$@"\n')
    program.chmod(0o755)
    house.monkeypatch.setenv("TRUNKLINE_BINARY", str(program))
    house.monkeypatch.setenv("AIRFLOW_CONN_OTHER", "http://user:fake-of-another-dag@example.com")
    assert states(bag["trunkline_nightly"].test(logical_date=DUE)) == DONE
    log = "".join(capfd.readouterr())
    home = Path(os.environ["AIRFLOW_HOME"])
    kept = b"".join(f.read_bytes() for f in home.rglob("*") if f.is_file())
    assert b"--sources=genesys" in kept, "rendered fields are looked for in the wrong place"
    assert "WAREHOUSE_PASSWORD=***" in log
    assert "argv: extract --sources=genesys" in log
    for secret in {*SECRETS.values(), "fake-token-in-extra", "fake-of-another-dag"}:
        assert secret not in "\n".join(line for line in log.splitlines() if "argv: " in line)
        assert secret not in log, secret
        assert secret.encode() not in kept, secret
    assert "AIRFLOW__DATABASE" not in log
    assert "AIRFLOW_CONN_" not in log


def test_a_day_by_its_date(bag, house, centre):
    house.configure(centre)
    assert states(bag["trunkline_nightly"].test(logical_date=DUE, run_conf={"date": "2026-01-06"})) == DONE
    assert [p.name for p in (house.folder / "runs" / "nightly").iterdir()] == ["2026-01-06T00-00-00Z"]


def test_a_run_without_logical_date(bag, house, centre):
    """A run that an asset or a person starts has none; it does the day before it is due."""
    house.configure(centre)
    assert states(bag["trunkline_nightly"].test(logical_date=None, run_after=DUE)) == DONE
    assert [p.name for p in (house.folder / "runs" / "nightly").iterdir()] == ["2026-01-05T00-00-00Z"]


def test_backfill_then_reenrich(quick, house, centre):
    house.configure(centre)
    run = quick["trunkline_backfill"].test(run_conf={"from": "2026-01-05", "to": "2026-01-06"})
    assert states(run) == {"days": "success", "day[0]": "success", "day[1]": "success"}
    assert len(list((house.folder / "runs" / "nightly").iterdir())) == 2
    assert len({row[0] for row in tables(house.warehouse)["unified_interactions"]}) > 60


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


def test_reenrich(quick, house, centre):
    """The run of the last day that has ended, by the real clock, is what it works in: here nothing was loaded for it, and it says so."""
    house.configure(centre)
    run = quick["trunkline_reenrich"].test(run_conf={"since": "400d"})
    assert states(run) == {"reenrich": "failed"}


def query(house: House, sql: str) -> str:
    return subprocess.run([BINARY, "query", sql, "-o", "csv"], capture_output=True, text=True, check=True).stdout

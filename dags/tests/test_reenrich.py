"""Re-enrichment in the real Airflow: which day it works for, what it changes, and that a second time changes nothing."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime

import duckdb
import pytest
from harness import BINARY, events, simulated, states, tables

DUE = datetime(2026, 2, 11, 2, 30, tzinfo=UTC)

CLIENT = {"ID": "trunkline", "SECRET": "simulated"}

# Rows that say something else of their customer than the CRM's mirror in the warehouse.
STALE = """
select count(*) from unified_interactions u join crm_accounts a on a.account_id = u.crm_account_id
where not a.is_deleted and (u.customer_tier, u.account_owner, u.ltv_usd) is distinct from (a.customer_tier, a.owner_name, a.ltv_usd)
"""


def test_rows_follow_the_crm_and_once_is_enough(quick, house):
    """A row of five weeks ago is further back than a night looks."""
    with simulated("--now", "2026-01-06T02:30:00Z") as url:
        house.configure(url)
        night(house, "2026-01-05")
    with simulated("--now", "2026-02-11T02:30:00Z") as url:  # the same centre, whose accounts have changed since
        house.configure(url)
        night(house, "2026-02-10")
    before = tables(house.warehouse)
    stale = count(house, STALE)
    assert stale > 0, "nothing has changed in the CRM: there is nothing to follow"

    run = quick["trunkline_reenrich"].test(logical_date=DUE, run_conf={"since": "400d"})
    assert states(run) == {"reenrich": "success"}
    once = tables(house.warehouse)
    assert count(house, STALE) == 0
    told = events(run.run_id)
    assert set(told) == {"unified_interactions", "published"}
    assert told["unified_interactions"]["runs"] == ["nightly/2026-02-10T00-00-00Z"]
    rows = told["unified_interactions"]["rows"]
    assert rows["updated"] == len(set(once["unified_interactions"]) - set(before["unified_interactions"])) >= stale
    assert rows["inserted"] == 0
    assert len(once["unified_interactions"]) == len(before["unified_interactions"])
    changed = {name for name in before if once[name] != before[name] and not name.startswith(("etl_", "kept_"))}
    assert changed == {"unified_interactions", "unified_interaction_changes"}

    run = quick["trunkline_reenrich"].test(logical_date=DUE, run_conf={"since": "400d"})
    assert states(run) == {"reenrich": "success"}
    twice = tables(house.warehouse)
    books = {name for name in once if name.startswith("etl_")}  # when each step was done is another time
    assert {name for name in set(once) - books if twice[name] != once[name]} == set()


def night(house, day: str):
    """One night, by the program itself."""
    secrets = {f"{source}_CLIENT_{key}": value for source in ("GENESYS", "SALESFORCE") for key, value in CLIENT.items()}
    command = [BINARY, "run", "--quiet", f"--date={day}"]
    done = subprocess.run(command, env=os.environ | secrets, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def count(house, query: str) -> int:
    with duckdb.connect(str(house.warehouse), read_only=True) as db:
        ((found,),) = db.sql(query).fetchall()
    return found


@pytest.mark.parametrize(
    ("how", "when"),
    [
        ({"logical_date": DUE}, "--as-of=2026-02-11T02:30:00+00:00"),
        ({"logical_date": None, "run_after": DUE}, "--as-of=2026-02-11T02:30:00+00:00"),
        ({"logical_date": DUE, "run_conf": {"date": "2026-02-03"}}, "--date=2026-02-03"),
    ],
)
def test_which_day(bag, house, how, when):
    """A task that is tried again another day works for the same day: neither what it is told nor what it is told by is of that moment."""
    said = house.only_says()
    for _ in range(2):
        assert states(bag["trunkline_reenrich"].test(**how)) == {"reenrich": "success"}
    for line in said.read_text().splitlines():
        assert {"reenrich", "--since=30d", when, "--wait=4h"} <= set(line.split()), line


def test_a_day_that_was_not_loaded(quick, house, centre, capfd):
    house.configure(centre)
    assert states(quick["trunkline_reenrich"].test(logical_date=DUE)) == {"reenrich": "failed"}
    assert "TL2010" in "".join(capfd.readouterr())

"""What Airflow makes of each exit code, by how often it runs the program."""

from __future__ import annotations

from collections import Counter

from harness import states

from trunkline_airflow import exits, graph

# Of a program that ends so at every try, with one retry: the state in the end, and how often it ran.
WANT = {
    0: ("success", 1),
    1: ("failed", 2),
    2: ("failed", 1),
    3: ("success", 1),
    4: ("failed", 1),
    5: ("failed", 1),
    6: ("failed", 2),
    7: ("success", 1),
    8: ("failed", 2),
    99: ("skipped", 1),
    130: ("failed", 2),
    143: ("failed", 2),
    42: ("failed", 2),  # not declared: a failure, which a retry may help
    137: ("failed", 2),  # killed
}


def test_exit_codes(quick, house, tmp_path):
    tried = tmp_path / "tried"
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "$1" >> {tried}\nif [ "$1" = 137 ]; then kill -9 $$; fi\nexit "$1"\n')
    program.chmod(0o755)
    house.monkeypatch.setenv("TRUNKLINE_BINARY", str(program))

    run = quick["exit_codes"].test()

    times = Counter(map(int, tried.read_text().split()))
    ended = {int(task.removeprefix("code_")): state for task, state in states(run).items()}
    assert {code: (ended[code], times[code]) for code in ended} == WANT
    assert set(graph.exits()) < set(WANT), "a code that the binary declares is not in this table"


def test_what_a_failed_task_says():
    said = exits.complaint({"error": {"code": "TL4101", "what": "genesys: log in", "cause": "401", "cure": "Correct the secret"}})
    assert said == "TL4101 genesys: log in: 401. Correct the secret"
    assert exits.complaint(None) == exits.complaint({"status": "done"}) == ""

"""The tasks follow from the binary's steps, whatever sources those are of."""

from __future__ import annotations

import pytest

from trunkline_airflow.graph import parts, sources


def steps(**of: list[str]) -> list[dict]:
    return [{"name": name.replace("__", "/"), "stage": name.partition("__")[0], "needs": needs} for name, needs in of.items()]


def test_a_new_source_is_a_task_of_its_own():
    made = parts(
        steps(
            **{"extract__old.a": [], "extract__old.b": [], "extract__new.a": []},
            transform__old=["extract/old.a", "extract/old.b"],
            transform__join=["transform/old", "extract/new.a"],
            load__warehouse=["transform/join"],
            load__reenrich=["load/warehouse"],
            audit=["load/reenrich"],
        )
    )
    assert [(p.task_id, set(p.needs)) for p in made] == [
        ("extract.old", set()),
        ("extract.new", set()),
        ("transform", {"extract.old", "extract.new"}),
        ("load", {"transform"}),
        ("audit", {"load"}),
    ]


def test_a_circle_is_told():
    with pytest.raises(ValueError, match="circle"):
        parts(steps(audit=["publish"], publish=["audit"]))


def test_the_binarys_sources():
    assert {"genesys", "salesforce", "trusst"} <= set(sources())

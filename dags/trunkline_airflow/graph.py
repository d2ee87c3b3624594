"""The graph and the exit codes, as the binary gives them: `trunkline steps -o json` with every source configured.

`steps.json` is written by `make generate`. A source that is added to the binary is in it, and so in the DAGs.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Part(NamedTuple):
    """What one task does: a whole stage, or the part of it that is one source's. `task_id` is unique in a DAG."""

    stage: str
    source: str | None
    needs: frozenset[str]

    @property
    def task_id(self) -> str:
        return self.stage if self.source is None else f"{self.stage}.{self.source}"


@cache
def _declared() -> dict:
    return json.loads((Path(__file__).parent / "steps.json").read_text())


def part_of(step: dict) -> tuple[str, str | None]:
    """The stage of a step, and its source if it reads one: extract/genesys.users is ("extract", "genesys")."""
    if step["stage"] != "extract":
        return step["stage"], None
    return "extract", step["name"].removeprefix("extract/").partition(".")[0]


def parts(steps: list[dict] | None = None) -> list[Part]:
    """The tasks of a night, each after those that it needs."""
    steps = _declared()["steps"] if steps is None else steps
    where = {s["name"]: part_of(s) for s in steps}
    needs: dict[tuple[str, str | None], set[str]] = {}
    for step in steps:
        mine = where[step["name"]]
        others = {where[need] for need in step["needs"]} - {mine}
        needs.setdefault(mine, set()).update(Part(*other, frozenset()).task_id for other in others)
    made = [Part(stage, source, frozenset(need)) for (stage, source), need in needs.items()]
    ordered: list[Part] = []
    while len(ordered) < len(made):
        done = {p.task_id for p in ordered}
        ready = [p for p in made if p.task_id not in done and p.needs <= done]
        if not ready:
            raise ValueError(f"steps.json: its stages need each other in a circle: {[p.task_id for p in made if p.task_id not in done]}")
        ordered += ready
    return ordered


def sources() -> list[str]:
    """Every source that the binary knows, configured or not."""
    return sorted({source for _, source in map(part_of, _declared()["steps"]) if source})


def exits() -> dict[int, dict]:
    """What a scheduler does, by exit code: {"code", "action", "means", "do"}."""
    return {e["code"]: e for e in _declared()["exits"]}

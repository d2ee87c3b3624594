"""One run of a DAG in a process of its own: one_run.py DAG DUE. Its last line is `ended: ` and the state of each task, as JSON."""

from __future__ import annotations

import json
import sys
from datetime import datetime

from harness import BUNDLES, hasten, parsed, states


def main(name: str, due: str) -> None:
    dag = hasten(parsed(BUNDLES[0]).dags)[name]
    dag.deadline = None
    run = dag.test(logical_date=datetime.fromisoformat(due))
    print("\nended: " + json.dumps(states(run)), flush=True)


main(*sys.argv[1:])

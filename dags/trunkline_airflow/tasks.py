"""How the DAGs make their tasks: where these run, how often they are tried, what they update.

All settings are variables of the environment, read when a DAG is parsed, and documented in dags/README.md.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Asset

# One slot for each OAuth client of Genesys Cloud: the limit of calls a minute is kept by one process, and not by two together.
POOL = "genesys_api"

# A run store has one writer at a time: a task waits within its process, which costs no try.
WAIT = "--wait=4h"

# The day of a run, as an argument: the parameter date, or the last day that had ended when the run was due. Nothing of it is of the
# moment at which a task runs, so that a task that is tried again, or cleared, works for the same day.
DAY = "{{ '--date=' ~ params.date if params.date else '--as-of=' ~ (dag_run.data_interval_end or dag_run.run_after).isoformat() }}"

# The parameter again, as an argument.
AGAIN = "--again={{ 'true' if params.again else 'false' }}"

START = datetime(2026, 1, 1, tzinfo=UTC)

DEFAULTS: dict[str, Any] = {
    "owner": "trunkline",
    "retries": 3,
    "retry_delay": timedelta(minutes=2),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=30),
    "execution_timeout": timedelta(hours=8),
}

# The tables whose events carry row counts, and by which other DAGs can be scheduled.
TABLES = ("unified_interactions", "crm_accounts")
PUBLISHED, CRM_VIEWS, JOIN_QUALITY, FINDINGS = "published", "crm_views", "join_quality", "findings"


def asset(name: str) -> Asset:
    """trunkline://warehouse/NAME."""
    return Asset(name=f"trunkline_{name}", uri=f"trunkline://warehouse/{name}")


def task_class() -> tuple[type, dict[str, Any]]:
    """The operator, and how it is told where to run: by TRUNKLINE_EXECUTOR, one of local, docker and kubernetes."""
    kind = os.environ.get("TRUNKLINE_EXECUTOR", "local")
    match kind:
        case "local" | "docker":
            from trunkline_airflow.operator import TrunklineOperator

            missing = kind == "docker" and not os.environ.get("TRUNKLINE_IMAGE")
            found = TrunklineOperator, {"place": kind}
        case "kubernetes":
            from trunkline_airflow.pods import TrunklinePodOperator

            missing = not os.environ.get("TRUNKLINE_IMAGE")
            found = TrunklinePodOperator, {}
        case _:
            raise ValueError(f"TRUNKLINE_EXECUTOR is {kind!r}: give it one of local, docker, kubernetes")
    if missing:
        raise ValueError(f"TRUNKLINE_EXECUTOR is {kind}: TRUNKLINE_IMAGE has to name an image with trunkline on its PATH")
    return found


def task(task_id: str, argv: list[str], **kwargs: Any):
    """A task of the current DAG that runs the binary."""
    operator, place = task_class()
    return operator(task_id=task_id, argv=argv, **place, **kwargs)


def tasks_over(task_id: str, argvs, **kwargs: Any):
    """A task mapped over lists of arguments."""
    operator, place = task_class()
    return operator.partial(task_id=task_id, **place, **kwargs).expand(argv=argvs)

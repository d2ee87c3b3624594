"""The alert of a night that is late: whoever looks at 8 must not be the first to find out."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from typing import Any

try:
    from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference
except ImportError:  # before 3.2
    from airflow.sdk.definitions.deadline import AsyncCallback, DeadlineAlert, DeadlineReference

LATE_AFTER = timedelta(hours=4)


def deadline() -> DeadlineAlert:
    """Four hours after a run was queued the triggerer, which has to find it, calls TRUNKLINE_LATE, a dotted path; unless told, late."""
    callback = os.environ.get("TRUNKLINE_LATE", f"{__name__}.late")
    return DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, LATE_AFTER, AsyncCallback(callback))


async def late(context: dict[str, Any]) -> None:
    """Write an error to the triggerer's log."""
    run = context["dag_run"]
    logging.getLogger(__name__).error("%s %s is not done %s after it was queued", run["dag_id"], run["dag_run_id"], LATE_AFTER)

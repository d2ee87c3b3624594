"""What becomes of a task when the binary has ended: its exit code and its result file, in Airflow's words."""

from __future__ import annotations

from typing import Any

from trunkline_airflow.graph import exits

try:
    from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
except ImportError:  # before 3.2
    from airflow.exceptions import AirflowException, AirflowFailException, AirflowSkipException

GATED = 7

# A code that the binary does not declare, for example 137 of a process that was killed: what was done is kept, so try again.
UNDECLARED = {"action": "retry", "means": "an exit code that trunkline does not declare"}


def settle(code: int, result: dict[str, Any] | None, log) -> dict[str, Any]:
    """Give a task's summary, or raise what makes Airflow skip it, fail it at once, or try it again.

    result is what the binary wrote to its result file; None if it came to none.
    """
    rule = exits().get(code, UNDECLARED)
    said = f"exit code {code}: {complaint(result) or rule['means']}"
    match rule["action"]:
        case "success":
            return summary(code, result, None)
        case "notice":
            log.warning("done, and the owner of the data should know: %s", said)
            return summary(code, result, said)
        case "skip":
            raise AirflowSkipException(said)
        case "fail":
            raise AirflowFailException(said)
        case _:
            raise AirflowException(said)


def is_done(code: int) -> bool:
    """Whether a code says that the work is done, with a finding or without."""
    return exits().get(code, UNDECLARED)["action"] in ("success", "notice")


def complaint(result: dict[str, Any] | None) -> str:
    """The error of a result, as one line; "" if it has none."""
    error = (result or {}).get("error")
    if not error:
        return ""
    parts = [f"{error.get('code', '')} {error['what']}".strip(), error.get("cause"), error.get("cure")]
    return ": ".join(p for p in parts[:2] if p) + (f". {parts[2]}" if parts[2] else "")


def summary(code: int, result: dict[str, Any] | None, finding: str | None) -> dict[str, Any]:
    """What other tasks and people are told of a task (XCom): a few counts, never rows."""
    runs = (result or {}).get("runs") or []
    gates = [run["gate"] for run in runs if run.get("gate")]
    loaded: dict[str, dict[str, int]] = {}
    for run in runs:
        for table, counts in (run.get("loaded") or {}).items():
            sums = loaded.setdefault(table, {})
            for kind, n in counts.items():
                sums[kind] = sums.get(kind, 0) + n
    return {
        "exit": code,
        "status": (result or {}).get("status"),
        "runs": [run["run"] for run in runs],
        "records": sum(run.get("records", 0) for run in runs),
        "rejected": sum(run.get("rejected", 0) for run in runs),
        "loaded": loaded,
        "gate_open": code != GATED and all(gate.get("open") for gate in gates),
        "published": sum(len((run.get("published") or {}).get("views") or []) for run in runs),
        "finding": finding,
    }

"""The environment of the child: the worker's, less Airflow's own secrets, with those of our connections.

The connection `trunkline_NAME`, of a source or of the `warehouse`, becomes variables that trunkline.yaml refers to:

    login     NAME_CLIENT_ID and NAME_USER
    password  NAME_CLIENT_SECRET and NAME_PASSWORD
    host      NAME_HOST
    extra     NAME_KEY for every key with a text

A connection that does not exist adds nothing: its variables may come from the worker, or from a file that trunkline.yaml names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

from airflow.sdk import Connection

from trunkline_airflow.graph import sources

try:
    from airflow.sdk.exceptions import AirflowNotFoundException
except ImportError:  # before 3.2
    from airflow.exceptions import AirflowNotFoundException

# What the worker knows for Airflow's own sake: database, keys, and other DAGs' connections.
AIRFLOWS_OWN = ("AIRFLOW__", "AIRFLOW_CONN_", "AIRFLOW_VAR_")


def secrets() -> dict[str, str]:
    """The variables of every connection that exists."""
    found: dict[str, str] = {}
    for name in [*sources(), "warehouse"]:
        try:
            connection = Connection.get(f"trunkline_{name}")
        except AirflowNotFoundException:
            continue
        found |= variables(name, connection)
    return found


def variables(name: str, connection) -> dict[str, str]:
    """The variables of one connection."""
    prefix = name.upper()
    values = {
        f"{prefix}_CLIENT_ID": connection.login,
        f"{prefix}_USER": connection.login,
        f"{prefix}_CLIENT_SECRET": connection.password,
        f"{prefix}_PASSWORD": connection.password,
        f"{prefix}_HOST": connection.host,
    }
    for key, value in (connection.extra_dejson or {}).items():
        if isinstance(value, str):
            values[f"{prefix}_{key.upper()}"] = value
    return {key: value for key, value in values.items() if value}


def hider(secrets: Mapping[str, str]) -> Callable[[str], str]:
    """What takes secrets out of a line of the child's. It writes none; this does not depend on that, nor on who else masks.

    Logins and hosts are none, and texts of fewer than five letters would take words out of every line.
    """
    shown = ("_CLIENT_ID", "_USER", "_HOST")
    values = {line for key, value in secrets.items() if not key.endswith(shown) for line in value.splitlines() if len(line) >= 5}
    pattern = re.compile("|".join(map(re.escape, sorted(values, key=len, reverse=True))) or r"(?!)")
    return lambda line: pattern.sub("***", line)


def inherited(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The worker's environment as the child may see it."""
    return {key: value for key, value in environ.items() if not key.startswith(AIRFLOWS_OWN)}

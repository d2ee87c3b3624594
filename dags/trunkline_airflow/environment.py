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
from collections.abc import Mapping

from airflow.sdk import Connection
from airflow.sdk.log import mask_secret

from trunkline_airflow.graph import sources

try:
    from airflow.sdk.exceptions import AirflowNotFoundException
except ImportError:  # before 3.2
    from airflow.exceptions import AirflowNotFoundException

# What the worker knows for Airflow's own sake: database, keys, and other DAGs' connections.
AIRFLOWS_OWN = ("AIRFLOW__", "AIRFLOW_CONN_", "AIRFLOW_VAR_")


def secrets() -> dict[str, str]:
    """The variables of every connection that exists. Airflow masks their values in its logs from here on."""
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
            mask_secret(value)
    if connection.password:
        mask_secret(connection.password)
    return {key: value for key, value in values.items() if value}


def inherited(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The worker's environment as the child may see it."""
    return {key: value for key, value in environ.items() if not key.startswith(AIRFLOWS_OWN)}

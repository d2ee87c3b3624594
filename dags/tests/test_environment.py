"""What the child knows, and what is taken out of its lines."""

from __future__ import annotations

from types import SimpleNamespace

from trunkline_airflow.environment import hider, inherited, variables


def test_variables_of_a_connection():
    connection = SimpleNamespace(login="ada", password="s3cret!", host=None, extra_dejson={"token": "t0ken", "port": 5432})
    assert variables("trusst", connection) == {
        "TRUSST_CLIENT_ID": "ada",
        "TRUSST_USER": "ada",
        "TRUSST_CLIENT_SECRET": "s3cret!",
        "TRUSST_PASSWORD": "s3cret!",
        "TRUSST_TOKEN": "t0ken",
    }


def test_what_is_airflows_own_is_not_inherited():
    environ = {"PATH": "/bin", "AIRFLOW__CORE__FERNET_KEY": "k", "AIRFLOW_CONN_X": "c", "AIRFLOW_VAR_Y": "v", "AIRFLOW_HOME": "/a"}
    assert inherited(environ) == {"PATH": "/bin", "AIRFLOW_HOME": "/a"}


def test_secrets_are_taken_out():
    hide = hider(
        {"A_PASSWORD": "longer+secret", "B_PASSWORD": "longer", "C_KEY": "first line\nsecond line", "A_USER": "adalovelace", "D_X": "on"}
    )
    assert hide("longer+secret and longer, second line; adalovelace is on") == "*** and ***, ***; adalovelace is on"
    assert hider({})("anything") == "anything"

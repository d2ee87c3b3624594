"""Asks a server of pgwire as psycopg and SQLAlchemy do, and fails where an answer is not what it should be."""

import datetime
import decimal
import sys

import psycopg
import sqlalchemy as sa

HOST, PORT = sys.argv[1:3]
UTC = datetime.timezone.utc


def same(what, got, want):
    if got != want:
        sys.exit(f"{what}: {got!r}, want {want!r}")


def refused(cursor, query, want):
    try:
        cursor.execute(query)
    except psycopg.Error as e:
        same(query, e.sqlstate, want)
        cursor.connection.rollback()
    else:
        sys.exit(f"{query}: is accepted")


with psycopg.connect(f"host={HOST} port={PORT} user=admin dbname=trunkline") as conn:
    for binary in (False, True):
        cursor = conn.cursor(binary=binary)
        row = cursor.execute(
            "select id, tier, day, started, seen, cost, rating, closed, tags, interval '1 day 2 hours', null from contacts where id = %s", (11,)
        ).fetchone()
        want = (
            11, None, datetime.date(2026, 11, 12), datetime.datetime(2026, 11, 1, 12, 11), datetime.datetime(2026, 11, 1, 12, 11, tzinfo=UTC),
            decimal.Decimal("1.375"), 5.5, False, ["a", "b"], datetime.timedelta(days=1, hours=2), None,
        )
        same(f"a row, binary={binary}", row, want)
    cursor = conn.cursor()
    for value in (1, 2.5, "it's", True, None, datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2, 3, 4, 5, 6), datetime.timedelta(hours=5)):
        same("a parameter", cursor.execute("select %s", (value,)).fetchone()[0], value)
    same("a decimal", cursor.execute("select %s", (decimal.Decimal("1.25"),)).fetchone()[0], decimal.Decimal("1.25"))
    same("a list", cursor.execute("select count(*) from contacts where tier = any(%s)", (["Gold"],)).fetchone()[0], 6667)
    same("numbers", cursor.execute("select count(*) from contacts where id = any(%s)", ([1, 2, -3],)).fetchone()[0], 2)
    same("many rows", len(cursor.execute("select * from contacts").fetchall()), 20000)
    with conn.cursor("c") as cursor:
        cursor.itersize = 700
        cursor.execute("select id, tier from contacts where id >= %s order by id", (10,))
        same("a named cursor", [d.name for d in cursor.description], ["id", "tier"])
        same("its rows", [row[0] for row in cursor], list(range(10, 20000)))
    with conn.cursor('Such a "name"', binary=True) as cursor:
        cursor.execute("select id, cost, started from contacts order by id")
        same("binary", cursor.fetchmany(2)[1], (1, decimal.Decimal("0.125"), datetime.datetime(2026, 11, 1, 12, 1)))
        cursor.scroll(100)
        same("after some more", cursor.fetchone()[0], 102)
        same("the rest", len(cursor.fetchall()), 20000 - 103)
    with conn.cursor("held", withhold=True) as cursor:
        cursor.execute("select id from contacts order by id")
        same("before the end", cursor.fetchone(), (0,))
        conn.commit()
        same("after the end", cursor.fetchmany(2), [(1,), (2,)])
    conn.commit()
    cursor = conn.cursor()
    refused(cursor, "create table x (a integer)", "25006")
    refused(cursor, "select nothing from contacts", "42703")
    refused(cursor, "copy contacts to stdout", "42501")
    same("after them", cursor.execute("select 1").fetchone()[0], 1)

engine = sa.create_engine(f"postgresql+psycopg://admin@{HOST}:{PORT}/trunkline")
inspector = sa.inspect(engine)
same("the default schema", inspector.default_schema_name, "main")
same("schemas", inspector.get_schema_names(), ["information_schema", "main"])
same("tables", sorted(inspector.get_table_names()), ["contacts", "pairs"])
same("views", inspector.get_view_names(), ["by_tier"])
same("has_table", (inspector.has_table("contacts"), inspector.has_table("nothing")), (True, False))
columns = {c["name"]: c for c in inspector.get_columns("contacts")}
same("columns", list(columns), ["id", "tier", "day", "started", "seen", "cost", "rating", "closed", "tags"])
same(
    "types", [str(c["type"]) for c in columns.values()],
    ["BIGINT", "TEXT", "DATE", "TIMESTAMP", "TIMESTAMP", "NUMERIC(12, 3)", "DOUBLE PRECISION", "BOOLEAN", "ARRAY"],
)
same("a comment of a column", columns["tier"]["comment"], "Tier of the customer; NULL is not known.")
same("nullable", (columns["id"]["nullable"], columns["tier"]["nullable"]), (False, True))
same("a comment of a table", inspector.get_table_comment("contacts")["text"], "One row a contact.")
same("a primary key", inspector.get_pk_constraint("contacts")["constrained_columns"], ["id"])
same("a key of two", inspector.get_pk_constraint("pairs")["constrained_columns"], ["right_id", "left_id"])
same("other keys", (inspector.get_foreign_keys("contacts"), inspector.get_unique_constraints("contacts"), inspector.get_check_constraints("contacts")), ([], [], []))
same("indexes", inspector.get_indexes("contacts"), [])
if "sum(" not in inspector.get_view_definition("by_tier"):
    sys.exit("the definition of a view is not there")
metadata = sa.MetaData()
metadata.reflect(engine, views=True)
same("reflected", sorted(metadata.tables), ["by_tier", "contacts", "pairs"])
with engine.connect() as connection:
    view = metadata.tables["by_tier"]
    rows = connection.execute(sa.select(view.c.contacts).where(view.c.tier == "Gold")).all()
    same("a query", rows, [(6667,)])
    parts = connection.execution_options(stream_results=True, max_row_buffer=500).execute(sa.select(metadata.tables["contacts"].c.id))
    same("rows in parts", sum(1 for _ in parts), 20000)
print("all is as it should be")

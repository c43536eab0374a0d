"""The closed tables: what slots, answers, comments and what hangs on them may hold, to the exact type."""

import re
from collections.abc import Iterator

import sqlalchemy as sa

SHORT, LONG, TEXT = "VARCHAR(32)", "VARCHAR(120)", "TEXT"
BYTES, NUMBER, JSON = "BYTES", "INTEGER", "JSON"

COLUMNS = {
    "slot": {"h": BYTES, "round_id": SHORT, "sealed": BYTES, "receipt_hash": BYTES},
    "answer": {"id": SHORT, "round_id": SHORT, "block": "VARCHAR(400)", "ratings": BYTES},
    "comment": {"id": SHORT, "round_id": SHORT, "question": LONG, "family": "VARCHAR(12)", "text": TEXT},
    "finding": {"comment_id": SHORT, "starts": NUMBER, "ends": NUMBER, "kind": SHORT},
    "family_sum": {
        "round_id": SHORT, "questionnaire": "VARCHAR(80)", "family": "VARCHAR(12)", "raters": NUMBER, "sums": JSON,
    },
}  # fmt: skip
LEADS_TO = {"slot": {"round"}, "answer": {"round"}, "comment": {"round"}, "finding": {"comment"},
            "family_sum": {"round"}}  # fmt: skip
PEOPLE = {"invitation", "nominee", "account", "job", "audit_event", "organisation"}
ROLES = "role_id_seq"
"""The one counter there is: it numbers the roles of staff."""
_BLOB = re.compile(r"(BLOB|BYTEA)(\(\d+\))?")


def faults(connection: sa.Connection) -> list[str]:
    """Everything about the closed tables of this database that the promise to raters does not allow."""
    inspector = sa.inspect(connection)
    return [fault for table in COLUMNS for fault in _of_table(inspector, table)] + _counters(connection)


def _of_table(inspector: sa.Inspector, table: str) -> Iterator[str]:
    found = {column["name"]: column for column in inspector.get_columns(table)}
    types = {name: _type(column["type"]) for name, column in found.items()}
    if types != COLUMNS[table]:
        yield f"{table} holds {types}"
    for name, column in found.items():
        if column.get("autoincrement") is True or column.get("identity") or column.get("computed") or column["default"]:
            yield f"{table}.{name} is filled in by the database"
    led = {key["referred_table"] for key in inspector.get_foreign_keys(table)}
    if led != LEADS_TO[table] or led & PEOPLE:
        yield f"{table} leads to {sorted(led)}"


def _type(kind: sa.types.TypeEngine[object]) -> str:
    words = str(kind)
    return BYTES if _BLOB.fullmatch(words) else words


def _counters(connection: sa.Connection) -> list[str]:
    """Anything that counts rows as they come: sequences, hidden row numbers of the three tables, triggers."""
    if connection.dialect.name == "postgresql":
        sequences = connection.exec_driver_sql("SELECT sequencename FROM pg_sequences").scalars()
        triggers = connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars()
        return [f"the sequence {name}" for name in sequences if name != ROLES] + [
            f"the trigger {name}" for name in triggers
        ]
    listed = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master").fetchall()
    return [f"the trigger {name}" for kind, name, _ in listed if kind == "trigger"] + [
        f"{name} has hidden row numbers"
        for kind, name, words in listed
        if kind == "table" and name in ("slot", "answer", "comment") and "WITHOUT ROWID" not in words
    ]

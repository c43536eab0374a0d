"""How Alembic meets the database: one set of migrations for both engines, foreign keys off while SQLite rebuilds tables."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel


def run(connection: Connection) -> None:
    """Migrate over the connection that `msf db upgrade` handed in."""
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=sqlite,
        compare_type=True,
        render_item=_plain,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _plain(kind: str, thing: object, _context: object) -> str | bool:
    """Write library types as the plain SQLAlchemy ones, so that a migration depends on no library's future."""
    if kind != "type":
        return False
    name = type(thing).__name__
    if name == "AutoString":
        return f"sa.String(length={thing.length})"  # type: ignore[attr-defined]
    return {"UTCDateTime": "sa.DateTime(timezone=True)", "NaiveDateTime": "sa.DateTime()", "AsaList": "sa.Text()"}.get(
        name, False
    )


run(context.config.attributes["connection"])

"""Strict keys, chained audit entries, days things are kept, findings in comments, and sums that outlive ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "finding",
        sa.Column("comment_id", sa.String(length=32), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_finding_comment_id_comment")),
        sa.PrimaryKeyConstraint("comment_id", "starts", "ends", "kind", name=op.f("pk_finding")),
    )
    op.create_table(
        "family_sum",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("questionnaire", sa.String(length=80), nullable=False),
        sa.Column("family", sa.String(length=12), nullable=False),
        sa.Column("raters", sa.Integer(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_family_sum_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "questionnaire", name=op.f("pk_family_sum")),
    )
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("mac", sa.LargeBinary(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_audit_event_organisation_id"), ["organisation_id", "sequence"])
    with op.batch_alter_table("comment_review") as batch_op:
        batch_op.add_column(sa.Column("confirmed_by", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("original", sa.LargeBinary(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_comment_review_confirmed_by_account"), "account", ["confirmed_by"], ["id"]
        )
    _add("organisation", sa.Column("retention", sa.JSON(), nullable=False, server_default="{}"))
    _add(
        "round",
        sa.Column("key_mode", sa.String(length=10), nullable=False, server_default="standard"),
        sa.Column("key_holders", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("holders_needed", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("burst", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("asked_staff", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("final_on", sa.Date(), nullable=True),
    )
    with op.batch_alter_table("round") as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_round_key_mode"), "key_mode IN ('standard', 'strict')")
        batch_op.create_check_constraint(batch_op.f("ck_round_holders_needed"), "holders_needed BETWEEN 1 AND 2")
    op.execute("UPDATE round SET final_on = (SELECT date(released_at) FROM report WHERE round_id = round.id)")
    op.execute(
        "UPDATE round SET cancelled_on = (SELECT date(max(at)) FROM audit_event"
        " WHERE object = 'round ' || round.id AND action = 'round.cancel') WHERE state = 'cancelled'"
    )
    _sample(0)


SAID = {
    "account": ("email", "name"),
    "answer": ("ratings",),
    "comment": ("text",),
    "comment_review": ("text", "reason", "original"),
    "invitation": ("name", "address"),
    "nominee": ("name", "address", "reason"),
    "report": ("void_reason",),
    "report_file": ("content",),
    "round": ("ended_reason",),
    "self_assessment": ("ratings",),
    "slot": ("h", "sealed", "receipt_hash"),
}
"""Columns of what people are called, said or rated."""


def _sample(size: int) -> None:
    """On PostgreSQL, how much of these columns the planner copies into its statistics, where no deletion reaches."""
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in SAID.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS {size}")
                # What was copied before stays for ever otherwise; a type that is given anew, the same, drops it.
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {_type(table, column)}")


def _type(table: str, column: str) -> str:
    query = sa.text(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = CAST(:table AS regclass) AND attname = :column"
    )
    return str(op.get_bind().execute(query, {"table": table, "column": column}).scalar_one())


def _add(table: str, *columns: sa.Column) -> None:
    """Add columns; a default serves the rows that are there and goes again."""
    with op.batch_alter_table(table) as batch_op:
        for column in columns:
            batch_op.add_column(column)
    with op.batch_alter_table(table) as batch_op:
        for column in columns:
            if column.server_default is not None:
                batch_op.alter_column(column.name, server_default=None, existing_type=column.type)


def downgrade() -> None:
    """Take it back."""
    _sample(-1)
    with op.batch_alter_table("round") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_round_holders_needed"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_round_key_mode"), type_="check")
        for name in ("final_on", "cancelled_on", "asked_staff", "burst", "holders_needed", "key_holders", "key_mode"):
            batch_op.drop_column(name)
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_column("retention")
    with op.batch_alter_table("comment_review") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_comment_review_confirmed_by_account"), type_="foreignkey")
        batch_op.drop_column("original")
        batch_op.drop_column("confirmed_by")
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_audit_event_organisation_id"), type_="unique")
        batch_op.drop_column("mac")
        batch_op.drop_column("sequence")
    op.drop_table("family_sum")
    op.drop_table("finding")

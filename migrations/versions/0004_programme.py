"""Sums over the rounds of a service, by questionnaire and quarter."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; what rounds that closed before had left cannot be entered, which `msf programme rebuild` says."""
    op.create_table(
        "programme_sum",
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("questionnaire", sa.String(length=80), nullable=False),
        sa.Column("until", sa.String(length=7), nullable=False),
        sa.Column("since", sa.String(length=7), nullable=False),
        sa.Column("practitioners", sa.Integer(), nullable=False),
        sa.Column("raters", sa.Integer(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_programme_sum_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "questionnaire", "until", name=op.f("pk_programme_sum")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("programme_sum")

"""Where a practitioner works, what of released reports others may be compared with, and the sets made of it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; reports that were released before are compared with nobody, since nothing was kept of them."""
    with op.batch_alter_table("round") as batch_op:
        batch_op.add_column(sa.Column("field", sa.String(length=80), nullable=True))
    op.create_table(
        "comparator",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("questionnaire", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("family", sa.String(length=12), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("released_in", sa.String(length=7), nullable=False),
        sa.Column("raters", sa.Integer(), nullable=False),
        sa.Column("means", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_comparator_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_comparator_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "questionnaire", name=op.f("pk_comparator")),
    )
    op.create_index(op.f("ix_comparator_organisation_id"), "comparator", ["organisation_id"])
    op.create_table(
        "benchmark_set",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("questionnaire", sa.String(length=80), nullable=False),
        sa.Column("family", sa.String(length=12), nullable=False),
        sa.Column("stratum", sa.String(length=80), nullable=False),
        sa.Column("until", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("practitioners", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_benchmark_set_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benchmark_set")),
        sa.UniqueConstraint(
            "organisation_id", "questionnaire", "stratum", "version", name=op.f("uq_benchmark_set_organisation_id")
        ),
    )
    op.create_table(
        "report_benchmark",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("questionnaire", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("set_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["benchmark_set.id"], name=op.f("fk_report_benchmark_set_id_benchmark_set")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_report_benchmark_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_benchmark_report_id_report")),
        sa.PrimaryKeyConstraint("report_id", "questionnaire", name=op.f("pk_report_benchmark")),
    )
    op.create_index(op.f("ix_report_benchmark_set_id"), "report_benchmark", ["set_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_report_benchmark_set_id"), table_name="report_benchmark")
    op.drop_table("report_benchmark")
    op.drop_table("benchmark_set")
    op.drop_index(op.f("ix_comparator_organisation_id"), table_name="comparator")
    op.drop_table("comparator")
    with op.batch_alter_table("round") as batch_op:
        batch_op.drop_column("field")

"""The groups that sealed answers are told apart by, frozen when a round opens."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; rounds that are open already keep none, and their answers the groups they were sealed with."""
    with op.batch_alter_table("round") as batch_op:
        batch_op.add_column(sa.Column("pools", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("round") as batch_op:
        batch_op.drop_column("pools")

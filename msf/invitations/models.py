"""Tables of nominees and invitations; neither holds a token, a mark of use or a time of answer."""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from msf.base.tables import new_id


class Nominee(SQLModel, table=True):
    """A person proposed as rater, by whom, and what was decided."""

    __tablename__ = "nominee"
    __table_args__ = (
        sa.CheckConstraint("family IN ('colleagues', 'patients')", name="family"),
        sa.CheckConstraint("origin IN ('practitioner', 'organisation', 'agreed')", name="origin"),
        sa.CheckConstraint("status IN ('proposed', 'approved', 'rejected')", name="status"),
        sa.UniqueConstraint("round_id", "address"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_id: str = Field(foreign_key="organisation.id", max_length=32)
    round_id: str = Field(foreign_key="round.id", index=True, max_length=32)
    family: str = Field(max_length=12)
    group: str = Field(max_length=40)
    name: str = Field(max_length=200)
    address: str = Field(max_length=255)
    origin: str = Field(max_length=12)
    status: str = Field(default="proposed", max_length=10)
    reason: str | None = Field(default=None, max_length=1000)


class Invitation(SQLModel, table=True):
    """An approved nominee's place, or a card handed out without a name; `n` is its place in the pool of slots.

    A card that was revoked keeps its place as `-1 - n`, so that its code opens nothing and nobody gets its place.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        sa.CheckConstraint("family IN ('colleagues', 'patients')", name="family"),
        sa.UniqueConstraint("round_id", "n"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_id: str = Field(foreign_key="organisation.id", max_length=32)
    round_id: str = Field(foreign_key="round.id", index=True, max_length=32)
    n: int
    family: str = Field(max_length=12)
    group: str = Field(max_length=40)
    name: str | None = Field(default=None, max_length=200)
    address: str | None = Field(default=None, max_length=255)
    bounced: bool = False

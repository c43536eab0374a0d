"""Tables of organisations and of the people who sign in; raters have no row here."""

import sqlalchemy as sa
from flask_security import AsaList, RoleMixin, UserMixin
from pydantic import NaiveDatetime
from sqlalchemy.ext.mutable import MutableList
from sqlmodel import Field, Relationship, SQLModel

from msf.base.tables import new_id


class Organisation(SQLModel, table=True):
    """A tenant: the service that runs rounds (`service`), or an employer whose practitioners it serves.

    `retention` holds the days it chose to keep things for, where they are fewer than the defaults.
    """

    __tablename__ = "organisation"
    __table_args__ = (sa.CheckConstraint("kind IN ('service', 'employer')", name="kind"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    name: str = Field(max_length=200, unique=True)
    kind: str = Field(max_length=10)
    served_by: str | None = Field(default=None, foreign_key="organisation.id", max_length=32)
    zone: str = Field(default="Europe/London", max_length=60)
    retention: dict[str, int] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))


class RoleOfAccount(SQLModel, table=True):
    """Which account has which role."""

    __tablename__ = "account_role"

    account_id: str = Field(foreign_key="account.id", primary_key=True, max_length=32)
    role_id: int = Field(foreign_key="role.id", primary_key=True)


class Role(SQLModel, RoleMixin, table=True):
    """One of the roles of `rules.ROLES`."""

    __tablename__ = "role"

    id: int | None = Field(default=None, primary_key=True)  # type: ignore[assignment]
    name: str = Field(max_length=80, unique=True)
    description: str | None = Field(default=None, max_length=255)
    permissions: list[str] | None = Field(default=None, sa_column=sa.Column(MutableList.as_mutable(AsaList())))


class Account(SQLModel, UserMixin, table=True):
    """Somebody who signs in, of one organisation. Columns from `fs_uniquifier` on are Flask-Security's own."""

    __tablename__ = "account"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)  # type: ignore[assignment]
    organisation_id: str = Field(foreign_key="organisation.id", index=True, max_length=32)
    name: str = Field(max_length=200)
    email: str = Field(max_length=255, unique=True)
    profession: str | None = Field(default=None, max_length=20)
    password: str | None = Field(default=None, max_length=255)
    active: bool = True
    fs_uniquifier: str = Field(default_factory=new_id, max_length=64, unique=True)
    username: str | None = Field(default=None, max_length=255, unique=True)
    confirmed_at: NaiveDatetime | None = None
    tf_primary_method: str | None = Field(default=None, max_length=64)
    tf_totp_secret: str | None = Field(default=None, max_length=255)
    tf_phone_number: str | None = Field(default=None, max_length=128)
    us_totp_secrets: str | None = Field(default=None, sa_type=sa.Text)
    us_phone_number: str | None = Field(default=None, max_length=128, unique=True)
    fs_webauthn_user_handle: str | None = Field(default=None, max_length=64, unique=True)  # type: ignore[assignment]
    mf_recovery_codes: list[str] | None = Field(default=None, sa_column=sa.Column(MutableList.as_mutable(AsaList())))
    create_datetime: NaiveDatetime | None = None  # type: ignore[assignment]
    update_datetime: NaiveDatetime | None = None  # type: ignore[assignment]

    roles: list[Role] = Relationship(link_model=RoleOfAccount, sa_relationship_kwargs={"lazy": "selectin"})  # type: ignore[assignment]

    @property
    def role_names(self) -> frozenset[str]:
        """The names of this person's roles."""
        return frozenset(role.name for role in self.roles)

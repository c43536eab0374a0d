"""Accounts as Flask-Security reads and writes them: each read or write in a session of its own that ends at once."""

from typing import Any

import sqlalchemy as sa
from flask_security.datastore import UserDatastore
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select

from msf.accounts.models import Account, Role
from msf.accounts.operations import change_sign_in
from msf.base.clock import utcnow
from msf.base.db import reading, transaction


class AccountStore(UserDatastore):
    """Holds no session: an account it hands out is detached, so no request keeps a connection or a lock.

    The library puts an account when it changed its password or its `fs_uniquifier`; that is written there and then, so
    that a refusal still reaches the page.
    """

    def __init__(self) -> None:
        super().__init__(Account, Role)

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Account | None:
        """The account whose one named column has this value; text that no column can hold finds nobody."""
        ((name, value),) = wanted.items()
        text = str(value)
        if "\0" in text:
            return None
        with reading() as session:
            query = select(Account).where(getattr(Account, name) == (text.lower() if case_insensitive else text))
            return session.exec(query).first()

    def find_role(self, role: str) -> Role | None:
        """The role of that name."""
        with reading() as session:
            return session.exec(select(Role).where(col(Role.name) == role)).first()

    def put(self, model: Account) -> Account:
        """Write what changed about an account."""
        attributes = sa.inspect(model).attrs
        columns = {each.key: each for each in sa.inspect(Account).column_attrs}
        changed = {key: attributes[key].value for key in columns if attributes[key].history.has_changes()}
        if changed:
            old = attributes["fs_uniquifier"].history.deleted
            was = old[0] if old else model.fs_uniquifier
            with transaction() as session:
                change_sign_in(session, model.id, was=was, columns=changed, now=utcnow())
            for key, value in changed.items():
                set_committed_value(model, key, value)
        return model

    def commit(self) -> None:
        """Nothing: `put` has written it."""

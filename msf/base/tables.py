"""What every table shares: named constraints, and identifiers of 128 random bits that tell no age or neighbours."""

import secrets

from sqlmodel import SQLModel

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> str:
    """A new identifier, 32 hexadecimal digits."""
    return secrets.token_hex(16)


def new_reference(prefix: str) -> str:
    """A short reference to read aloud, such as `R-7F3K2Q`, without vowels or look-alikes; unique by the database."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(6))

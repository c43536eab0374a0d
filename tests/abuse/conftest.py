"""The town that attackers come to."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.abuse.town import Tenant, keys, tenant


@pytest.fixture
def now() -> datetime:
    """Today, since pages read the clock."""
    return datetime.now(UTC)


@pytest.fixture
def home_town(app: Flask, now: datetime) -> Tenant:
    """The tenant whose people the attackers are."""
    return tenant(keys(), "near", now=now)

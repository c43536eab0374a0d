"""A round with planted words, searched while its letters wait, while it is open and once it is released."""

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from msf.accounts.rules import ROLES
from msf.base import config
from msf.base.config import Settings
from msf.base.db import Database
from tests.canaries.planted import RELEASED, WHILE_OPEN
from tests.canaries.story import Post, Story, leak, logged
from tests.engines import Engine, PostgresqlEngine
from tests.site import Site

FULL = os.environ.get("MSF_CANARIES") == "full"
SEEING = ("practitioner", "moderator", "auditor")
"""The roles that the short search asks as; the full one asks as every role."""


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server, away for now."""
    made = Post()
    yield made
    made.stop()


@pytest.fixture
def story(
    settings: Settings, engine: Engine, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Story]:
    """The people of a round on a site whose logs, letters and temporary files are watched."""
    logs, temp = tmp_path / "logs", tmp_path / "temp"
    for folder in (logs, temp):
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temp))
    monkeypatch.setenv("TMPDIR", str(temp))
    chosen = replace(settings, mail=post.url)
    config.use(chosen)
    with logged(logs / "service.log"), Site(chosen) as site:
        folders = {"home": chosen.home, "logs": logs, "temp": temp}
        made = Story(site, post, folders, engine.log if isinstance(engine, PostgresqlEngine) else None)
        made.cast()
        yield made


def test_every_planted_word_stays_where_it_may_stand(story: Story, database: Database) -> None:
    roles = ROLES if FULL else SEEING
    story.prepare()
    waiting = story.search()
    assert waiting.beyond(WHILE_OPEN) == []
    story.deliver()
    story.answer()
    still_open = story.search()
    if FULL or database.sqlite:  # pages are the same on both databases
        story.walk(still_open, roles=roles if FULL else ("practitioner",))
    assert still_open.beyond(WHILE_OPEN) == []
    story.release()
    released = story.search()
    if FULL or database.sqlite:
        story.walk(released, roles=(*roles, "nobody"))
    assert released.beyond(RELEASED) == []
    assert {kind for _, kind in released.found} >= {"name", "address", "comment", "own words"}
    for stage, found in (("letters waiting", waiting), ("open", still_open), ("released", released)):
        size = f"{found.places} places, {found.size / 1e6:.1f} MB"
        sys.stdout.write(f"{stage}: {size}, {len(found.found)} where they may stand, 0 elsewhere\n")
    if FULL or database.sqlite:
        _the_search_has_teeth(story)


def _the_search_has_teeth(story: Story) -> None:
    """One leak of each kind, and the same search finds every one."""
    expected = leak(story)
    found = story.search()
    story.walk(found, roles=("auditor",))
    told = found.beyond(RELEASED)
    assert [place for place in expected if not any(f" in {place}" in words for words in told)] == []

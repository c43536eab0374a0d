"""The whole story in a real browser: from a new round to a report that its practitioner and organisation read."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.journeys import answering, preparing, reporting
from tests.journeys.letters import Letters
from tests.journeys.people import cast
from tests.journeys.story import Story
from tests.make import Make
from tests.site import Site, Tab

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.slow]


@pytest.fixture
def now() -> datetime:
    """The server lives now, so the people of its story do too."""
    return datetime.now(UTC)


@pytest.fixture
def story(server: Site, open_tab: Callable[..., Tab], make: Make, now: datetime) -> Story:
    """The people are there; nothing has happened yet."""
    return Story(server, open_tab, cast(make), Letters(server.settings), now)


def test_a_round_runs_in_the_browser_from_nomination_to_the_report(story: Story) -> None:
    coordinator = story.desk(story.people.coordinator.email)
    preparing.prepare(story, coordinator)
    preparing.choose(story)
    preparing.approve(story)
    preparing.begin(story, coordinator)
    answering.answer(story)
    answering.remind(story)
    reporting.close(story, coordinator)
    reporting.read_comments(story)
    reporting.check(story)
    reporting.release(story, coordinator)
    reporting.read(story)
    manager = story.desk(story.people.case_manager.email)
    reporting.read_as_organisation(story, coordinator, manager)

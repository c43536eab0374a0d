"""Fixtures of the whole suite: real databases, the real app, a visitor that checks each page, a real browser."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlmodel import Session

from msf.base import config, db
from msf.base.config import Settings
from msf.base.config import settings as read_settings
from msf.base.db import Database
from msf.base.keys import Keys
from tests.engines import Engine, PostgresqlEngine, SqliteEngine
from tests.make import Make
from tests.pages import Visitor
from tests.site import Browser, Site, Tab, Tabs, check_accessibility, chromium

# ---- which databases a test runs on


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever touches a database on both engines, unless it is marked `sqlite` or `postgresql`."""
    if "engine" not in metafunc.fixturenames:
        return
    only = [name for name in ("sqlite", "postgresql") if metafunc.definition.get_closest_marker(name)]
    names = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in only or ("sqlite", "postgresql")]
    metafunc.parametrize("engine", names, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run in several processes, those that drive a browser stay together: one Chromium is enough."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """A test that skips has shown nothing, so it fails: what it lacks must be installed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which counts as a failure here: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteEngine:
    return SqliteEngine(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[PostgresqlEngine]:
    server = PostgresqlEngine()
    yield server
    server.stop()


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Engine:
    """The engine this run of the test is about: SQLite or PostgreSQL."""
    return request.getfixturevalue(f"_{request.param}")


# ---- one installation for each test


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home folder of this test's installation."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def database(engine: Engine, home: Path) -> Iterator[Database]:
    """A fresh, migrated database, the one that `transaction()` and `reading()` work on."""
    url = engine.fresh(home)
    opened = db.connect(url)
    db.use(opened)
    config.use(_chosen(opened, home))
    yield opened
    opened.engine.dispose()
    engine.drop(url)


@pytest.fixture
def empty_database(engine: Engine, home: Path) -> Iterator[Database]:
    """A database without tables."""
    url = engine.empty(home)
    opened = db.connect(url)
    yield opened
    opened.engine.dispose()
    engine.drop(url)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session, committed when the test ends; do not mix with `app`, which opens its own transactions."""
    with database.writer() as opened:
        yield opened
        if opened.is_active:
            opened.commit()


@pytest.fixture
def settings(database: Database, home: Path) -> Settings:
    """Settings below the test's own home folder: database, keys and caught mail."""
    config.use(_chosen(database, home))
    return config.current()


def _chosen(database: Database, home: Path) -> Settings:
    return read_settings(
        {
            "MSF_HOME": str(home),
            "MSF_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
            "MSF_BASE_URL": "http://localhost",
            "MSF_SECRET_KEY": "only for tests " * 3,
        }
    )


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def make(request: pytest.FixtureRequest, database: Database, settings: Settings, now: datetime) -> Make:
    """Builders through the real operations: in the test's `session` if it has one, else each in its own transaction."""
    shared = request.getfixturevalue("session") if "session" in request.fixturenames else None
    return Make(database, now=now, keys=Keys.at(settings.keys), session=shared)


# ---- the web, without a browser


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for the whole session: half a second saved for every app."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, database: Database, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The real app, with its protection against forged forms left on."""
    from msf.app import create_app

    made = create_app(settings)
    made.config["TESTING"] = True
    made.jinja_env.bytecode_cache = compiled
    opened = db.current()
    yield made
    opened.engine.dispose()
    db.use(database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A plain test client, for what is not a page."""
    return app.test_client()


@pytest.fixture
def page(app: Flask) -> Visitor:
    """Somebody at a desk: fetches pages, each checked as it comes, and sends their forms."""
    return Visitor(app.test_client())


@pytest.fixture
def visitor(app: Flask) -> Callable[[], Visitor]:
    """Makes further visitors, each with cookies of their own."""
    return lambda: Visitor(app.test_client())


# ---- a real server and a real browser


@pytest.fixture
def server(settings: Settings) -> Iterator[Site]:
    """The real app on a loopback port, with the worker that runs its jobs."""
    with Site(settings) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole session."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def open_tab(browser: Browser, server: Site) -> Iterator[Callable[..., Tab]]:
    """Opens a tab with cookies of its own; the test fails where one left this machine or met an error."""
    tabs = Tabs(browser, server.url)
    yield tabs.open
    tabs.close()


@pytest.fixture
def tab(open_tab: Callable[..., Tab]) -> Tab:
    """One tab."""
    return open_tab()


@pytest.fixture(scope="session")
def axe() -> Callable[[Tab], None]:
    """Fails where the page in the tab breaks a WCAG 2.0-2.2 A or AA rule."""
    return check_accessibility

"""Closed headers on every address with every kind of answer, and no cookie at the raters' door."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.test import TestResponse

from msf.app import create_app
from msf.base.config import Settings
from tests.abuse.town import Caller, Tenant, keys

pytestmark = pytest.mark.sqlite

EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DIRECTIVES = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "font-src": "'self'",
    "img-src": "'self' data:", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
}  # fmt: skip
UNUSED = {"camera", "geolocation", "microphone", "payment", "usb"}
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE")
EXPECTED = {200, 302, 303, 304, 400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503}


def wrong(answer: TestResponse) -> list[str]:
    """What is missing from the headers of an answer, in words."""
    found, path = answer.headers, answer.request.path
    missing = [name for name, value in EXACT.items() if found.getlist(name) != [value]]
    parts = [part.strip().partition(" ") for part in found.get("Content-Security-Policy", "").split(";")]
    missing += [] if {name: value for name, _, value in parts} == DIRECTIVES else ["Content-Security-Policy"]
    features = {each.partition("=")[0].strip() for each in found.get("Permissions-Policy", "").split(",")}
    missing += [] if features >= UNUSED else ["Permissions-Policy"]
    door = path == "/give" or path.startswith("/give/")
    missing += [] if found.get("Referrer-Policy") == ("no-referrer" if door else "same-origin") else ["Referrer-Policy"]
    file = path.startswith("/static/") and answer.status_code in (200, 206, 304)
    kept = found.get("Cache-Control", "")
    missing += (
        [] if (kept.startswith(("no-cache", "public, max-age")) if file else kept == "no-store") else ["Cache-Control"]
    )
    missing += [] if "max-age=31536000" in found.get("Strict-Transport-Security", "") else ["Strict-Transport-Security"]
    blind = door or path == "/healthz" or path.startswith("/static/")
    missing += ["Set-Cookie"] if blind and ("Set-Cookie" in found or "Cookie" in found.get("Vary", "")) else []
    missing += [name for name in ("Server", "X-Powered-By") if name in found]
    return [f"{answer.request.method} {path} ({answer.status_code}): {name}" for name in missing]


def walk(app: Flask, people: list[Caller], known: Tenant) -> Iterator[TestResponse]:
    """Every address: by every method as the first of these people, read and sent to as the others."""
    ids = {"round_id": known.rounds["open"], "report_id": known.report, "ending": "csv", "filename": "app.css"}
    for rule, method, caller in itertools.product(app.url_map.iter_rules(), METHODS, people):
        path = re.sub(r"<(?:[^:>]+:)?([^>]+)>", lambda found: ids.get(found[1], "0" * 32), rule.rule)
        if rule.endpoint != "security.logout" and (caller is people[0] or method in ("GET", "POST")):
            yield caller.client.open(path, method=method, buffered=True)


@pytest.fixture
def site(app: Flask) -> Flask:
    """The site as it is behind TLS, but for the host's name; its faults become pages."""
    app.config.update(MSF_HSTS=True, PROPAGATE_EXCEPTIONS=False)
    return app


def test_every_answer_of_every_address_is_closed(site: Flask, home_town: Tenant) -> None:
    people = [Caller(site), Caller(site, home_town.people["coordinator"])]
    answers = [*walk(site, people, home_town), *odd(site, home_town, people[1])]
    complaints = sorted({complaint for answer in answers for complaint in wrong(answer)})
    assert not complaints, "\n".join(complaints)
    assert {answer.status_code for answer in answers} >= EXPECTED


def odd(site: Flask, town: Tenant, staff: Caller) -> Iterator[TestResponse]:
    """Answers that no walk meets: too much, too often, another host's name, a fault of ours, a key that is gone."""
    client = site.test_client()
    yield client.post("/give", data={"code": "x" * 2_000_000})
    yield client.get("/give", headers={"Host": "evil.example"})
    yield client.post("/sign-in", data={"email": "x"})
    yield client.post("/give", data={"code": "short"})
    yield client.post("/give", data={"code": "0" * 26})
    yield client.get("/nowhere")
    whole = client.get("/static/app.css", buffered=True)
    yield whole
    yield client.get("/static/app.css", headers={"If-None-Match": whole.headers["ETag"]}, buffered=True)
    yield client.get("/static/app.css", headers={"Range": "bytes=0-9"}, buffered=True)
    yield client.get("/static/..%2fapp.py")
    yield staff.post(f"/rounds/{town.rounds['nominating']}/desk/close")
    yield staff.get("/people")
    stranger = Caller(site)
    yield stranger.client.post("/sign-in", json={"email": "a"}, headers={"X-CSRFToken": stranger.token})
    yield from [stranger.post("/sign-in", {"email": "nobody@example.org", "password": "x"}) for _ in range(11)]
    keys().destroy(town.rounds["open"])
    yield client.post("/give", data={"code": town.codes[0]})
    site.view_functions["rounds.index"] = fault
    yield staff.get("/rounds")


def fault() -> str:
    """What no page should do."""
    raise ValueError("secret of the insides")


def test_a_new_address_that_goes_around_the_headers_is_noticed(site: Flask, home_town: Tenant) -> None:
    inner: Callable[..., Any] = site.wsgi_app
    site.add_url_rule("/export.csv", "export", lambda: "")
    site.wsgi_app = lambda environ, start: (  # type: ignore[method-assign]
        Response("a,b")(environ, start) if environ["PATH_INFO"] == "/export.csv" else inner(environ, start)
    )
    found = {complaint for answer in walk(site, [Caller(site)], home_town) for complaint in wrong(answer)}
    assert {complaint.partition(" (")[0] for complaint in found} == {f"{method} /export.csv" for method in METHODS}
    assert any("Content-Security-Policy" in complaint for complaint in found)


def test_a_page_that_sets_its_own_weaker_headers_does_not_get_its_way(site: Flask) -> None:
    def weak() -> Response:
        assert request.endpoint
        loose = {"Content-Security-Policy": "default-src * 'unsafe-inline'", "X-Frame-Options": "ALLOWALL"}
        return Response("", headers={**loose, "Cache-Control": "public, max-age=60", "Referrer-Policy": "unsafe-url"})

    site.view_functions["health"] = weak
    assert wrong(site.test_client().get("/healthz")) == []


def test_cookies_of_staff_are_shut_and_there_is_none_at_the_door(settings: Settings, home_town: Tenant) -> None:
    secure = create_app(replace(settings, base_url="https://feedback.example.org"))
    client, base = secure.test_client(), "https://feedback.example.org"
    answer = client.get("/sign-in", base_url=base)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-msf=")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert wrong(answer) == []
    door = client.post("/give", data={"code": home_town.codes[0]}, base_url=base)
    assert "Feedback about" in door.text
    assert wrong(door) == []

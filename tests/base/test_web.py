"""The frame of every page: headers, hosts, errors in plain words, static files, and how it all looks in a browser."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, render_template_string
from jinja2 import UndefinedError
from werkzeug.serving import make_server

from msf.base.pages import day, moment, number, plural, required_text
from msf.base.web import POLICY, WORDS
from tests.base.sample import sample_app
from tests.pages import Page

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    return sample_app(tmp_path)


def read(response, status: int) -> Page:
    assert response.status_code == status
    return Page(response.text, url=response.request.path, status=status)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/all", 200),
        ("GET", "/old", 302),
        ("GET", "/nowhere", 404),
        ("DELETE", "/all", 405),
        ("GET", "/boom", 500),
        ("GET", "/closed", 410),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/static/app.css", 200),
        ("OPTIONS", "/all", 200),
    ],
)
def test_every_answer_carries_the_closed_headers(site: Flask, method: str, path: str, status: int) -> None:
    response = site.test_client().open(path, method=method, buffered=True)
    assert response.status_code == status
    assert response.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["Cache-Control"] == (
        "no-cache" if (path, status) == ("/static/app.css", 200) else "no-store"
    )
    assert "Strict-Transport-Security" not in response.headers


def test_the_door_sends_no_referrer_and_no_cookie_even_when_it_refuses(site: Flask) -> None:
    for path in ("/give", "/give/closed"):
        response = site.test_client().get(path)
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in response.headers
        assert "Sign out" not in response.text


def test_a_site_behind_https_insists_on_it(tmp_path: Path) -> None:
    site = sample_app(tmp_path, "https://feedback.example.org")
    response = site.test_client().get("/all", base_url="https://feedback.example.org")
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-msf=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


@pytest.mark.parametrize(
    "host", ["evil.example", "feedback.example.org.evil.example", "x y", "feedback.example.org@evil"]
)
def test_a_site_called_by_another_name_refuses(tmp_path: Path, host: str) -> None:
    client = sample_app(tmp_path, "https://feedback.example.org").test_client()
    response = client.get("/give", headers={"Host": host})
    assert response.status_code == 400
    assert host not in response.text
    assert client.get("/give", headers={"Host": "feedback.example.org"}).status_code == 200


def test_what_a_proxy_says_about_the_host_is_not_believed(tmp_path: Path) -> None:
    client = sample_app(tmp_path, "https://feedback.example.org").test_client()
    told = {"Host": "evil.example", "X-Forwarded-Host": "feedback.example.org"}
    assert client.get("/give", headers=told).status_code == 400


@pytest.mark.parametrize("status", sorted(WORDS))
def test_every_error_has_a_page_in_plain_words(tmp_path: Path, status: int) -> None:
    site = sample_app(tmp_path)
    site.add_url_rule("/fails/<path:rest>", view_func=lambda rest: site.aborter(status, description=HOSTILE))
    page = read(site.test_client().get(f"/fails/{HOSTILE}?q={HOSTILE}"), status)
    title, message, remedy = WORDS[status]
    assert page.title.startswith(title)
    assert message in page.text
    assert remedy in page.text
    assert HOSTILE not in page.html
    assert "alert(1)" not in page.text


def test_an_error_inside_tells_nothing_about_the_inside(site: Flask) -> None:
    assert "secret of the insides" not in read(site.test_client().get("/boom"), 500).html


def test_a_hostile_address_is_not_repeated(site: Flask) -> None:
    assert "alert" not in read(site.test_client().get(f"/{HOSTILE}"), 404).html


def test_a_method_that_is_not_allowed_says_which_are(site: Flask) -> None:
    assert "POST" in site.test_client().delete("/all").headers["Allow"]


def test_a_refusal_becomes_a_page_in_its_own_words_escaped(site: Flask) -> None:
    page = read(site.test_client().get("/closed"), 410)
    assert "It closed <yesterday>." in page.text
    assert "<yesterday>" not in page.html
    assert "Ask the coordinator." in page.text
    assert "Sign out" in page.text


def test_more_than_a_mebibyte_is_refused(site: Flask) -> None:
    page = read(site.test_client().post("/all", data={"story": "x" * (1024 * 1024 + 1)}), 413)
    assert "Nothing was stored" in page.text


def test_a_form_without_its_token_is_refused(site: Flask) -> None:
    response = site.test_client().post("/all", data={"name": "Sam"})
    assert response.status_code == 422
    assert "kept" not in response.text


def test_a_static_file_with_its_hash_is_kept_for_a_year(site: Flask) -> None:
    client = site.test_client()
    page = read(client.get("/all"), 200)
    sheet = next(link.attrs["href"] for link in page.all("link") if link.attrs["rel"] == "stylesheet")
    assert client.get(sheet, buffered=True).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(sheet[:-1], buffered=True).headers["Cache-Control"] == "no-cache"


def test_a_misspelt_name_in_a_template_fails(site: Flask) -> None:
    site.testing = True
    with pytest.raises(UndefinedError):
        site.test_client().get("/misspelt")


def test_the_title_says_error_where_a_form_has_some(site: Flask) -> None:
    site.config["WTF_CSRF_ENABLED"] = False
    client = site.test_client()
    assert read(client.get("/all"), 200).title == "Every component – Practitioner feedback"
    assert read(client.post("/all"), 422).title == "Error: Every component – Practitioner feedback"


def test_flashed_messages_are_escaped(site: Flask) -> None:
    client = site.test_client()
    with client.session_transaction() as session:
        session["_flashes"] = [("success", HOSTILE)]
    page = read(client.get("/closed"), 410)
    assert HOSTILE not in page.html
    assert HOSTILE in page.text


def test_a_chart_without_its_sentence_is_an_error() -> None:
    with pytest.raises(ValueError, match="needs words"):
        required_text(" ")


def test_days_times_and_numbers_are_written_one_way(site: Flask) -> None:
    london = ZoneInfo("Europe/London")
    assert day(datetime(2027, 7, 3, 23, 30, tzinfo=UTC), london) == "4 July 2027"
    assert (
        moment(datetime(2027, 3, 3, 23, 59, tzinfo=UTC).replace(tzinfo=None), london)
        == "3 March 2027, 23:59 (London time)"
    )
    assert moment(datetime(2027, 3, 3, 23, 59, tzinfo=UTC), ZoneInfo("UTC")) == "3 March 2027, 23:59 (UTC)"
    assert number(Decimal("4.65"), 1) == "4.7"
    assert number(1234.5) == "1,234.5"
    assert plural(0, "reply", "replies") == "0 replies"
    with site.test_request_context():
        said = render_template_string(
            "{{ d|date }}, {{ 4|plural('person', 'people') }}, {{ 2.25|number(1) }}", d=date(2027, 3, 3)
        )
    assert said == "3 March 2027, 4 people, 2.3"


def test_the_raters_page_is_small(site: Flask) -> None:
    import gzip

    client = site.test_client()
    page = read(client.get("/give"), 200)
    wanted = [e.attrs["href"] for e in page.all("link") if not e.attrs["href"].startswith("data:")]
    wanted += [e.attrs["src"] for e in page.all("script", "img")]
    assert len(wanted) <= 3
    sizes = [len(gzip.compress(client.get(path, buffered=True).data)) for path in ["/give", *wanted]]
    assert sum(sizes) < 20 * 1024


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, sample_app(tmp_path, WTF_CSRF_ENABLED=False), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_is_accessible_at_every_width(browser, axe: Callable, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)
    tab, strange = context.new_page(), []
    tab.on("console", lambda told: strange.append(told.text) if "status of" not in told.text else None)
    for width in (320, 768, 1280):
        tab.set_viewport_size({"width": width, "height": 900})
        for path in ("/all", "/give", *(("/nowhere", "/closed") if width == 320 else ())):
            tab.goto(address + path)
            check(tab, axe)
        tab.goto(address + "/all")
        tab.click("text=Save and go on")
        tab.wait_for_selector(".govuk-error-summary:focus")
        check(tab, axe)
        tab.click(".govuk-error-summary__list a >> nth=0")
        assert tab.evaluate("document.activeElement.id") == "name"
    context.close()
    assert strange == []


TARGETS = "main button, select, .msf-choice, header a, header button, .msf-nav a, .msf-back a, .govuk-pagination__item"
SMALL = """targets => [...document.querySelectorAll(targets)]
    .filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.width < 24 || r.height < 24) })
    .map(e => e.outerHTML.slice(0, 150))"""


def check(tab, axe: Callable) -> None:
    axe(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{tab.url} scrolls sideways"
    small = tab.evaluate(SMALL, TARGETS)
    assert not small, "\n".join(small)


@pytest.mark.browser
def test_the_longest_word_of_an_answer_stays_inside_its_box(browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 768, "height": 900})
    tab = context.new_page()
    tab.goto(address + "/give")
    spilt = tab.evaluate(
        "[...document.querySelectorAll('.msf-choice')].filter(e => e.scrollWidth > e.clientWidth).length"
    )
    rows = tab.evaluate(
        "new Set([...document.querySelectorAll('[name=i1]')].map(e => Math.round(e.getBoundingClientRect().top))).size"
    )
    context.close()
    assert (spilt, rows) == (0, 1)


@pytest.mark.browser
def test_the_page_counts_down_in_bytes(browser, address: str) -> None:
    context = browser.new_context(locale="en-GB")
    tab = context.new_page()
    tab.goto(address + "/give")
    tab.fill("#c1", "é" * 10)
    said = tab.inner_text("#c1-count")
    tab.fill("#c1", "x" * 2001)
    over = tab.inner_text("#c1-count")
    context.close()
    assert said == "About 1,980 characters left"
    assert over == "About 1 characters too many"

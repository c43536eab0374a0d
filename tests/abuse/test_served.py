"""The site as it is served: whose word it takes, what it makes of broken requests, and how much it reads."""

import contextlib
import gzip
import socket
from collections.abc import Iterator

import pytest

from tests.abuse.served import Served, served
from tests.engines import SqliteEngine

PROXY, ELSEWHERE = "127.0.0.1", "127.0.0.2"
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def site(_sqlite: SqliteEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site behind a proxy on this machine, once for all tests here."""
    home = tmp_path_factory.mktemp("served")
    with served(home, _sqlite.fresh(home), "--behind-proxy", PROXY) as running:
        yield running


def ask_for_letters(site: Served, count: int, *, source: str, forwarded: str) -> list[int]:
    """Ask for reset links for strangers; `forwarded` may hold the number of the try."""
    cookie, token = site.form("/password")
    data = {"csrf_token": token}
    return [
        site.ask(
            "/password",
            {**data, "email": f"{source}.{forwarded}.{number}@example.org".replace(" ", "").replace(",", "")},
            source=source,
            Cookie=cookie,
            X_Forwarded_For=forwarded.format(number),
        ).status
        for number in range(count)
    ]


def test_the_word_of_the_proxy_counts_for_the_brake_and_nobody_elses(site: Served) -> None:
    assert ask_for_letters(site, 21, source=PROXY, forwarded="203.0.113.5") == [200] * 20 + [429]
    assert ask_for_letters(site, 1, source=PROXY, forwarded="203.0.113.6") == [200]
    assert ask_for_letters(site, 1, source=PROXY, forwarded="198.51.100.{0}, 203.0.113.5") == [429]
    spoofed = ask_for_letters(site, 21, source=ELSEWHERE, forwarded="198.51.100.{0}")
    assert spoofed == [200] * 20 + [429], "an address somebody made up must not help them"
    wrong = [site.ask("/give", {"code": f"{n:026}"}, X_Forwarded_For="203.0.113.77").status for n in range(5)]
    assert wrong == [404] * 5
    for path in [site.log, *site.home.rglob("*")]:
        if path.is_file():
            content = path.read_bytes()
            assert not [each for each in (b"203.0.113", b"198.51.100", b"127.0.0.2") if each in content], path


def test_no_header_and_no_request_line_changes_the_name_of_the_site(site: Served) -> None:
    good = f"127.0.0.1:{site.port}"
    evil = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https", "X_Forwarded_Prefix": "/evil"}
    evil |= {"Forwarded": "host=evil.example;proto=https", "X_Original_URL": "/evil", "X_Rewrite_URL": "/evil"}
    for source in (PROXY, ELSEWHERE):
        for path in ("/sign-in", "/give", "/", "/rounds"):
            answer = site.ask(path, source=source, **evil)
            assert answer.status in {200, 303}
            assert "evil" not in answer.text + answer.headers.get("location", ""), path
        assert site.ask("/give", host="evil.example", source=source, X_Forwarded_Host=good).status == 400
    requests = {
        b"GET http://evil.example/rounds HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n": {303, 400},
        b"GET /rounds HTTP/1.1\r\nHost: %b\r\nHost: evil.example\r\nConnection: close\r\n\r\n": {400},
        b"GET /rounds HTTP/1.1\r\nHost: evil.example\r\nHost: %b\r\nConnection: close\r\n\r\n": {400},
        b"GET /rounds HTTP/1.1\r\nHost: %b@evil.example\r\nConnection: close\r\n\r\n": {400},
        b"GET /rounds HTTP/1.0\r\nConnection: close\r\n\r\n": {303, 400},
        b"GET //evil.example/%%2e%%2e HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n": {303, 308, 404},
        b"GET /\\evil.example HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n": {400, 404},
    }
    for request, statuses in requests.items():
        answer = site.raw(request.replace(b"%b", good.encode()))
        assert answer.status in statuses, (request, answer)
        assert "evil.example" not in answer.headers.get("location", ""), request
        assert "evil.example" not in answer.text, request


def test_broken_and_boundless_requests_are_refused_and_others_are_served(site: Served) -> None:
    head = f"POST /give HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n{FORM}\r\nConnection: close\r\n".encode()
    bomb = gzip.compress(b"code=" + b"0" * 50_000_000)
    requests = [
        (head + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\ncode=x", {400}),
        (head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400, 422}),
        (head + b"Content-Length: -1\r\n\r\n", {400}),
        (head + b"Content-Length: 3000000\r\n\r\ncode=x", {413}),
        (head + b"Content-Length: 1500000\r\n\r\n" + b"x" * 1_500_000, {413}),
        (head + b"Transfer-Encoding: chunked\r\n\r\n" + b"10000\r\n%s\r\n" % (b"x" * 65536) * 40 + b"0\r\n\r\n", {413}),
        (head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n", {400}),
        (head + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb, {422}),
        (head + b"X-Long: " + b"x" * 300_000 + b"\r\n\r\n", {431}),
        (head.replace(b"/give", b"/give?" + b"x" * 60_000) + b"Content-Length: 0\r\n\r\n", {422, 414}),
        (head + b"Bad Header\r\n\r\n", {400}),
        (b"NONSENSE\r\n\r\n", {400}),
        (head.replace(b"POST", b"BREW") + b"\r\n", {400, 405}),
    ]
    with contextlib.ExitStack() as slow:
        for _ in range(20):
            line = slow.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=20))
            line.sendall(head + b"Content-Length: 1000\r\n\r\ncode=")
        for request, statuses in requests:
            answer = site.raw(request)
            assert answer.status in statuses, (request[:120], answer.status, answer.text[:300])
        assert site.ask("/healthz").text == "ok"
    assert "Traceback" not in site.log.read_text()

"""The shipped configuration of the web server in front keeps nothing about raters and hands nothing odd on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SHIPPED = Path(__file__).resolve().parents[2] / "docs" / "proxy" / "nginx.conf"
TELLING = (
    "$remote_", "$binary_remote", "$realip", "$http_", "$cookie_", "$request_uri", "$request ", "$args", "$arg_",
    "$query_string", "$proxy_", "$ssl_", "$connection", "$request_body", "$uri ",
)  # fmt: skip
CLAIMED = ("X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Real-IP", "Forwarded", "Referer")
DOOR = ("/give", "/give/", "/give/withdraw")


@dataclass
class Block:
    """A block of the configuration: its own directives by name, and the blocks in it."""

    words: tuple[str, ...]
    said: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    inner: list["Block"] = field(default_factory=list)

    def one(self, name: str) -> tuple[str, ...]:
        """The words of the one directive of this name."""
        (found,) = self.said.get(name, [()])
        return found

    def all(self, name: str) -> Iterator["Block"]:
        """Every block of this name, at any depth."""
        for block in self.inner:
            if block.words[0] == name:
                yield block
            yield from block.all(name)


def parsed(text: str) -> Block:
    """The configuration as blocks."""
    tokens = re.findall(r"'[^']*'|\"[^\"]*\"|[{};]|(?:[^\s{};\"']|\$\{)+", re.sub(r"(?m)(^|\s)#.*$", "", text))
    stack, words = [Block(("main",))], list[str]()
    for token in tokens:
        if token == "{":
            stack.append(Block(tuple(words)))
        elif token == "}":
            done = stack.pop()
            stack[-1].inner.append(done)
        elif token == ";":
            stack[-1].said.setdefault(words[0], []).append(tuple(words[1:]))
        if token in "{};":
            words = []
        else:
            words.append(token.strip("'\""))
    assert len(stack) == 1, "a bracket is not closed"
    return stack[0]


@pytest.fixture(scope="module")
def http() -> Block:
    """The shipped file."""
    (found,) = parsed(SHIPPED.read_text("utf-8")).all("http")
    return found


def serving(http: Block, path: str) -> Block:
    """The location that serves a path of the site, by the rules of nginx: exact, then patterns in order, then `/`."""
    locations = [place for server in http.all("server") for place in server.all("location")]
    exact = [place for place in locations if place.words[1:] == ("=", path)]
    patterns = [place for place in locations if place.words[1] == "~" and re.search(place.words[2], path)]
    return [*exact, *patterns, *(place for place in locations if place.words[1] == "/")][0]


@pytest.mark.parametrize("path", DOOR)
def test_nothing_about_the_door_is_logged_and_no_cookie_passes(http: Block, path: str) -> None:
    place = serving(http, path)
    assert place.one("access_log") == ("off",)
    assert place.one("error_log")[0] == "/dev/null"
    assert ("Cookie", "") in place.said["proxy_set_header"]
    assert place.one("proxy_hide_header") == ("Set-Cookie",)
    assert place.one("limit_req")[0] == "zone=door"


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/give", "0"),
        ("/give/withdraw", "0"),
        ("/password", "0"),
        ("/password/abc", "0"),
        ("/rounds", "1"),
        ("/gives", "1"),
    ],
)
def test_the_log_leaves_out_the_door_and_links_that_set_passwords(http: Block, path: str, logged: str) -> None:
    (table,) = [block for block in http.all("map") if block.words[2] == "$logged"]
    rules = [(name[1:], words[0]) for name, each in table.said.items() for words in each if name.startswith("~")]
    found = next((value for pattern, value in rules if re.search(pattern, path)), table.one("default")[0])
    assert found == logged
    assert http.one("access_log")[1:] == ("bare", "if=$logged")


def test_a_line_of_the_log_names_nobody(http: Block) -> None:
    assert len(http.said["log_format"]) == 1
    line = " ".join(http.one("log_format")) + " "
    assert not [sign for sign in TELLING if sign in line]
    levels = [words[1] for block in (parsed(SHIPPED.read_text("utf-8")), *http.all("location"))
              for words in block.said.get("error_log", [])]  # fmt: skip
    assert set(levels) == {"crit"}, "lower levels write addresses and requests"
    assert http.one("limit_req_log_level") == ("info",)
    assert http.one("limit_conn_log_level") == ("info",)


def test_every_place_hands_on_one_name_one_address_and_nothing_a_visitor_claims(http: Block) -> None:
    (site,) = [server for server in http.all("server") if list(server.all("location"))]
    assert len(list(site.all("location"))) >= 4
    for place in site.all("location"):
        told = dict(place.said.get("proxy_set_header", site.said["proxy_set_header"]))
        assert told["Host"] == "feedback.example.org", place.words
        assert told["X-Forwarded-For"] == "$remote_addr", "what the visitor says of their address is replaced"
        assert {name: told.get(name) for name in CLAIMED} == dict.fromkeys(CLAIMED, ""), place.words
        assert place.one("proxy_pass") == ("http://127.0.0.1:8000",)


def test_other_names_plain_http_and_old_tls_lead_nowhere(http: Block) -> None:
    strange, plain, _ = http.all("server")
    assert strange.one("return") == ("444",)
    assert strange.one("ssl_reject_handshake") == ("on",)
    assert plain.one("return") == ("301", "https://feedback.example.org$uri")
    assert all(server.one("access_log") == ("off",) for server in (strange, plain))
    assert set(http.one("ssl_protocols")) == {"TLSv1.2", "TLSv1.3"}
    assert http.one("ssl_session_tickets") == ("off",)


def test_bodies_are_small_and_never_in_a_file(http: Block) -> None:
    (site,) = [server for server in http.all("server") if list(server.all("location"))]
    assert http.one("client_max_body_size") == http.one("client_body_buffer_size") == ("1m",)
    assert site.one("proxy_max_temp_file_size") == ("0",)
    assert serving(http, "/sign-in").one("limit_req")[0] == "zone=signin"


def test_a_door_that_is_logged_would_be_noticed() -> None:
    broken = SHIPPED.read_text("utf-8").replace("access_log off;\n            error_log", "error_log")
    with pytest.raises(AssertionError):
        test_nothing_about_the_door_is_logged_and_no_cookie_passes(next(parsed(broken).all("http")), "/give")

"""What no file may say: where it was made, what it was made for, and, beside the answers, who was asked."""

import re

import pytest

from tests.house.sources import ROOT, modules, texts, tracked

# Spelt in two parts, so that this file does not say it either; the braces go.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.-])/(?:wo{}rk|ro{}ot|home/[a-z]\w*)/\w",
    "the host of a package registry": r"py{}pi\.org|pytho{}nhosted\.org|npm{}js\.(?:org|com)|deb{}ian\.(?:org|net)",
    "the number of an issue": r"(?i)\b(?:iss{}ue|tick{}et)s? #?\d+\b|\(#\d+\)|\b(?:fix|clos|resolv)\w* #\d+",
}
FORBIDDEN = {what: re.compile(pattern.replace("{}", "")) for what, pattern in FORBIDDEN.items()}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    found = [
        f"{name}: {match.group()}"
        for name, text in texts()
        if not name.startswith("msf/static/fonts/")
        for match in FORBIDDEN[what].finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a path of one machine", "see /wo" "rk/x"),
        ("the host of a package registry", "https://py" "pi.org/simple"),
        ("the number of an issue", "as said in iss" "ue 12"),
    ],
)  # fmt: skip
def test_the_words_are_found_where_they_are(what, text):
    assert FORBIDDEN[what].search(text)


def test_beside_the_answers_nothing_names_the_invitations():
    folders = ("msf/reports/", "msf/responses/", "templates/reports/")
    naming = [
        name
        for name, text in texts()
        if name.startswith(folders) and re.search(r"\binvitations?\b|\bnominees?\b", text)
    ]
    assert naming == []
    assert len([path for path in modules("msf") if "responses" in path.parts]) >= 4


def test_lock_files_that_name_hosts_are_not_kept():
    names = {path.name for path in tracked()}
    assert not names & {"uv.lock", "pylock.toml", "package-lock.json"}
    assert (ROOT / "requirements" / "run.txt").read_text().count("--hash=sha256:") > 100

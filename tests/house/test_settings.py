"""Every setting is told to operators, and nothing is told that is no setting."""

import dataclasses
import re

from msf.base.config import Settings
from tests.house.sources import ROOT, texts

NAMES = {f"MSF_{field.name.upper()}" for field in dataclasses.fields(Settings)}
READ = re.compile(r"""environ(?:\.get\(|\[)\s*["'](MSF_\w+)""")


def test_every_setting_is_named_for_operators():
    told = set(re.findall(r"^\| `(MSF_\w+)`", (ROOT / "docs" / "operators.md").read_text("utf-8"), re.MULTILINE))
    assert told == NAMES


def test_every_setting_is_read_in_one_place():
    read = {match: name for name, text in texts() if name.startswith("msf/") for match in READ.findall(text)}
    assert set(read) == NAMES
    assert set(read.values()) == {"msf/base/config.py"}


def test_every_setting_is_used():
    code = "\n".join(text for name, text in texts() if name.startswith("msf/") and name != "msf/base/config.py")
    unused = {field.name for field in dataclasses.fields(Settings) if not re.search(rf"\.{field.name}\b", code)}
    assert unused == set()

"""The demo: one command, three rounds, letters that can be followed, and answers that came through the door."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from msf.base import db
from msf.base.mail import caught
from msf.demo.mailbox import linked
from msf.demo.sites import DemoSite, sign_ins
from msf.demo.story import tell
from msf.rounds.models import Round
from tests.pages import Visitor


@pytest.mark.slow
def test_the_demo_has_a_round_at_each_stage_and_letters_to_follow(tmp_path: Path) -> None:
    with DemoSite(tmp_path / "demo", port=0) as site:
        tell(site, say=lambda _: None)
        with db.reading() as session:
            states = set(session.scalars(sa.select(Round.state)))
        assert states == {"nominating", "open", "released_organisation"}
        password = re.search(r"password is (\S+)", sign_ins(site.home))
        assert password
        visitor = Visitor(site.app.test_client())
        visitor.sign_in("doctor@northvale.example", password[1])
        assert "Dr Amara Sample" in visitor.get("/reports").text
        letters = visitor.get("/demo/mail?to=patient01@pharmacist")
        assert "Feedback" in letters.text
        assert visitor.get("/demo/mail?to=nobody@").heading == "Caught letters"
        assert visitor.get("/demo/mail/unknown", status=404).status == 404
        assert (site.home / "sign-ins.txt").stat().st_mode & 0o077 == 0
        newest = caught(site.home / "mail")[0]
        assert newest.subject in visitor.get(f"/demo/mail/{newest.id}").text


def test_links_in_a_letter_become_links_and_all_else_is_escaped() -> None:
    shown = linked("See http://127.0.0.1/give#abc <script>alert(1)</script>")
    assert '<a class="govuk-link" href="http://127.0.0.1/give#abc">' in shown
    assert "<script>" not in shown

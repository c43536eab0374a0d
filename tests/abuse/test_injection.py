"""What is typed stays text: in letters and their headers, in forms, in PDF and sheets, and in questionnaire files."""

import csv
import io
from datetime import date
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from msf.app import HANDLERS
from msf.base import queue
from msf.base.config import Settings
from msf.base.db import Database
from msf.base.mail import AddressRefused, address
from msf.cli import msf
from msf.instruments import find
from msf.reports.formats import data_files, report_pdf, standalone_page
from msf.reports.rules.document import document_of
from msf.reports.rules.facts import Said
from tests.abuse.test_foreign import everything
from tests.abuse.town import Caller, Tenant, keys, tenant
from tests.reports.samples import COLLEAGUES, facts, part

INJECTED = "Robin\r\nBcc: eve@evil.example\r\n\r\nBody =?utf-8?q?=0D=0ABcc:_eve@evil.example?= \u202eelbisnes 🙂"
SEVERAL = (
    "a@one.example,b@two.example", "a@one.example;b@two.example", "a@one.example b@two.example", "<a@one.example>",
    "a@one.example\r\nBcc: b@two.example", "a@one.example%0ABcc:b@two.example", '"a b"@one.example', "a@[127.0.0.1]",
    "a@one.example (b)", "Ann <a@one.example>", "=?utf-8?q?a?=@one.example", "a@one..example", "a@оne.example",
    "a@b@c.example",
)  # fmt: skip
CODE = (
    '#eval("6*7")', "#6 * #7", "@intro", "<label>", "`raw` ```typ #(6*7)```", "$ 6 * 7 $", "= Heading", "/ term: words",
    "#import \"x.typ\"", '#read("/etc/passwd")', "// gone", "/* gone */", "{{ 7*7 }}", "{% include 'x' %}", "${7*7}",
    "<%= 7*7 %>", "#{7*7}", "https://evil.example/x", "\\u{41}", "[link](https://evil.example)", "*bold* _under_ ~ ---",
)  # fmt: skip
FORMULAS = tuple(f"{sign}1+1" for sign in ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋", "－", "＠"))


@pytest.mark.sqlite
def test_names_with_line_ends_make_no_header_and_no_second_receiver(app: Flask, settings: Settings) -> None:
    made = tenant(keys(), "near", name=INJECTED)
    assert Caller(app, made.people["coordinator"]).get("/rounds").status_code == 200
    queue.run_due(HANDLERS)
    letters = sorted(Path(settings.mail.removeprefix("folder:")).glob("*.eml"))
    assert len(letters) >= 4
    for path in letters:
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        assert isinstance(mail, EmailMessage)
        assert set(mail.keys()) == {
            "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
        }  # fmt: skip
        assert len(mail.get_all("To", [])) == len(mail["To"].addresses) == 1
        assert not mail["To"].addresses[0].addr_spec.endswith("evil.example")
        assert "\n" not in mail["Subject"]
        assert "Robin Bcc: eve@evil.example" in mail["Subject"] or "choose" in mail["Subject"].lower()


@pytest.mark.parametrize("text", SEVERAL)
def test_a_box_for_one_address_takes_one(text: str) -> None:
    with pytest.raises(AddressRefused):
        address(text)


def test_no_form_takes_several_addresses_hidden_marks_or_paths(
    app: Flask, home_town: Tenant, database: Database
) -> None:
    staff = Caller(app, home_town.people["coordinator"])
    round_id = home_town.rounds["nominating"]
    good = {"name": "Ann Lee", "address": "ann@one.example", "group": "doctor"}
    tries = [(f"/rounds/{round_id}/nominees", good | {"address": text}) for text in SEVERAL]
    tries += [(f"/rounds/{round_id}/patients", {"addresses": f"ok@one.example\n{text}"}) for text in SEVERAL]
    marks = (
        "A\nB",
        "A\r\nBcc: x@y.example",
        "Ann\0",
        "Ann\u202eeeL",
        "Ann\u2066Lee\u2069",
        "Ann\u200bLee",
        "Ann\ufeff",
    )
    tries += [(f"/rounds/{round_id}/nominees", good | {"name": name}) for name in marks]
    tries += [(f"/rounds/{round_id}/nominees", good | {"group": "../doctor"})]
    tries += [("/rounds/new", {"colleague_questionnaire": name}) for name in ("../../etc/passwd", "../1", "x/../../1")]
    before = everything(database)
    for path, data in tries:
        answer = staff.post(path, data)
        assert answer.status_code == 422, f"{path} {data}: {answer.status}"
        assert "root:" not in answer.text
    assert everything(database) == before


def plain(text: str) -> str:
    """Text without the spaces and hyphens that setting it in lines adds or takes away."""
    return "".join(text.split()).replace("-", "").replace("\xad", "")


@pytest.mark.sqlite
def test_code_of_every_engine_is_printed_as_it_was_typed() -> None:
    said = [Said("colleagues", f"{COLLEAGUES}:does_well", text) for text in CODE]
    parts = [part(COLLEAGUES, {"doctor": 6}, own=False)]
    told = facts(practitioner=f"Dr {CODE[0]}", asked_by=f"Trust {CODE[2]} {CODE[12]}", facilitator=CODE[14])
    document = document_of(parts, [find(COLLEAGUES)], said, told)
    reader = PdfReader(io.BytesIO(report_pdf(document)))
    printed = plain("".join(page.extract_text() for page in reader.pages))
    missing = [text for text in CODE if plain(text) not in printed]
    assert not missing
    links = [note for page in reader.pages for note in page.get("/Annots", []) if "evil" in str(note.get_object())]
    assert not links
    html = standalone_page(document)
    assert "{{ 7*7 }}" in html
    assert "<%= 7*7 %>" not in html
    assert "&lt;%= 7*7 %&gt;" in html
    assert "<label>" not in html.replace('<label>"', "")


@pytest.mark.sqlite
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_an_export_is_a_formula(text: str) -> None:
    from msf.base.sheets import csv_line, defused

    (cell,) = next(csv.reader([csv_line([text])])) if "\n" not in text and "\r" not in text else [defused(text)]
    assert str(cell).startswith("'")
    files = data_files([part(COLLEAGUES, {"doctor": 9})], facts(practitioner=text, written_on=date(2027, 3, 4)))
    rows = csv.reader(io.StringIO(files["csv"].decode("utf-8-sig")))
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋"))]


HEAD = "key: small\nversion: 1\n"
BOMBS = {
    "billion": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"b{n}: &b{n} [{','.join(['*a'] * 9)}]\n" for n in range(9)),
    "deep": "a: " + "[" * 5000 + "]" * 5000,
    "python": 'a: !!python/object/apply:os.system ["touch pwned"]',
    "huge": "a: " + "x" * 3_000_000,
    "wide": "\n".join(f"k{n}: v" for n in range(20_000)),
    "merge": "<<: *base\nbase: &base {a: 1}",
    "binary": "\x00\x01\x02",
    "two": "a: 1\n---\nb: 2",
}


@pytest.mark.sqlite
def test_a_questionnaire_that_attacks_is_named_in_a_line_and_never_obeyed(
    tmp_path: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in BOMBS.items():
        Path(f"{name}.yaml").write_text(HEAD + text if name != "binary" else text)
        result = CliRunner().invoke(msf, ["surveys", "check", f"{name}.yaml"])
        assert (result.exit_code, result.exception.__class__) == (1, SystemExit), (name, result.output[:500])
        assert result.output.startswith(f"{name}.yaml:"), (name, result.output[:500])
        assert len(result.output) < 20_000, name
    assert not Path("pwned").exists()
    for path in ("../../../../etc/passwd", "/dev/zero", ".", "x" * 5000):
        result = CliRunner().invoke(msf, ["surveys", "check", path])
        assert result.exit_code in {1, 2}, (path, result.output[:300])
        assert isinstance(result.exception, SystemExit), (path, result.exception)
        assert "root:" not in result.output

"""A small site with a page of every component, for the tests of the frame, the forms and their looks."""

from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, flash, render_template_string

from msf.base.config import Settings, data
from msf.base.config import settings as read_settings
from msf.base.errors import Refusal
from msf.base.forms import (
    CheckboxesField,
    DatePartsField,
    EmailField,
    Form,
    HiddenField,
    LongTextField,
    PasswordField,
    RadiosField,
    SelectChoice,
    SelectField,
    TextField,
    TickField,
    UploadField,
    WholeNumberField,
)
from msf.base.web import harden

POINTS = [(1, "Very poor"), (2, "Less than satisfactory"), (3, "Satisfactory"), (4, "Good"), (5, "Very good")]
OTHERS = [(101, "Does not apply"), (102, "I cannot say")]
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="120" viewBox="0 0 600 120">'
    '<rect width="600" height="120" style="fill:#ffffff"/>'
    '<rect x="20" y="40" width="420" height="40" style="fill:#0b5c66"/></svg>'
)


class SampleForm(Form):
    """Every kind of field."""

    ticket = HiddenField(limit=20)
    name = TextField(
        "Full name", required="Enter a name", attributes={"autocomplete": "name"}, hint="As people know it"
    )
    email = EmailField("Email address", required="Enter an email address", attributes={"autocomplete": "email"})
    secret = PasswordField("Password", attributes={"autocomplete": "current-password"})
    raters = WholeNumberField("How many people to ask", least=5, most=60)
    story = LongTextField("What happened", limit=100, hint="In your own words")
    way = RadiosField(
        "How did you meet?",
        choices=[SelectChoice("in-person", "In person"), SelectChoice("remote", "By telephone or video")],
        hints={"remote": "Any call counts"},
        required="Choose how you met",
    )
    days = CheckboxesField("Days at work", choices=[SelectChoice("mon", "Monday"), SelectChoice("tue", "Tuesday")])
    role = SelectField("Role", choices=[SelectChoice("", "Choose a role"), SelectChoice("nurse", "Nurse")])
    closes = DatePartsField("Last day for answers", required="Enter the last day", hint="For example, 31 3 2027")
    agreed = TickField("I have read the guidance", required="Tick the box when you have read it")
    answers = UploadField("File of answers")


PAGE = (Path(__file__).parent / "sample_page.html").read_text("utf-8")

DOOR = (Path(__file__).parent / "sample_door.html").read_text("utf-8")


class Closed(Refusal):
    """A refusal with words of its own."""

    status = 410
    title = "This round is closed"
    message = "It closed <yesterday>."
    remedy = "Ask the coordinator."


def settings(tmp_path: Path, base_url: str = "http://localhost") -> Settings:
    """Settings of a throw-away site."""
    return read_settings({"MSF_HOME": str(tmp_path), "MSF_BASE_URL": base_url, "MSF_SECRET_KEY": "not a secret"})


def sample_app(tmp_path: Path, base_url: str = "http://localhost", **config: Any) -> Flask:
    """The small site."""
    app = Flask("msf", template_folder=str(data("templates")))
    app.secret_key = "not a secret"
    app.config.update(config)
    harden(app, settings(tmp_path, base_url), doors=("give",))
    app.context_processor(_frame)
    _pages(app)
    _failures(app)
    _give(app)
    return app


def _frame() -> dict[str, Any]:
    return {
        "organisation_name": "Riverside Health",
        "person_name": "Alex Coordinator",
        "sign_out_url": "/out",
        "navigation": [("Rounds", "/", True), ("People", "/people", False), ("Questionnaires", "/surveys", False)],
        "footer_links": [("Privacy", "/privacy"), ("Accessibility", "/accessibility")],
        "contact": "Questions? Write to feedback@example.org.",
    }


def _pages(app: Flask) -> None:
    @app.route("/all", methods=["GET", "POST"])
    def show() -> tuple[str, int]:
        form = SampleForm()
        if form.validate_on_submit():
            return "kept", 200
        if not form.is_submitted():
            flash("The round is open.", "success")
            flash("The mail server did not answer.", "error")
        rows = [
            [f"R-{n:04}", "Sam Example", "sam.example@hospital.example.org", "Open", "3 March 2027"] for n in range(40)
        ]
        text = render_template_string(
            PAGE,
            form=form,
            points=POINTS,
            others=OTHERS,
            rows=rows,
            closes=date(2027, 3, 3),
            page_href="/all?page={}".format,
        )
        return text, 422 if form.errors else 200

    @app.get("/chart.svg")
    def chart() -> Response:
        return Response(SVG, mimetype="image/svg+xml")


def _failures(app: Flask) -> None:
    @app.get("/boom")
    def boom() -> str:
        raise RuntimeError("a secret of the insides")

    @app.get("/closed")
    def closed() -> str:
        raise Closed

    @app.get("/misspelt")
    def misspelt() -> str:
        return render_template_string("{{ nmae }}")

    @app.get("/old")
    def old() -> Response:
        return app.redirect("/all")  # type: ignore[return-value]


def _give(app: Flask) -> None:
    give = Blueprint("give", "give")

    @give.route("/give", methods=["GET", "POST"])
    def show() -> str:
        return render_template_string(DOOR, points=POINTS, others=OTHERS)

    @give.get("/give/closed")
    def closed() -> str:
        raise Closed

    app.register_blueprint(give)

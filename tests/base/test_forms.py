"""Fields keep what was given, refuse what cannot be stored, and never fail on what nobody should send."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from msf.base.forms import Form, SelectChoice
from msf.base.macros import errors_of, first_input, kind_of, parameters_of
from tests.base.sample import SampleForm, sample_app
from tests.pages import Page

GOOD = {
    "ticket": "t1",
    "name": "Sam Example",
    "email": "sam@example.org",
    "secret": " pass word ",
    "raters": "12",
    "story": "One\r\ntwo",
    "way": "remote",
    "days": ["mon", "tue"],
    "role": "nurse",
    "closes-day": "31",
    "closes-month": "3",
    "closes-year": "2027",
    "agreed": "y",
}
ATTACK = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return sample_app(tmp_path_factory.mktemp("site"), WTF_CSRF_ENABLED=False)


def filled(site: Flask, **changed: Any) -> SampleForm:
    with site.test_request_context(method="POST"):
        return SampleForm(MultiDict(GOOD | changed))


def errors(site: Flask, **changed: Any) -> dict[str, list[str]]:
    with site.test_request_context(method="POST"):
        form = SampleForm(MultiDict(GOOD | changed))
        form.validate()
        return form.errors


def shown(site: Flask, **changed: Any) -> Page:
    response = site.test_client().post("/all", data=MultiDict(GOOD | changed))
    assert response.status_code == 422
    return Page(response.text, url="/all", status=422)


def test_every_value_comes_back_as_what_it_is(site: Flask) -> None:
    form = filled(site)
    with site.test_request_context(method="POST"):
        assert form.validate(), form.errors
    assert form.name.data == "Sam Example"
    assert form.secret.data == " pass word "
    assert form.raters.number == 12
    assert form.story.data == "One\ntwo"
    assert form.days.data == ["mon", "tue"]
    assert (form.way.data, form.role.data) == ("remote", "nurse")
    assert form.closes.data == date(2027, 3, 31)
    assert form.agreed.data is True
    assert form.answers.data is None


def test_what_was_given_is_shown_again_after_an_error_but_never_a_password(site: Flask) -> None:
    page = shown(site, email="nobody", story="Kept\nwords", secret="hush hush")
    found = {
        each.attrs["name"]: each for each in page.all("input", "select", "textarea") if "checked" not in each.attrs
    }
    ticked = {each.attrs["value"] for each in page.all("input") if "checked" in each.attrs}
    assert found["name"].attrs["value"] == "Sam Example"
    assert found["email"].attrs["value"] == "nobody"
    assert found["closes-month"].attrs["value"] == "3"
    assert found["story"].text == "Kept words"
    assert {"remote", "mon", "tue", "y"} <= ticked
    assert "hush hush" not in page.html
    assert [o.attrs["value"] for o in page.all("option") if "selected" in o.attrs] == ["nurse"]


def test_each_error_stands_by_its_field_and_in_the_summary_linked_to_the_first_input(site: Flask) -> None:
    sent = {"name": "", "email": "", "way": "", "closes-day": "", "agreed": ""}
    page = shown(site, **sent, **{"closes-month": "", "closes-year": ""})
    summary = next(e for e in page.all("div") if "govuk-error-summary" in e.attrs.get("class", ""))
    links = [(link.attrs["href"][1:], link.text) for link in summary.all("a")]
    assert ("closes-day", "Enter the last day") in links
    ids = {element.attrs.get("id"): element for element in page.all("input")}
    for target, words in links:
        assert ids[target].tag == "input"
        assert page.text.count(words) >= 2


def test_a_field_points_to_its_hint_and_its_error(site: Flask) -> None:
    page = shown(site, name="")
    name = next(e for e in page.all("input") if e.attrs.get("id") == "name")
    assert name.attrs["aria-describedby"] == "name-hint name-error"
    assert name.attrs["autocomplete"] == "name"


@pytest.mark.parametrize("name", ["name", "email", "ticket", "raters", "story"])
@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\x85b", "a\u202eb"])
def test_control_characters_are_refused(site: Flask, name: str, bad: str) -> None:
    assert name in errors(site, **{name: bad})


def test_a_password_with_a_nul_is_refused(site: Flask) -> None:
    assert "secret" in errors(site, secret="a\x00b")


def test_one_line_takes_no_line_breaks_and_several_lines_do(site: Flask) -> None:
    assert "name" in errors(site, name="a\nb")
    assert "story" not in errors(site, story="a\nb\tc")


def test_limits_count_characters_on_a_line_and_bytes_in_a_text(site: Flask) -> None:
    assert "name" not in errors(site, name="é" * 200)
    assert errors(site, name="x" * 201)["name"] == ["Shorten this to 200 characters or fewer; it is about 201 now"]
    assert "story" not in errors(site, story="x" * 100)
    assert "story" in errors(site, story="é" * 51)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("", "", ""), "Enter the last day"),
        (("", "3", "2027"), "The date must include a day"),
        (("31", "", ""), "The date must include a month and a year"),
        (("31", "2", "2027"), "Enter a real date, such as 31 3 2027"),
        (("1", "1", "27"), "Enter a real date, such as 31 3 2027"),
        (("+1", "1_0", "2027"), "Enter a real date, such as 31 3 2027"),
        (("٣", "3", "2027"), "Enter a real date, such as 31 3 2027"),
        (("9" * 5000, "3", "2027"), "Enter a real date, such as 31 3 2027"),
        (("1", "1", "0000"), "Enter a real date, such as 31 3 2027"),
        (("1", "\x00", "2027"), "Enter a real date, such as 31 3 2027"),
    ],
)
def test_a_malformed_date_is_told_in_words(site: Flask, parts: tuple[str, str, str], words: str) -> None:
    sent = dict(zip(("closes-day", "closes-month", "closes-year"), parts, strict=True))
    assert errors(site, **sent)["closes"] == [words]
    assert words in shown(site, **sent).text


def test_an_error_about_a_date_leads_to_the_box_that_is_empty(site: Flask) -> None:
    form = filled(site, **{"closes-month": ""})
    assert first_input(form.closes) == "closes-month"


def test_a_date_sent_under_its_bare_name_is_no_date(site: Flask) -> None:
    with site.test_request_context(method="POST"):
        form = SampleForm(MultiDict([("closes", "2027-03-31"), ("closes", "x")]))
        assert not form.validate()
        assert form.closes.data is None


def test_a_default_date_fills_the_boxes(site: Flask) -> None:
    with site.test_request_context():
        assert SampleForm(closes=date(2027, 3, 3)).closes.parts == ("3", "3", "2027")


@given(
    st.dictionaries(
        st.sampled_from([*sorted(GOOD), "closes", "csrf_token", "answers"]), st.lists(st.text(max_size=20), max_size=3)
    )
)
def test_nothing_that_is_sent_breaks_the_form(site: Flask, sent: dict[str, list[str]]) -> None:
    with site.test_request_context(method="POST"):
        form = SampleForm(MultiDict(sent))
        form.validate()
        words = "{% from 'components/form.html' import field %}{% for each in form %}{{ field(each) }}{% endfor %}"
        assert "<input" in render_template_string(words, form=form)


def test_choices_that_were_not_offered_are_refused(site: Flask) -> None:
    wrong = errors(site, way="by post", days=["mon", "sun"], role="king")
    assert wrong["way"] == wrong["days"] == wrong["role"] == ["Choose from the list"]


@pytest.mark.parametrize("name", ["name", "email", "raters", "story", "closes-day", "ticket", "way"])
def test_an_attack_in_a_value_comes_back_harmless(site: Flask, name: str) -> None:
    page = shown(site, **{name: ATTACK}, agreed="")
    assert "<script>alert" not in page.html


def test_attacks_in_words_and_choices_are_escaped(site: Flask) -> None:
    with site.test_request_context():
        form = SampleForm()
        form.role.choices = [SelectChoice(ATTACK, ATTACK)]
        form.way.choices = [SelectChoice(ATTACK, ATTACK)]
        form.name.description = ATTACK
        form.name.label.text = ATTACK
        text = render_template_string(
            "{% from 'components/form.html' import field, errors %}"
            "{{ field(form.role) }}{{ field(form.way) }}{{ field(form.name) }}"
            "{{ errors([{'text': attack, 'href': '#' ~ attack}]) }}",
            form=form, attack=ATTACK,
        )  # fmt: skip
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_attacks_in_the_pieces_of_a_page_are_escaped(site: Flask) -> None:
    words = """
    {% from 'components/form.html' import rating, button %}
    {% from 'components/page.html' import tag, summary_list, chart, empty, details %}
    {% from 'components/table.html' import table %}
    {{ rating("q", a, [(1, a)], [(101, a)], error=a, hint=a) }}{{ button(a) }}{{ button(a, href=a) }}{{ tag(a) }}
    {{ summary_list([{"key": a, "value": a, "actions": [(a, a, a)]}]) }}{{ table(a, [a], [[a]]) }}
    {% call chart(a, a, a, 1, 1) %}{{ a }}{% endcall %}{% call empty(a) %}{{ a }}{% endcall %}
    {% call details(a) %}{{ a }}{% endcall %}
    """
    with site.test_request_context():
        text = render_template_string(words, a=ATTACK)
    assert "<script>" not in text
    assert ATTACK not in text
    assert text.count("&lt;script&gt;") > 20


def test_an_upload_is_kept_and_a_missing_one_is_none(site: Flask) -> None:
    sent = {"answers": (BytesIO(b"a,b"), "answers.csv")}
    with site.test_request_context(method="POST", data=sent, content_type="multipart/form-data"):
        assert SampleForm().answers.data.filename == "answers.csv"


def test_plain_wtforms_fields_are_drawn_too(site: Flask) -> None:
    from wtforms import BooleanField, PasswordField, StringField, SubmitField

    class Borrowed(Form):
        user = StringField("User", render_kw={"autocomplete": "username"})
        word = PasswordField("Word")
        keep = BooleanField("Keep")
        go = SubmitField("Go")

    with site.test_request_context(method="POST"):
        form = Borrowed(MultiDict({"user": "sam", "word": "hush"}))
        assert [kind_of(each) for each in form] == ["input", "input", "tick", "submit"]
        assert parameters_of(form.user)["autocomplete"] == "username"
        assert parameters_of(form.word)["value"] == ""
        form.form_errors = ["Both wrong"]
        assert errors_of(form) == [{"text": "Both wrong"}]


def test_the_answer_chosen_in_a_rating_stays_chosen_and_the_scale_stands_apart(site: Flask) -> None:
    words = "{% from 'components/form.html' import rating %}{{ rating('q', 'Listens', points, others, chosen=2) }}"
    with site.test_request_context():
        text = render_template_string(words, points=[(1, "Poor"), (2, "Good")], others=[(101, "N/A")])
        page = Page(text, url="", status=200)
    assert [e.attrs["value"] for e in page.all("input") if "checked" in e.attrs] == ["2"]
    assert [e.attrs["id"] for e in page.all("input")] == ["q", "q-2", "q-101"]
    assert [len(e.all("input")) for e in page.all("div") if "msf-rating__group" in e.attrs["class"]] == [2, 1]
    assert len(page.all("fieldset")) == len(page.all("legend")) == 1

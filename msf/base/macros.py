"""From a form's fields to the parameters of the page's macros; works on our own fields and on plain WTForms ones."""

from collections.abc import Callable
from typing import Any

from wtforms import fields

from msf.base.forms import DatePartsField, SelectField, options

_KINDS: tuple[tuple[type, str], ...] = (
    (DatePartsField, "date"),
    (SelectField, "select"),
    (fields.HiddenField, "hidden"),
    (fields.SubmitField, "submit"),
    (fields.BooleanField, "tick"),
    (fields.SelectMultipleField, "checkboxes"),
    (fields.RadioField, "radios"),
    (fields.SelectField, "select"),
    (fields.FileField, "file"),
    (fields.TextAreaField, "textarea"),
)
_KEPT = ("autocomplete", "autocapitalize", "inputmode", "spellcheck", "classes", "prefix", "suffix", "rows")


def kind_of(field: Any) -> str:
    """Which macro draws the field; `input` for every one-line field."""
    return next((kind for type_, kind in _KINDS if isinstance(field, type_)), "input")


def parameters_of(field: Any, *, heading: bool = False, size: str = "", **more: Any) -> dict[str, Any]:
    """What the field's macro needs: names, words, the value given, the first error; `more` wins.

    `heading` makes the label the page's h1, `size` (`s`, `m`, `l`) its weight.
    """
    kind = kind_of(field)
    found: dict[str, Any] = {"id": field.id, "idPrefix": field.id, "name": field.name}
    found |= {key: value for key, value in (field.render_kw or {}).items() if key in _KEPT}
    if field.description:
        found["hint"] = {"text": field.description}
    if field.errors:
        found["errorMessage"] = {"text": str(field.errors[0])}
    found |= _label(field, kind, heading, size or ("l" if heading else ""))
    found |= _VALUES.get(kind, _line)(field)
    return found | more


def first_input(field: Any) -> str:
    """The id of the input an error summary links to."""
    return f"{field.id}-{field.wrong_part()}" if isinstance(field, DatePartsField) else str(field.id)


def errors_of(form: Any) -> list[dict[str, str]]:
    """Every error of the form in page order, linked to its input where it has one."""
    found = [{"text": str(error)} for error in form.form_errors]
    for field in form:
        href = {} if kind_of(field) == "hidden" else {"href": f"#{first_input(field)}"}
        found += [{"text": str(error)} | href for error in field.errors]
    return found


def _label(field: Any, kind: str, heading: bool, size: str) -> dict[str, Any]:
    grouped = kind in ("radios", "checkboxes", "date")
    style = f"govuk-{'fieldset__legend' if grouped else 'label'}--"
    words = {"text": str(field.label.text), "isPageHeading": heading, "classes": f"{style}{size or 's'}"}
    if kind == "tick":
        return {}
    return {"fieldset": {"legend": words}} if grouped else {"label": words}


def _line(field: Any) -> dict[str, Any]:
    if isinstance(field, fields.PasswordField):
        return {"value": "", "type": "password"}
    return {"value": str(field.data or ""), "type": getattr(field.widget, "input_type", "text")}


def _area(field: Any) -> dict[str, Any]:
    limit = getattr(field, "limit", 0)
    if not limit:
        return {"value": str(field.data or "")}
    return {
        "value": str(field.data or ""),
        "attributes": {"data-limit": str(limit)},
        "describedBy": f"{field.id}-count",
        "formGroup": {"afterInput": {"count": limit}},
    }


def _choices(field: Any) -> dict[str, Any]:
    hints = getattr(field, "hints", {})
    return {"items": [_choice(each, hints.get(each.value, "")) for each in options(field)]}


def _choice(each: Any, hint: str) -> dict[str, Any]:
    chosen = bool(each.selected)
    found = {"value": str(each.value), "text": str(each.label), "checked": chosen, "selected": chosen}
    return found | ({"hint": {"text": hint}} if hint else {})


def _tick(field: Any) -> dict[str, Any]:
    return {"items": [{"value": "y", "text": str(field.label.text), "checked": bool(field.data)}]}


def _date(field: Any) -> dict[str, Any]:
    boxes = zip(("day", "month", "year"), field.parts, (2, 2, 4), strict=True)
    bad = " govuk-input--error" if field.errors else ""
    items = [{"name": n, "value": v, "classes": f"govuk-input--width-{w}{bad}"} for n, v, w in boxes]
    return {"items": items, "namePrefix": field.name}


def _file(_field: Any) -> dict[str, Any]:
    return {}


_VALUES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "textarea": _area,
    "radios": _choices,
    "checkboxes": _choices,
    "select": _choices,
    "tick": _tick,
    "date": _date,
    "file": _file,
}

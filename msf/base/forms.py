"""Forms: fields that strip what they are given, keep it, and refuse what is too long or cannot be stored."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, fields
from wtforms.validators import StopValidation

SelectChoice: Any = fields.SelectChoice  # type: ignore[attr-defined]  # the published stubs are of WTForms 3.2

_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ufeff\ud800-\udfff]")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\]+@[^\s@<>\"(),:;\\.]+(\.[^\s@<>\"(),:;\\.]+)+")


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The base of every form: guarded against forgery, its fields translated for the page by `msf.base.macros`."""


class _Checked(Field):
    """A field with a hint and a message for when it is empty; an empty one that is not required passes."""

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        required: str = "",
        attributes: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(label, description=hint, render_kw=dict(attributes or {}), **more)
        self.required = required

    def empty(self) -> bool:
        """Whether nothing was given."""
        return not self.data

    def check(self) -> str:
        """What is wrong with what was given, or nothing."""
        return ""

    def pre_validate(self, form: Any) -> None:
        """Stop at the first of: unreadable, empty, wrong."""
        if self.process_errors:
            raise StopValidation
        if self.empty():
            raise StopValidation(self.required)
        if wrong := self.check():
            raise StopValidation(wrong)


class TextField(_Checked, fields.StringField):
    """One line of at most `limit` characters, stripped."""

    allowed = _LINE

    def __init__(self, label: str, *, limit: int = 200, **more: Any) -> None:
        super().__init__(label, **more)
        self.limit = limit

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the first value, stripped, with line ends as `\\n`."""
        given = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""
        self.data = given.replace("\r\n", "\n").strip(" \t\r\n")

    def size(self) -> int:
        """How much of the limit is used."""
        return len(self.data or "")

    def check(self) -> str:
        """Refuse what is too long or holds control characters."""
        if self.size() > self.limit:
            return f"Shorten this to {self.limit:,} characters or fewer; it is about {self.size():,} now"
        return "Take out the characters that cannot be shown, such as control characters" if self._unclean() else ""

    def _unclean(self) -> bool:
        return self.allowed.search(self.data or "") is not None


class LongTextField(TextField, fields.TextAreaField):
    """Several lines of at most `limit` bytes of UTF-8, stripped; the page counts down where script runs."""

    allowed = _TEXT

    def __init__(self, label: str, *, limit: int = 4000, **more: Any) -> None:
        super().__init__(label, limit=limit, **more)

    def size(self) -> int:
        """Bytes of UTF-8."""
        return len((self.data or "").encode("utf-8", "surrogatepass"))


class EmailField(TextField, fields.EmailField):
    """One email address."""

    def __init__(self, label: str, *, limit: int = 254, **more: Any) -> None:
        super().__init__(label, limit=limit, **more)

    def check(self) -> str:
        """Refuse what is not shaped like an address."""
        shaped = _ADDRESS.fullmatch(self.data or "")
        return super().check() or ("" if shaped else "Enter an email address in the format name@example.org")


class PasswordField(TextField, fields.PasswordField):
    """A password, never stripped, never shown again."""

    def __init__(self, label: str, *, limit: int = 256, **more: Any) -> None:
        super().__init__(label, limit=limit, **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the first value as it was typed."""
        self.data = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""


class HiddenField(TextField, fields.HiddenField):
    """A hidden line of at most `limit` characters."""

    def __init__(self, label: str = "", *, limit: int = 200, **more: Any) -> None:
        super().__init__(label, limit=limit, **more)


class WholeNumberField(TextField):
    """A whole number between `least` and `most`; `number` is the integer, or None."""

    def __init__(self, label: str, *, least: int = 0, most: int = 1_000_000, **more: Any) -> None:
        shown = {"inputmode": "numeric", "classes": "govuk-input--width-4"}
        super().__init__(label, limit=12, attributes=shown, **more)
        self.least, self.most = least, most

    @property
    def number(self) -> int | None:
        """The number given, or None where it is none."""
        given = str(self.data or "")
        return int(given) if given.isascii() and given.isdigit() else None

    def check(self) -> str:
        """Refuse what is not a whole number within the limits."""
        if self.number is None or not self.least <= self.number <= self.most:
            return f"Enter a whole number between {self.least:,} and {self.most:,}"
        return ""


class _Chosen(_Checked):
    """Values out of a list that the server knows."""

    def __init__(
        self, label: str, *, choices: Sequence[Any] | None = None, hints: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(label, choices=list(choices or ()), validate_choice=False, **more)
        self.hints = hints or {}

    def values(self) -> list[str]:
        """What was chosen."""
        return [self.data] if self.data else []

    def check(self) -> str:
        """Refuse what was not on the list."""
        known = {str(choice.value) for choice in options(self)}
        return "" if known.issuperset(self.values()) else "Choose from the list"


class RadiosField(_Chosen, fields.RadioField):
    """One of a few; the data is the value chosen or an empty string."""

    def process_data(self, value: Any) -> None:
        """Keep a default as text."""
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the first value."""
        self.data = str(valuelist[0]) if valuelist else ""


class SelectField(RadiosField):
    """One of many, in a drop-down list; give the empty choice first where nothing is chosen to begin with."""


class CheckboxesField(_Chosen, fields.SelectMultipleField):
    """Any of a few; the data is the list of values chosen."""

    def process_data(self, value: Any) -> None:
        """Keep a default as a list of texts."""
        self.data = [str(each) for each in value or ()]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep every value, once each."""
        self.data = list(dict.fromkeys(map(str, valuelist)))

    def values(self) -> list[str]:
        """What was chosen."""
        return list(self.data or ())


class TickField(_Checked, fields.BooleanField):
    """One box to tick."""


class UploadField(_Checked, fields.FileField):
    """One file; `data` is the upload, or None."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the first upload that has a name."""
        self.data = next((each for each in valuelist if getattr(each, "filename", "")), None)


class DatePartsField(_Checked):
    """A day in three boxes; `data` is the date, or None, whatever was sent; `parts` keeps what was typed."""

    parts: tuple[str, str, str] = ("", "", "")

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read `<name>-day`, `-month` and `-year` where a form was sent, else show the default."""
        given = {} if data is None else {"data": data}
        super().process(None, extra_filters=extra_filters, **given)
        if isinstance(self.data, date):
            self.parts = (str(self.data.day), str(self.data.month), str(self.data.year))
        if formdata:
            self.parts = tuple(str(formdata.get(f"{self.name}-{p}", "")).strip()[:20] for p in ("day", "month", "year"))  # type: ignore[assignment]
            self.data = _date_of(self.parts)

    def process_data(self, value: Any) -> None:
        """Keep a default only where it is a date."""
        self.data = value if isinstance(value, date) else None

    def empty(self) -> bool:
        """Whether all three boxes are empty."""
        return not any(self.parts)

    def check(self) -> str:
        """Name what is missing, or say that the day does not exist."""
        names = ("day", "month", "year")
        missing = [name for name, part in zip(names, self.parts, strict=True) if not part]
        if missing:
            return f"The date must include a {' and a '.join(missing)}"
        return "" if self.data else "Enter a real date, such as 31 3 2027"

    def wrong_part(self) -> str:
        """The box to go to first."""
        return next((n for n, p in zip(("day", "month", "year"), self.parts, strict=True) if not p), "day")


def _date_of(parts: tuple[str, str, str]) -> date | None:
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts[2]) != 4:
        return None
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except (ValueError, OverflowError):
        return None


def options(field: Any) -> list[Any]:
    """The choices of a field, each with `value`, `label` and `selected`."""
    return list(field.iter_choices())

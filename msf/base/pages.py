"""What every template may use: our filters, hashed addresses of static files, and names that fail when misspelt."""

import hashlib
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, get_flashed_messages, request
from flask_wtf.csrf import generate_csrf
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader, Undefined

from msf.base.clock import day, moment
from msf.base.config import Settings
from msf.base.macros import errors_of, kind_of, parameters_of


class Absent(Undefined):
    """Fails where a name is misspelt; stays quiet for a parameter left out of a macro's dictionary."""

    __slots__ = ()

    def _quiet(self) -> bool:
        return isinstance(self._undefined_obj, dict) or self._undefined_name in (None, "undefined", "caller")

    def __str__(self) -> str:
        return super().__str__() if self._quiet() else self._fail_with_undefined_error()

    def __iter__(self) -> Iterator[Any]:
        return super().__iter__() if self._quiet() else self._fail_with_undefined_error()

    def __bool__(self) -> bool:
        return super().__bool__() if self._quiet() else self._fail_with_undefined_error()

    def __len__(self) -> int:
        return super().__len__() if self._quiet() else self._fail_with_undefined_error()


def furnish(app: Flask, settings: Settings) -> None:
    """Give the templates of `app` their loader, filters and functions."""
    environment = app.jinja_env
    environment.undefined = Absent
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.do")
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([app.jinja_loader, macros] if app.jinja_loader else [macros])
    zone = ZoneInfo(settings.zone)
    environment.filters |= {
        "date": lambda given, where="": day(given, ZoneInfo(where) if where else zone),
        "datetime": lambda given, where="": moment(given, ZoneInfo(where) if where else zone),
        "number": number,
        "plural": plural,
        "required_text": required_text,
    }
    environment.globals |= {
        "service_name": settings.service_name,
        "static_url": lambda name: f"{request.script_root}/static/{name}?v={mark(Path(app.static_folder or ''), name)}",
        "messages": lambda: get_flashed_messages(with_categories=True),
        "csrf_token": generate_csrf,
        "kind_of": kind_of,
        "parameters_of": parameters_of,
        "errors_of": errors_of,
    }


@lru_cache(maxsize=64)
def mark(folder: Path, name: str) -> str:
    """The first twelve digits of a static file's hash; the file does not change while the process runs."""
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]


def number(given: float | Decimal, places: int | None = None) -> str:
    """A number with separators; halves go up, as on paper.

    >>> number(12345), number(4.25, 1), number(4, 1)
    ('12,345', '4.3', '4.0')
    """
    if places is None:
        return f"{given:,}"
    return f"{Decimal(str(given)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> plural(1, "person", "people"), plural(18, "person", "people"), plural(2, "comment")
    ('1 person', '18 people', '2 comments')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def required_text(given: str) -> str:
    """The text itself; an error where it is empty, so that no chart goes out without its words."""
    if not str(given).strip():
        raise ValueError("This needs words: a chart without its sentence cannot be read by everybody.")
    return given

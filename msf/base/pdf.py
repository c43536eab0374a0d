"""PDF from a Typst template and plain data: tagged, to PDF/UA-1, the same bytes for the same input."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msf.base.errors import Refusal
from msf.charts import FONTS, covered

_QUOTED = re.compile("`.*`", re.DOTALL)
_IMAGE = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]*\.(?:svg|png)")


class PdfRefused(Refusal):
    """The document could not be made as an accessible PDF; the message says what stood in the way."""

    status = 500
    title = "The PDF could not be made"
    message = "The PDF could not be made."
    remedy = "The page itself can be printed meanwhile. Tell the people who run this service."


def compile_pdf(template: Path, data: Mapping[str, Any], *, images: Mapping[str, bytes]) -> bytes:
    """Lay out `data` (anything JSON can hold) by `template`, which finds it as `data.json` with the images beside it.

    Characters that no shipped font has are marked, wherever they stand in `data`. The template sees nothing but
    these files, no font of the machine and no clock. Raises `PdfRefused` where the result would not be PDF/UA-1.
    """
    with TemporaryDirectory(prefix="msf-pdf-") as name:
        folder = Path(name)
        for image, content in images.items():
            (folder / _checked(image)).write_bytes(content)
        (folder / "data.json").write_text(json.dumps(_drawable(data), ensure_ascii=False), "utf-8")
        (folder / "main.typ").write_bytes(template.read_bytes())
        return _compiled(folder)


def _compiled(folder: Path) -> bytes:
    import typst

    try:
        pdf: bytes = typst.compile(
            folder / "main.typ",
            root=folder,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            package_path=folder,
            package_cache_path=folder,
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise PdfRefused(f"The PDF could not be made: {_QUOTED.sub('…', error.message)}.") from None
    return pdf


@cache
def _fonts() -> Any:
    """The shipped fonts and no others, read once."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _checked(name: str) -> str:
    if not _IMAGE.fullmatch(name):
        raise PdfRefused(f"The PDF could not be made: {name!r} is not a name for an image.")
    return name


def _drawable(value: Any) -> Any:
    """The same value with every text in it made of characters that the fonts have."""
    if isinstance(value, str):
        return covered(value)
    if isinstance(value, Mapping):
        return {key: _drawable(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [_drawable(part) for part in value]
    return value

"""A sheet measured in points on which charts are drawn: words, lines and marks, and its SVG bytes."""

import io
import re
from typing import Any, Literal

from msf.charts.letters import UNITS, outline, shape, width_of
from msf.charts.palette import INK

WIDTH = 453.5
"""160 mm, the width of a page's column, in points."""

_SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}
_UNTOLD = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_STYLED = re.compile(r' style="([^"]*)"')
_STYLE_SHEET = re.compile(r" *<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>\n")


class Canvas:
    """A white sheet `height` points high; x runs right and y runs down, both from the upper left corner.

    Matplotlib's SVG renderer draws at once, in the order of the calls; a figure's tree of parts would cost far more
    than the few lines and marks of a chart. Words are written between them, since the renderer would lay out and
    outline every line of words anew.
    """

    def __init__(self, height: float) -> None:
        from matplotlib.backends.backend_svg import RendererSVG
        from matplotlib.transforms import Affine2D

        self.height = height
        self._file = io.StringIO()
        self._renderer: Any = RendererSVG(WIDTH, height, self._file, metadata=_UNTOLD)  # type: ignore[no-untyped-call]
        self._down = Affine2D().scale(1, -1).translate(0, height)
        self._shapes: set[str] = set()
        self.box(0, 0, WIDTH, height, fill="#FFFFFF")

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 9,
        bold: bool = False,
        colour: str = INK,
        side: Literal["left", "center", "right"] = "left",
    ) -> None:
        """Write one line whose baseline is at `y`."""
        if not words.strip():
            return
        line, scale = outline(words, bold=bold), size / UNITS
        left = x - _SHARES[side] * width_of(words, size, bold=bold)
        place = f"translate({left:.6g} {y:.6g}) scale({scale:.6g} {-scale:.6g})"
        self._define(line.names)
        self._file.write(f'<g fill="{colour.lower()}" transform="{place}">\n{line.places}\n</g>\n')

    def line(self, x0: float, y0: float, x1: float, y1: float, *, colour: str, width: float = 0.75) -> None:
        from matplotlib.path import Path

        self._draw(Path(((x0, y0), (x1, y1))), fill="none", edge=colour, width=width)

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, edge: str | None = None) -> None:
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self.shape(corners, fill=fill, edge=edge, width=0.6)

    def shape(
        self, corners: tuple[tuple[float, float], ...], *, fill: str, edge: str | None = None, width: float = 1.0
    ) -> None:
        from matplotlib.path import Path

        self._draw(Path((*corners, corners[0]), closed=True), fill=fill, edge=edge, width=width)

    def circle(self, x: float, y: float, radius: float, *, fill: str, edge: str | None = None) -> None:
        from matplotlib.path import Path

        self._draw(Path.circle((x, y), radius), fill=fill, edge=edge, width=1.0)

    def svg(self) -> bytes:
        """The sheet as an SVG file, with nothing in it that tells when or by what it was drawn; it ends the drawing."""
        self._renderer.finalize()
        return _plain(self._file.getvalue()).encode()

    def _define(self, names: tuple[str, ...]) -> None:
        """The shapes of letters that this sheet has not used yet."""
        new = [name for name in names if name not in self._shapes]
        if new:
            paths = "\n".join(f'<path id="{name}" d="{shape(name)}"/>' for name in new)
            self._file.write(f"<defs>\n{paths}\n</defs>\n")
            self._shapes.update(new)

    def _draw(self, path: Any, *, fill: str, edge: str | None, width: float) -> None:
        from matplotlib.colors import to_rgb

        pen = self._renderer.new_gc()
        pen.set_linewidth(width if edge else 0)
        pen.set_foreground(edge or "none")
        pen.set_joinstyle("miter")
        self._renderer.draw_path(pen, path, self._down, None if fill == "none" else to_rgb(fill))


def _plain(svg: str) -> str:
    """Styles as attributes, since a page that allows no inline style would drop them."""
    return _STYLED.sub(lambda found: _attributes(found[1]), _STYLE_SHEET.sub("", svg))


def _attributes(style: str) -> str:
    pairs = (part.split(":", 1) for part in style.split(";") if part.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)

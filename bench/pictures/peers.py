"""Pictures of one figure against another: own view and others, many tests, peers, and who answered."""

from itertools import pairwise

import numpy as np

from bench.pictures.marks import SCALE, SMALL, across, dashed, diamond, key, row, signed, span, upward
from msf.charts.canvas import Canvas
from msf.charts.palette import AMBER, LINE, QUIET, TEAL
from msf.scoring import case_mix
from msf.scoring.benchmarks import chance_lines, flags, peer_lines, shrunken
from msf.scoring.comparisons import benjamini_hochberg
from msf.scoring.gaps import Cell, cells
from msf.scoring.generalisability import Components

PEERS = Components(4.1, 0.06, 0.45)
SIDE = 190.0
TESTS = (0.001, 0.004, 0.009, 0.013, 0.032, 0.038, 0.044, 0.061, 0.068, 0.079, 0.088, 0.095)


def own_view() -> bytes:
    """Five areas by own answer and others' mean, in four cells about the line at 4."""
    points = {"Listening": (4.5, 4.6), "Records": (3.2, 3.3), "Teamwork": (3.4, 4.5), "Teaching": (4.6, 3.4)}
    own, others = np.array(list(points.values())).T
    where = [Cell(cell) for cell in cells(own, others, 4.0)]
    left, top = 130.0, 12.0
    canvas = Canvas(top + SIDE + 34)
    canvas.box(left, top, SIDE, SIDE, fill="#FFFFFF", edge=LINE)
    up = upward(canvas, SCALE, left=left, right=left + SIDE, top=top, bottom=top + SIDE)
    for value, words in SCALE:
        x = left + SIDE * (value - 1) / 4
        canvas.text(x, top + SIDE + 12, words, size=SMALL, colour=QUIET, side="center")
    line = left + SIDE * 0.75
    canvas.line(line, top, line, top + SIDE, colour=QUIET, width=1.2)
    canvas.line(left, up.at(4), left + SIDE, up.at(4), colour=QUIET, width=1.2)
    for place, (name, (mine, theirs)) in enumerate(points.items()):
        x, y = left + SIDE * (mine - 1) / 4, up.at(theirs)
        canvas.circle(x, y, 8, fill=TEAL)
        canvas.text(x, y + 3, str(place + 1), size=SMALL, colour="#FFFFFF", side="center")
        words = where[place].name.replace("_", " ").lower()
        canvas.text(left + SIDE + 14, 40 + 32 * place, f"{place + 1}  {name}")
        canvas.text(left + SIDE + 25, 51 + 32 * place, words, size=SMALL, colour=QUIET)
    canvas.text(left + SIDE / 2, top + SIDE + 26, "own answer", size=SMALL, colour=QUIET, side="center")
    canvas.text(left - 22, top + SIDE / 2, "mean of others", size=SMALL, colour=QUIET, side="right")
    return canvas.svg()


def tests() -> bytes:
    """Twelve p values from small to large, the line of .05 and the rising line of Benjamini and Hochberg."""
    p = np.array(TESTS)
    confirmed = benjamini_hochberg(p) <= 0.05
    canvas = Canvas(190)
    key(
        canvas, 10, [("dot", TEAL, "confirmed"), ("ring", AMBER, "under .05, not confirmed"), ("ring", LINE, "neither")]
    )
    up = upward(canvas, ((0, "0"), (0.05, ".05"), (0.1, ".10")), left=34, right=440, top=40, bottom=166)
    canvas.text(0, 28, "p", size=SMALL, colour=QUIET)
    wide = 406 / len(p)
    canvas.line(34, up.at(0.05), 440, up.at(0.05), colour=QUIET, width=1.2)
    rising = [(34 + wide * rank, up.at(0.05 * rank / len(p))) for rank in range(len(p) + 1)]
    canvas.line(*rising[0], *rising[-1], colour=TEAL, width=1.5)
    for place, (value, sure) in enumerate(zip(p.tolist(), confirmed.tolist(), strict=True)):
        x, y = round(34 + wide * (place + 1), 2), up.at(value)
        colour = TEAL if sure else AMBER if value < 0.05 else LINE
        canvas.circle(x, y, 4, fill=colour if sure else "#FFFFFF", edge=colour)
    canvas.text(237, 182, "twelve tests, from the smallest p", size=SMALL, colour=QUIET, side="center")
    return canvas.svg()


def funnel() -> bytes:
    """Forty practitioners by number of raters, with the limits of chance and those among peers."""
    dice = np.random.default_rng(11)
    n = dice.integers(6, 56, 40)
    spread = np.sqrt(PEERS.between + PEERS.within / n)
    means = np.clip(PEERS.mean + spread * dice.normal(0, 1, 40), 1, 5)
    n, means = np.append(n, 30), np.append(means, 3.1)
    flagged = flags(PEERS, means, n)
    sizes = np.arange(5, 61, 2.5)
    chance, peers = chance_lines(PEERS, sizes), peer_lines(PEERS, sizes)
    canvas = Canvas(266)
    key(canvas, 10, [("line", TEAL, "95% and 99.8% among peers"), ("dash", LINE, "95% by chance alone")])
    key(canvas, 25, [("box", TEAL, "a practitioner"), ("diamond", AMBER, "beyond the 95% line among peers")])
    up = upward(canvas, SCALE, left=34, right=440, top=52, bottom=236)
    canvas.text(0, 43, "mean", size=SMALL, colour=QUIET)

    def x(raters: float) -> float:
        return round(34 + 406 * raters / 60, 2)

    for lines, colour in ((chance[:2], LINE), (peers[:2], TEAL), (peers[2:], TEAL)):
        for limit in lines:
            points = [(x(raters), up.at(value)) for raters, value in zip(sizes, limit, strict=True)]
            (dashed if colour == LINE else _through)(canvas, points, colour=colour)
    canvas.line(34, up.at(PEERS.mean), 440, up.at(PEERS.mean), colour=QUIET)
    for raters, mean, flag in zip(n.tolist(), means.tolist(), flagged.tolist(), strict=True):
        if flag:
            diamond(canvas, x(raters), up.at(mean), colour=AMBER)
            canvas.text(x(raters) + 10, up.at(mean) + 3, f"{mean:.1f}", size=SMALL, colour=AMBER)
        else:
            canvas.box(x(raters) - 2, up.at(mean) - 2, 4, 4, fill=TEAL)
    for raters in range(0, 61, 10):
        canvas.text(x(raters), 248, str(raters), size=SMALL, colour=QUIET, side="center")
    canvas.text(237, 261, "raters", size=SMALL, colour=QUIET, side="center")
    return canvas.svg()


def _through(canvas: Canvas, points: list[tuple[float, float]], *, colour: str) -> None:
    for one, other in pairwise(points):
        canvas.line(*one, *other, colour=colour, width=1.2)


def drawn_in() -> bytes:
    """The same raw mean from 4, 12 and 40 raters, and what it is drawn to."""
    n = np.array([4, 12, 40])
    found = shrunken(PEERS, np.full(3, 3.4), n)
    assert found
    canvas = Canvas(64 + 36 * len(n))
    key(canvas, 10, [("diamond", LINE, "raw mean 3.4"), ("dot", TEAL, "drawn toward all, 95% range")])
    axis = across(canvas, SCALE, left=96, top=34, bottom=48 + 36 * len(n))
    canvas.line(axis.at(PEERS.mean), 34, axis.at(PEERS.mean), 48 + 36 * len(n), colour=QUIET, width=1.2)
    canvas.text(
        axis.at(PEERS.mean),
        60 + 36 * len(n),
        f"all practitioners {PEERS.mean}",
        size=SMALL,
        colour=QUIET,
        side="center",
    )
    for place, raters in enumerate(n.tolist()):
        y, mean, reach = 56 + 36 * place, float(found.mean[place]), 1.96 * float(found.deviation[place])
        row(canvas, y, f"{raters} raters")
        span(canvas, axis, mean - reach, mean + reach, y, colour=TEAL)
        diamond(canvas, axis.at(3.4), y, colour=LINE)
        canvas.circle(axis.at(mean), y, 3.5, fill=TEAL)
        canvas.text(axis.at(mean), y + 14, f"{mean:.2f}", size=SMALL, colour=TEAL, side="center")
    return canvas.svg()


def adjusted() -> bytes:
    """Means of three of 240 practitioners before and after adjustment for the age of those who answered."""
    dice = np.random.default_rng(3)
    people, raters = 240, 20
    index = np.repeat(np.arange(people), raters)
    ages = dice.normal(dice.normal(50, 7, people)[index], 12)
    score = dice.normal(4.0, 0.25, people)[index] + 0.02 * (ages - 50) + dice.normal(0, 0.5, len(index))
    sums = case_mix.sums_of(score, ages[:, None], index, people, centre=3, centres=[50])
    found = case_mix.adjusted(sums, centre=3)
    assert found and found.kept.all()
    mean_age = 50 + sums.x[:, 0] / sums.n
    chosen = [int(np.argsort(mean_age)[place]) for place in (2, people // 2, people - 3)]
    canvas = Canvas(48 + 36 * len(chosen))
    key(canvas, 10, [("diamond", LINE, "as answered"), ("dot", TEAL, "adjusted")])
    axis = across(canvas, SCALE, left=150, top=34, bottom=44 + 36 * len(chosen))
    for place, person in enumerate(chosen):
        y, before, after = 52 + 36 * place, found.unadjusted[person], found.adjusted[person]
        row(canvas, y, f"Practitioner {place + 1}", f"patients’ mean age {mean_age[person]:.0f}")
        canvas.line(axis.at(before), y, axis.at(after), y, colour=LINE, width=1.2)
        diamond(canvas, axis.at(before), y, colour=LINE)
        canvas.circle(axis.at(after), y, 3.5, fill=TEAL)
        canvas.text(axis.at(after), y + 14, signed(after - before, 2), size=SMALL, colour=TEAL, side="center")
    return canvas.svg()


PICTURES = {
    "own-view": own_view,
    "tests": tests,
    "funnel": funnel,
    "drawn-in": drawn_in,
    "adjusted": adjusted,
}

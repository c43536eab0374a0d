"""Pictures of how people answered, of two rounds, of themes and of a calibration."""

import numpy as np

from bench.pictures.marks import PALE, SCALE, SMALL, across, columns, key, row, rule, signed
from msf.charts.canvas import Canvas
from msf.charts.palette import AMBER, LINE, PLUM, QUIET, TEAL
from msf.scoring.calibration import calibration
from msf.scoring.change import reliable_change
from msf.scoring.quality import quality
from msf.scoring.themes import coincidences, krippendorff

JUDGES = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])


def tops() -> bytes:
    """How many of 300 made-up raters gave which share of their ten answers in the top category."""
    dice = np.random.default_rng(5)
    ratings = np.rint(dice.normal(4.5, 0.8, (300, 1)) + dice.normal(0, 0.5, (300, 10))).clip(1, 5).astype(np.int8)
    found = quality(ratings, np.zeros(300, np.int64), points=5, blank=0)
    canvas = Canvas(146)
    columns(canvas, found.top.tolist(), left=4, bottom=110, wide=40, high=88)
    for tenth in range(11):
        canvas.text(24 + 40 * tenth, 122, f"{10 * tenth}%", size=SMALL, colour=QUIET, side="center")
    canvas.text(226, 138, "share of a rater’s answers that are the top one", size=SMALL, colour=QUIET, side="center")
    return canvas.svg()


def change() -> bytes:
    """Four areas before and after, with the smallest believable change as a band."""
    names = ("Listening", "Records", "Teamwork", "Teaching")
    before, after = np.array([3.6, 4.0, 4.3, 3.9]), np.array([4.4, 4.1, 3.9, 3.2])
    found = reliable_change(before, after, 12, 15, 0.49)
    canvas = Canvas(56 + 32 * len(names))
    key(
        canvas,
        10,
        [("box", PALE, "cannot be told from chance"), ("ring", LINE, "first round"), ("dot", TEAL, "second")],
    )
    axis = across(canvas, SCALE, left=76, right=336, top=34, bottom=46 + 32 * len(names))
    for place, name in enumerate(names):
        y, reach = 54 + 32 * place, float(found.smallest[place])
        low, high = axis.at(before[place] - reach), axis.at(before[place] + reach)
        canvas.box(low, y - 9, high - low, 18, fill=PALE)
        row(canvas, y, name)
        canvas.line(axis.at(before[place]), y, axis.at(after[place]), y, colour=TEAL, width=1.2)
        canvas.circle(axis.at(before[place]), y, 4, fill="#FFFFFF", edge=LINE)
        canvas.circle(axis.at(after[place]), y, 4, fill=TEAL)
        said = "reliable" if found.reliable[place] else "may be chance"
        words = f"{signed(found.change[place], 1)}, {said}"
        sure = bool(found.reliable[place])
        canvas.text(354, y + 3, words, bold=sure, colour=TEAL if sure else QUIET)
    return canvas.svg()


def themes() -> bytes:
    """Two coders, twelve comments, and how far they agree beyond chance."""
    codes = np.array([[0, 1, 1, 2, 0, 0, 1, 2, 2, 0, 1, 0], [0, 1, 0, 2, 0, 0, 1, 2, 1, 0, 1, 0]])
    alpha = krippendorff(coincidences(codes, categories=3))
    canvas = Canvas(112)
    for coder, own in enumerate(codes.tolist()):
        y = 26 + 30 * coder
        canvas.text(0, y + 14, f"coder {coder + 1}")
        for unit, code in enumerate(own):
            apart = codes[0, unit] != codes[1, unit]
            canvas.box(56 + 33 * unit, y, 29, 20, fill="#FFFFFF" if apart else PALE, edge=AMBER if apart else LINE)
            canvas.text(70.5 + 33 * unit, y + 14, "ABC"[code], colour=AMBER if apart else TEAL, side="center")
    for unit in range(codes.shape[1]):
        canvas.text(70.5 + 33 * unit, 18, str(unit + 1), size=SMALL, colour=QUIET, side="center")
    alike = int((codes[0] == codes[1]).sum())
    words = f"{alike} of {codes.shape[1]} comments coded alike; Krippendorff’s alpha {alpha:.2f}"
    canvas.text(56, 102, words, bold=True, colour=TEAL)
    return canvas.svg()


def judges() -> bytes:
    """Six targets by four judges: the same order, not the same marks."""
    found = calibration(JUDGES.astype(np.float64))
    assert found
    canvas = Canvas(52 + 22 * len(JUDGES) + 22)
    colours = dict(zip("ABCD", (TEAL, AMBER, PLUM, QUIET), strict=True))
    axis = across(canvas, [(mark, str(mark)) for mark in range(1, 11)], left=60, top=18, bottom=30 + 22 * len(JUDGES))
    for place, marks in enumerate(JUDGES.tolist()):
        y = 36 + 22 * place
        rule(canvas, y - 12)
        row(canvas, y, f"target {place + 1}")
        for name, colour in colours.items():
            mark = marks["ABCD".index(name)]
            beside = 5 * (marks[: "ABCD".index(name)].count(mark))
            canvas.text(axis.at(mark) + 1.6 * beside, y + 3, name, bold=True, colour=colour, side="center")
    y = 52 + 22 * len(JUDGES)
    canvas.text(0, y, f"same order (ICC 3,1): {found.fixed.value:.2f}", bold=True, colour=TEAL)
    canvas.text(170, y, f"same marks (ICC 2,1): {found.random.value:.2f}", bold=True, colour=AMBER)
    return canvas.svg()


PICTURES = {"tops": tops, "change": change, "themes": themes, "judges": judges}

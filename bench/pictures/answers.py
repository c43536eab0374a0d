"""Pictures of answers: the four states, two ways to a mean, the distribution, intervals and shares."""

import numpy as np

from bench.pictures.marks import PALE, SCALE, SHARE, SMALL, across, ends, key, row, rule, span
from msf.charts import Counts, Scale, distribution
from msf.charts.canvas import Canvas
from msf.charts.palette import AMBER, INK, QUIET, TEAL, ink_on, steps
from msf.scoring.counts import count_values
from msf.scoring.intervals import mean_interval
from msf.scoring.items import item_figures, share
from msf.scoring.means import of_shown, tenths
from msf.scoring.proportions import wilson
from msf.scoring.scores import rater_scores, tally

WORDS = Scale(("Poor", "Less than satisfactory", "Satisfactory", "Good", "Very good"), 3)
CODES = (0, 101, 102)
SHEETS = np.array([[5, 5, 4, 0], [4, 4, 4, 0], [5, 5, 0, 0], [4, 5, 3, 2], [5, 4, 4, 3], [3, 4, 3, 2]], np.int8)


def states() -> bytes:
    """Twenty-four answers to one item, sorted into the four states."""
    given = np.repeat(np.array([5, 4, 3, 2, 101, 102, 0], np.int8), [8, 7, 2, 1, 3, 2, 1])[:, None]
    found = tally(given, np.zeros(len(given), np.int64), 1, points=5, nonanswers=CODES)
    mean = float(item_figures(found.values).mean[0, 0])
    blank, not_applicable, cannot_say = found.nonanswers[0, 0].tolist()
    canvas, colours = Canvas(118), steps(5, 3)
    rows: tuple[tuple[str, list[int | None]], ...] = (
        ("A rating", [value for value in (5, 4, 3, 2, 1) for _ in range(found.values[0, 0, value - 1])]),
        ("Does not apply", [None] * not_applicable),
        ("Cannot say", [None] * cannot_say),
        ("Left blank", [None] * blank),
    )
    for place, (words, each) in enumerate(rows):
        y = 8 + place * 23
        canvas.text(0, y + 9, words)
        for at, value in enumerate(each):
            fill = colours[value - 1] if value else PALE
            canvas.box(84 + at * 17, y, 14, 14, fill=fill, edge=QUIET)
            if value:
                canvas.text(91 + at * 17, y + 10, str(value), size=SMALL, colour=ink_on(fill), side="center")
        canvas.text(84 + len(each) * 17 + 4, y + 10, str(len(each)), size=SMALL, colour=QUIET)
    canvas.text(84, 110, f"mean of the {len(rows[0][1])} ratings: {mean:.1f}", bold=True, colour=TEAL)
    return canvas.svg()


def means() -> bytes:
    """Six sheets of four items: the mean of item means and the mean of rater scores."""
    counts = count_values(SHEETS, np.zeros(len(SHEETS), np.int64), 1, 5)
    shown = tenths(counts[0] @ np.arange(1, 6), counts[0].sum(axis=-1))
    scores = rater_scores(SHEETS, [range(4)], points=5)[:, 0]
    canvas = Canvas(186)
    for item in range(4):
        canvas.text(122 + item * 58, 12, f"item {item + 1}", size=SMALL, colour=QUIET, side="center")
    canvas.text(390, 12, "rater’s score", size=SMALL, colour=AMBER, side="center")
    for place, (sheet, score) in enumerate(zip(SHEETS.tolist(), scores.tolist(), strict=True)):
        y = 34 + place * 20
        rule(canvas, y - 13)
        canvas.text(0, y, f"person {place + 1}", colour=QUIET)
        for item, value in enumerate(sheet):
            canvas.text(
                122 + item * 58, y, str(value) if value else "none", colour=INK if value else QUIET, side="center"
            )
        canvas.text(390, y, f"{score:.1f}", colour=AMBER, side="center")
    rule(canvas, 143)
    canvas.text(0, 157, "item mean", colour=TEAL)
    for item, mean in enumerate(shown.tolist()):
        canvas.text(122 + item * 58, 157, f"{mean / 10:.1f}", colour=TEAL, side="center")
    report = int(of_shown(shown)) / 10
    canvas.text(0, 178, f"mean of item means: {report:.1f}", bold=True, colour=TEAL)
    canvas.text(445, 178, f"mean of rater scores: {np.nanmean(scores):.1f}", bold=True, colour=AMBER, side="right")
    return canvas.svg()


def spread() -> bytes:
    """Three items, each with its counts: two with the same mean."""
    rows = (
        Counts("Item A, mean 3.8", (0, 0, 5, 9, 2), 2),
        Counts("Item B, mean 3.8", (2, 2, 2, 1, 9), 0),
        Counts("Item C, mean 4.8", (0, 0, 1, 1, 14), 1),
    )
    found = item_figures(np.array([each.counts for each in rows])).mean
    assert [f"mean {mean:.1f}" in each.label for mean, each in zip(found.tolist(), rows, strict=True)] == [True] * 3
    return distribution(rows, scale=WORDS)


def intervals() -> bytes:
    """Ordinary and moderated intervals for few and many answers, with and without agreement."""
    rows = {
        "5 people, all say 5": (0, 0, 0, 0, 5),
        "5 people, mixed": (0, 0, 1, 2, 2),
        "15 people, all say 5": (0, 0, 0, 0, 15),
        "15 people, mixed": (0, 1, 2, 5, 7),
        "40 people, mixed": (1, 2, 5, 14, 18),
    }
    found = item_figures(np.array(list(rows.values())))
    scale = {"lowest": 1, "highest": 5}
    ours = mean_interval(*found[1::-1], found.squares, 0.7, **scale)
    plain = mean_interval(*found[1::-1], found.squares, np.nan, own_from=3, **scale)
    canvas = Canvas(66 + 34 * len(rows))
    key(canvas, 10, [("line", TEAL, "moderated t, as on a report"), ("line", AMBER, "ordinary t")])
    axis = across(canvas, SCALE, left=140, top=50, bottom=60 + 34 * len(rows))
    ends(canvas, axis, 30, WORDS.labels[0], WORDS.labels[-1])
    for place, words in enumerate(rows):
        y, mean = 70 + 34 * place, float(found.mean[place])
        rule(canvas, y - 17)
        row(canvas, y, words, f"mean {mean:.1f}")
        span(canvas, axis, ours.low[place], ours.high[place], y - 5, colour=TEAL)
        canvas.circle(axis.at(mean), y - 5, 3.5, fill=TEAL)
        if np.isnan(plain.low[place]):
            canvas.text(axis.at(5), y + 10, "none: no spread", size=SMALL, colour=AMBER, side="right")
        else:
            span(canvas, axis, plain.low[place], plain.high[place], y + 7, colour=AMBER, width=1.2)
    return canvas.svg()


def shares() -> bytes:
    """Wilson's intervals, at the ends and for more people."""
    having, n = np.array([0, 6, 10, 60, 100]), np.array([10, 10, 10, 100, 100])
    found, middle = wilson(having, n), share(having, n)
    canvas = Canvas(24 + 26 * len(n))
    axis = across(canvas, SHARE, left=90, top=16, bottom=20 + 26 * len(n), right=360)
    for place in range(len(n)):
        y = 34 + 26 * place
        rule(canvas, y - 13)
        row(canvas, y, f"{having[place]} of {n[place]}")
        span(canvas, axis, found.low[place], found.high[place], y, colour=TEAL)
        canvas.box(axis.at(middle[place]) - 3.5, y - 3.5, 7, 7, fill=TEAL)
        words = f"{100 * found.low[place]:.0f}% to {100 * found.high[place]:.0f}%"
        canvas.text(450, y + 3, words, size=SMALL, colour=QUIET, side="right")
    return canvas.svg()


PICTURES = {"states": states, "means": means, "spread": spread, "intervals": intervals, "shares": shares}

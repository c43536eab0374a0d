"""Pictures of how items go together, how raters agree, and how far scores tell practitioners apart."""

from functools import cache
from typing import Any

import numpy as np

from bench.pictures.marks import SMALL, across, columns, curve, dashed, row, rule, span, upward
from msf.charts.canvas import Canvas
from msf.charts.palette import AMBER, LINE, PLUM, QUIET, TEAL, ink_on
from msf.scoring.agreement import ad, plain_word, rwg, sd, uniform_null
from msf.scoring.consistency import alpha, covariance, omega, resampled_alpha, within, within_covariance
from msf.scoring.generalisability import curve as reliability_of
from msf.scoring.generalisability import decision_study, henderson, reml
from msf.scoring.generalisability.one_facet import of_scores
from msf.scoring.generalisability.with_items import of_ratings
from msf.scoring.moments import moments
from msf.scoring.scores import rater_scores

PEOPLE, RATERS, ITEMS = 60, 12, 5
MOST = 40


@cache
def answered() -> tuple[Any, Any]:
    """Made-up answers of 12 raters of each of 60 practitioners to five items, and whose they are."""
    dice = np.random.default_rng(7)
    index = np.repeat(np.arange(PEOPLE), RATERS)
    own = dice.normal(4.0, 0.35, PEOPLE)[index] + dice.normal(0, 0.5, len(index))
    easy = dice.normal(0, 0.25, ITEMS) + dice.normal(0, 0.25, (PEOPLE, ITEMS))[index]
    given = own[:, None] + easy + dice.normal(0, 0.6, (len(index), ITEMS))
    return np.rint(given).clip(1, 5).astype(np.int8), index


def consistency() -> bytes:
    """Four coefficients of the same answers, with their limits."""
    ratings, index = answered()
    whole = moments(ratings, points=5, nonanswers=(0,))
    total, inside = alpha(covariance(whole)), alpha(within_covariance(within(ratings, index, points=5)))
    limits = resampled_alpha(
        [moments(ratings[index == person], points=5, nonanswers=(0,)) for person in range(PEOPLE)], seed=1
    )
    one = omega(covariance(whole))
    assert total and inside and limits and one
    rows = (
        ("alpha, all raters", "limits: Feldt", total.value, (total.low, total.high)),
        ("alpha, all raters", "limits: practitioners drawn again", total.value, limits),
        ("alpha, within practitioners", "limits: Feldt", inside.value, (inside.low, inside.high)),
        ("omega (one factor)", "no limits", one.value, None),
    )
    canvas = Canvas(28 + 34 * len(rows))
    axis = across(canvas, [(x / 4, f"{x / 4:g}") for x in range(5)], left=180, top=18, bottom=24 + 34 * len(rows))
    for place, (words, more, value, ends) in enumerate(rows):
        y = 40 + 34 * place
        rule(canvas, y - 16)
        row(canvas, y, words, more)
        if ends:
            span(canvas, axis, *ends, y, colour=TEAL)
        canvas.circle(axis.at(value), y, 3.5, fill=TEAL)
        canvas.text(axis.at(value), y + 14, f"{value:.2f}", size=SMALL, colour=TEAL, side="center")
    return canvas.svg()


def agreement() -> bytes:
    """Three spreads about one middle, with the figures and the word for each."""
    rows = np.array([[0, 0, 2, 8, 2], [0, 2, 3, 2, 5], [3, 1, 0, 1, 7]])
    canvas = Canvas(122)
    for place, counts in enumerate(rows):
        left, deviation = 6 + 152 * place, float(ad(counts))
        columns(canvas, counts.tolist(), left=left, bottom=62, wide=25, high=46, colour=TEAL)
        for value in range(1, 6):
            canvas.text(left + 25 * value - 12.5, 72, str(value), size=8, colour=QUIET, side="center")
        word = plain_word(deviation, points=5)
        canvas.text(left, 90, f"AD {deviation:.2f}: {word}", bold=True, colour=TEAL if word == "agree" else AMBER)
        index = float(rwg(counts, uniform_null(5)))
        canvas.text(left, 104, f"SD {float(sd(counts)):.2f}   rwg {index:.2f}", size=SMALL, colour=QUIET)
    return canvas.svg()


def components() -> bytes:
    """The five variances of single answers, as shares of their sum."""
    ratings, index = answered()
    found = henderson(of_ratings(ratings, index, PEOPLE, points=5))
    assert found
    parts = (
        ("practitioner", found.practitioner, TEAL),
        ("rater", found.rater, PLUM),
        ("item", found.item, LINE),
        ("item within practitioner", found.interaction, AMBER),
        ("the rest", found.residual, "#D5DADD"),
    )
    whole = sum(variance for _, variance, _ in parts)
    canvas, x = Canvas(26 + 15 * len(parts) + 16), 0.0
    for _, variance, colour in parts:
        wide = round(453.5 * variance / whole, 2)
        canvas.box(x, 4, wide, 24, fill=colour)
        if wide > 26:
            share = f"{100 * variance / whole:.0f}%"
            canvas.text(x + wide / 2, 19, share, size=SMALL, colour=ink_on(colour), side="center")
        x += wide
    for place, (words, variance, colour) in enumerate(parts):
        y = 46 + 15 * place
        canvas.box(0, y - 8, 9, 9, fill=colour)
        canvas.text(15, y, words)
        canvas.text(200, y, f"{variance:.3f}", colour=QUIET, side="right")
    return canvas.svg()


def raters() -> bytes:
    """Reliability by number of raters, with the numbers that reach three targets."""
    ratings, index = answered()
    scores = rater_scores(ratings, [range(ITEMS)], points=5)[:, 0]
    found = reml(of_scores(scores, index, PEOPLE, centre=3))
    assert found
    canvas = Canvas(206)
    right, bottom = 440.0, 176.0
    height = upward(canvas, SHARE_OF_ONE, left=34, right=right, top=26, bottom=bottom)
    canvas.text(0, 10, "reliability of the mean", size=SMALL, colour=QUIET)
    width = 34.0, (right - 34) / MOST
    values = reliability_of(found.components, MOST)
    curve(canvas, ((width[0] + width[1] * n, height.at(g)) for n, g in enumerate(values, 1)), colour=TEAL, width=2)
    for target, needed in decision_study(found.components).items():
        assert needed
        if needed > MOST:
            continue
        x, y = round(width[0] + width[1] * needed, 2), height.at(values[needed - 1])
        dashed(canvas, [(x, bottom - (bottom - y) * part / 20) for part in range(21)], colour=AMBER)
        canvas.circle(x, y, 4, fill=AMBER)
        canvas.text(x - 4, y - 7, f"{needed} for {target:.1f}", size=SMALL, colour=AMBER, side="right")
    for n in range(0, MOST + 1, 5):
        canvas.text(width[0] + width[1] * n, bottom + 12, str(n), size=SMALL, colour=QUIET, side="center")
    canvas.text((34 + right) / 2, bottom + 25, "raters of one practitioner", size=SMALL, colour=QUIET, side="center")
    return canvas.svg()


SHARE_OF_ONE = tuple((value, f"{value:g}") for value in (0, 0.2, 0.4, 0.6, 0.8, 1))
PICTURES = {"consistency": consistency, "agreement": agreement, "components": components, "raters": raters}

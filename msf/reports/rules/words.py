"""Sentences that give a number its meaning, and the plain words for people, groups and answers; all in one place."""

from collections.abc import Iterable, Sequence
from datetime import date

from msf.instruments import Questionnaire, Scale, words
from msf.reports.rules.cells import ALL, Block
from msf.reports.rules.facts import Peers
from msf.reports.rules.figures import Figure
from msf.rounds.rules.fields import stratum_words

NOT_SHOWN = "not shown"
NOTHING = "–"
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PEOPLE = {"colleagues": ("colleague", "colleagues"), "patients": ("patient", "patients")}
_BOUNDS = {"at least": "{} or higher", "at most": "{} or lower", "about": "about {}"}


def spelt(n: int) -> str:
    """A small number as a word.

    >>> spelt(5), spelt(12)
    ('five', '12')
    """
    return _SMALL[n] if 0 <= n < len(_SMALL) else str(n)


def people(family: str, n: int) -> str:
    """How many of a family.

    >>> people("patients", 1), people("colleagues", 18)
    ('1 patient', '18 colleagues')
    """
    return f"{n} {_PEOPLE.get(family, ('person', 'people'))[n != 1]}"


def listing(parts: Sequence[str]) -> str:
    """Parts joined as in speech.

    >>> listing(["a"]), listing(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def day(value: date) -> str:
    """A date as people write it.

    >>> day(date(2027, 3, 3))
    '3 March 2027'
    """
    return f"{value.day} {value:%B %Y}"


def owner(name: str) -> str:
    """The possessive of a name."""
    return f"{name}’s"


def quoted(text: str) -> str:
    """Words of the questionnaire, marked as such."""
    return f"“{text}”"


def plain(value: float) -> str:
    """A whole answer as it was given, a mean with its one decimal.

    >>> plain(4), plain(4.0)
    ('4', '4.0')
    """
    return str(value) if isinstance(value, int) else f"{value:.1f}"


def mean_of(figure: Figure) -> str:
    """A mean as it may be said, with its bound in words.

    >>> mean_of(Figure(4.5, 3.9, 5.0, 7, "at least", None))
    '4.5 or higher'
    """
    return _BOUNDS.get(figure.bound or "", "{}").format(f"{figure.mean:.1f}")


def between(figure: Figure) -> str:
    """The interval as two numbers."""
    return f"{figure.low:.1f} to {figure.high:.1f}"


def meaning(figure: Figure, scale: Scale, who: str) -> str:
    """A mean, who it comes from, and how far it can be trusted.

    `who` says whom it comes from, such as "18 people".
    """
    probably = f"true value probably between {figure.low:.1f} and {figure.high:.1f}"
    return f"{mean_of(figure)} out of {scale.highest}, from {who}; {probably}"


def answer(scale: Scale, value: int, language: str) -> str:
    """The words of one answer, as they stand inside a sentence."""
    return quoted(inside(words(scale.points[value - 1].label, language)))


def inside(text: str) -> str:
    """Words for the middle of a sentence: small first letter, unless they begin with an abbreviation.

    >>> inside("Very good"), inside("GP partners")
    ('very good', 'GP partners')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def band(figure: Figure, scale: Scale, language: str) -> str:
    """Which answers a mean lies at or between, in the questionnaire's own words."""
    nearest = int(figure.mean + 0.5)
    near = answer(scale, nearest, language)
    if figure.bound in ("at least", "at most"):
        at_end = nearest in (scale.lowest, scale.highest)
        return near if at_end else f"{near} or {'better' if figure.bound == 'at least' else 'below'}"
    if abs(figure.mean - nearest) <= 0.25:
        return near
    first = int(figure.mean)
    return f"between {answer(scale, first, language)} and {answer(scale, first + 1, language)}"


def block_name(block: Block, questionnaire: Questionnaire, language: str) -> str:
    """A block by the labels of its groups.

    Groups that were counted together are said to be.
    """
    if block == ALL:
        return "All together"
    labels = {group.id: words(group.label, language) for group in questionnaire.groups}
    named = [labels.get(group, group[:1].upper() + group[1:]) for group in block]
    parts = [named[0], *(inside(name) for name in named[1:])]
    if len(parts) > 1 and any(" and " in part for part in parts):
        return f"{', '.join(parts)}, counted together"
    return listing(parts) + (" together" if len(parts) > 1 else "")


def blocks_named(blocks: Iterable[Block], questionnaire: Questionnaire, language: str) -> str:
    """Several blocks in one line, each whole."""
    names = [block_name(block, questionnaire, language) for block in blocks]
    return "; ".join([*names[:1], *(inside(name) for name in names[1:])])


def middle_half(peers: Peers) -> str:
    """The head of the column that sets others beside.

    >>> middle_half(Peers(25, "doctor/hospital", date(2024, 1, 1), date(2026, 12, 31)))
    'Middle half of 25 comparable doctors'
    """
    return f"Middle half of {peers.practitioners} comparable {peers.stratum.partition('/')[0]}s"


def compared(peers: Peers) -> str:
    """Who those others are, and what their middle half means."""
    who = f"{peers.practitioners} {stratum_words(tuple(peers.stratum.split('/')))}"
    when = f"whose rounds closed between {day(peers.first)} and {day(peers.last)}"
    return (
        f"The middle half is taken from the reports of {who}, {when}: about a quarter of their means lie below it, "
        "about a quarter above."
    )


def withheld(family: str, least: int) -> str:
    """Why nothing of a family is shown: the same words whether few or none answered."""
    few = _PEOPLE.get(family, ("person", "people"))[1]
    return f"Fewer than {spelt(least)} {few} answered, so nothing from {few} is shown."

"""With whom a practitioner is compared: peers of the narrowest stratum that has enough of them, each once."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

LEAST = 20  # practitioners in a stratum
Stratum = tuple[str, ...]


class Window(NamedTuple):
    """From the first to the last day on which a round may have closed, both included."""

    first: date
    last: date


class Candidate(NamedTuple):
    """One closed round of a practitioner, of the questionnaire's version and the family that are compared.

    `stratum` goes from wide to narrow, such as ("doctor", "hospital", "surgery"); `means` hold the shown mean of each
    domain in tenths, without those that are not shown.
    """

    practitioner: str
    stratum: Stratum
    closed_on: date
    n: int
    means: Mapping[str, int]


class Comparators(NamedTuple):
    """The stratum that had enough, and its rounds in the window: one a practitioner, in the order of identifiers."""

    stratum: Stratum
    window: Window
    chosen: tuple[Candidate, ...]

    @property
    def practitioners(self) -> int:
        """N, to be printed with the stratum wherever the comparison is."""
        return len(self.chosen)


def peers_of(
    reader: str, candidates: Iterable[Candidate], *, stratum: Stratum, window: Window, line: int, least: int = LEAST
) -> Comparators | None:
    """The peers of `reader`, of `stratum` or of the next wider one that has `least` of them; None where none has.

    Only rounds within the window with `line` raters or more (the interpretation line) count, of each practitioner the
    latest, never the reader's own. The widest stratum is the first name of the path, a role: roles are never compared
    with each other. `least` may be raised, not lowered.

    >>> days = Window(date(2026, 1, 1), date(2026, 12, 31))
    >>> peers = [Candidate(f"p{n:02}", ("doctor", "hospital"), days.first, 15, {"care": 43}) for n in range(22)]
    >>> found = peers_of("p03", peers, stratum=("doctor", "hospital", "surgery"), window=days, line=15)
    >>> found.stratum, found.practitioners
    (('doctor', 'hospital'), 21)
    """
    if not stratum or least < LEAST:
        raise ValueError(f"a comparison needs a stratum, and at least {LEAST} practitioners in it")
    latest: dict[str, Candidate] = {}
    for each in candidates:
        if each.practitioner != reader and each.n >= line and window.first <= each.closed_on <= window.last:
            known = latest.setdefault(each.practitioner, each)
            latest[each.practitioner] = max(known, each, key=_recency)
    for depth in range(len(stratum), 0, -1):
        peers = [each for _, each in sorted(latest.items()) if each.stratum[:depth] == stratum[:depth]]
        if len(peers) >= least:
            return Comparators(stratum[:depth], window, tuple(peers))
    return None


def _recency(candidate: Candidate) -> tuple[date, int, Stratum, list[tuple[str, int]]]:
    """Total, so that the order of the input decides nothing."""
    return candidate.closed_on, candidate.n, candidate.stratum, sorted(candidate.means.items())

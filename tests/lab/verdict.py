"""Whether a guess is better than chance: exact limits on hits, rank correlation, and both over many guesses at once."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tests.lab.case import KINDS, PEOPLE, Case
from tests.lab.clues import Clue
from tests.lab.levels import Guess

ALARM = 0.0004
"""The chance at which one guess of pure luck reaches the limit of the full form (76 of 1,000)."""
RHO = 0.1
BROKEN = 0.95
FAMILY = 0.0005
"""The chance at which any guess of the short form reaches its limit, by hits or by ranks."""


@dataclass(frozen=True, slots=True)
class Key:
    """One way of guessing, the same in every run."""

    level: str
    oracles: tuple[str, ...]
    where: str
    kind: str


@dataclass(slots=True)
class Score:
    """What one way of guessing came to: `ranks` sums the products of the ranks, scaled so that one run gives -1..1."""

    runs: int = 0
    pairs: int = 0
    hits: int = 0
    ranks: float = 0.0

    @property
    def share(self) -> float:
        """Hits among pairings."""
        return self.hits / self.pairs if self.pairs else 0.0

    @property
    def rho(self) -> float:
        """Spearman's correlation of true and guessed order, pooled."""
        return self.ranks / self.runs if self.runs else 0.0


Board = dict[Key, Score]


@dataclass
class Truth:
    """Who answered what in one run: the place of each answer's author in the order of answering."""

    case: Case
    people: dict[bytes, int] = field(init=False)
    owners: dict[str, dict[bytes, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.people = {rater.address.encode(): number for number, rater in enumerate(self.case.order)}
        self.owners = {
            kind: {rater.answer(kind): number for number, rater in enumerate(self.case.order)} for kind in KINDS
        } | {"people": self.people}

    def places(self, clue: Clue) -> npt.NDArray[np.int64]:
        """For each rater, in the order of answering, at which place the clue puts what is theirs."""
        found = np.empty(PEOPLE, np.int64)
        for place, which in enumerate(clue.order):
            found[self.owners[clue.kind][which]] = place
        return found


def count(board: Board, case: Case, guesses: Iterable[Guess]) -> None:
    """Add one run's guesses to the board."""
    truth = Truth(case)
    places: dict[int, npt.NDArray[np.int64]] = {}
    for guess in guesses:
        key = _key(guess)
        score = board.setdefault(key, Score())
        score.runs += 1
        score.pairs += PEOPLE
        if guess.link is not None:
            owners = truth.owners["ratings"]
            score.hits += sum(truth.people[who] == owners.get(what) for who, what in guess.link.pairs.items())
            continue
        assert guess.people and guess.answers
        theirs, given = (places.setdefault(id(clue), truth.places(clue)) for clue in (guess.people, guess.answers))
        if guess.level == "times":
            given = _nearest(case, truth, guess.answers)
        score.hits += int((theirs == given).sum())
        score.ranks += float(((theirs - _MIDDLE) * (given - _MIDDLE)).sum() / _SQUARES)


_MIDDLE = (PEOPLE - 1) / 2
_SQUARES = PEOPLE * (PEOPLE**2 - 1) / 12


def _key(guess: Guess) -> Key:
    if guess.link is not None:
        return Key(guess.level, (guess.link.oracle,), guess.link.where, "ratings")
    assert guess.people and guess.answers
    oracles = tuple(dict.fromkeys(each for each in (guess.answers.oracle, guess.people.oracle) if each))
    kind = guess.answers.kind if guess.people.kind == "people" else f"{guess.people.kind} with {guess.answers.kind}"
    return Key(guess.level, oracles, f"{guess.people.where} / {guess.answers.where}", kind)


def _nearest(case: Case, truth: Truth, clue: Clue) -> npt.NDArray[np.int64]:
    """Each answer given to the person whose moment is nearest to its own, nobody twice."""
    from scipy.optimize import linear_sum_assignment

    timed = [which for which in clue.order if which in clue.moments]
    apart = np.abs(np.subtract.outer([clue.moments[which] for which in timed], np.array(case.times)))
    found = truth.places(clue)
    for number, person in zip(*linear_sum_assignment(apart), strict=True):
        found[truth.owners[clue.kind][timed[number]]] = person
    return found


@lru_cache
def hits_limit(pairs: int, alarm: float) -> int:
    """The least number of hits that chance reaches with at most this probability (exact binomial)."""
    from scipy.stats import binom

    return int(binom.isf(alarm, pairs, 1 / PEOPLE)) + 1


def alarm_of(pairs: int, hits: int) -> tuple[float, float]:
    """The chance of at least so many hits: by the binomial, and for whole orders drawn at random, both exact."""
    from scipy.stats import binom

    orders = np.array([1.0])
    for _ in range(pairs // PEOPLE):
        orders = np.convolve(orders, _matches())
    return float(binom.sf(hits - 1, pairs, 1 / PEOPLE)), float(orders[hits:].sum())


@lru_cache
def _matches() -> npt.NDArray[np.float64]:
    """How likely a random order of all has 0, 1, 2 ... at their own place."""
    astray = [1.0, 0.0]
    for number in range(2, PEOPLE + 1):
        astray.append((number - 1) * (astray[-1] + astray[-2]))
    return np.array(
        [math.comb(PEOPLE, fixed) * astray[PEOPLE - fixed] / math.factorial(PEOPLE) for fixed in range(PEOPLE + 1)]
    )


@lru_cache
def rho_limit(runs: int, alarm: float) -> float:
    """The correlation that chance reaches, up or down, with at most this probability (near enough normal)."""
    from scipy.stats import norm

    return float(norm.isf(alarm / 2)) / math.sqrt((PEOPLE - 1) * runs)


@dataclass(frozen=True)
class Rule:
    """When a guess counts as better than chance: by an alarm for each guess, and a limit on rank correlation."""

    alarm: float
    rho: float | None = None

    def beaten(self, score: Score) -> bool:
        """Whether this score is one that chance does not explain."""
        limit = rho_limit(score.runs, self.alarm) if self.rho is None else self.rho * math.sqrt(50 / score.runs)
        return score.hits >= hits_limit(score.pairs, self.alarm) or abs(score.rho) >= limit


FULL = Rule(ALARM, RHO)


def short(guesses: int) -> Rule:
    """The rule of the short form: of so many guesses, at most one in two thousand whole runs has any that chance beats.

    Hits and ranks are two looks at each guess.
    """
    return Rule(FAMILY / (2 * max(guesses, 1)))


def suspects(board: Board, rule: Rule, levels: Iterable[str]) -> dict[Key, Score]:
    """The guesses at these levels that are better than chance."""
    wanted = set(levels)
    return {key: score for key, score in board.items() if key.level in wanted and rule.beaten(score)}


def best(board: Board, levels: Iterable[str]) -> tuple[Key, Score] | None:
    """The guess with the most hits at these levels."""
    wanted = set(levels)
    found = [(key, score) for key, score in board.items() if key.level in wanted]
    return max(found, key=lambda each: each[1].share, default=None)


def breakers(board: Board, levels: Sequence[str]) -> Mapping[str, tuple[str, float]]:
    """The attacks that match at least 95 % of people at these levels: each with its level and share."""
    found: dict[str, tuple[str, float]] = {}
    for key, score in board.items():
        if key.level in levels and score.share >= BROKEN:
            for oracle in key.oracles:
                if score.share > found.get(oracle, ("", 0.0))[1]:
                    found[oracle] = (key.level, score.share)
    return found

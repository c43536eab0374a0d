"""Whether published figures give fewer than `least` people away, by exact linear algebra on rater by item unknowns.

Independent of the rules that choose the figures, so that tests, audits and the last gate can hold those rules against
it. Everything is calculated in whole numbers of any size: nothing is rounded, so what it finds safe is safe.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

Row = Sequence[Fraction | int]
Basis = list[list[int]]
Figures = NDArray[np.int64]


def unsafe(published: Iterable[Sequence[Row]], *, least: int = 5) -> frozenset[int] | None:
    """The fewer than `least` raters that some combination of the published figures rests on; None where there are none.

    Every figure is a matrix of coefficients, rater by item, all of one shape. What cancels out says nothing.

    >>> everyone = [[1]] * 6
    >>> unsafe([everyone]) is None
    True
    >>> sorted(unsafe([everyone, [[1]] * 4 + [[0]] * 2]))
    [4, 5]
    """
    owners: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)
    for rater, rows in enumerate(zip(*map(_whole, published), strict=True)):
        for column in zip(*rows, strict=True):
            owners[column].add(rater)
    return _exposed(owners, least)


def unsafe_sums(figures: Figures, owner: NDArray[np.integer], *, least: int = 5) -> frozenset[int] | None:
    """The same for whole coefficients `figures[F, U]` of unknowns that belong to `owner[U]`.

    >>> unsafe_sums(np.array([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0]]), np.arange(6))
    frozenset({5})
    """
    owners: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)
    for column, person in zip(figures.T.tolist(), owner.tolist(), strict=True):
        owners[tuple(column)].add(person)
    return _exposed(owners, least)


def _whole(figure: Sequence[Row]) -> list[list[int]]:
    """The figure times whatever makes its coefficients whole numbers: it says the same."""
    scale = lcm(*(Fraction(value).denominator for row in figure for value in row))
    return [[int(value * scale) for value in row] for row in figure]


def _exposed(owners: Mapping[tuple[int, ...], set[int]], least: int) -> frozenset[int] | None:
    """From the distinct columns and who owns one like it: equal unknowns cannot be told apart, so they count as one."""
    kinds = [column for column in owners if any(column)]
    people = [frozenset(owners[column]) for column in kinds]
    basis = _reduced([list(row) for row in zip(*kinds, strict=True)])
    for part in _parts(basis):
        columns = [column for column in range(len(kinds)) if any(row[column] for row in part)]
        if len(part) == 1:
            raters = frozenset[int]().union(*(people[column] for column in columns))
            if len(raters) < least:
                return raters
            continue
        for raters in _few([people[column] for column in columns], least):
            open_to_others = [column for column in columns if people[column] - raters]
            if len(_reduced([[row[column] for column in open_to_others] for row in part])) < len(part):
                return raters
    return None


def _reduced(rows: Basis) -> Basis:
    """The reduced row echelon form without empty rows, each row in whole numbers without a common divisor.

    Up to the sign of a row this is the one basis that depends on the row space alone.
    """
    basis: Basis = []
    pivots: list[int] = []
    for given in rows:
        row = given
        for known, column in zip(basis, pivots, strict=True):
            row = _without(row, known, column)
        column = next((place for place, value in enumerate(row) if value), -1)
        if column >= 0:
            row = _primitive(row)
            basis = [_without(known, row, column) for known in basis]
            basis.append(row)
            pivots.append(column)
    return basis


def _without(row: list[int], pivot: list[int], column: int) -> list[int]:
    factor, unit = row[column], pivot[column]
    if not factor:
        return row
    return _primitive([unit * value - factor * other for value, other in zip(row, pivot, strict=True)])


def _primitive(row: list[int]) -> list[int]:
    divisor = gcd(*row)
    return row if divisor < 2 else [value // divisor for value in row]


def _parts(basis: Basis) -> Iterator[Basis]:
    """Split a reduced basis into parts that share no column: a combination rests on at least the people of one part."""
    left = list(basis)
    while left:
        part = [left.pop()]
        for row in part:
            touching = [other for other in left if any(a and b for a, b in zip(row, other, strict=True))]
            left = [other for other in left if other not in touching]
            part += touching
        yield part


def _few(columns: list[frozenset[int]], least: int) -> Iterator[frozenset[int]]:
    """Sets of fewer than `least` raters; raters who own the same columns come together or not at all."""
    alike: defaultdict[tuple[bool, ...], set[int]] = defaultdict(set)
    for rater in frozenset[int]().union(*columns):
        alike[tuple(rater in raters for raters in columns)].add(rater)
    kinds = [frozenset(raters) for raters in alike.values() if len(raters) < least]
    grown: list[tuple[int, frozenset[int]]] = [(0, frozenset())]
    for start, raters in grown:
        for place in range(start, len(kinds)):
            wider = raters | kinds[place]
            if len(wider) < least:
                grown.append((place + 1, wider))
                yield wider

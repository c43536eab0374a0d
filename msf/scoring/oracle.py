"""Whether published figures give fewer than `least` people away, by exact linear algebra on rater by item unknowns.

Independent of the rules that choose the figures, so that tests and audits can hold those rules against it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

Row = Sequence[Fraction | int]
Basis = list[list[Fraction]]


def unsafe(published: Iterable[Sequence[Row]], *, least: int = 5) -> frozenset[int] | None:
    """The fewer than `least` raters that some combination of the published figures rests on; None where there are none.

    Every figure is a matrix of coefficients, rater by item, all of one shape. What cancels out says nothing.

    >>> everyone = [[1]] * 6
    >>> unsafe([everyone]) is None
    True
    >>> sorted(unsafe([everyone, [[1]] * 4 + [[0]] * 2]))
    [4, 5]
    """
    owners: dict[tuple[Fraction, ...], frozenset[int]] = _columns([list(figure) for figure in published])
    kinds = list(owners)
    basis = _reduced([list(row) for row in zip(*kinds, strict=True)])
    for part in _parts(basis):
        columns = [column for column in range(len(kinds)) if any(row[column] for row in part)]
        for raters in _few([owners[kinds[column]] for column in columns], least):
            open_to_others = [column for column in columns if owners[kinds[column]] - raters]
            if len(_reduced([[row[column] for column in open_to_others] for row in part])) < len(part):
                return raters
    return None


def _columns(figures: list[list[Row]]) -> dict[tuple[Fraction, ...], frozenset[int]]:
    """The distinct non-zero columns, each with the raters who own one like it: equal unknowns cannot be told apart."""
    found: defaultdict[tuple[Fraction, ...], set[int]] = defaultdict(set)
    for rater, rows in enumerate(zip(*figures, strict=True)):
        for column in zip(*rows, strict=True):
            if any(column):
                found[tuple(map(Fraction, column))].add(rater)
    return {column: frozenset(raters) for column, raters in found.items()}


def _reduced(rows: Basis) -> Basis:
    """The reduced row echelon form without empty rows: the one basis that depends on the row space alone."""
    basis: Basis = []
    rows = list(rows)
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [_without(row, pivot, column) for row in rows]
        basis = [_without(row, pivot, column) for row in basis] + [pivot]
    return basis


def _without(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column]
    return [value - factor * other for value, other in zip(row, pivot, strict=True)] if factor else row


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
    for rater in frozenset().union(*columns):
        alike[tuple(rater in raters for raters in columns)].add(rater)
    kinds = [frozenset(raters) for raters in alike.values() if len(raters) < least]
    grown: list[tuple[int, frozenset[int]]] = [(0, frozenset())]
    for start, raters in grown:
        for place in range(start, len(kinds)):
            wider = raters | kinds[place]
            if len(wider) < least:
                grown.append((place + 1, wider))
                yield wider

"""What of a programme's sums may be shown: only what rests on enough practitioners, none of whom is most of it."""

from collections.abc import Iterable

import numpy as np

from msf.scoring.consistency import RestSums, Within
from msf.scoring.counts import Counts
from msf.scoring.disclosure import PRACTITIONERS
from msf.scoring.disclosure.masks import Mask
from msf.scoring.disclosure.organisation import many
from msf.scoring.generalisability import OneFacet
from msf.scoring.moments import Moments
from msf.scoring.programme.sums import Matrices, Programme, Shape, added, nothing


def enough(sums: Programme, *, least: int = 5) -> Mask:
    """The items `[I]` that may be shown: more than five practitioners, `least` answers beside any one of them.

    And, since answers count alike, nobody with more than half of what is left without another: the rules of figures of
    many practitioners (`msf.scoring.disclosure.organisation_mask`), from sums.
    """
    return many(sums.people, sums.values.sum(axis=1), sums.most, least=least, weights="answers")


def released(shape: Shape, blocks: Iterable[Programme], *, least: int = 5) -> Programme:
    """Blocks of periods together, of each what may be shown of it by itself: no choice of blocks tells more.

    Any two choices differ by whole blocks, each of which is safe alone; so nothing can be subtracted.
    """
    total = nothing(shape)
    for sums in blocks:
        if sums.practitioners > PRACTITIONERS:
            total = added(total, masked(shape, sums, enough(sums, least=least)))
    return total


def masked(shape: Shape, sums: Programme, items: Mask) -> Programme:
    """The sums without the items that are not among `items[I]`, and without the domains these belong to.

    Domains, pairs with own answers and matrices that rest on too few practitioners go too.
    """
    keep = items.astype(np.int64)
    people = [int(each.practitioners.sum()) for each in sums.facets]
    whole = [bool(items[list(at)].all()) and n > PRACTITIONERS for at, n in zip(shape.domains, people, strict=True)]
    paired = np.array(whole) & (sums.own.n > PRACTITIONERS)
    matrices = sums.matrices if sums.matrices and sums.matrices.practitioners > PRACTITIONERS else None
    blank = nothing(shape)
    return sums._replace(
        people=sums.people * keep,
        most=sums.most * keep[:, None],
        values=sums.values * keep[:, None],
        nonanswers=sums.nonanswers * keep[:, None],
        facets=tuple(each if kept else _no_facet(each) for each, kept in zip(sums.facets, whole, strict=True)),
        five=tuple(each if kept else none for each, none, kept in zip(sums.five, blank.five, whole, strict=True)),
        own=sums.own._replace(**{name: part * paired for name, part in sums.own._asdict().items()}),
        matrices=matrices and _masked_matrices(matrices, keep, whole, blank),
    )


def _no_facet(sums: OneFacet) -> OneFacet:
    none = np.zeros(1)
    return OneFacet(sums.centre, np.zeros(1, np.int64), none, none, 0.0)


def _masked_matrices(found: Matrices, keep: Counts, whole: list[bool], blank: Programme) -> Matrices:
    assert blank.matrices is not None
    pair = np.outer(keep, keep)
    parts, inside = found.moments, found.within
    wide = [at for at, each in enumerate(found.whole) if len(each.pairs) > 1]
    return Matrices(
        found.practitioners,
        Moments(
            parts.values * keep[:, None], parts.nonanswers * keep[:, None],
            parts.pairs * pair, parts.sums * pair, parts.products * pair,
        ),
        tuple(a if kept else b for a, b, kept in zip(found.whole, blank.matrices.whole, whole, strict=True)),
        Within(inside.raters, inside.pairs * pair, inside.freedom * pair, inside.products * pair),
        tuple(_kept(rest, whole[at]) for rest, at in zip(found.rest, wide, strict=True)),
    )  # fmt: skip


def _kept(rest: RestSums, kept: bool) -> RestSums:
    return rest if kept else RestSums(*(np.zeros_like(part) for part in rest))

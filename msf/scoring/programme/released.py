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
            total = added(total, masked(shape, sums, enough(sums, least=least), least=least))
    return total


def masked(shape: Shape, sums: Programme, items: Mask, *, least: int = 5) -> Programme:
    """The sums without the items that are not among `items[I]`, and without the domains these belong to.

    Domains, pairs with own answers and matrices go too where they by themselves rest on too few practitioners, or on
    one above all; and how carefully raters answered, where no item is left.
    """
    keep = items.astype(np.int64)
    whole = _whole(shape, items) & _enough_scores(sums.facets, least)
    paired = whole & (sums.own.n > PRACTITIONERS)
    blank = nothing(shape)
    return sums._replace(
        people=sums.people * keep,
        most=sums.most * keep[:, None],
        values=sums.values * keep[:, None],
        nonanswers=sums.nonanswers * keep[:, None],
        facets=tuple(each if kept else _no_facet(each) for each, kept in zip(sums.facets, whole, strict=True)),
        five=tuple(each if kept else none for each, none, kept in zip(sums.five, blank.five, whole, strict=True)),
        own=sums.own._replace(**{name: part * paired for name, part in sums.own._asdict().items()}),
        quality=sums.quality if items.any() else blank.quality,
        matrices=sums.matrices and _masked_matrices(shape, sums.matrices, whole, blank, least),
    )


def _whole(shape: Shape, items: Mask) -> Mask:
    return np.array([bool(items[list(places)].all()) for places in shape.domains])


def _enough_scores(facets: Iterable[OneFacet], least: int) -> Mask:
    """The domains `[D]` whose scores alone keep the rules of `enough`: not every rater of an item has a score."""
    return np.array([bool(_enough_of(each, least)) for each in facets])


def _enough_of(facet: OneFacet, least: int) -> Mask:
    sizes = facet.practitioners.nonzero()[0]
    raters = int(facet.practitioners[sizes] @ sizes)
    largest = np.append(np.repeat(sizes, np.minimum(facet.practitioners[sizes], 2))[::-1], [0, 0])[:2]
    return many(facet.practitioners.sum()[None], np.array([raters]), largest[None], least=least, weights="answers")


def _no_facet(sums: OneFacet) -> OneFacet:
    none = np.zeros(1)
    return OneFacet(sums.centre, np.zeros(1, np.int64), none, none, 0.0)


def _masked_matrices(shape: Shape, found: Matrices, whole: Mask, blank: Programme, least: int) -> Matrices | None:
    """Of the domains left, those whose complete sheets alone keep the rules of `enough`, each by itself."""
    if found.practitioners <= PRACTITIONERS:
        return None
    assert blank.matrices is not None
    sheets = np.array([int(each.pairs[0, 0]) for each in found.whole])
    whole = whole & many(found.people, sheets, found.most, least=least, weights="answers")
    pair = _pairs(shape, whole)
    keep = np.diag(pair)
    parts, inside = found.moments, found.within
    wide = [at for at, each in enumerate(found.whole) if len(each.pairs) > 1]
    return Matrices(
        found.practitioners,
        found.people * whole,
        found.most * whole[:, None],
        Moments(
            parts.values * keep[:, None], parts.nonanswers * keep[:, None],
            parts.pairs * pair, parts.sums * pair, parts.products * pair,
        ),
        tuple(a if kept else b for a, b, kept in zip(found.whole, blank.matrices.whole, whole, strict=True)),
        Within(inside.raters, inside.pairs * pair, inside.freedom * pair, inside.products * pair),
        tuple(_kept(rest, bool(whole[at])) for rest, at in zip(found.rest, wide, strict=True)),
    )  # fmt: skip


def _pairs(shape: Shape, whole: Mask) -> Counts:
    """1 for each pair of items `[I, I]` of one domain that is left; no figure needs others."""
    pair = np.zeros((shape.items, shape.items), np.int64)
    for places, kept in zip(shape.domains, whole, strict=True):
        pair[np.ix_(places, places)] |= int(kept)
    return pair


def _kept(rest: RestSums, kept: bool) -> RestSums:
    return rest if kept else RestSums(*(np.zeros_like(part) for part in rest))

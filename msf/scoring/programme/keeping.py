"""Programme sums as JSON, exactly, and what stays of a single round."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from msf.scoring import moments as cross
from msf.scoring.comparisons import Pairs
from msf.scoring.consistency import RestSums, Within
from msf.scoring.generalisability import one_facet, with_items
from msf.scoring.programme.shapes import Figure
from msf.scoring.programme.sums import Matrices, Programme
from msf.scoring.quality import Quality

FORMAT = 1


def packed(sums: Programme) -> dict[str, Any]:
    """The sums as JSON."""
    return {
        "format": FORMAT,
        "practitioners": sums.practitioners,
        "raters": sums.raters,
        **{name: getattr(sums, name).tolist() for name in _ARRAYS},
        "facets": [one_facet.packed(each) for each in sums.facets],
        "five": [with_items.packed(each) for each in sums.five],
        "own": _listed(sums.own),
        "quality": _listed(sums.quality),
        "asked": dict(sums.asked),
        "origins": dict(sums.origins),
        "matrices": sums.matrices and _packed_matrices(sums.matrices),
        "together": [list(figure) for figure in sums.together],
    }


def unpacked(kept: Mapping[str, Any]) -> Programme:
    """The sums that `packed` made `kept` of; a ValueError for anything else."""
    if kept.get("format") != FORMAT:
        raise ValueError("these are no sums of a programme, or they are of another version of the software")
    width = len(kept["people"])
    arrays = {name: np.array(kept[name], np.int64) for name in _ARRAYS}
    return Programme(
        practitioners=kept["practitioners"],
        raters=kept["raters"],
        facets=tuple(map(one_facet.unpacked, kept["facets"])),
        five=tuple(map(with_items.unpacked, kept["five"])),
        own=Pairs(np.array(kept["own"][0], np.int64), *_floats(kept["own"][1:])),
        quality=Quality(*(np.array(part, np.int64) for part in kept["quality"])),
        asked=kept["asked"],
        origins=kept["origins"],
        matrices=kept["matrices"] and _unpacked_matrices(kept["matrices"], width),
        together=tuple(Figure(*each) for each in kept["together"]),
        **arrays,
    )


def counts_of(kept: Mapping[str, Any], *, raters: int) -> dict[str, Any]:
    """What may stay of the packed sums of a single round once its ratings are deleted: how many gave each answer.

    Sums that an older version of the software wrote hold these counts too.
    """
    return {"raters": raters, "values": kept["values"], "nonanswers": kept["nonanswers"]}


_ARRAYS = ("people", "most", "values", "nonanswers")


def _packed_matrices(found: Matrices) -> dict[str, Any]:
    return {
        "practitioners": found.practitioners,
        "people": found.people.tolist(),
        "most": found.most.tolist(),
        "moments": cross.packed(found.moments),
        "whole": [cross.packed(each) for each in found.whole],
        "within": [found.within.raters, *(part.tolist() for part in found.within[1:])],
        "rest": [_listed(each) for each in found.rest],
    }


def _unpacked_matrices(kept: Mapping[str, Any], width: int) -> Matrices:
    raters, pairs, freedom, products = kept["within"]
    square = (width, width)
    return Matrices(
        kept["practitioners"],
        np.array(kept["people"], np.int64),
        np.array(kept["most"], np.int64),
        cross.unpacked(kept["moments"]),
        tuple(map(cross.unpacked, kept["whole"])),
        Within(raters, _whole(pairs, square), _whole(freedom, square), np.array(products, np.float64).reshape(square)),
        tuple(RestSums(*_floats(each)) for each in kept["rest"]),
    )


def _listed(parts: Any) -> list[Any]:
    return [part.tolist() for part in parts]


def _floats(parts: Any) -> list[Any]:
    return [np.array(part, np.float64) for part in parts]


def _whole(values: Any, shape: tuple[int, int]) -> Any:
    return np.array(values, np.int64).reshape(shape)

"""The shape of a figure of a programme."""

from typing import Literal, NamedTuple

Scope = Literal["item", "domain", "programme", "group", "origin"]
Unit = Literal["answers", "raters", "practitioners", "people"]


class Figure(NamedTuple):
    """One figure: of what (`scope` and `id`), what it is, its value with limits of 95 % where it has some, and its n.

    `n` counts `unit`; `estimator` names how it was worked out, `remark` what has to be known beside it. `value` is None
    where a number of raters cannot be reached; what cannot be estimated has no figure.
    """

    scope: Scope
    id: str
    name: str
    value: float | int | None
    low: float | None
    high: float | None
    n: int
    unit: Unit
    estimator: str
    remark: str = ""

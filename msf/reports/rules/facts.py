"""What a report says besides its figures: about whom, for whom, when, how many were asked; frozen with the figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple, Self

_DATES = ("opened_on", "closed_on", "written_on")


class Peers(NamedTuple):
    """Whom a family's areas are set beside: how many, of which stratum (a path), whose rounds closed in which days."""

    practitioners: int
    stratum: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Facts:
    """`invited` and `floors` are by family; whatever is not known is left out of the report, not guessed.

    `least` is the number of people under which nothing of a family is shown, `floors` those under which a caution is.
    `comments` says who has read what people wrote, `from_file` that the answers were collected elsewhere, `burst` that
    unusually many came at once. `peers` are by family, None where there were too few.
    """

    practitioner: str
    reference: str
    least: int
    profession: str | None = None
    asked_by: str | None = None
    run_by: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    written_on: date | None = None
    facilitator: str | None = None
    invited: Mapping[str, int] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=lambda: {"colleagues": 8, "patients": 20})
    targets: Mapping[str, int] = field(default_factory=lambda: {"colleagues": 15, "patients": 34})
    version: str = "1"
    comments: Literal["moderated", "unread", "left out"] = "moderated"
    from_file: bool = False
    burst: bool = False
    peers: Mapping[str, Peers | None] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values, days in ISO form."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        for name in ("invited", "floors", "targets"):
            plain[name] = dict(plain[name])
        plain["peers"] = {family: _peers_to_json(found) for family, found in self.peers.items()}
        return plain | {name: plain[name].isoformat() if plain[name] else None for name in _DATES}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The facts that `to_json` wrote."""
        days = {name: date.fromisoformat(data[name]) if data[name] else None for name in _DATES}
        peers = {family: _peers_from_json(found) for family, found in data.get("peers", {}).items()}
        return cls(**{**data, **days, "peers": peers})


def _peers_to_json(found: Peers | None) -> dict[str, Any] | None:
    return found and found._asdict() | {"first": found.first.isoformat(), "last": found.last.isoformat()}


def _peers_from_json(plain: Mapping[str, Any] | None) -> Peers | None:
    if plain is None:
        return None
    return Peers(**{**plain, "first": date.fromisoformat(plain["first"]), "last": date.fromisoformat(plain["last"])})


@dataclass(frozen=True, slots=True)
class Said:
    """One comment as it may be printed; `question` is `key/version:prompt`, the family "self" is the practitioner."""

    family: str
    question: str
    text: str

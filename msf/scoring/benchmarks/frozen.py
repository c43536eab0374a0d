"""A benchmark as it stood when a report was made, kept whole and with a digest: no report changes under its reader."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from msf.scoring.benchmarks.comparators import LEAST, Comparators, Stratum, Window
from msf.scoring.generalisability import Components

FORMAT = 1


@dataclass(frozen=True)
class BenchmarkSet:
    """Comparators' means of each domain, sorted, in tenths, and its components, in score points, where estimated.

    `version` is that of the set, `questionnaire` the reference name of one released version, `window` the days between
    which the rounds closed, `practitioners` N. Nobody's identifier is in it. A domain that fewer than `LEAST` of them
    show has no place here.
    """

    version: str
    questionnaire: str
    family: str
    stratum: Stratum
    window: Window
    practitioners: int
    means: Mapping[str, tuple[int, ...]]
    components: Mapping[str, Components]

    def __post_init__(self) -> None:
        """Refuse what no benchmark could be, and keep copies that nobody else holds."""
        if self.practitioners < LEAST or not self.stratum:
            raise ValueError(f"a benchmark needs a stratum, and at least {LEAST} practitioners in it")
        for domain, means in self.means.items():
            if not LEAST <= len(means) <= self.practitioners or list(means) != sorted(means):
                raise ValueError(f"{domain} needs sorted means of {LEAST} to {self.practitioners} practitioners")
        if not self.components.keys() <= self.means.keys():
            raise ValueError("only domains that have means have components")
        for name in ("means", "components"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of `to_json`."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()


FIELDS = {field.name for field in fields(BenchmarkSet)}


def freeze(
    found: Comparators, *, version: str, questionnaire: str, family: str, components: Mapping[str, Components]
) -> BenchmarkSet:
    """The set of these comparators: domains that at least `LEAST` of them show, with their components where given."""
    domains = sorted({domain for each in found.chosen for domain in each.means})
    means = {name: [int(each.means[name]) for each in found.chosen if name in each.means] for name in domains}
    enough = {name: tuple(sorted(values)) for name, values in means.items() if len(values) >= LEAST}
    known = {name: components[name] for name in enough if name in components}
    chosen = (found.stratum, found.window, found.practitioners)
    return BenchmarkSet(version, questionnaire, family, *chosen, means=enough, components=known)


def to_json(benchmark: BenchmarkSet) -> str:
    """One text for one set, whatever the order of its domains.

    >>> day = date(2026, 1, 31)
    >>> made = BenchmarkSet("1", "c@1", "colleagues", ("doctor",), Window(day, day), 20, {"care": (43,) * 20}, {})
    >>> to_json(made)[:70]
    '{"components":{},"family":"colleagues","format":1,"means":{"care":[43,'
    """
    plain = {name: getattr(benchmark, name) for name in FIELDS} | {
        "format": FORMAT,
        "window": [day.isoformat() for day in benchmark.window],
        "means": dict(benchmark.means),
        "components": dict(benchmark.components),
    }
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def from_json(text: str, *, digest: str | None = None) -> BenchmarkSet:
    """The set that `to_json` made `text` of; with a `digest`, that very set or none.

    >>> day = date(2026, 1, 31)
    >>> made = BenchmarkSet("1", "c@1", "colleagues", ("doctor",), Window(day, day), 20, {"care": (43,) * 20}, {})
    >>> from_json(to_json(made), digest=made.digest) == made
    True
    """
    kept: Any = json.loads(text)
    if not isinstance(kept, dict) or kept.pop("format", None) != FORMAT or kept.keys() != FIELDS:
        raise ValueError("this is no benchmark, or one of another format")
    kept["stratum"] = tuple(kept["stratum"])
    kept["window"] = Window(*(date.fromisoformat(day) for day in kept["window"]))
    kept["means"] = {name: tuple(values) for name, values in kept["means"].items()}
    kept["components"] = {name: Components(*values) for name, values in kept["components"].items()}
    found = BenchmarkSet(**kept)
    if digest not in (None, found.digest):
        raise ValueError("this is not the benchmark that was frozen: its digest differs")
    return found

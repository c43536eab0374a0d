"""The first line of a file of answers against its questionnaire: which column is what, which are missing or unknown."""

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from msf.collate.faults import CollateRefused, shown
from msf.instruments import Questionnaire

PLACE = ("practitioner", "family", "group")
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
Picker = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands; `names` are all of them in the order of the file."""

    names: tuple[str, ...]
    place: dict[str, int]
    prompts: tuple[str, ...]

    def picker(self, names: Sequence[str]) -> Picker:
        """A function that takes these cells, in this order, out of a row."""
        at = [self.place[name] for name in names]
        if len(at) > 1:
            return itemgetter(*at)
        return lambda row: tuple(row[index] for index in at)


def sniffed(first: str) -> str:
    """The delimiter under which a first line names practitioner, family and group; else the commonest of the three.

    >>> sniffed("practitioner;family;group;a,b"), sniffed("nothing")
    (';', ',')
    """
    for delimiter in DELIMITERS:
        if set(PLACE) <= set(_named(next(csv.reader([first], delimiter=delimiter), []))):
            return delimiter
    return max(DELIMITERS, key=first.count)


def _named(cells: Sequence[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]


def columns_of(cells: Sequence[str], questionnaire: Questionnaire) -> Columns:
    """The columns named by `cells`; raises `CollateRefused` naming all that are missing, unknown or there twice."""
    names = _named(cells)
    prompts = [prompt.id for prompt in questionnaire.prompts]
    needed = [*PLACE, *questionnaire.item_ids]
    unknown = [name for name in dict.fromkeys(names) if name not in {*needed, *prompts}]
    faults = {
        "missing": [name for name in needed if name not in names],
        "unknown": unknown,
        "there more than once": [name for name, times in Counter(names).items() if times > 1 and name not in unknown],
    }
    if said := [f"{fault}: {_listed(found)}" for fault, found in faults.items() if found]:
        raise CollateRefused(
            f"The columns of this file do not fit {questionnaire.reference_name}. {'; '.join(said).capitalize()}.",
            remedy=(
                f"The first line has to name {', '.join(PLACE)} and one column for each item of the questionnaire by "
                "its id; columns of prompts may be left out. Choose another questionnaire, or rename the columns."
            ),
        )
    place = {name: index for index, name in enumerate(names)}
    return Columns(tuple(names), place, tuple(name for name in prompts if name in place))


def _listed(names: Sequence[str]) -> str:
    """At most thirty names, those that are empty in words."""
    words = [shown(name) if name else "one without a name" for name in names[:30]]
    return ", ".join(words) + f" and {len(names) - 30} more" * (len(names) > 30)

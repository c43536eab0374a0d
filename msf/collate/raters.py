"""One row read as one rater's answers: the usual row fast, any other with every fault in it named."""

import re
import unicodedata
from typing import Final, NamedTuple

from msf.collate.columns import Columns
from msf.collate.faults import CollateRefused, Fault, shown
from msf.collate.lines import Row
from msf.collate.names import group_fault, group_of, name_fault
from msf.instruments import BLANK, CANNOT_SAY, NOT_APPLICABLE, Questionnaire

SELF: Final = "self"
FAMILIES: Final = (SELF, "colleagues", "patients")
MOST_GROUPS: Final = 200
_REMEMBERED = 50_000
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


class Rater(NamedTuple):
    """One rater of one practitioner; `family` and `group` are places in `FAMILIES` and `Reader.groups`."""

    practitioner: str
    family: int
    group: int
    ratings: bytes
    comments: tuple[str, ...]


class _Codes(dict[str, int]):
    """What a cell means as a rating; a KeyError where it means nothing."""

    def __missing__(self, cell: str) -> int:
        tidy = cell.strip().upper()
        if tidy == cell:
            raise KeyError(cell)
        return self[tidy]


class Reader:
    """Reads rows of one file; remembers names and groups it has seen, so that they are looked at once."""

    def __init__(self, questionnaire: Questionnaire, columns: Columns) -> None:
        self.groups: dict[str, int] = {}
        self.prompts = columns.prompts
        self._columns = columns
        self._items = questionnaire.item_ids
        self._highest = questionnaire.scale.highest
        values = {str(value): value for value in range(1, self._highest + 1)}
        self._codes = _Codes({"": BLANK, "NA": NOT_APPLICABLE, "DK": CANNOT_SAY, **values})
        limits = {prompt.id: prompt.limit for prompt in questionnaire.prompts}
        self._limits = tuple(limits[name] for name in columns.prompts)
        self._width = len(columns.names)
        self._name, self._family, self._group = (columns.place[name] for name in ("practitioner", "family", "group"))
        self._of_items = columns.picker(self._items)
        self._of_prompts = columns.picker(columns.prompts)
        self._names: set[str] = set()
        self._places: dict[tuple[str, str], tuple[int, int]] = {}

    def read(self, line: int, row: Row) -> Rater | list[Fault]:
        """The rater on this row, or everything that is wrong with it."""
        if len(row) == self._width and isinstance(row, list) and row[self._name] in self._names:
            place = self._places.get((row[self._family], row[self._group]))
            texts = self._of_prompts(row)
            if place and (not any(texts) or not self._comment_faults(line, row)):
                try:
                    ratings = bytes(map(self._codes.__getitem__, self._of_items(row)))
                except KeyError:
                    return self._look_closely(line, row)
                return Rater(row[self._name], *place, ratings, tuple(texts))
        return self._look_closely(line, row)

    def _look_closely(self, line: int, row: Row) -> Rater | list[Fault]:
        if not isinstance(row, list):
            return [Fault(line, "", str(row))]
        if len(row) != self._width:
            return [Fault(line, "", f"the row has {len(row)} columns where the first line has {self._width}")]
        faults = [*self._place_faults(line, row), *self._rating_faults(line, row), *self._comment_faults(line, row)]
        if faults:
            return faults
        self._remember(row)
        return self.read(line, row)

    def _place_faults(self, line: int, row: list[str]) -> list[Fault]:
        family, known = row[self._family].strip(), ", ".join(FAMILIES)
        found = {"practitioner": name_fault(row[self._name])}
        if family.lower() not in FAMILIES:
            found["family"] = f"{shown(family)} is not one of {known}" if family else f"is empty; it is one of {known}"
        elif family.lower() != SELF:
            found["group"] = group_fault(group_of(row[self._group]))
        return [Fault(line, column, reason) for column, reason in found.items() if reason]

    def _rating_faults(self, line: int, row: list[str]) -> list[Fault]:
        cells = zip(self._items, self._of_items(row), strict=True)
        wrong = [(item, cell) for item, cell in cells if not self._known(cell)]
        known = f"a whole number from 1 to {self._highest}, NA, DK or empty"
        return [Fault(line, item, f"{shown(cell)} is not {known}") for item, cell in wrong]

    def _known(self, cell: str) -> bool:
        return cell.strip().upper() in self._codes

    def _comment_faults(self, line: int, row: list[str]) -> list[Fault]:
        cells = zip(self._columns.prompts, self._of_prompts(row), self._limits, strict=True)
        found = ((prompt, _comment_fault(text, limit)) for prompt, text, limit in cells if text)
        return [Fault(line, prompt, reason) for prompt, reason in found if reason]

    def _remember(self, row: list[str]) -> None:
        if len(self._names) > _REMEMBERED or len(self._places) > _REMEMBERED:
            self._names.clear()
            self._places.clear()
        self._names.add(row[self._name])
        family = FAMILIES.index(row[self._family].strip().lower())
        group = group_of(row[self._group])
        place = 0 if FAMILIES[family] == SELF else self.groups.setdefault(group, len(self.groups))
        self._places[row[self._family], row[self._group]] = family, place
        if len(self.groups) > MOST_GROUPS:
            raise CollateRefused(
                f"The column “group” holds more than {MOST_GROUPS} different groups.",
                remedy="A group is a role, such as nurses, and never a person. Check that the column is the right one.",
            )


def tidy(comment: str) -> str:
    """A comment with its line ends alike and no white space around it."""
    return unicodedata.normalize("NFC", comment.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _comment_fault(text: str, limit: int) -> str | None:
    if sign := _NOT_TEXT.search(text):
        code = ord(sign.group())
        byte = f"a byte that is not UTF-8 (0x{code - 0xDC00:02X})"
        return f"the comment holds {byte if code > 0xD7FF else f'a character that cannot be read (U+{code:04X})'}"
    size = len(text.encode("utf-8")) if 4 * len(text) > limit else 0
    return f"the comment has {size:,} bytes; its question allows {limit:,}" if size > limit else None

"""The document that page and PDF lay out, read figure by figure: in charts, tables and sentences, and word by word."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import astuple

from msf import charts
from msf.instruments import find
from msf.reports.rules.cells import PEERS, Part
from msf.reports.rules.facts import Facts, Said
from msf.reports.rules.gate.refusal import FAMILY, PAPER, WORDS, Leak
from msf.reports.rules.shapes import Block, Bullets, Chart, Document, Note, Quotes, Section, Table, Text

_DECIMAL = re.compile(r"(?<![\d.])\d+\.\d+(?!\d|\.\d)")
_WHOLE = re.compile(r"\d+")


def paper_leaks(document: Document, parts: Sequence[Part], facts: Facts, decided: Iterable[Said]) -> Iterator[Leak]:
    """What the document shows that was not kept, or not decided; `decided` are the comments that were passed."""
    decimals, whole, rows = _decimals(parts), _wholes(parts, facts), _rows(parts)
    asked = {name for part in parts for name in part.families} - {"self"}
    withheld = {name for name in asked if not any(_shows(part, name) for part in parts)}
    passed = Counter((said.family, said.text) for said in decided if said.family != "self")
    for section in document.sections:
        side = _side(section.id, asked)
        for block in section.blocks:
            if side in withheld and isinstance(block, Chart | Table | Quotes):
                yield Leak(FAMILY, section.title)
            if not _spoken(block) <= decimals or not _counted(block) <= whole or not _drawn(block) <= rows:
                yield Leak(PAPER, section.title)
        yield from _words(section, side, passed)


def _side(section: str, asked: Container[str]) -> str:
    """The family a section is about: the first one its id names, as in `tables-patients`; none for own answers."""
    names = section.split("-")
    return "" if "self" in names else next((name for name in names if name in asked), "")


def _shows(part: Part, family: str) -> bool:
    return family in part.families and not part.families[family].withheld


def _decimals(parts: Sequence[Part]) -> set[str]:
    """Every kept figure as it is printed, and what the questionnaire itself says: where means are coded, its source."""
    kept = {f"{cell.value:.1f}" for part in parts for cell in part.cells if cell.statistic != PEERS[-1]}
    for asked in {find(part.questionnaire) for part in parts}:
        kept |= {f"{asked.scale.lowest + 0.5:.1f}", f"{asked.scale.highest - 0.5:.1f}"}
        kept |= set(_DECIMAL.findall(asked.provenance))
    return kept


def _wholes(parts: Sequence[Part], facts: Facts) -> set[str]:
    """Every whole number that may stand in a numeric column: people and answers, own answers, people asked."""
    cells = [cell for part in parts for cell in part.cells]
    own = {str(cell.value) for cell in cells if cell.statistic == "value"}
    people = {1, facts.least, *facts.invited.values(), *(cell.n for cell in cells)}
    people |= {int(cell.value) for cell in cells if cell.statistic.startswith("count_")}
    people |= {family.n for part in parts for family in part.families.values() if family.n is not None}
    people |= {
        count
        for part in parts
        for items in part.non_answers.values()
        for reasons in items.values()
        for count in reasons
    }
    return own | set(map(str, people))


def _rows(parts: Sequence[Part]) -> set[tuple[object, ...]]:
    """What a line of a chart may be drawn from: a mean with limits and number, or a distribution with its rest."""
    found: set[tuple[object, ...]] = {(None, None, None, None)}
    for part in parts:
        figures: dict[tuple[object, ...], dict[str, float]] = {}
        for cell in part.cells:
            place = figures.setdefault((cell.family, cell.block, cell.scope, cell.id), {"n": cell.n})
            place[cell.statistic] = cell.value
        for (family, _, _, name), values in figures.items():
            found.add(tuple(values.get(key) for key in ("mean", "low", "high", "n")))
            counts = tuple(values[key] for key in sorted(values, key=_in_order) if key.startswith("count_"))
            rest = sum(part.non_answers.get(str(family), {}).get(str(name), ()))
            found.add((counts, rest or None))
    return found


def _in_order(statistic: str) -> tuple[int, str]:
    return len(statistic), statistic


def _drawn(block: Block) -> set[tuple[object, ...]]:
    rows = block.drawing.rows if isinstance(block, Chart) else ()
    return {(tuple(row.counts), row.unrated) if isinstance(row, charts.Counts) else astuple(row)[1:5] for row in rows}


def _spoken(block: Block) -> set[str]:
    """Every number with decimals in a block's words."""
    return {number for text in _texts(block) for number in _DECIMAL.findall(text)}


def _texts(block: Block) -> list[str]:
    match block:
        case Text() | Note():
            return [block.text]
        case Bullets():
            return list(block.items)
        case Chart():
            return [block.title, block.sentence, block.alt]
        case Table():
            return [block.caption, *(head.text for head in block.head), *(text for row in block.rows for text in row)]
        case Quotes():
            return [block.title]


def _counted(block: Block) -> set[str]:
    """Every whole number in a numeric column of a table, and every number of answers in brackets."""
    if not isinstance(block, Table):
        return set()
    columns = [place for place, head in enumerate(block.head) if head.numeric]
    numeric = {
        found for row in block.rows for place in columns for found in _WHOLE.findall(_DECIMAL.sub("", row[place]))
    }
    brackets = {found for row in block.rows for text in row[1:] for found in re.findall(r"\((\d+)\)", text)}
    return numeric | brackets


def _words(section: Section, side: str, passed: Counter[tuple[str, str]]) -> Iterator[Leak]:
    """Comments of others stand as they were decided, each at most as often; what is used up is taken from `passed`."""
    if section.id == "comments-self":
        return
    for quotes in (block for block in section.blocks if isinstance(block, Quotes)):
        said = Counter((side, text) for text in quotes.quotes)
        if not said <= passed:
            yield Leak(WORDS, section.title)
        passed -= said

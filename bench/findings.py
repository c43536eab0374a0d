"""How much of what is hidden in 200 made-up comments is found, by kind, and how often in 200 that hide nothing.

.venv/bin/python -m bench.findings
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msf.responses.rules.findings import KINDS, RoundNames, find_in
from tests.responses.written import NAMES, Written, clean, covered, telling

PEOPLE = {"name", "practitioner"}


@dataclass(frozen=True)
class Row:
    """One kind: how many were hidden, how many found, and how many clean comments were marked with it."""

    kind: str
    hidden: int
    found: int
    false_alarms: int


def told(comments: Sequence[Written], harmless: Iterable[str], names: RoundNames) -> list[Row]:
    """A row a kind that is hidden somewhere or was found where nothing is hidden."""
    marked = [span.kind for text in harmless for span in find_in(text, names)]
    rows = []
    for kind in KINDS:
        of_kind = [comment for comment in comments if comment.kind == kind]
        hits = sum(seen(comment, names) for comment in of_kind)
        if of_kind or kind in marked:
            rows.append(Row(kind, len(of_kind), hits, marked.count(kind)))
    return rows


def seen(comment: Written, names: RoundNames) -> bool:
    """Whether what is hidden in a comment was found: a name wholly, anything else with its kind where it stands."""
    spans = find_in(comment.text, names)
    if comment.kind == "name":
        return covered(comment.text, comment.hidden, spans, PEOPLE)
    start = comment.text.index(comment.hidden)
    end = start + len(comment.hidden)
    return any(span.kind == comment.kind and span.start < end and start < span.end for span in spans)


def table(rows: Sequence[Row]) -> str:
    """The rows for people to read, with their sum."""
    total = Row("together", *(sum(getattr(row, name) for row in rows) for name in ("hidden", "found", "false_alarms")))
    head = f"{'kind':<14}{'hidden':>8}{'found':>8}{'recall':>9}{'false alarms':>14}"
    lines = [
        f"{row.kind:<14}{row.hidden:>8}{row.found:>8}{row.found / max(1, row.hidden):>9.1%}{row.false_alarms:>14}"
        for row in [*rows, total]
    ]
    return "\n".join([head, *lines])


def main() -> None:
    """Print the table."""
    print(table(told(telling(), clean(), NAMES)))


if __name__ == "__main__":
    main()

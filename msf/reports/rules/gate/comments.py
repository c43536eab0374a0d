"""Whose comments may be read at all: families that are shown, and questions that enough of them were asked."""

from collections.abc import Iterable

from msf.instruments import find
from msf.reports.rules.cells import Part
from msf.scoring.disclosure import comment_mask


def readable(parts: Iterable[Part], *, least: int) -> frozenset[tuple[str, str]]:
    """Family and question (`key/version:prompt`) of every comment that a moderator may read and a report may print.

    Every question of a questionnaire is asked of all who answer it; the frozen numbers of the parts say how many.
    """
    found: set[tuple[str, str]] = set()
    for part in parts:
        prompts = find(part.questionnaire).prompts
        for name, family in part.families.items():
            if name == "self" or family.withheld or family.n is None:
                continue
            asked = {f"{part.questionnaire}:{prompt.id}": family.n for prompt in prompts}
            found |= {(name, question) for question in comment_mask(asked, answered=family.n, least=least)}
    return frozenset(found)

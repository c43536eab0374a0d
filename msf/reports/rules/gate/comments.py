"""Whose comments may be read at all, and what a moderator may have made of one: words taken out, none put in."""

from collections.abc import Iterable

from msf.instruments import Questionnaire, find
from msf.reports.rules.cells import Part
from msf.reports.rules.moderation import MARK
from msf.scoring.disclosure import comment_mask


def readable(parts: Iterable[Part], *, least: int, asked: Questionnaire | None = None) -> frozenset[tuple[str, str]]:
    """Family and question (`key/version:prompt`) of every comment that a moderator may read and a report may print.

    Every question of a questionnaire is asked of all who answer it; the frozen numbers of the parts say how many.
    `asked` is the questionnaire of all parts, where it does not stand on the shelf.
    """
    found: set[tuple[str, str]] = set()
    for part in parts:
        prompts = (asked or find(part.questionnaire)).prompts
        for name, family in part.families.items():
            if name == "self" or family.withheld or family.n is None:
                continue
            people = {f"{part.questionnaire}:{prompt.id}": family.n for prompt in prompts}
            found |= {(name, question) for question in comment_mask(people, answered=family.n, least=least)}
    return frozenset(found)


def only_removed(original: str, shown: str) -> bool:
    """Whether `shown` is `original` with pieces replaced by the fixed mark, and nothing else.

    >>> only_removed("Ann Lee was kind", "[removed] was kind"), only_removed("Ann Lee was kind", "[removed] was unkind")
    (True, False)
    """
    first, *others = shown.split(MARK)
    if not others:
        return shown == original
    place, last = len(first), others.pop()
    if not original.startswith(first) or not original[place:].endswith(last):
        return False
    end = len(original) - len(last)
    for piece in others:
        found = original.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return place <= end

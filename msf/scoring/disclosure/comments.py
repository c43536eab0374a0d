"""Which questions' comments may be read by anybody at all: by family and question, never by group."""

from collections.abc import Mapping

from msf.scoring.disclosure.floor import checked_least


def comment_mask(asked: Mapping[str, int], *, answered: int, least: int = 5) -> frozenset[str]:
    """The questions of one family whose comments may be read; `asked` are those who answered the form and had each.

    None where fewer than `least` of the family `answered`; and none to a question that fewer than `least` of them were
    asked, since whoever wrote would be one of those few. How many wrote does not matter: that one did is no more than
    that somebody of all who were asked did.

    >>> sorted(comment_mask({"does_well": 9, "on_call": 3}, answered=9))
    ['does_well']
    >>> comment_mask({"does_well": 4}, answered=4)
    frozenset()
    """
    checked_least(least)
    if any(people > answered or people < 0 for people in asked.values()):
        raise ValueError("those who were asked a question are some of those who answered")
    return frozenset(question for question, people in asked.items() if people >= least)

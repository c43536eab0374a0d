"""Finds days and ages: in numbers, in words, days of the week, feasts and birth dates."""

from collections.abc import Iterator, Sequence

from msf.responses.rules.findings.spans import Span
from msf.responses.rules.findings.words import Word, listed

MONTHS = listed(
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
)
_VERBS = frozenset({"may", "march", "mar", "sep", "dec"})
"""Months that are other words too, where they begin with a small letter."""
DAYS = listed("monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun")
_SHORT_DAYS = listed("mon tue wed thu fri sat sun")
_BEFORE_DAYS = listed("last this next on that the since until every a one by")
_SEASONS = listed("spring summer autumn winter christmas easter")
_FEASTS = frozenset(
    {"christmas day", "christmas eve", "boxing day", "good friday", "easter sunday", "easter monday", "new year",
     "new years", "bank holiday", "bonfire night", "mothers day", "valentines day", "eid", "diwali"}
)  # fmt: skip
_ENDINGS = frozenset({"st", "nd", "rd", "th"})
_BEFORE_DAY_AND_MONTH = listed("on since from until till before after by dated of around")


def dates(words: Sequence[Word]) -> Iterator[Span]:
    """Every day of the calendar, and every age."""
    for at, word in enumerate(words):
        end = _by_number(words, at) if word.number else _by_word(words, at)
        if end:
            yield Span(word.start, words[end - 1].end, "date")
        elif end := _age(words, at):
            yield Span(word.start, words[end - 1].end, "age")


def _by_number(words: Sequence[Word], at: int) -> int:
    return _in_figures(words, at) or _day_first(words, at) or _day_alone(words, at)


def _in_figures(words: Sequence[Word], at: int) -> int:
    """12/3/24, 12.03.1956, 2024-03-12; 12/3 after “on” or another word that goes before days."""
    if not all(_tied(words, at + n) for n in (1, 2)):
        before = words[at - 1].folded if at else ""
        pair = _tied(words, at + 1) and words[at + 1].gap == "/" and before in _BEFORE_DAY_AND_MONTH
        return at + 2 if pair and _day(words[at]) and _month_number(words[at + 1]) else 0
    sizes = [len(word.folded) for word in words[at : at + 3]]
    same = words[at + 1].gap.strip() == words[at + 2].gap.strip()
    if sizes[0] == 4:
        fits = _month_number(words[at + 1]) and _day(words[at + 2]) and _year(words[at])
    else:
        numbers = [words[at], words[at + 1]]
        fits = sizes[2] in (2, 4) and any(_day(a) and _month_number(b) for a, b in (numbers, numbers[::-1]))
    return at + 3 if same and fits else 0


def _tied(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].number and len(words[at].gap) <= 3 and words[at].gap.strip() in {*"/.-‐‑–\\"}


def _day_first(words: Sequence[Word], at: int) -> int:
    """3 March, 3rd of March 2024, 3-Mar-24."""
    if not _day(words[at]):
        return 0
    end = at + 1
    ordinal = _is(words, end, _ENDINGS) and not words[end].gap
    end += ordinal
    end += _is(words, end, {"day"})
    end += _is(words, end, {"of"})
    if not _is(words, end, MONTHS) or len(words[end].gap) > 3:
        return 0
    month = words[end]
    if month.folded in _VERBS and not month.capital and end == at + 1:
        return 0
    return end + 1 + _year_at(words, end + 1)


def _day_alone(words: Sequence[Word], at: int) -> int:
    """The 14th; not “the 3rd time”."""
    ordinal = _day(words[at]) and _is(words, at + 1, _ENDINGS) and not words[at + 1].gap
    if not ordinal or at < 2 or words[at - 1].folded != "the" or words[at - 2].folded not in _BEFORE_DAY_AND_MONTH:
        return 0
    closed = (
        at + 2 == len(words) or words[at + 2].gap.strip() != "" or words[at + 2].folded in {"of", "and", "in", "at"}
    )
    return at + 2 if closed else 0


def _by_word(words: Sequence[Word], at: int) -> int:
    folded = words[at].folded
    if folded in MONTHS:
        return _month_first(words, at)
    if folded in DAYS:
        return _weekday(words, at)
    if folded in _BEFORE_DAYS and _is(words, at + 1, DAYS) and words[at + 1].gap.isspace():
        return _weekday(words, at + 1, told=True)
    if folded in _SEASONS:
        after = at + 1 + _is(words, at + 1, {"of"})
        if _year_at(words, after):
            return after + 1
    if " ".join(word.folded for word in words[at : at + 2]) in _FEASTS:
        return at + 2
    if folded in _FEASTS:
        return at + 1
    return _birth(words, at)


def _month_first(words: Sequence[Word], at: int) -> int:
    """March 3rd, March 3 2024, March 2024, Mar-24."""
    word = words[at]
    if at + 1 >= len(words) or (word.folded in _VERBS and not word.capital):
        return 0
    following = words[at + 1]
    if not following.number or len(following.gap) > 3 or "\n" in following.gap:
        return _the_day(words, at)
    if _year(following) or (len(following.folded) == 2 and following.gap.strip() in {"'", "’", "-"}):
        return at + 2
    if not _day(following) or following.gap.strip():
        return 0
    end = at + 2 + (_is(words, at + 2, _ENDINGS) and not words[at + 2].gap)
    return end + _year_at(words, end)


def _the_day(words: Sequence[Word], at: int) -> int:
    """March the 3rd."""
    fits = at + 3 < len(words) and words[at + 1].folded == "the" and _day(words[at + 2])
    return at + 4 if fits and _is(words, at + 3, _ENDINGS) else 0


def _weekday(words: Sequence[Word], at: int, *, told: bool = False) -> int:
    """Tuesday 4 May, Tuesday the 4th; “last Tuesday” where a word before it says which one."""
    following = at + 1 + _is(words, at + 1, {"the"})
    if following < len(words) and words[following].number and len(words[following].gap) <= 2:
        end = _in_figures(words, following) or _day_first(words, following)
        ordinal = _day(words[following]) and _is(words, following + 1, _ENDINGS)
        if end or ordinal:
            return end or following + 2
    if words[at].folded in _SHORT_DAYS and not words[at].capital:
        return 0
    return at + 1 if told else 0


def _birth(words: Sequence[Word], at: int) -> int:
    """Born in 1956, dob 56."""
    if words[at].folded not in {"born", "dob", "birth"}:
        return 0
    end = at + 1 + _is(words, at + 1, {"in", "on", "date", "was", "is"})
    return end + 1 if end < len(words) and words[end].number and len(words[end].gap) <= 3 else 0


def _age(words: Sequence[Word], at: int) -> int:
    """83 year old, 83-year-old, aged 83, 83yo."""
    if words[at].folded in {"aged", "age"} and at + 1 < len(words) and words[at + 1].number:
        return at + 2 if len(words[at + 1].gap) <= 2 else 0
    if not words[at].number or len(words[at].folded) > 3:
        return 0
    if _is(words, at + 1, {"yo", "yr", "yrs", "y"}) and not words[at + 1].gap.strip(" -"):
        return at + 2 + _is(words, at + 2, {"old", "o"})
    years = _is(words, at + 1, {"year", "years", "month", "months", "week", "weeks"})
    return at + 3 if years and _is(words, at + 2, {"old", "olds"}) else 0


def _is(words: Sequence[Word], at: int, wanted: frozenset[str] | set[str]) -> bool:
    return at < len(words) and words[at].folded in wanted and len(words[at].gap) <= 3 and "\n" not in words[at].gap


def _day(word: Word) -> bool:
    return word.number and len(word.folded) <= 2 and 1 <= int(word.folded) <= 31


def _month_number(word: Word) -> bool:
    return word.number and len(word.folded) <= 2 and 1 <= int(word.folded) <= 12


def _year(word: Word) -> bool:
    return word.number and len(word.folded) == 4 and 1900 <= int(word.folded) <= 2099


def _year_at(words: Sequence[Word], at: int) -> int:
    """1 where a year stands at this place, in four figures or in two."""
    if at >= len(words) or not words[at].number or words[at].gap.strip(" ,.-/'’"):
        return 0
    short = len(words[at].folded) == 2 and words[at].gap in {" ", "-", "/", ".", " '", " ’"}
    return int(len(words[at].gap) <= 3 and (_year(words[at]) or short))

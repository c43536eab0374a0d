"""How a figure is written: the same decimals in a column, its limits, and the same words where it is not shown."""

from msf.scoring.programme import Figure

NOT_SHOWN = "not shown"
NOTHING = "–"
REASON = "fewer than six practitioners, or one of them is most of it"
WHY = f"Not shown: {REASON}."


def percent(share: float | None) -> str:
    """A share in whole per cent.

    >>> percent(0.125), percent(0.002), percent(0.0), percent(None)
    ('13%', '<1%', '0%', '–')
    """
    if share is None:
        return NOTHING
    return "<1%" if 0 < share < 0.005 else f"{int(100 * share + 0.5 + 1e-9)}%"


def number(value: float | None, places: int = 2) -> str:
    """A number with fixed decimals; what rounds to nothing has no sign.

    >>> number(4.256), number(-0.3), number(-0.001), number(None)
    ('4.26', '−0.30', '0.00', '–')
    """
    if value is None:
        return NOTHING
    text = f"{value:.{places}f}"
    return text.replace("-", "−" if float(text) else "")


def valued(figure: Figure | None, places: int = 2) -> str:
    """The value of a figure."""
    return number(figure.value if figure else None, places)


def limits(figure: Figure | None, places: int = 2) -> str:
    """Its limits."""
    if figure is None or figure.low is None or figure.high is None:
        return NOTHING
    return f"{number(figure.low, places)} to {number(figure.high, places)}"


def share(figure: Figure | None) -> str:
    """A share with its limits, as 62% (58% to 66%)."""
    if figure is None:
        return NOTHING
    if figure.low is None or figure.high is None:
        return percent(figure.value)
    return f"{percent(figure.value)} ({percent(figure.low)} to {percent(figure.high)})"


def count(n: float | None) -> str:
    """A whole number with separators.

    >>> count(12345), count(None)
    ('12,345', '–')
    """
    return NOTHING if n is None else f"{int(n):,}"


def counted(figure: Figure | None) -> str:
    """What a figure rests on."""
    return count(figure.n if figure else None)


def quoted(text: str) -> str:
    """Words of the questionnaire, marked as such."""
    return f"“{text}”"


def plural(n: int, one: str, many: str) -> str:
    """A count with its noun.

    >>> plural(1, "person", "people"), plural(1200, "person", "people")
    ('1 person', '1,200 people')
    """
    return f"{n:,} {one if n == 1 else many}"

"""How many people a figure has to rest on: the floors that no setting may undercut."""

FLOOR = 4  # the smallest `least` any organisation may choose
DETAIL = 10  # answers from which a distribution or an interval from the own spread may be shown
PRACTITIONERS = 5  # practitioners besides whoever reads a figure of many


def checked_least(least: int) -> int:
    """`least` itself, or a ValueError where it is under the floor that no setting may undercut.

    >>> checked_least(3)
    Traceback (most recent call last):
    ValueError: a figure has to rest on at least 4 people; 3 would not keep them confidential
    """
    if least < FLOOR:
        raise ValueError(f"a figure has to rest on at least {FLOOR} people; {least} would not keep them confidential")
    return least

"""What may be told while answers still come in: one total of the round, in steps of the people a figure rests on."""

from msf.scoring.disclosure.floor import checked_least


def interim_total(answered: int, *, least: int = 5) -> int:
    """The total rounded down to a multiple of `least`; 0 is read as "fewer than `least`".

    An exact total would tell, from one day to the next or of a few people asked, whether one person answered.

    >>> interim_total(4), interim_total(5), interim_total(14)
    (0, 5, 10)
    """
    if answered < 0:
        raise ValueError("fewer than nobody cannot have answered")
    return answered - answered % checked_least(least)

"""The colours of every chart, and the contrast arithmetic that keeps words on them readable."""

INK = "#1B2A33"
QUIET = "#5A6872"
LINE = "#7A8791"
GRID = "#D5DADD"
TEAL = "#0B5C66"
AMBER = "#9A4A00"
PLUM = "#6B4E9B"

_BELOW = ("#A6611A", "#DFC27D")
_FROM = ("#E3E0DA", "#80CDC1", "#018571")


def family_colour(family: str) -> str:
    """Plum for patients, amber for self, teal for everybody else."""
    return {"patients": PLUM, "self": AMBER}.get(family, TEAL)


def steps(size: int, satisfactory_from: int) -> tuple[str, ...]:
    """One colour a point: brown towards the middle below the satisfactory line, pale towards green from it on.

    >>> steps(5, 3)
    ('#A6611A', '#DFC27D', '#E3E0DA', '#80CDC1', '#018571')
    """
    below = min(max(satisfactory_from - 1, 0), size)
    return _ramp(_BELOW, below) + _ramp(_FROM, size - below)


def ink_on(colour: str) -> str:
    """Ink, white or black: the first that reads well on `colour`; of white and black one always does.

    >>> ink_on("#E3E0DA"), ink_on("#A6611A")
    ('#1B2A33', '#FFFFFF')
    """
    return next(ink for ink in (INK, "#FFFFFF", "#000000") if contrast(ink, colour) >= 4.5)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2 counts it, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _ramp(anchors: tuple[str, ...], size: int) -> tuple[str, ...]:
    """`size` colours spread evenly over the anchors; the strongest one where there is room for one only."""
    if size <= 1:
        strongest = max(anchors, key=lambda colour: contrast(colour, "#FFFFFF"))
        return (strongest,) * size
    return tuple(_between(anchors, place * (len(anchors) - 1) / (size - 1)) for place in range(size))


def _between(anchors: tuple[str, ...], place: float) -> str:
    index = min(int(place), len(anchors) - 2)
    pairs = zip(_parts(anchors[index]), _parts(anchors[index + 1]), strict=True)
    mixed = [start + (end - start) * (place - index) for start, end in pairs]
    return "#" + "".join(f"{round(part * 255):02X}" for part in mixed)

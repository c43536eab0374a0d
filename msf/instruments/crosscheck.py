"""What must agree between the fields of one questionnaire: ids, domains, the steps of the scale and their words."""

from collections.abc import Iterable

from msf.instruments.fields import Entry, Sheet


def crosscheck(sheet: Sheet, entry: Entry) -> None:
    """Note every disagreement among what could be read."""
    _unique(sheet, [*_all(entry, "items"), *_all(entry, "prompts")], "item or prompt")
    _unique(sheet, _all(entry, "domains"), "domain")
    _unique(sheet, _all(entry, "groups"), "group")
    _domains(sheet, entry)
    if scale := entry.get("scale"):
        _steps(sheet, scale)
        _labels(sheet, scale)
        _spread(sheet, entry, scale)
    if entry.get("family") == "colleagues" and "mode" in entry.lines:
        sheet.note(entry.line_of("mode"), "only a patient questionnaire has a mode", "take the field `mode` out")


def _all(entry: Entry, field: str) -> tuple[Entry, ...]:
    return entry.get(field) or ()


def _unique(sheet: Sheet, entries: Iterable[Entry], what: str) -> None:
    first: dict[str, int] = {}
    for each in entries:
        name = each.get("id")
        if name in first:
            message = f"the id `{name}` is taken by another {what} (line {first[name]})"
            sheet.note(each.line_of("id"), message, "give this one another id")
        elif name is not None:
            first[name] = each.line_of("id")


def _domains(sheet: Sheet, entry: Entry) -> None:
    declared = {each.get("id"): each for each in _all(entry, "domains")}
    used = {each.get("domain") for each in _all(entry, "items")}
    known = ", ".join(str(name) for name in declared if name)
    for each in _all(entry, "items"):
        name = each.get("domain")
        if name is not None and declared and name not in declared:
            sheet.note(each.line_of("domain"), f"there is no domain `{name}`", f"use one of {known}, or declare it")
    for name, each in declared.items():
        if name is not None and "items" in entry.values and name not in used:
            sheet.note(each.line, f"the domain `{name}` has no items", "give it an item or take it out")


def _steps(sheet: Sheet, scale: Entry) -> None:
    points = _all(scale, "points")
    values = [point.get("value") for point in points]
    for wanted, point in enumerate(points, start=1):
        if point.get("value") not in (None, wanted):
            message = f"the steps of the scale have the values {', '.join(map(str, values))}"
            sheet.note(point.line_of("value"), message, f"number them 1 to {len(points)}, in this order")
            break
    line = scale.get("satisfactory_from")
    if points and line is not None and line > len(points):
        message = f"the satisfactory line ({line}) lies above the scale"
        sheet.note(scale.line_of("satisfactory_from"), message, f"give a value from 2 to {len(points)}")


def _labels(sheet: Sheet, scale: Entry) -> None:
    """No two answers to one item may read alike in any language."""
    choices = [(point.get("label"), point.line_of("label")) for point in _all(scale, "points")]
    choices += [(scale.get(field), scale.line_of(field)) for field in ("does_not_apply", "cannot_say")]
    seen: dict[tuple[str, str], int] = {}
    for label, line in choices:
        for language, said in (label or {}).items():
            if (language, said.casefold()) in seen:
                message = f'"{said}" stands for two answers (also on line {seen[language, said.casefold()]})'
                sheet.note(line, message, "give each answer words of its own")
            seen.setdefault((language, said.casefold()), line)


def _spread(sheet: Sheet, entry: Entry, scale: Entry) -> None:
    """A standard deviation cannot be larger than half the scale."""
    half = (len(_all(scale, "points")) - 1) / 2
    reference = entry.get("reference")
    for field in ("item", "domain") if reference and half > 0 else ():
        value = reference.get(field)
        if value is not None and value > half:
            message = f"a spread of {value:g} is more than this scale allows"
            sheet.note(reference.line_of(field), message, f"give at most {half:g}")

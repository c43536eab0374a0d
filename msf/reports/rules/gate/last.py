"""The last gate: everything about to be released, held against the answers that are still there, by exact arithmetic.

The PDF is laid out from the document that is read here and adds no figure to it; that its text holds the same is shown
by tests, not here, since reading a PDF back would cost more than making it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msf.reports.rules.cells import Part
from msf.reports.rules.facts import Facts, Said
from msf.reports.rules.gate.comments import readable
from msf.reports.rules.gate.files import file_leaks
from msf.reports.rules.gate.given import Given
from msf.reports.rules.gate.kept import kept_leaks
from msf.reports.rules.gate.paper import paper_leaks
from msf.reports.rules.gate.peers import peer_leaks
from msf.reports.rules.gate.refusal import FAMILY, WORDS, Leak
from msf.reports.rules.shapes import Document
from msf.scoring.benchmarks import BenchmarkSet


@dataclass(frozen=True, slots=True)
class Release:
    """All that a release would publish; `decided` are the comments that were passed, as they would be printed.

    `frozen` are the sets it is compared with, by questionnaire; None where one of them is not what was frozen.
    """

    parts: Sequence[Part]
    facts: Facts
    document: Document
    files: Mapping[str, bytes]
    decided: Sequence[Said]
    frozen: Mapping[str, BenchmarkSet] | None = field(default_factory=dict)


def leaks(release: Release, given: Mapping[str, Given], *, least: int) -> tuple[Leak, ...]:
    """Why this may not be released, or nothing; `given` holds the round's answers by name of the questionnaire."""
    return tuple(dict.fromkeys(_leaks(release, given, least)))


def _leaks(release: Release, given: Mapping[str, Given], least: int) -> Iterator[Leak]:
    names = [part.questionnaire for part in release.parts]
    if sorted(names) != sorted(given):
        yield Leak(FAMILY, "The questionnaires")
    for part in release.parts:
        if part.questionnaire in given:
            yield from kept_leaks(part, given[part.questionnaire], least=least)
    yield from peer_leaks(release.parts, release.facts, release.frozen)
    about = release.facts
    yield from file_leaks(release.files, release.parts, practitioner=about.practitioner, reference=about.reference)
    allowed = readable(release.parts, least=least)
    if any(said.family != "self" and (said.family, said.question) not in allowed for said in release.decided):
        yield Leak(WORDS, "The comments")
    yield from paper_leaks(release.document, release.parts, release.facts, release.decided)

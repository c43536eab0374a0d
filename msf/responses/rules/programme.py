"""What a closing round leaves for its programme, as the facts that go beside its answers; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msf.instruments import BLANK, CANNOT_SAY, NOT_APPLICABLE, Questionnaire
from msf.scoring.programme import Shape

NONANSWERS = (BLANK, NOT_APPLICABLE, CANNOT_SAY)


@dataclass(frozen=True, slots=True)
class Books:
    """In which book the sums of a round are entered, and what is entered beside its answers.

    The book is that of a service and of a quarter, `quarter`. `asked` and `origins` count people by family and by group
    or by who proposed them, `own` holds the practitioner's own answers by questionnaire. `counted` names questionnaires
    with which this practitioner is in the book already: nobody is counted twice in it.
    """

    service_id: str
    quarter: str
    asked: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    origins: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    own: Mapping[str, bytes] = field(default_factory=dict)
    counted: frozenset[str] = frozenset()


def shape_of(asked: Questionnaire) -> Shape:
    """What programme sums depend on of a questionnaire."""
    place = {item: number for number, item in enumerate(asked.item_ids)}
    domains = tuple(tuple(place[item.id] for item in asked.items_of(domain.id)) for domain in asked.domains)
    return Shape(len(place), domains, asked.scale.size, NONANSWERS)

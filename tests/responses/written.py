"""Made-up comments: 200 with names and identifiers hidden in them in many forms, and 200 with nothing to find."""

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from msf.responses.rules.findings import RoundNames, Span
from msf.responses.rules.findings.numbers import check_digit

PRACTITIONER = ("Dr Morwenna Tregaskis", "m.tregaskis@northvale.example")
PEOPLE = (
    ("Ann Lee", "ann.lee@northvale.example"),
    ("Dr Piotr Kowalczyk", "p.kowalczyk@northvale.example"),
    ("Siobhán O'Rafferty", "siobhan.orafferty@northvale.example"),
    ("Anne-Marie Fairweather-Quill", "am.fairweather@northvale.example"),
    ("José García Márquez", "jose.garcia2@northvale.example"),
    ("Lieke van der Meulen", "lvandermeulen@northvale.example"),
    ("Mr Robert MacAllister", "rob.macallister@northvale.example"),
    ("Nguyễn Thị Hoa", "hoa.nguyen@northvale.example"),
    ("Fatima Al-Sayed", "fatima_alsayed@northvale.example"),
    ("Grace Young", "grace.young@northvale.example"),
    ("Øyvind Bjørnsson", "oyvind.b@northvale.example"),
    ("Will Grant", "wgrant7@northvale.example"),
    ("Prof Elizabeth Okonkwo-Hughes, FRCP", "e.okonkwo@northvale.example"),
    ("Tremblay, Chloë", "chloe.tremblay@northvale.example"),
    ("Łukasz Wróbel", "lukasz.wrobel@northvale.example"),
    ("Priya Ramanathan", "priya@northvale.example"),
    (None, "patient17@mail.example"),
)
NAMES = RoundNames.of(PEOPLE, PRACTITIONER)


@dataclass(frozen=True)
class Written:
    """A comment, and what is hidden in it: the words, their kind, and the form they are written in."""

    text: str
    hidden: str
    kind: str
    form: str


AROUND = (
    "It was {} who asked for a second opinion.",
    "Works well with {} and the rest of us.",
    "I remember {} saying how calm it all was",
    "Explains things twice ({}) and never rushes.",
    "Listens.\n{}\nThat is all I can say.",
    "Could do more to keep {} in the picture; otherwise very good!",
    "… {}: that stayed with me.",
)

NAMED: dict[str, Callable[[str, str], str]] = {
    "exact": lambda first, last: f"{first} {last}",
    "small letters": lambda first, last: f"{first} {last}".lower(),
    "capitals": lambda first, last: f"{first} {last}".upper(),
    "without accents": lambda first, last: plain(f"{first} {last}"),
    "possessive": lambda first, last: f"{first} {last}’s",
    "surname": lambda first, last: last,
    "surname, title": lambda first, last: f"Dr {last}",
    "first name": lambda first, last: first,
    "letter and surname": lambda first, last: f"{first[0]}. {last}",
    "surname first": lambda first, last: f"{last}, {first}",
    "initials with stops": lambda first, last: f"{first[0]}.{last[0]}.",
    "no hyphen": lambda first, last: f"{first} {last}".replace("-", " "),
    "other apostrophe": lambda first, last: f"{first} {last}".replace("'", "’").replace("-", "‑"),
    "split by a line": lambda first, last: f"{first}\n{last}",
    "hidden sign": lambda first, last: f"{first} {last[:2]}\u200b{last[2:]}",
}
SPLIT = (
    ("Ann", "Lee"), ("Piotr", "Kowalczyk"), ("Siobhán", "O'Rafferty"), ("Anne-Marie", "Fairweather-Quill"),
    ("José", "García Márquez"), ("Lieke", "van der Meulen"), ("Robert", "MacAllister"), ("Fatima", "Al-Sayed"),
    ("Grace", "Young"), ("Øyvind", "Bjørnsson"), ("Will", "Grant"), ("Elizabeth", "Okonkwo-Hughes"),
    ("Chloë", "Tremblay"), ("Łukasz", "Wróbel"), ("Priya", "Ramanathan"), ("Morwenna", "Tregaskis"),
)  # fmt: skip
OTHERWISE = (
    ("Liz", "short form"), ("bob", "short form"), ("Rob MacAllister", "short form"), ("AL", "initials"),
    ("P.K.", "initials"), ("SOR", "initials"), ("GY", "initials"), ("jose.garcia2", "local part"),
    ("wgrant7", "local part"), ("lvandermeulen", "local part"), ("fatima_alsayed", "local part"),
    ("patient17", "local part"), ("Mac Allister", "parts"), ("ORafferty", "parts"), ("Nguyen Thi Hoa", "order"),
    ("Hoa Nguyễn", "order"), ("Kowalczyk's", "possessive"), ("Ramanathans", "plural"),
)  # fmt: skip
_PLAIN = str.maketrans("áéíñëøłóễị", "aeineoloei")


def plain(name: str) -> str:
    """A name as people type it who have no accents on their keys."""
    return name.translate(_PLAIN).replace("Ø", "O").replace("Ł", "L")


def nhs_number(chance: random.Random, form: str) -> str:
    """A made-up NHS number with its right check digit, from the range 999 that is given to nobody."""
    while True:
        nine = "999" + "".join(str(chance.randrange(10)) for _ in range(6))
        if last := check_digit(nine):
            figures = nine + last
            return form.format(figures[:3], figures[3:6], figures[6:])


IDENTIFIERS: dict[str, tuple[str, ...]] = {
    "registration": ("7654321", "GMC 7012345", "GMC number: 612345", "GDC 81234", "GPhC no. 2071234"),
    "phone": (
        "07700 900123", "07700900456", "(020) 7946 0018", "020 7946 0958", "+44 7700 900789", "+44 (0)20 7946 0018",
        "0044 7700 900321", "01632 960 123", "+33 1 99 00 12 34", "0161-496-0000",
    ),
    "postcode": ("LS2 9JT", "sw1a 1aa", "M11AE", "EC1A 1BB", "b33 8th", "CR2-6XH"),
    "mail": ("kim@mail.example", "Kim.B+x@a.nhs.example", "k_b @ mail.example", "x-y@z.org"),
    "web": ("www.northvale.example/team", "https://a.example/b?c=1", "northvale.nhs.uk", "@kimtweets"),
    "date": (
        "12/3/24", "12.03.1956", "2024-03-12", "3rd of March", "3 March 2024", "March 3rd", "Mar 2024", "4th may",
        "last Tuesday 4 May", "Tuesday the 4th", "on Monday", "last friday", "Christmas Day", "born in 1956",
        "DOB 3.5.56", "summer 2023", "3-Mar-24", "on 12/3", "May 4, 2025",
    ),
    "ward": (
        "ward 7B", "Ward 12", "bay 3", "ITU", "A&E", "labour ward", "Ward C", "the eye clinic", "room 4", "2nd floor",
        "theatre 5", "coronary care",
    ),
    "role": (
        "as her registrar", "I am the practice nurse", "when I was his trainee", "I’m a GP", "as one of his nurses",
        "I was her junior doctor", "speaking as a midwife", "as the only pharmacist here", "my daughter",
        "I have worked with him for ten years", "as a fellow consultant", "I supervised her",
    ),
    "age": ("83 year old", "aged 83", "83-year-old", "7yo"),
    "person": ("Mrs Penhallow", "Dr Zedekiah", "Sister Bernarda"),
    "number": ("12345678", "943 476 5918", "MRN 4711", "hospital number 00417"),
    "safeguarding": (
        "self-harm", "suicidal", "he hit her", "patients at risk", "smelt of alcohol", "unsafe", "abused", "a danger",
        "wrong patient", "touched me", "bullied", "falsified the notes", "sexually", "neglect", "overdose", "racist",
    ),
    "abuse": ("an idiot", "useless", "Bastard", "stupid"),
}  # fmt: skip


def patterned(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Kind and words of every form of identifier, one after another."""
    for form in ("{}{}{}", "{} {} {}", "{}-{}-{}", "{}  {} {}"):
        yield "nhs_number", nhs_number(chance, form)
    for kind, forms in IDENTIFIERS.items():
        for words in forms:
            yield kind, words


def telling(seed: int = 1) -> list[Written]:
    """200 comments, each with one thing hidden in it."""
    chance = random.Random(seed)
    hidden = [(form, "name", make(*who)) for form, make in NAMED.items() for who in chance.sample(SPLIT, 5)]
    hidden += [(form, "name", words) for words, form in OTHERWISE]
    hidden += [("", kind, words) for kind, words in patterned(chance)]
    chance.shuffle(hidden)
    return [Written(chance.choice(AROUND).format(words), words, kind, form) for form, kind, words in hidden]


OPENINGS = ("Always", "Usually", "Very often", "On most days,", "As far as I can tell,", "In my view", "With patients,")
DEEDS = (
    "listens before speaking", "explains the choices in plain words", "keeps good notes", "asks for help in time",
    "is calm when the clinic is busy", "may take a little long", "thanks the whole team", "will say sorry",
    "answers messages the same day", "treats everybody alike", "is kind to people who are worried",
    "gives students time to think", "could hand over earlier", "shares what works", "marks out what is urgent",
    "reads the letter first", "knows the guidance well", "could be clearer about follow up", "turns up on time",
    "hopes for the best and plans for the worst", "has grace under pressure", "is frank about what is not known",
)  # fmt: skip
ENDINGS = (
    "", " I felt heard.", " 10 out of 10.", " It helps all of us, 24/7.", " Nothing to add!", " More of this, please.",
    " That matters in a small team.", " I would gladly come again.", " It was a good visit, two or three times.",
)  # fmt: skip


def clean(count: int = 200, seed: int = 2) -> list[str]:
    """Comments with nothing in them that tells who is meant."""
    chance = random.Random(seed)
    return [
        f"{chance.choice(OPENINGS)} {chance.choice(DEEDS)} and {chance.choice(DEEDS)}.{chance.choice(ENDINGS)}"
        for _ in range(count)
    ]


def covered(text: str, hidden: str, spans: Iterable[Span], kinds: set[str]) -> bool:
    """Whether the name hidden in `text` lies wholly in stretches of these kinds, but for a title and a last s."""
    start = text.index(hidden)
    there = {at for span in spans if span.kind in kinds for at in range(span.start, span.end)}
    name = re.sub(r"['’]s\Z|\ADr ", lambda part: "-" * len(part.group()), hidden)
    return all(start + at in there for at, sign in enumerate(name) if sign.isalnum())

"""Programs that answer as raters would: they open the link, read the form they are shown, and send it back."""

import http.client
import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from msf.demo.remarks import REMARKS

SENT = "Thank you"


@dataclass
class FormSeen(HTMLParser):
    """The form of a page: hidden values, the choices of every question, the boxes for text."""

    hidden: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    boxes: list[str] = field(default_factory=list)
    heading: str = ""
    _in_heading: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note fields as they come."""
        given = {key: value or "" for key, value in attrs}
        if tag == "h1":
            self._in_heading = True
        elif tag == "textarea":
            self.boxes.append(given["name"])
        elif tag == "input" and given.get("type") == "hidden":
            self.hidden[given["name"]] = given.get("value", "")
        elif tag == "input" and given.get("type") == "radio":
            self.choices.setdefault(given["name"], []).append(given["value"])

    def handle_endtag(self, tag: str) -> None:
        """Note where the heading ends."""
        if tag == "h1":
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        """Keep the heading's words."""
        if self._in_heading:
            self.heading += data


@dataclass(frozen=True)
class Mind:
    """What a rater thinks: how good the practitioner is by domain of questions, and how strict this rater is."""

    level: float = 4.1
    spread: float = 0.45
    noise: float = 0.6
    remarks: float = 0.45

    def answers(self, form: FormSeen, dice: random.Random) -> dict[str, str]:
        """Answers to `form`: ratings that hang together, some questions not answered, now and then a remark."""
        leaning = dice.gauss(self.level, self.spread)
        given = {name: self._rating(values, leaning, dice) for name, values in form.choices.items()}
        for name in form.boxes:
            if dice.random() < self.remarks:
                given[name] = dice.choice(REMARKS.get(name.removeprefix("text."), REMARKS[""]))
        return given

    def _rating(self, values: Sequence[str], leaning: float, dice: random.Random) -> str:
        points = sorted(int(value) for value in values if value.isdigit())
        luck = dice.random()
        if luck < 0.05:
            return "dk" if luck < 0.03 else "na"
        if luck < 0.06 or not points:
            return ""
        wanted = round(leaning + dice.gauss(0, self.noise))
        return str(min(max(wanted, points[0]), points[-1]))


@dataclass(frozen=True)
class Bot:
    """One visitor of the site at `url`, with a connection of its own and no memory between links."""

    url: str

    def answer(self, code: str, mind: Mind, dice: random.Random) -> bool:
        """Follow the link with `code` to the end; whether an answer was taken (a spent link takes none)."""
        connection = self._connect()
        try:
            self._ask(connection, "GET")
            form = self._ask(connection, "POST", {"code": code})
            if not form.choices:
                return False
            answers = {**form.hidden, **mind.answers(form, dice), "step": "send"}
            return SENT in self._ask(connection, "POST", answers).heading
        finally:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        return kind(parts.hostname or "127.0.0.1", parts.port, timeout=60)

    def _ask(
        self, connection: http.client.HTTPConnection, method: str, fields: dict[str, str] | None = None
    ) -> FormSeen:
        body = urlencode(fields) if fields is not None else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, "/give", body, headers)
        seen = FormSeen()
        seen.feed(connection.getresponse().read().decode("utf-8"))
        return seen


def answer_all(
    url: str, codes: Iterable[str], *, most: int, mind: Mind, seed: int | None = None, hands: int = 4
) -> Iterator[bool]:
    """Let up to `most` raters answer at `url`, `hands` at a time; yields once an answer was taken.

    Codes that are spent are passed over, so that a round can be answered in several goes.
    """
    dice = random.Random(seed)  # noqa: S311 - play, not secrets
    waiting = list(codes)
    dice.shuffle(waiting)
    taken = 0
    with ThreadPoolExecutor(hands) as pool:
        while waiting and taken < most:
            batch = [waiting.pop() for _ in range(min(hands, most - taken, len(waiting)))]
            seeds = [random.Random(dice.random()) for _ in batch]  # noqa: S311 - play, not secrets
            for done in pool.map(lambda pair: Bot(url).answer(pair[0], mind, pair[1]), zip(batch, seeds, strict=True)):
                taken += done
                if done:
                    yield True

"""How long codes that open nothing take at the door, by the reason why, and whether the reasons can be told apart."""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from flask.testing import FlaskClient

from bench.door import fields
from bench.rounds import make_rounds
from msf.accounts.guard import throttle
from msf.base import config, db, schema
from msf.base.keys import Keys
from msf.invitations.queries import places
from msf.invitations.rules import token, token_text
from msf.rounds.queries import open_rounds

UNKNOWN = "0" * 24 + "11"


def main(arguments: Sequence[str] | None = None) -> None:
    """Time every kind of code in turn and print one table for each way of answering."""
    parser = argparse.ArgumentParser(prog="python -m bench.tokens", description=__doc__)
    parser.add_argument("--times", type=int, default=600, help="requests of each kind")
    parser.add_argument("--shuffles", type=int, default=2000, help="shuffles of the permutation test")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="msf-bench-") as name:
        client, codes = prepare(Path(name))
        print(
            f"{chosen.times} requests of each kind, taking turns; times in microseconds. p: how often a random split of"
        )
        print("the same times has medians as far apart as this kind and the unknown code.\n")
        print(f"{'answered':<26}{'page':<12}{'code':<24}{'median':>9}{'p25-p75':>16}{'p':>8}")
        for held, words in (
            (0.0, "as soon as known"),
            (throttle.SAME, f"after {throttle.SAME * 1000:.0f} ms at least"),
        ):
            throttle.SAME = held
            for page in ("give", "send", "withdraw"):
                _table(words, page, timed(client, codes, page, chosen.times), chosen.shuffles)


def prepare(home: Path) -> tuple[FlaskClient, dict[str, str]]:
    """An open round with an answer and a refusal in it, and a code for each reason."""
    os.environ.update(MSF_HOME=str(home), MSF_SECRET_KEY="only for measuring " * 3, MSF_BASE_URL="http://localhost")
    settings = config.settings(os.environ)
    config.use(settings)
    db.use(db.connect(settings.database_url))
    schema.upgrade(db.current())
    from msf.app import create_app  # noqa: PLC0415 - after the settings it reads

    keys = Keys.at(settings.keys)
    sent, declined, *_ = make_rounds(1, keys)
    client = create_app(settings).test_client()
    assert client.post("/give", data=fields(sent)).status_code == 200
    assert client.post("/give", data=fields(declined) | {"step": "decline"}).status_code == 200
    with db.reading() as session:
        (row,) = open_rounds(session)
        taken = {place.n for place in places(session, row.id)}
        spare = next(n for n in range(row.pool - 1, 0, -1) if n not in taken)
    free = token_text(token(keys.tokens.read(row.id), spare))
    return client, {"unknown": UNKNOWN, "sent": sent, "declined": declined, "never given": free}


def timed(client: FlaskClient, codes: dict[str, str], page: str, times: int) -> dict[str, list[float]]:
    """Microseconds of every request, the kinds in a new random order each time, each from an address of its own."""
    order, found, number = list(codes), {why: [] for why in codes}, 0
    chance = random.Random(7)
    for turn in range(times + 20):
        chance.shuffle(order)
        for why in order:
            number += 1
            data = {"code": codes[why]} if page == "give" else fields(codes[why])
            data |= {"confirmed": "yes"} if page == "withdraw" else {}
            path = "/give/withdraw" if page == "withdraw" else "/give"
            where = {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
            began = time.perf_counter()
            status = client.post(path, data=data, environ_overrides=where).status_code
            taken = time.perf_counter() - began
            assert status == 404, (why, status)
            if turn >= 20:
                found[why].append(taken * 1e6)
    return found


def chance_of(one: Sequence[float], other: Sequence[float], shuffles: int) -> float:
    """The p of a permutation test on the difference of medians."""
    apart = abs(statistics.median(one) - statistics.median(other))
    pool, half, shuffle = [*one, *other], len(one), random.Random(11).shuffle
    hits = 0
    for _ in range(shuffles):
        shuffle(pool)
        hits += abs(statistics.median(pool[:half]) - statistics.median(pool[half:])) >= apart
    return (hits + 1) / (shuffles + 1)


def _table(words: str, page: str, found: dict[str, list[float]], shuffles: int) -> None:
    for why, times in found.items():
        low, middle, high = statistics.quantiles(times, n=4)
        p = "" if why == "unknown" else f"{chance_of(times, found['unknown'], shuffles):.4f}"
        print(f"{words:<26}{page:<12}{why:<24}{middle:>9.0f}{f'{low:.0f}-{high:.0f}':>16}{p:>8}", flush=True)


if __name__ == "__main__":
    main()

"""Complete submissions a second through the door over HTTP, beside a bare Flask app that serves the same bytes."""

import argparse
import contextlib
import json
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.apps import PRAGMAS
from bench.load import Outcome, requests_of, run
from bench.rounds import COLLEAGUES, make_rounds
from msf.base import config, db, schema
from msf.base.keys import Keys
from msf.instruments import find
from msf.respond.rules import new_receipt

ROOT = Path(__file__).resolve().parent.parent
SERVERS = {
    "gunicorn": ["-m", "gunicorn", "--workers", "2", "--worker-class", "gthread", "--threads", "4",
                 "--log-level", "error", "--bind", "127.0.0.1:{port}", "bench.apps:{app}()"],
    "waitress": ["-m", "waitress", "--threads", "8", "--listen", "127.0.0.1:{port}", "--call", "bench.apps:{app}"],
}  # fmt: skip
WORDS = "Always takes the time to explain. Could answer messages a little sooner."


def main(arguments: Sequence[str] | None = None) -> None:
    """Run both apps in turn and print one table."""
    parser = argparse.ArgumentParser(prog="python -m bench.door", description=__doc__)
    parser.add_argument("--turns", type=int, default=5, help="runs of each app, alternating")
    parser.add_argument("--submissions", type=int, default=400, help="complete submissions a run")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--servers", nargs="+", choices=sorted(SERVERS), default=["gunicorn", "waitress"])
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="msf-bench-") as name:
        home = Path(name)
        codes = prepare(home, chosen.submissions)
        print(f"Complete submissions a second (3 requests each) at {chosen.connections} connections,")
        print(f"{chosen.turns} alternating runs of {chosen.submissions} submissions; medians, with the range.\n")
        print(f"{'server':<10}{'app':<7}{'a second':>10}{'range':>16}{'p50 ms':>9}{'p99 ms':>9}{'ours / bare':>20}")
        for server in chosen.servers:
            compare(home, codes, server, chosen.turns, chosen.connections)


def prepare(home: Path, submissions: int) -> list[str]:
    """A migrated site with open rounds, the bare app's table and pages; the codes to answer with."""
    os.environ.update(MSF_HOME=str(home), MSF_SECRET_KEY="only for measuring " * 3, BENCH_HOME=str(home))
    settings = config.settings(os.environ)
    config.use(settings)
    db.use(db.connect(settings.database_url))
    schema.upgrade(db.current())
    codes = make_rounds(-(-submissions // COLLEAGUES), Keys.at(settings.keys))[:submissions]
    keep_pages(home, codes[0])
    with contextlib.closing(sqlite3.connect(home / "bare.db")) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE answer (id TEXT PRIMARY KEY, answers TEXT NOT NULL)")
    return codes


def keep_pages(home: Path, code: str) -> None:
    """Ask the real app for its three pages and keep their bytes and headers for the bare one."""
    from bench.apps import ours  # noqa: PLC0415 - only the process that prepares needs the app itself

    client = ours().test_client()
    pages = {
        "code": client.get("/give", base_url="http://127.0.0.1"),
        "form": client.post("/give", data={"code": code}, base_url="http://127.0.0.1"),
        "thanks": client.post("/give", data=fields(code), base_url="http://127.0.0.1"),
    }
    for name, answer in pages.items():
        assert answer.status_code == 200, f"{name}: {answer.status}"
        (home / f"{name}.html").write_bytes(answer.data)
    headers = {key: value for key, value in pages["form"].headers.items() if key != "Content-Length"}
    (home / "headers.json").write_text(json.dumps(headers), "utf-8")
    reset(home)


def fields(code: str) -> dict[str, str]:
    """A whole form: one rating throughout and two comments."""
    return {"code": code, "receipt": new_receipt(), "step": "send", **answers()}


def answers() -> dict[str, str]:
    """What a rater fills in."""
    asked = find("doctor-colleagues/1")
    return {f"item.{item}": "4" for item in asked.item_ids} | {f"text.{prompt.id}": WORDS for prompt in asked.prompts}


def reset(home: Path) -> None:
    """Make every link work again, and empty the bare app's table."""
    for file, words in (("msf.db", "UPDATE slot SET sealed = NULL, receipt_hash = NULL"), ("bare.db", None)):
        with contextlib.closing(sqlite3.connect(home / file)) as connection, connection:
            if words or connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'answer'").fetchone():
                connection.execute(words or "DELETE FROM answer")
        with contextlib.closing(sqlite3.connect(home / file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def stored(home: Path, app: str) -> int:
    """How many answers an app has kept."""
    file, words = {
        "ours": ("msf.db", "SELECT count(*) FROM slot WHERE sealed IS NOT NULL"),
        "bare": ("bare.db", "SELECT count(*) FROM answer"),
    }[app]
    with contextlib.closing(sqlite3.connect(home / file)) as connection:
        return int(connection.execute(words).fetchone()[0])


def compare(home: Path, codes: Sequence[str], server: str, turns: int, connections: int) -> None:
    """Both apps behind one kind of server, in turn, and two lines of the table."""
    runs: dict[str, list[Outcome]] = {"bare": [], "ours": []}
    with serving(server, "bare") as bare_port, serving(server, "ours") as our_port:
        ports = {"bare": bare_port, "ours": our_port}
        for app, port in ports.items():
            run(port, _submissions(codes[: 4 * connections]), connections=connections)  # warms caches, not counted
            del app
        for _ in range(turns):
            for app, port in ports.items():
                reset(home)
                outcome = run(port, _submissions(codes), connections=connections)
                assert not outcome.refused, outcome.refused[0].decode("utf-8", "replace")
                assert stored(home, app) == len(codes), f"{app} kept {stored(home, app)} of {len(codes)}"
                runs[app].append(outcome)
    rates = {app: [len(codes) / outcome.seconds for outcome in found] for app, found in runs.items()}
    ratios = [ours / bare for ours, bare in zip(rates["ours"], rates["bare"], strict=True)]
    for app in ("bare", "ours"):
        told = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})" if app == "ours" else ""
        print(line(server, app, rates[app], [each for outcome in runs[app] for each in outcome.each], told), flush=True)


def line(server: str, app: str, rates: Sequence[float], each: Sequence[float], ratio: str) -> str:
    """One line of the table."""
    percentiles = statistics.quantiles(each, n=100)
    spread = f"{min(rates):.0f}-{max(rates):.0f}"
    return (
        f"{server:<10}{app:<7}{statistics.median(rates):>10.0f}{spread:>16}"
        f"{percentiles[49] * 1000:>9.1f}{percentiles[98] * 1000:>9.1f}{ratio:>20}"
    )


def _submissions(codes: Sequence[str]) -> list[tuple[bytes, bytes, bytes]]:
    given = answers()
    return [requests_of(code, new_receipt(), given) for code in codes]


@contextlib.contextmanager
def serving(server: str, app: str) -> Iterator[int]:
    """One app behind one server on a free loopback port, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [part.format(port=port, app=app) for part in SERVERS[server]]
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/give", timeout=5) as page:
            page.read()
            return
        time.sleep(0.2)
    raise RuntimeError("the server did not come up")


if __name__ == "__main__":
    main()

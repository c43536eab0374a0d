"""The lab's findings as Markdown tables."""

import math
from collections.abc import Iterable, Sequence

from tests.lab.campaign import Outcome
from tests.lab.case import PEOPLE
from tests.lab.crowds import GROUPS
from tests.lab.leaky import BUILDS
from tests.lab.levels import LEVELS, RESIDUALS, SERVER_LOG
from tests.lab.oracles.names import ATTACKS
from tests.lab.verdict import ALARM, RHO, Key, Score, alarm_of, hits_limit

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def report(outcomes: Sequence[Outcome], command: str) -> str:
    """Everything, from the rule to the residuals."""
    parts = [_rule(outcomes, command)]
    parts += [_engine(outcome) for outcome in outcomes]
    parts += [_leaky(outcomes), _crowds(outcomes), _residuals(outcomes), _verdict(outcomes)]
    return "\n\n".join(parts) + "\n"


def _rule(outcomes: Sequence[Outcome], command: str) -> str:
    runs = outcomes[0].runs
    pairs = runs * PEOPLE
    limit = hits_limit(pairs, ALARM)
    binomial, orders = alarm_of(pairs, limit)
    guesses = sum(len(outcome.board) for outcome in outcomes)
    twice = guesses * (orders**2 + 0.003**2 / 2)
    levels = "\n".join(f"- **{name}**: {words}." for name, words in LEVELS.items())
    return f"""Command: `{command}`

{runs} runs of {PEOPLE} colleagues on each database: {pairs:,} pairings of a person with an answer, {pairs // PEOPLE} of
them right by chance. A guess is one way to put people in order beside one way to put answers in order, the same in
every run. It reaches a limit with {limit} hits or more (chance {binomial:.3%} by the binomial, {orders:.3%} for whole
orders drawn at random, both exact) or a rank correlation of {RHO} or more, up or down (of a guess that only some runs
allow: the same chance, so fewer hits and a wider bound for the correlation). There are {guesses:,} guesses,
so some reach a limit by luck; those are tried again on {runs} fresh runs, and the lab fails where one reaches it twice
(chance for the whole lab at most {twice:.1%}).

A cell shows the guess that is farthest above chance (its hits; “/280” where it could be made in some runs only), in
brackets how many guesses there were, and the rank correlation farthest from none. “–”: nothing of the kind is there.

What the attacker holds:

{levels}"""


def _engine(outcome: Outcome) -> str:
    lines = [
        f"### {NAMES[outcome.engine]}: the product as it is",
        "",
        "| Attack | " + " | ".join(LEVELS) + " |",
        "| --- |" + " --- |" * len(LEVELS),
    ]
    for oracle in ATTACKS:
        cells = [_cell(outcome, oracle, level) for level in LEVELS]
        lines.append(f"| {oracle} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", _again(outcome)])


def _cell(outcome: Outcome, oracle: str, level: str) -> str:
    found = [score for key, score in outcome.board.items() if key.level == level and oracle in key.oracles]
    if not found:
        return "–"
    top = max(found, key=lambda score: (score.hits - score.pairs / PEOPLE) / math.sqrt(score.pairs))
    rho = max(found, key=lambda score: abs(score.rho) * math.sqrt(score.runs)).rho
    of = "" if top.runs == outcome.runs else f"/{top.pairs}"
    return f"{top.hits}{of} ({len(found)}), {rho:+.2f}"


def _again(outcome: Outcome) -> str:
    if not outcome.again:
        return "No guess reached a limit."
    lines = [f"{len(outcome.again)} guesses reached a limit and were tried again on fresh runs:", ""]
    for key, score in outcome.again.items():
        fell = "**reached it again**" if key in outcome.fallen else "did not reach it again"
        lines.append(f"- {_words(key)}: {_figures(outcome.board[key])}, then {_figures(score)}: {fell}")
    return "\n".join(lines)


def _words(key: Key) -> str:
    return f"{key.level}, {key.kind} by {' and '.join(key.oracles)} ({key.where})"


def _figures(score: Score) -> str:
    return f"{score.hits} of {score.pairs}, {score.rho:+.2f}"


def _leaky(outcomes: Sequence[Outcome]) -> str:
    lines = [
        "### Builds broken on purpose",
        "",
        "| Build | What is wrong | Database | Broken by (level of knowledge, share matched) |",
        "| --- | --- | --- | --- |",
    ]
    for build in BUILDS:
        for outcome in outcomes:
            found = outcome.broken[build.name]
            by = "; ".join(f"{oracle} ({level}, {share:.0%})" for oracle, (level, share) in sorted(found.items()))
            lines.append(
                f"| {build.name} | {build.what(outcome.engine)} | {NAMES[outcome.engine]} | {by or '**no**'} |"
            )
    return "\n".join(lines)


def _crowds(outcomes: Sequence[Outcome]) -> str:
    sizes = ", ".join(f"{people} ({group})" for group, people in GROUPS.items())
    lines = [
        "### The sealing key and small groups",
        "",
        f"Rounds of {sum(GROUPS.values())} colleagues in groups of {sizes}. With every copy and the sealing key, each "
        "box is opened, and whoever was asked and may have written it is counted.",
        "",
        "| Build | Database | Boxes | Fewest people a box could be of | Matched by the best guess |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for outcome in outcomes:
        for name, crowd in zip(("the product", "each answer sealed with its own group"), outcome.crowds, strict=True):
            boxes, share = f"{crowd.boxes}", f"{crowd.share:.0%}"
            lines.append(f"| {name} | {NAMES[outcome.engine]} | {boxes} | {crowd.fewest} | {share} |")
    return "\n".join(lines)


def _residuals(outcomes: Sequence[Outcome]) -> str:
    words = RESIDUALS | {
        SERVER_LOG: "PostgreSQL’s own log (pg_wal or its archive), also from after the close, the sealing key, and the "
        "order of people: the server keeps sealed bytes there until a segment is used again, whatever is deleted"
    }
    lines = [
        "### What does succeed, as documented",
        "",
        "| Attacker holds | Database | Matched |",
        "| --- | --- | --- |",
    ]
    for outcome in outcomes:
        for level, share in outcome.residuals.items():
            lines.append(f"| {words[level]} | {NAMES[outcome.engine]} | {share:.0%} |")
    return "\n".join(lines)


def _verdict(outcomes: Iterable[Outcome]) -> str:
    return "\n".join(
        f"{NAMES[outcome.engine]}: {'passed' if outcome.passed else '**FAILED**'}." for outcome in outcomes
    )

"""Builds broken on purpose, by patches that live here and nowhere in the product: the attacks must break each one."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.lab.leaky import marks, order, remains

Patch = Callable[[], contextlib.AbstractContextManager[None]]


@dataclass(frozen=True)
class Build:
    """A way to spoil the product: `patch` while it runs, `alter` on its database, and what it stands for by engine.

    `in_files` where the leak lies in how a database keeps rows, so that each has to be attacked in its own way.
    """

    name: str
    patch: Patch
    says: str
    alter: Sequence[str] = ()
    on_postgresql: str = ""
    in_files: bool = False

    def what(self, engine: str) -> str:
        """What is broken, on this engine."""
        return (self.on_postgresql if engine == "postgresql" else "") or self.says


BUILDS = (
    Build("counter key", order.counted, "answers are numbered as they come instead of by random ids"),
    Build(
        "created_at", marks.timed, "a time is written with each answer, and kept with it at the close",
        alter=[f"ALTER TABLE {table} ADD COLUMN created_at TIMESTAMP" for table in ("slot", "answer")],
    ),
    Build("UUIDv7", order.dated, "ids that hold the time at which the answer came"),
    Build(
        "used flag", marks.used, "the invitation is marked as used in the transaction that fills the slot",
        alter=("ALTER TABLE invitation ADD COLUMN used BOOLEAN",), in_files=True,
    ),
    Build("no VACUUM", remains.unscrubbed, "nothing is rewritten after the close", in_files=True),
    Build(
        "secure_delete off", remains.undeleted, "deleted bytes are kept, the log is emptied, the file is not rewritten",
        on_postgresql="the slot table is vacuumed but not rewritten", in_files=True,
    ),
    Build("export by key", order.keyed, "random ids, but in the order in which answers came, and exports sorted by id"),
    Build("token logged", marks.logged, "codes are logged where letters are written and where answers come in"),
    Build("unshuffled comments", order.unshuffled, "one person's comments take the same place in every question"),
)  # fmt: skip

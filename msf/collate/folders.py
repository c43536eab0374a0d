"""What is written: a folder a practitioner, there whole or not at all, and the lists that belong to all of them."""

import csv
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from msf.base.sheets import defused
from msf.collate.faults import CollateRefused, Fault, shown

MAKING: Final = ".making-"
_CHOOSE = "Choose a folder that is not there yet, or an empty one."


def check_out(out: Path) -> None:
    """A refusal where `out` is neither an empty folder nor a name for a new one; nothing is made yet."""
    if out.exists() and not out.is_dir():
        raise CollateRefused(f"{shown(str(out))} is a file, not a folder.", remedy=_CHOOSE)
    if out.exists() and any(out.iterdir()):
        raise CollateRefused(f"The folder {shown(str(out))} is not empty.", remedy=_CHOOSE)
    nearest = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise CollateRefused(f"Nothing can be written to {shown(str(nearest))}.", remedy="Choose another folder.")


def write_folder(out: Path, name: str, files: Mapping[str, bytes]) -> None:
    """The folder `name` with these files; where one cannot be written there is no folder at all."""
    making = Path(mkdtemp(prefix=MAKING, dir=out))
    try:
        for file, content in files.items():
            (making / file).write_bytes(content)
        making.chmod(0o777 & ~_umask())
        making.rename(out / name)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def write_problems(out: Path, faults: Iterable[Fault]) -> None:
    """`problems.csv`: line, column and reason of everything that was refused, only a head where nothing was."""
    with (out / "problems.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "column", "reason"))
        for fault in faults:
            writer.writerow((fault.line or "", defused(fault.column), defused(fault.reason)))


def as_json(data: Mapping[str, Any]) -> bytes:
    """Readable JSON with a line end."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()

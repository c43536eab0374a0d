"""An export as one file to take away."""

import shutil
from datetime import date
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def pack(folder: Path, file: IO[bytes], *, on: date) -> None:
    """Write the files of `folder`, by name, into one ZIP; they bear the day `on`, whenever they were made."""
    with ZipFile(file, "w", ZIP_DEFLATED) as parcel:
        for path in sorted(folder.iterdir()):
            entry = ZipInfo(f"{folder.name}/{path.name}", (on.year, on.month, on.day, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            with path.open("rb") as source, parcel.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)

"""Draw every picture of docs/method.md anew: .venv/bin/python -m bench.pictures."""

from collections.abc import Callable
from pathlib import Path

from bench.pictures import answers, apart, peers, rounds

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "method"
PICTURES: dict[str, Callable[[], bytes]] = answers.PICTURES | apart.PICTURES | peers.PICTURES | rounds.PICTURES


def main() -> None:
    """Write them all, and say how large they are."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    total = 0
    for name, draw in PICTURES.items():
        total += (FOLDER / f"{name}.svg").write_bytes(draw())
    print(f"{len(PICTURES)} pictures, {total / 1000:.0f} kB, in docs/pictures/method")


if __name__ == "__main__":
    main()

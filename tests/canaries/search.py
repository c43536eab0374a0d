"""Looks for planted words in bytes, however they were written down: in the clear, encoded, escaped or packed."""

import base64
import binascii
import gzip
import html
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

_PACKED = re.compile(rb"\x1f\x8b\x08|x[\x01\x5e\x9c\xda]")
_MOST = 64 * 1024 * 1024


def spellings(word: str) -> dict[str, bytes]:
    """Every way in which `word` might stand in a file, by name; each at least eight bytes long."""
    plain = word.encode("utf-8")
    found = {
        "in the clear": plain,
        "capitals": word.upper().encode("utf-8"),
        "UTF-16": word.encode("utf-16-le"),
        "UTF-16, other end first": word.encode("utf-16-be"),
        "in an address": quote(word, safe="").encode("ascii"),
        "in a form": quote_plus(word).encode("ascii"),
        "JSON": json.dumps(word)[1:-1].encode("ascii"),
        "HTML": html.escape(word).encode("utf-8"),
        "hexadecimal": binascii.hexlify(plain),
        "HEXADECIMAL": binascii.hexlify(plain).upper(),
        "numbers in Python": repr(plain)[2:-1].encode("ascii"),
        "PDF text": b" ".join(f"{ord(sign):04X}".encode() for sign in word).replace(b" ", b""),
    }
    for at in range(3):
        # What stands before and after it decides the first and the last signs, so those are left out.
        packed = base64.b64encode(b"\0" * at + plain + b"\0\0")
        found[f"base64 from {at}"] = packed[-(-at * 8 // 6) : (at + len(plain)) * 8 // 6]
    return {name: spelt for name, spelt in found.items() if len(spelt) >= 8}


@dataclass
class Canaries:
    """What was planted: words by kind, such as the comments or the codes of raters."""

    words: Mapping[str, Iterable[str]]
    _spelt: list[tuple[str, str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for kind, words in self.words.items():
            unique: dict[bytes, str] = {}
            for word in words:
                for name, spelt in spellings(word).items():
                    unique.setdefault(spelt, name)
            self._spelt += [(kind, name, spelt) for spelt, name in unique.items()]

    def within(self, data: bytes) -> set[tuple[str, str]]:
        """The kinds that stand in `data`, or in anything packed in it, and how they are written."""
        found: set[tuple[str, str]] = set()
        for layer in layers(data):
            found |= {(kind, name) for kind, name, spelt in self._spelt if spelt in layer}
        return found


def layers(data: bytes, *, depth: int = 2) -> Iterator[bytes]:
    """`data`, and everything that zlib or gzip has packed into it: streams of a PDF, files in an archive."""
    yield data
    if depth == 0:
        return
    for match in _PACKED.finditer(data):
        unpacked = _unpacked(data[match.start() : match.start() + _MOST])
        if len(unpacked) >= 8:
            yield from layers(unpacked, depth=depth - 1)


def _unpacked(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=47)
    try:
        return unpacker.decompress(data, _MOST)
    except zlib.error:
        return b""


@dataclass
class Search:
    """A look through many places: how many there were, how many bytes, and where something was found."""

    canaries: Canaries
    places: int = 0
    size: int = 0
    found: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def look(self, place: str, data: bytes | str) -> None:
        """Look in one place."""
        raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
        self.places += 1
        self.size += len(raw)
        for kind, name in self.canaries.within(raw):
            self.found.setdefault((place, kind), set()).add(name)

    def look_below(self, folder: Path, *, called: str = "") -> None:
        """Look in every file below `folder`, and at what the files are called."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = f"{called}{path.relative_to(folder)}"
                self.look(name, path.read_bytes())
                self.look("names of files", name)

    def beyond(self, allowed: Mapping[str, Iterable[str]]) -> list[str]:
        """What was found where `allowed` (patterns of places, by kind) does not say that it may stand."""
        return sorted(
            f"{kind} in {place} ({', '.join(sorted(names))})"
            for (place, kind), names in self.found.items()
            if not any(re.fullmatch(pattern, place) for pattern in allowed.get(kind, ()))
        )


def packed_samples(word: str) -> dict[str, bytes]:
    """`word` as a leak might have written it, for the search to prove itself on."""
    around = f"before {word} after".encode()
    return {
        "plain": around,
        "gzip": gzip.compress(around * 3),
        "stream": b"%PDF-1.7 stream\n" + zlib.compress(around * 3) + b"\nendstream",
        "gzip in zlib": zlib.compress(gzip.compress(around * 3)),
        "UTF-16": around.decode().encode("utf-16"),
        "base64": base64.b64encode(around),
        "base64, one on": base64.b64encode(b"x" + around),
        "base64, two on": base64.b64encode(b"xy" + around),
        "hexadecimal": around.hex().encode(),
        "address": b"GET /give?c=" + quote(word, safe="").encode(),
        "JSON": json.dumps({"word": word}).encode(),
        "HTML": html.escape(word).encode(),
    }

"""Sealing one answer so that its box tells nothing, not even by its length; pure, over libsodium's sealed boxes."""

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from msf.instruments import Questionnaire

MAGIC = b"MSF1"
_HEADER = 640
_STEP = 256
_NAME = 80
_LENGTH = struct.Struct(">I")


class Unreadable(Exception):
    """A sealed box that this round's key does not open, or whose content is not an answer of this round."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is put inside a sealed box: one rater's answers with their family and group, or a refusal to answer."""

    round_id: str
    questionnaire: str
    family: str
    group: str
    declined: bool = False
    ratings: bytes = b""
    comments: Mapping[str, str] = field(default_factory=dict)


def size_of(questionnaires: Iterable[Questionnaire]) -> int:
    """The one size in bytes to which every answer of a round is padded, from its questionnaires' own limits."""
    longest = max(_longest(questionnaire) for questionnaire in questionnaires)
    return -(-(len(MAGIC) + _LENGTH.size + _HEADER + longest) // _STEP) * _STEP


def _longest(questionnaire: Questionnaire) -> int:
    texts = sum(_LENGTH.size + prompt.limit for prompt in questionnaire.prompts)
    return len(questionnaire.items) + texts


def pack(sheet: Sheet, *, size: int) -> bytes:
    """`sheet` as exactly `size` bytes; `ValueError` where it does not fit, which the form's limits rule out.

    Layout: magic, length of the header, header (JSON), ratings, comments one after another, zeros.
    """
    texts = {key: text.encode("utf-8") for key, text in sheet.comments.items()}
    header = {
        "round": sheet.round_id,
        "questionnaire": sheet.questionnaire,
        "family": sheet.family,
        "group": sheet.group,
        "declined": sheet.declined,
        "ratings": len(sheet.ratings),
        "comments": {key: len(text) for key, text in texts.items()},
    }
    head = json.dumps(header, separators=(",", ":")).encode("ascii")
    plain = MAGIC + _LENGTH.pack(len(head)) + head + sheet.ratings + b"".join(texts.values())
    if len(plain) > size:
        raise ValueError("The answer is larger than its questionnaire allows.")
    return plain.ljust(size, b"\0")


def unpack(plain: bytes, *, round_id: str) -> Sheet:
    """The answer in `plain`; `Unreadable` where it is not one of this round in this format."""
    try:
        return _unpack(plain, round_id)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, struct.error) as error:
        raise Unreadable from error


def _unpack(plain: bytes, round_id: str) -> Sheet:
    start = len(MAGIC) + _LENGTH.size
    if plain[: len(MAGIC)] != MAGIC:
        raise ValueError("not an answer of this format")
    (length,) = _LENGTH.unpack_from(plain, len(MAGIC))
    header = json.loads(plain[start : start + length])
    if header["round"] != round_id:
        raise ValueError("an answer of another round")
    parts = _cut(plain[start + length :], [header["ratings"], *header["comments"].values()])
    texts = [part.decode("utf-8") for part in parts[1:]]
    names = (header["questionnaire"], header["family"], header["group"])
    if not all(isinstance(name, str) and len(name) <= _NAME for name in names) or "\0" in "".join(texts):
        raise ValueError("not a word where a word has to be")
    if header["family"] not in ("colleagues", "patients") or not isinstance(header["declined"], bool):
        raise ValueError("an answer of nobody who is asked")
    return Sheet(round_id, *names, header["declined"], parts[0], dict(zip(header["comments"], texts, strict=True)))


def _cut(rest: bytes, sizes: Iterable[int]) -> list[bytes]:
    """The pieces of `rest` that have these sizes, one after another; `ValueError` where it does not hold them all."""
    parts, at = [], 0
    for size in sizes:
        if not 0 <= size <= len(rest) - at:
            raise ValueError("a piece that is not there")
        parts.append(rest[at : at + size])
        at += size
    return parts


def new_pair() -> tuple[bytes, bytes]:
    """A new private key and its public half, 32 bytes each."""
    private = PrivateKey.generate()
    return bytes(private), bytes(private.public_key)


def public_of(private: bytes) -> bytes:
    """The public half of `private`."""
    return bytes(PrivateKey(private).public_key)


def seal(plain: bytes, public: bytes) -> bytes:
    """`plain` in a box that only the private half of `public` opens; 48 bytes longer."""
    return SealedBox(PublicKey(public)).encrypt(plain)


def unseal(sealed: bytes, private: bytes) -> bytes:
    """What is inside `sealed`; `Unreadable` where `private` does not open it."""
    try:
        return SealedBox(PrivateKey(private)).decrypt(sealed)
    except CryptoError as error:
        raise Unreadable from error

"""What the door refuses, and the codes it hands out; pure."""

import hashlib
import re
import secrets

from msf.base.errors import Refusal

_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_RECEIPT = re.compile(f"[{_SIGNS}]{{12}}")


class LinkSpent(Refusal):
    """A token that opens nothing: unknown, already used, of another service or of a round that is not open.

    All of these are one and the same page, so that a link tells nobody whether its owner has answered.
    """

    status = 404
    title = "This link or code has already been used, or is not valid"
    message = "We cannot open a questionnaire with it."
    remedy = (
        "If you typed the code, check it and try again. If you have already sent your answers, there is nothing "
        "more to do. If the closing date in your letter has passed, answers can no longer be taken."
    )


class NothingToWithdraw(Refusal):
    """A pair of token and receipt that belong to no answer that is still sealed; one page for every reason."""

    status = 404
    title = "We could not withdraw an answer with these codes"
    message = "Either a code is not right, the answer was withdrawn before, or the questionnaire has closed."
    remedy = "Check both codes and try again. After the closing date no answer can be withdrawn, not even by us."


def new_receipt() -> str:
    """A receipt code: 12 signs that are easy to read aloud, 60 random bits."""
    return "".join(_SIGNS[byte & 31] for byte in secrets.token_bytes(12))


def read_receipt(text: str) -> str | None:
    """The receipt code in what somebody typed, forgiving case, spaces and look-alikes; `None` where it is none.

    >>> read_receipt(" ABCD-efgh-0o1l ")
    'abcdefgh0011'
    """
    plain = re.sub(r"[\s-]", "", text.lower()).translate(str.maketrans("oil", "011"))
    return plain if _RECEIPT.fullmatch(plain) else None


def receipt_hash(receipt: str) -> bytes:
    """What the slot keeps of a receipt code."""
    return hashlib.sha256(b"msf receipt 1" + receipt.encode("ascii")).digest()


def same_receipt(kept: bytes | None, receipt: str) -> bool:
    """Whether `kept` is what a slot keeps of this receipt: the same form, sent again."""
    return kept is not None and secrets.compare_digest(kept, receipt_hash(receipt))


def grouped(code: str) -> str:
    """A code in groups of four, as it is printed.

    >>> grouped("abcdefgh0011")
    'abcd efgh 0011'
    """
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))

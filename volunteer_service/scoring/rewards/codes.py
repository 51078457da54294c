"""Pick-up codes: 40 bits in Crockford's base 32, made from the order's number and a secret.

A keyed permutation of the number, so that two orders never share a code and none needs to be
stored: whoever may see the order sees the code again, and the database alone gives none away.
"""

import hashlib
from urllib.parse import parse_qs, urlsplit

from volunteer_service import crypto
from volunteer_service.scoring.rules import crockford

_HALF = crockford.BITS // 2
_MASK = (1 << _HALF) - 1
_ROUNDS = 6


def code_of(redemption_id: int) -> str:
    """The pick-up code of an order, as it is stored nowhere."""
    left, right = redemption_id >> _HALF & _MASK, redemption_id & _MASK
    for turn in range(_ROUNDS):
        left, right = right, left ^ _mixed(turn, right)
    return crockford.encode(left << _HALF | right)


def hash_of(code: str) -> str:
    """What is stored of a code: a keyed hash, so that it is found in one look-up."""
    return crypto.vault().key_of(code, "redemption.code")


def read(text: str) -> str | None:
    """The code in what was typed or scanned (the QR holds the desk's address with ``q=``)."""
    if "://" in text:
        text = parse_qs(urlsplit(text).query).get("q", [""])[0]
    return crockford.read(text)


def _mixed(turn: int, half: int) -> int:
    keyed = crypto.vault().key_of(f"{turn}:{half}", "redemption.permutation")
    return int.from_bytes(hashlib.sha256(keyed.encode()).digest()[:4], "big") & _MASK

"""Pick-up codes: 40 bits in Crockford's base 32, made from the order's number and a secret.

The code is a keyed permutation of the number, so two orders never share one and none is stored: a
person who may see the order sees the code again, and the database alone reveals none. A code whose
check symbol is no letter or digit cannot be read out over a counter: the next draw of the same
number replaces it.
"""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from volunteer_service import crypto
from volunteer_service.db import db
from volunteer_service.identifiers import base32, typed_text
from volunteer_service.scoring.rewards.models import Redemption

_HALF = base32.BITS // 2
_MASK = (1 << _HALF) - 1
_ROUNDS = 6
#: Enough bits for every order; the bits above count the draws.
_NUMBER_BITS = 34


def new_code(redemption_id: int) -> str:
    """Return the pick-up code of a new order, of letters and digits only."""
    return next(code for code in _draws(redemption_id) if code.isalnum())


def code_of(row: Redemption) -> str:
    """Return the pick-up code of an order, the one whose hash it keeps; older ones may end in a
    sign.
    """
    draws = (code for code in _draws(row.id) if hash_of(code) == row.code_hash)
    return next(draws, new_code(row.id))


def hash_of(code: str) -> str:
    """Return what is stored of a code: a keyed hash, so that it is found in one look-up."""
    return crypto.vault().key_of(code, "redemption.code")


def read(text: str) -> str | None:
    """Return the code in a typed or scanned text, with any label before it or within an address."""
    return base32.read(typed_text.plain(text))


def owner_of(text: str) -> int | None:
    """Return the volunteer of the order whose code was typed or scanned, if any."""
    code = read(text)
    if code is None:
        return None
    query = select(Redemption.volunteer_id).where(Redemption.code_hash == hash_of(code))
    return db.session.scalar(query)


def _draws(redemption_id: int) -> Iterator[str]:
    """Yield all codes of one number; each draw has a range of its own above all orders' numbers."""
    for draw in range(1 << base32.BITS - _NUMBER_BITS):
        yield _permuted(draw << _NUMBER_BITS | redemption_id)


def _permuted(number: int) -> str:
    left, right = number >> _HALF & _MASK, number & _MASK
    for turn in range(_ROUNDS):
        left, right = right, left ^ _mixed(turn, right)
    return base32.encode(left << _HALF | right)


def _mixed(turn: int, half: int) -> int:
    keyed = crypto.vault().key_of(f"{turn}:{half}", "redemption.permutation")
    return int.from_bytes(hashlib.sha256(keyed.encode()).digest()[:4], "big") & _MASK

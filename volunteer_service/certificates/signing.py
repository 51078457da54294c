"""Signatures of certificates: a row edited by hand or an invented paper does not verify.

From format 2 on the words include their format, which is signed too; a paper without one has the
first format. A new word needs the next format, and appears on papers from then on.

The key derives from ``SECRET_KEY``; papers signed before a rotation verify under the previous one.
"""

import hashlib
import hmac
import json
from typing import Any

from volunteer_service import crypto, settings
from volunteer_service.errors import WrittenByNewerProgram
from volunteer_service.identifiers import base32

#: Characters of the signature in a verify URL: 40 bits, beyond guessing behind the rate limit.
TOKEN = base32.CHARACTERS

#: The format in which words are written now; 2: a service record says content, organiser, leader.
FORMAT = 2


def written(**words: Any) -> dict[str, Any]:
    """Return the words as they are kept and signed."""
    return words if FORMAT == 1 else {"format": FORMAT, **words}


def read(words: dict[str, Any]) -> dict[str, Any]:
    """Return the words of a paper without their format; raise where a newer version of the program
    wrote them.
    """
    WrittenByNewerProgram.unless(words.get("format", 1), known=FORMAT)
    return {name: word for name, word in words.items() if name != "format"}


def sign(number: str, words: dict[str, Any]) -> str:
    """Return the signature (64 hex digits) over number and words, under today's key."""
    return _mac(settings.current().secret_key, number, words)


def is_signed(number: str, words: dict[str, Any], signature: str) -> bool:
    """Tell whether the signature is ours: under today's key or the one before it."""
    keys = settings.current().secret_keys
    return crypto.fits_one(signature, (_mac(key, number, words) for key in keys))


def token_of(number: str, signature: str) -> str:
    """Return the last part of the verify URL: number, dash, eight characters of the signature."""
    return f"{number}-{base32.encode(int(signature[:10], 16))[:TOKEN]}"


def is_token(number: str, mac: str, signature: str) -> bool:
    """Tell whether these eight characters belong to the certificate."""
    return hmac.compare_digest(token_of(number, signature).encode(), f"{number}-{mac}".encode())


def _mac(master: str, number: str, words: dict[str, Any]) -> str:
    key = hmac.digest(master.encode(), b"volunteer_service/certificates", hashlib.sha256)
    canonical = json.dumps(words, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key, f"{number}\n{canonical}".encode(), hashlib.sha256).hex()

"""Writes the statement of a paper as the bytes that are signed: a JSON array that a code on the
paper carries.

The array is ``[format, key, kind, number, ...]`` and then the words of :data:`FIELDS` in their
order. A service record states how many lines it has and a hash over them, because no code can hold
them. Standard library only, so that a paper is checked without database and network.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from volunteer_service.identifiers import base45

#: The words of each kind of paper, in the order in which they are signed; never changed.
FIELDS = {
    "honour": (
        *("name", "stars", "begins_on", "ends_on", "minutes"),
        *("rule", "policy_version", "issuer", "issued_on"),
    ),
    "service": (
        *("name", "masked_id", "volunteer_no", "begins_on", "ends_on", "minutes"),
        *("records", "records_hash", "unit", "issued_on"),
    ),
}
#: The beginning of a code, which tells it apart from an address.
PREFIX = "VS1:"
#: The end of a code: it protects a blank before it from programs that strip the end of a text.
END = "."
SIGNATURE = 64


@dataclass(frozen=True)
class Statement:
    """The content of a code, not verified yet: ``signed`` are the bytes under the signature."""

    format: int
    key: int
    kind: str
    number: str
    words: Mapping[str, Any]
    signed: bytes
    signature: bytes


def stated(key: int, number: str, words: Mapping[str, Any]) -> bytes:
    """Return the bytes that are signed for these words; ``key`` is the number of the key."""
    kind = "service" if "lines" in words else "honour"
    known = dict(words)
    if kind == "service":
        known |= {"records": len(words["lines"]), "records_hash": lines_hash(words["lines"])}
    said = [known["format"], key, kind, number, *(known[name] for name in FIELDS[kind])]
    return _json(said)


def lines_hash(lines: Any) -> str:
    """Return SHA-256 over the lines (sorted JSON), in 43 characters."""
    digest = hashlib.sha256(_json(lines)).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def code_of(signed: bytes, signature: bytes) -> str:
    """Return the text of the code that carries statement and signature."""
    return f"{PREFIX}{base45.encode(signature + signed)}{END}"


def read(text: str) -> Statement | None:
    """Return the content of a code, or None if it is not one of this service."""
    text = text.strip()
    if not (text.startswith(PREFIX) and text.endswith(END)):
        return None
    packed = base45.decode(text[len(PREFIX) : -len(END)])
    if packed is None or len(packed) <= SIGNATURE:
        return None
    signature, signed = packed[:SIGNATURE], packed[SIGNATURE:]
    try:
        format_, key, kind, number, *values = json.loads(signed)
        names = FIELDS[kind]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    is_known = type(key) is int and isinstance(number, str) and type(format_) is int
    if not is_known or len(values) != len(names):
        return None
    words = dict(zip(names, values, strict=True))
    return Statement(format_, key, kind, number, words, signed, signature)


def _json(said: Any) -> bytes:
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()

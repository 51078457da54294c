"""Checks a paper by its code and the published keys alone: no database, no network.

The check cannot tell whether the paper was revoked or replaced since; only the service knows that.
"""

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from volunteer_service.certificates import paper_codes, signing
from volunteer_service.certificates.paper_codes import Statement
from volunteer_service.certificates.refusals import NothingToCheck, WrongPublicKey
from volunteer_service.paper import attached

#: Bytes of a public key.
SIZE = 32

Outcome = Literal["genuine", "forged", "unknown_key", "key_revoked", "newer"]


@dataclass(frozen=True)
class Checked:
    """The result of the check; ``stated`` holds the words of the paper, to be believed if it is
    genuine.

    ``forged``: the signature does not fit, or the list of records is not the signed one.
    ``key_revoked``: it fits, but a thief of the key could have backdated the paper. ``newer``: a
    newer program wrote it.
    """

    outcome: Outcome
    number: str
    key: int
    kind: str
    stated: Mapping[str, Any]
    revoked_from: str | None = None


@dataclass(frozen=True)
class PublicKey:
    """A public key that the checker was given; without ``number`` it is tried on any paper."""

    key: bytes
    number: int | None = None
    revoked_from: str | None = None


def check(given: bytes | str, keys: list[PublicKey]) -> Checked:
    """Check the text of a code, or a PDF of this service, against these keys."""
    code, lines = _taken(given)
    found = paper_codes.read(code)
    if found is None:
        raise NothingToCheck()
    outcome, revoked_from = _outcome(found, keys)
    if outcome == "genuine" and lines is not None and not _same_lines(found, lines):
        outcome = "forged"
    return Checked(outcome, found.number, found.key, found.kind, found.words, revoked_from)


def public_keys(text: str) -> list[PublicKey]:
    """Read the keys that a checker has: the published file, or one key in base 64 or hex."""
    text = text.strip()
    if text.startswith("{"):
        return _published(text)
    return [PublicKey(_raw(text))]


def _published(text: str) -> list[PublicKey]:
    try:
        entries = json.loads(text)["keys"]
        return [
            PublicKey(_raw(each["public_key"]), each["number"], each.get("revoked_from"))
            for each in entries
            if each["public_key"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise WrongPublicKey(key=text[:40]) from None


def _raw(text: str) -> bytes:
    if re.fullmatch("[0-9a-fA-F]{64}", text):
        return bytes.fromhex(text)
    try:
        found = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != SIZE:
        raise WrongPublicKey(key=text[:40])
    return found


def _outcome(found: Statement, keys: list[PublicKey]) -> tuple[Outcome, str | None]:
    if found.format > signing.FORMAT:
        return "newer", None
    tried = [each for each in keys if each.number in (None, found.key)]
    if not tried:
        return "unknown_key", None
    for each in tried:
        if signing.fits(each.key, found.signed, found.signature):
            return ("key_revoked" if each.revoked_from else "genuine"), each.revoked_from
    return "forged", None


def _taken(given: bytes | str) -> tuple[str, list[Any] | None]:
    if isinstance(given, bytes) and given.startswith(b"%PDF"):
        facts = attached.read(given)
        if facts is None:
            raise NothingToCheck()
        lines = facts.get("words", {}).get("lines")
        return str(facts.get("code", "")), lines if isinstance(lines, list) else None
    if isinstance(given, bytes):
        given = given.decode("utf-8", errors="replace")
    return given, None


def _same_lines(found: Statement, lines: list[Any]) -> bool:
    return found.words.get("records_hash") == paper_codes.lines_hash(lines)

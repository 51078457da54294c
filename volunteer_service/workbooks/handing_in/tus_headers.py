"""The header fields of tus 1.0.0, the protocol in which an upload is sent piece by piece.

https://tus.io/protocols/resumable-upload: core, creation, termination, and checksum by sha256.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from volunteer_service.errors import Invalid
from volunteer_service.workbooks.handing_in.uploads import Unfinished
from volunteer_service.workbooks.refusals import UploadPieceHarmed

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
_NUMBER = re.compile(r"[0-9]{1,12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Fields(Protocol):
    """The header fields of a request, whatever the case of their names."""

    def get(self, key: str, default: str, /) -> str:
        """Return one of the fields."""


@dataclass(frozen=True)
class Announced:
    """What a client announces before the first piece."""

    name: str
    length: int
    sha256: str | None


def announced(headers: Fields) -> Announced:
    """Read name, length and, if given, the hash of the announced file."""
    said = _metadata(headers.get("Upload-Metadata", ""))
    digest = said.get("sha256") or None
    if digest is not None and not _SHA256.fullmatch(digest):
        raise Invalid(field="sha256", why="文件的 SHA-256 应为 64 位小写十六进制数")
    return Announced(said.get("filename", ""), number(headers, "Upload-Length"), digest)


def number(headers: Fields, name: str) -> int:
    """Read a field that holds a number of bytes."""
    said = headers.get(name, "")
    if not _NUMBER.fullmatch(said):
        raise Invalid(field=name, why="请写字节数")
    return int(said)


def check_piece(headers: Fields, piece: bytes) -> None:
    """Refuse a piece that does not match its ``Upload-Checksum``; pass one without it."""
    said = headers.get("Upload-Checksum", "")
    if not said:
        return
    algorithm, _, digest = said.partition(" ")
    if algorithm != "sha256" or _decoded(digest) != sha256(piece).digest():
        raise UploadPieceHarmed()


def facts(upload: Unfinished) -> dict[str, str]:
    """Return how far an upload is."""
    return {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.length),
        "Cache-Control": "no-store",
    }


def _metadata(written: str) -> dict[str, str]:
    found = {}
    for pair in written.split(","):
        key, _, value = pair.strip().partition(" ")
        found[key] = _decoded(value).decode("utf-8", errors="replace")
    return found


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""

"""QR codes of an event: signed, so that nobody can print one for an event of their own making.

A code says version, purpose and event, and a MAC over the three under the event's own key. The
key derives from ``SECRET_KEY``; codes made before a rotation are read under the previous one. The
poster is the lowest trust there is: whoever has seen it can scan a photo of it, so what an hour is
worth is said by its evidence grade, not by the code.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from volunteer_service import settings
from volunteer_service.attendance.refusals import CodeInvalid
from volunteer_service.events.models import Event
from volunteer_service.identifiers import base32

VERSION: Final = "1"
#: Purpose -> what it can do. Purposes are under the MAC: a code for entering cannot leave.
PURPOSES: Final[dict[str, tuple[str, ...]]] = {"p": ("in", "out"), "i": ("in",), "o": ("out",)}
POSTER, ENTRANCE, EXIT = PURPOSES
#: 96 bits: 16 characters, so that the whole URL stays a small QR code.
MAC_BYTES: Final = 12
#: QR version 4 at level M: above this the code grows and reads worse from a distance.
LONGEST_URL: Final = 56


@dataclass(frozen=True)
class Code:
    """A code that we made: the event's own code and what may be done with this one."""

    event_code: str
    purpose: str

    @property
    def kinds(self) -> tuple[str, ...]:
        """``in``, ``out``, or both."""
        return PURPOSES[self.purpose]


def token(event: Event, purpose: str = POSTER) -> str:
    """Return the signed code of an event for one purpose, some 26 characters."""
    return f"{VERSION}{purpose}{event.code}{_mac(_masters()[0], purpose, event.code)}"


def poster_url(event: Event) -> str:
    """Return what the poster's QR holds: one address that offers check-in or check-out as
    it fits.
    """
    return f"{settings.current().base_url}/c/{token(event)}"


def short_code(event: Event) -> str:
    """Return what is typed where nothing can be scanned: ``7ZQ4-M2KX-8``, the last one a check
    symbol.
    """
    return base32.spaced(event.code)


def typed_at() -> str:
    """Return where the short code is typed."""
    return f"{settings.current().base_url}/c"


def read(text: str) -> Code:
    """Return the code behind a scanned token; :class:`CodeInvalid` for whatever we did not sign."""
    length = len(text) - 2 - (MAC_BYTES * 4 // 3)
    if not text.isascii() or length < 1 or text[0] != VERSION or text[1] not in PURPOSES:
        raise CodeInvalid()
    purpose, event_code, mac = text[1], text[2 : 2 + length], text[2 + length :]
    # Every key is tried, so that the time taken does not tell which one fitted.
    fits = [hmac.compare_digest(_mac(key, purpose, event_code), mac) for key in _masters()]
    if not any(fits):
        raise CodeInvalid()
    return Code(event_code, purpose)


def _masters() -> list[str]:
    found = settings.current()
    return [key for key in (found.secret_key, found.secret_key_previous) if key]


@lru_cache(maxsize=1024)
def _mac(master: str, purpose: str, event_code: str) -> str:
    key = hmac.digest(
        master.encode(), b"volunteer_service/check-in/" + event_code.encode(), hashlib.sha256
    )
    message = "\0".join((VERSION, purpose, event_code)).encode()
    return urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)[:MAC_BYTES]).decode()

"""QR codes of an event: signed, so that nobody can print one for an event of their own making.

A code states version, purpose and event, with a MAC over the three under the event's own key. The
key derives from ``SECRET_KEY``; codes made before a rotation are read under the previous one. The
poster deserves the least trust: anybody who has seen it can scan a photo of it, so the evidence
grade, not the code, says what an hour is worth.

A screen at the door shows another code every :data:`STEP_SECONDS`; the one before and the one after
are read too. Its first scan is exchanged for a grant, which lasts :data:`GRANT_SECONDS`, so that
there is time to sign in. A grant carries the id of the one scan for which it is valid.

A person who types the digits that the leader says (``spoken_codes``) gets a grant too.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import uuid4

from volunteer_service import crypto, settings
from volunteer_service.attendance.refusals import CodeInvalid, CodeLapsed
from volunteer_service.events.models import Event
from volunteer_service.identifiers import base32

VERSION: Final = "1"
#: Purpose -> what it can do. Purposes are under the MAC: a code for entering cannot leave.
PURPOSES: Final[dict[str, tuple[str, ...]]] = {
    "p": ("in", "out"),
    "i": ("in",),
    "o": ("out",),
    "s": ("in", "out"),
    "g": ("in", "out"),
    "w": ("in", "out"),
}
POSTER, ENTRANCE, EXIT, SCREEN, GRANT, SPOKEN_GRANT = PURPOSES
#: Purpose -> what was scanned, as :attr:`Scan.source` keeps it; any other purpose is a poster's.
_SOURCES: Final = {SCREEN: "screen", GRANT: "screen", SPOKEN_GRANT: "spoken"}
#: How long a screen shows one code; it is read for one step more on either side.
STEP_SECONDS: Final = 20
#: How long a scanned code of a screen may wait for a sign-in or a registration.
GRANT_SECONDS: Final = 300
#: 96 bits: 16 characters, so that the whole URL stays a small QR code.
MAC_BYTES: Final = 12
#: QR version 4 at level M: above this the code grows and reads worse from a distance.
LONGEST_URL: Final = 56
_MAC_LENGTH: Final = MAC_BYTES * 4 // 3
#: Three characters say which step it was, within a week; the MAC is over the whole number.
_STEP_LENGTH: Final = 3
_STEPS: Final = 32**_STEP_LENGTH


@dataclass(frozen=True)
class Code:
    """A code that we made: the event's own code and what may be done with this one."""

    event_code: str
    purpose: str
    #: From this instant on it has lapsed; None of codes without an end.
    until: datetime | None = None
    #: The id of the one scan for which a grant is valid.
    scan_id: str | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return ``in``, ``out``, or both."""
        return PURPOSES[self.purpose]

    @property
    def source(self) -> str:
        """Return what was scanned, as :attr:`Scan.source` keeps it."""
        return _SOURCES.get(self.purpose, "poster")

    def need_alive(self, at: datetime) -> None:
        """Refuse a code that was true once (:class:`CodeLapsed`)."""
        if self.until is not None and at >= self.until:
            raise CodeLapsed()


def token(event: Event, purpose: str = POSTER) -> str:
    """Return the signed code of an event for one purpose, some 26 characters."""
    return f"{VERSION}{purpose}{event.code}{_signed(purpose, event.code)}"


def screen_token(event: Event, at: datetime) -> str:
    """Return the code that a screen shows at this instant, 30 characters."""
    step = step_of(at)
    said = f"{event.code}{base32.digits(step % _STEPS, _STEP_LENGTH)}"
    return f"{VERSION}{SCREEN}{said}{_signed(SCREEN, event.code, str(step))}"


def seconds_left(at: datetime, step: int = STEP_SECONDS) -> int:
    """Return for how many seconds a code that changes every ``step`` seconds still holds: 1 to
    ``step``.
    """
    return step - int(at.timestamp()) % step


def grant(code: Code, at: datetime) -> str:
    """Return what a browser keeps after a screen's code or a spoken one; valid for one scan."""
    until = int((at + timedelta(seconds=GRANT_SECONDS)).timestamp())
    said = f"{code.event_code}.{until}.{uuid4()}."
    purpose = SPOKEN_GRANT if code.source == "spoken" else GRANT
    return f"{VERSION}{purpose}{said}{_signed(purpose, said)}"


def is_grant(kept: str, event_code: str) -> bool:
    """Tell whether what a browser keeps is a grant for this event; :func:`read` tells if it is
    ours.
    """
    return kept.startswith(tuple(f"{VERSION}{each}{event_code}." for each in (GRANT, SPOKEN_GRANT)))


def poster_url(event: Event) -> str:
    """Return what the poster's QR holds: one address that offers check-in or check-out as
    it fits.
    """
    return url_of(token(event))


def url_of(scanned: str) -> str:
    """Return the address that a QR code of this token holds."""
    return f"{settings.current().base_url}/c/{scanned}"


def short_code(event: Event) -> str:
    """Return what is typed where nothing can be scanned: ``7ZQ4-M2KX-8``, the last one a check
    symbol.
    """
    return base32.spaced(event.code)


def typed_at() -> str:
    """Return where the short code is typed."""
    return f"{settings.current().base_url}/c"


def read(text: str, at: datetime) -> Code:
    """Return the code behind a scanned token; :class:`CodeInvalid` for anything that we did not
    sign.

    An older code of a screen is :class:`CodeLapsed`. A lapsed grant is still read, so that its
    browser shows the person's state; :meth:`Code.need_alive` refuses the scan.
    """
    said, mac = text[2:-_MAC_LENGTH], text[-_MAC_LENGTH:]
    if not text.isascii() or len(text) < 3 + _MAC_LENGTH or text[0] != VERSION:
        raise CodeInvalid()
    purpose = text[1]
    if purpose == SCREEN:
        return _read_screen(said, mac, at)
    if purpose not in PURPOSES or not _is_ours(mac, purpose, said):
        raise CodeInvalid()
    if purpose in {GRANT, SPOKEN_GRANT}:
        event_code, until, scan_id, _end = said.split(".")
        return Code(event_code, purpose, datetime.fromtimestamp(int(until), at.tzinfo), scan_id)
    return Code(said, purpose)


def _read_screen(said: str, mac: str, at: datetime) -> Code:
    event_code, shown = said[:-_STEP_LENGTH], base32.number(said[-_STEP_LENGTH:])
    if shown is None:
        raise CodeInvalid()
    latest = step_of(at) + 1
    step = latest - (latest - shown) % _STEPS
    if not _is_ours(mac, SCREEN, event_code, str(step)):
        raise CodeInvalid()
    code = Code(event_code, SCREEN, datetime.fromtimestamp((step + 2) * STEP_SECONDS, at.tzinfo))
    code.need_alive(at)
    return code


def step_of(at: datetime, seconds: int = STEP_SECONDS) -> int:
    """Return the number of the step of so many seconds in which an instant lies."""
    return int(at.timestamp()) // seconds


def _signed(*said: str) -> str:
    return mac_of(settings.current().secret_key, *said)


def _is_ours(mac: str, *said: str) -> bool:
    return crypto.fits_one(mac, (mac_of(key, *said) for key in settings.current().secret_keys))


@lru_cache(maxsize=1024)
def mac_of(master: str, purpose: str, event_code: str, *more: str) -> str:
    """Return 16 characters that prove, under a key of the service, what a code says."""
    key = hmac.digest(
        master.encode(), b"volunteer_service/check-in/" + event_code.encode(), hashlib.sha256
    )
    message = "\0".join((VERSION, purpose, event_code, *more)).encode()
    return urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)[:MAC_BYTES]).decode()

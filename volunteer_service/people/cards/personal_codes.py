"""The code on a volunteer's own phone, which changes every 30 s, without network too.

The phone has a key derived from ``SECRET_KEY``, the person and the account's epoch, so signing out
everywhere or a new password ends it, and nothing is stored. A code states version, person and step,
with a MAC over the step. It proves that this phone was here half a minute ago.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from volunteer_service import crypto, settings
from volunteer_service.db import db
from volunteer_service.errors import NotFound, Refused
from volunteer_service.identifiers import base32, typed_text
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.merged_entries import going_on
from volunteer_service.people.models import Account, Volunteer

VERSION: Final = "1"
STEP_SECONDS: Final = 30
#: How many steps a phone's clock and a slow camera may be off, on either side.
GRACE: Final = 1
#: Characters of base 32 for the person, for the step (a year of them), and for 80 bits of the MAC.
_ID, _STEP, _MAC = 8, 4, 16
_SHAPE = re.compile(rf"{VERSION}[0-9A-HJKMNP-TV-Z]{{{_ID + _STEP + _MAC}}}")


class PersonalCodeLapsed(Refused):
    """The code was valid once: it is a photo, or the phone's clock is wrong."""

    message = "这个码已经换了。请本人在手机上再打开“我的签到码”；还不行，请核对手机的时间。"


@dataclass(frozen=True)
class PersonalKey:
    """What a phone needs to show its codes: their beginning, and the key in hexadecimal."""

    begins: str
    key: str
    #: The code of this instant, as its QR code holds it, and for how many seconds.
    text: str
    seconds: int


def key_of(by: Actor, *, at: datetime) -> PersonalKey:
    """Return the key of the actor's own codes; raise :class:`NotFound` for an actor who is no
    volunteer.
    """
    if by.volunteer_id is None:
        raise NotFound()
    epoch = db.session.scalar(select(Account.epoch).where(Account.id == by.account_id)) or 0
    key = _keys(by.volunteer_id, epoch)[0]
    begins = (
        f"{settings.current().base_url}/k/".upper() + VERSION + base32.digits(by.volunteer_id, _ID)
    )
    step = _step(at)
    shown = begins + base32.digits(step, _STEP) + _mac(key, step)
    return PersonalKey(begins, key.hex(), shown, STEP_SECONDS - int(at.timestamp()) % STEP_SECONDS)


def is_personal(text: str) -> bool:
    """Tell whether a text has the shape of a personal code, true or not."""
    return _SHAPE.fullmatch(_plain(text)) is not None


def owner_of_code(text: str, at: datetime) -> int | None:
    """Return who showed this code at ``at``, as the kept entry; None for codes that are not ours.

    Raises:
        PersonalCodeLapsed: It is ours, but of another half-minute.
    """
    said = _plain(text)
    if _SHAPE.fullmatch(said) is None:
        return None
    volunteer_id = base32.number(said[1 : 1 + _ID])
    known = (
        select(Account.epoch, going_on())
        .join(Volunteer, Volunteer.id == Account.volunteer_id)
        .where(Volunteer.id == volunteer_id, Account.disabled_at.is_(None))
        .where(Volunteer.state != "disowned")
    )
    found = db.session.execute(known).one_or_none()
    if volunteer_id is None or found is None:
        return None
    epoch: int = found[0]
    owner: int = found[1]
    step = _nearest(base32.number(said[1 + _ID : 1 + _ID + _STEP]) or 0, at)
    macs = (_mac(key, step) for key in _keys(volunteer_id, epoch))
    if not crypto.fits_one(said[-_MAC:], macs):
        return None
    if abs(step - _step(at)) > GRACE:
        raise PersonalCodeLapsed(field="text")
    return owner


def _nearest(shown: int, at: datetime) -> int:
    """Return the step of these last digits that is nearest to an instant."""
    turn = 1 << 5 * _STEP
    apart = (shown - _step(at)) % turn
    return _step(at) + (apart if apart < turn // 2 else apart - turn)


def _keys(volunteer_id: int, epoch: int) -> list[bytes]:
    said = f"volunteer_service/personal-code/{volunteer_id}/{epoch}".encode()
    masters = settings.current().secret_keys
    return [hmac.digest(each.encode(), said, hashlib.sha256) for each in masters]


def _mac(key: bytes, step: int) -> str:
    drawn = hmac.digest(key, str(step).encode(), hashlib.sha256)[: _MAC * 5 // 8]
    return base32.digits(int.from_bytes(drawn), _MAC)


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def _plain(text: str) -> str:
    return typed_text.plain(text).upper()

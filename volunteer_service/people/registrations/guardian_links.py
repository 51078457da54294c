"""A child's request to a guardian who is elsewhere: a link that the guardian opens on their own
phone.

Nothing is stored before the guardian agrees. The link contains what the child wrote, sealed with
``PERSONAL_DATA_KEY``, so that nobody in between reads or changes it.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from secrets import token_hex

from cryptography.exceptions import InvalidTag

from volunteer_service import crypto, settings
from volunteer_service.errors import Invalid, NotFound, Refused
from volunteer_service.people.authentication import self_registration
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.registrations.registration_fields import (
    RegisterIn,
    entered,
    under_age,
)

#: How long a link is valid.
LIVES_FOR = timedelta(hours=48)
_ABOUT = "join.guardian"
#: The first item of the sealed part; a later format gets another number.
_FORMAT = 1


class GuardianLinkOver(Refused):
    """The guardian opened the link too late."""

    message = "这个链接已过期（48 小时内有效）。请孩子重新填一次，再把新链接发给您。"


class OnGuardiansPhone(Refused):
    """The child's own browser opened the link for the guardian."""

    message = "这一页要在监护人自己的手机上打开。请把链接或二维码发给监护人。"


@dataclass(frozen=True)
class GuardianLink:
    """What a guardian agrees to, and the mark of the request."""

    asked: RegisterIn
    ends_at: datetime
    #: By this mark the browser that asked is recognised.
    mark: str


def ask_guardian(asked: RegisterIn, *, at: datetime) -> tuple[str, str]:
    """Return the sealed part of the guardian's link, and the mark that the child's browser keeps.

    The fields are checked as a registration's. Refuses a person of age, who agrees alone.
    """
    today = settings.local_day(at)
    read = entered(replace(asked, consent=True), today)
    if not under_age(read.born_on, today):
        raise Invalid(field="born_on", why="已满 18 周岁，自己登记就可以，不用监护人同意")
    mark = token_hex(8)
    told = [
        *(_FORMAT, mark, int((at + LIVES_FOR).timestamp())),
        *(read.name, read.phone, asked.born_on and asked.born_on.isoformat()),
        *(asked.guardian_name, asked.guardian_phone, asked.area_id),
    ]
    sealed = crypto.vault().seal(json.dumps(told, ensure_ascii=False), _ABOUT)
    return urlsafe_b64encode(sealed).decode().rstrip("="), mark


def read_guardian_link(token: str, *, at: datetime) -> GuardianLink:
    """Return the request of a link. Raises NotFound for one that is not ours, and
    :class:`GuardianLinkOver`.
    """
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        told = json.loads(crypto.vault().unseal(sealed, _ABOUT))
    except (InvalidTag, Error, ValueError):
        raise NotFound() from None
    if told[0] != _FORMAT:
        raise NotFound()
    _format, mark, ends, name, phone, born, guardian_name, guardian_phone, area_id = told
    ends_at = datetime.fromtimestamp(ends, at.tzinfo)
    if ends_at <= at:
        raise GuardianLinkOver()
    asked = RegisterIn(
        name=name,
        phone=phone,
        consent=False,
        born_on=date.fromisoformat(born),
        area_id=area_id,
        guardian_name=guardian_name,
        guardian_phone=guardian_phone,
        by_link=True,
    )
    return GuardianLink(asked, ends_at, mark)


def agree_as_guardian(
    token: str, password: str, *, consent: bool, kept_mark: str | None, by: Actor, at: datetime
) -> RegisterIn:
    """Register the child, to which the guardian agrees, with the password with which the child
    signs in.

    ``kept_mark`` is this browser's mark of its own requests: the child's browser is refused
    (:class:`OnGuardiansPhone`). A second time changes nothing, as joining twice does not.
    """
    link = read_guardian_link(token, at=at)
    if kept_mark == link.mark:
        raise OnGuardiansPhone()
    asked = replace(link.asked, consent=consent)
    self_registration.join(asked, password, by=by, at=at)
    return asked

"""Registering volunteers: with their consent, once, minors with a guardian."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from volunteer_service import db as database
from volunteer_service import journal, settings
from volunteer_service.areas import queries as areas
from volunteer_service.db import db
from volunteer_service.errors import Invalid, Refused
from volunteer_service.people.access import need_on_person
from volunteer_service.people.actor import Actor
from volunteer_service.people.contacts import PhoneInvalid, identity_key, phone_key, read_phone
from volunteer_service.people.models import Account, Consent, Guardian, Volunteer
from volunteer_service.people.rights import Right, need
from volunteer_service.scoring.rules import id_card, numbers

OF_AGE = 18

_IDENTITY_CURES = {
    "id_lost_digits": "末尾几位丢失了，请按证件重新输入",
    "id_malformed": "应为 18 位，最后一位可以是 X",
    "id_check_digit": "校验不对，请按证件核对",
    "impossible_date": "第 7 至 14 位应是出生日期，请按证件核对",
}


class ConsentMissing(Refused):
    """Nobody is registered without a recorded consent (Regulations art. 25)."""

    message = "登记须经本人（未满 18 周岁须经监护人）同意。请勾选同意。"


class GuardianNeeded(Refused):
    """Under 18 a guardian's consent, name and phone are needed."""

    message = "未满 18 周岁，须填写监护人姓名和电话，并由监护人同意。"


class BirthDateNeeded(Refused):
    """Whoever says to be under 18 says when they were born."""

    message = "请填写出生日期。"


class IdentityInvalid(Refused):
    """The identity number does not hold."""

    message = "身份证号不对：%(why)s。"


class IdentityKnown(Refused):
    """Somebody with this identity number is registered; whose it is stays untold."""

    status = 409
    message = "这个身份证号已登记过。如果是您本人，请登录，或请社区管理员帮您开通登录。"


class AlreadyRegistered(Refused):
    """The same name with the same phone is registered."""

    status = 409
    message = "这个姓名和手机号已登记过。请直接登录；还没有密码的，请开通登录。"


@dataclass(frozen=True)
class RegisterIn:
    """What a registration says; everything beyond name, phone and consent may be missing."""

    name: str
    phone: str | None
    consent: bool
    identity: str | None = None
    born_on: date | None = None
    area_id: int | None = None
    guardian_name: str | None = None
    guardian_phone: str | None = None


def register(asked: RegisterIn, *, by: Actor, at: datetime) -> Volunteer:
    """Register a person who consented; under 18 a guardian's name, phone and consent are needed.

    Anyone may register themselves; staff register others in their areas. One person, one
    registration: by identity number, else by name and phone.
    """
    home = areas.root() if asked.area_id is None else areas.of(asked.area_id)
    if by.account_id is not None:
        need(by, Right.VOLUNTEER_EDIT, area_path=home.path if home else "/")
    today = at.astimezone(settings.current().zone).date()
    card = _card(asked.identity, today)
    volunteer = _new(asked, card, today, at)
    volunteer.area_id = home.id if home else None
    is_minor = _is_minor(volunteer.born_on, today)
    _check(asked, volunteer, is_minor)
    _add(volunteer)
    _keep_consent(asked, volunteer, is_minor, by, at)
    journal.record("people.register", volunteer, account_id=by.account_id, door=by.door, at=at)
    return volunteer


def _new(asked: RegisterIn, card: id_card.IdCard | None, today: date, at: datetime) -> Volunteer:
    name = " ".join(asked.name.split())
    if not name:
        raise Invalid(field="name", why="请填写姓名")
    phone = read_phone(asked.phone) if asked.phone else None
    born_on = card.born_on if card else asked.born_on
    if born_on is not None and not date(1900, 1, 1) <= born_on <= today:
        raise Invalid(field="born_on", why="出生日期不对")
    return Volunteer(
        # Replaced by the number of the row's own serial as soon as that is known.
        number=f"~{uuid4().hex[:15]}",
        name=name,
        sex=card.sex if card else None,
        born_on=born_on,
        identity=card.number if card else None,
        identity_key=identity_key(card.number) if card else None,
        phone=phone,
        phone_key=phone_key(phone) if phone else None,
        details={},
        registered_on=today,
        created_at=at,
    )


def _check(asked: RegisterIn, volunteer: Volunteer, is_minor: bool) -> None:
    if not asked.consent:
        raise ConsentMissing(field="consent")
    if is_minor:
        _check_guardian(asked)
    same_person = select(Volunteer.id).where(
        Volunteer.phone_key == volunteer.phone_key,
        Volunteer.name == volunteer.name,
        Volunteer.state != "disowned",
    )
    if volunteer.phone_key and db.session.scalar(same_person) is not None:
        raise AlreadyRegistered()
    same_identity = select(Volunteer.id).where(Volunteer.identity_key == volunteer.identity_key)
    if volunteer.identity_key and db.session.scalar(same_identity) is not None:
        raise IdentityKnown(field="identity")


def _check_guardian(asked: RegisterIn) -> None:
    if not asked.guardian_name or not asked.guardian_phone:
        raise GuardianNeeded(field="guardian_name")
    try:
        read_phone(asked.guardian_phone)
    except PhoneInvalid:
        raise GuardianNeeded(field="guardian_phone") from None


def _add(volunteer: Volunteer) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(volunteer)
            db.session.flush()
    except IntegrityError:
        # Two at once with the same identity number: the table let one through.
        raise IdentityKnown(field="identity") from None
    volunteer.number = numbers.volunteer_number(volunteer.id)
    db.session.flush()


def _keep_consent(
    asked: RegisterIn, volunteer: Volunteer, is_minor: bool, by: Actor, at: datetime
) -> None:
    how = "page" if by.account_id is None else "paper"
    db.session.add(
        Consent(
            volunteer_id=volunteer.id,
            purpose="register",
            how=how,
            by_guardian=is_minor,
            given_at=at,
        )
    )
    if is_minor and asked.guardian_name and asked.guardian_phone:
        db.session.add(
            Guardian(
                volunteer_id=volunteer.id,
                name=" ".join(asked.guardian_name.split()),
                phone=read_phone(asked.guardian_phone),
                consented_at=at,
            )
        )
    db.session.flush()


def disown(volunteer_id: int, *, by: Actor, at: datetime) -> Volunteer:
    """«This was not me»: end registration, consents and sign-in; records stay."""
    volunteer = database.fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.VOLUNTEER_EDIT, volunteer, own=True)
    volunteer.state = "disowned"
    for consent in db.session.scalars(
        select(Consent).where(Consent.volunteer_id == volunteer_id, Consent.withdrawn_at.is_(None))
    ):
        consent.withdrawn_at = at
    account = db.session.scalars(
        select(Account).where(Account.volunteer_id == volunteer_id)
    ).one_or_none()
    if account is not None and not account.grants:
        account.disabled_at = at
        account.epoch += 1
    journal.record("people.disown", volunteer, account_id=by.account_id, door=by.door, at=at)
    return volunteer


def is_minor(volunteer: Volunteer, at: datetime) -> bool:
    """Whether a person is under 18 on the local day of ``at``; no birth date counts as of age."""
    return _is_minor(volunteer.born_on, at.astimezone(settings.current().zone).date())


def _is_minor(born_on: date | None, today: date) -> bool:
    if born_on is None:
        return False
    had_birthday = (today.month, today.day) >= (born_on.month, born_on.day)
    return today.year - born_on.year - (not had_birthday) < OF_AGE


def _card(identity: str | None, today: date) -> id_card.IdCard | None:
    if not identity:
        return None
    read = id_card.read(identity, today)
    if isinstance(read, id_card.IdCard):
        return read
    raise IdentityInvalid(field="identity", why=_IDENTITY_CURES.get(read.code, "请核对"))

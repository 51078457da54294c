"""Reads a registration field by field, a minor's guardian included; reports all errors at once."""

from dataclasses import dataclass
from datetime import date

from volunteer_service.errors import Checks, Invalid, Refused
from volunteer_service.identifiers import identity_card
from volunteer_service.people.changes.contact_numbers import PhoneInvalid, read_phone
from volunteer_service.people.search.person_names import read_name

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
    """A person who states to be under 18 must give the birth date."""

    message = "请填写出生日期。"


class IdentityInvalid(Refused):
    """The identity number is invalid."""

    message = "身份证号不对：%(why)s。"


@dataclass(frozen=True)
class RegisterIn:
    """The data of a registration; everything beyond name, phone and consent may be missing."""

    name: str
    phone: str | None
    consent: bool
    identity: str | None = None
    born_on: date | None = None
    area_id: int | None = None
    guardian_name: str | None = None
    guardian_phone: str | None = None
    #: The guardian agreed on a phone of their own, by a link (:mod:`guardian_links`).
    by_link: bool = False
    #: Confirms that this is another person than the registered namesake (:mod:`same_person`).
    confirm_other: bool = False


@dataclass
class Entered:
    """The same after reading: a name, digits, a day, and for a minor the guardian's name
    and phone.
    """

    name: str = ""
    phone: str | None = None
    card: identity_card.IdCard | None = None
    born_on: date | None = None
    guardian: tuple[str, str] | None = None
    #: How the consent was given, if not here.
    by_link: bool = False


def entered(asked: RegisterIn, today: date) -> Entered:
    """Read a registration, or refuse it with every field that is wrong."""
    checks, read = Checks(), Entered(born_on=asked.born_on, by_link=asked.by_link)
    with checks.of_a_field():
        read.name = read_name(asked.name)
    with checks.of_a_field():
        read.phone = read_phone(asked.phone) if asked.phone else None
    with checks.of_a_field():
        read.card = read_card(asked.identity, today)
        read.born_on = read.card.born_on if read.card else asked.born_on
    with checks.of_a_field():
        need_possible(read.born_on, today)
    with checks.of_a_field():
        if not asked.consent:
            raise ConsentMissing(field="consent")
    with checks.of_a_field():
        if under_age(read.born_on, today):
            read.guardian = read_guardian(asked.guardian_name, asked.guardian_phone)
    checks.settle()
    return read


def under_age(born_on: date | None, today: date) -> bool:
    """Tell whether somebody is under 18 on this day; no birth date counts as of age."""
    if born_on is None:
        return False
    had_birthday = (today.month, today.day) >= (born_on.month, born_on.day)
    return today.year - born_on.year - (not had_birthday) < OF_AGE


def need_possible(born_on: date | None, today: date) -> None:
    """Pass for a birth date from 1900 to today, and without one."""
    if born_on is not None and not date(1900, 1, 1) <= born_on <= today:
        why = "出生日期不能晚于今天，也不能早于 1900 年。请核对年份"
        raise Invalid(field="born_on", why=why)


def read_card(identity: str | None, today: date) -> identity_card.IdCard | None:
    """Return the identity number and its content, or None without one; raise
    :class:`IdentityInvalid`.
    """
    if not identity:
        return None
    read = identity_card.read(identity, today)
    if isinstance(read, identity_card.IdCard):
        return read
    raise IdentityInvalid(field="identity", why=_IDENTITY_CURES.get(read.code, "请核对"))


def read_guardian(given_name: str | None, given_phone: str | None) -> tuple[str, str]:
    """Return a guardian's name and phone, both needed."""
    if not given_name or not given_phone:
        raise GuardianNeeded(field="guardian_phone" if given_name else "guardian_name")
    checks, name, phone = Checks(), "", ""
    with checks.of_a_field():
        name = read_name(given_name, field="guardian_name")
    with checks.of_a_field():
        phone = _guardian_phone(given_phone)
    checks.settle()
    return name, phone


def _guardian_phone(text: str) -> str:
    try:
        return read_phone(text)
    except PhoneInvalid:
        raise PhoneInvalid(field="guardian_phone") from None

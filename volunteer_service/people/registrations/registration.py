"""Registers volunteers: with their consent, once, minors with a guardian."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from volunteer_service import db as database
from volunteer_service import journal, settings
from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import Refused, told_to
from volunteer_service.identifiers import check_characters
from volunteer_service.people import merged_entries
from volunteer_service.people.authentication import (
    phone_confirmation,
    sessions,
    staff_registrations,
)
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import (
    may_on_person,
    need_at_home,
    need_to_act_on,
)
from volunteer_service.people.changes import person_values
from volunteer_service.people.changes.contact_numbers import identity_key, phone_key
from volunteer_service.people.changes.person_change_rows import keep_done
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Consent, Guardian, Volunteer
from volunteer_service.people.registrations import (
    ended_registrations,
    registration_checks,
    same_person,
)
from volunteer_service.people.registrations.registration_fields import (
    Entered,
    RegisterIn,
    entered,
    under_age,
)
from volunteer_service.people.registrations.same_person import MaybeSamePerson
from volunteer_service.people.search import people_lists
from volunteer_service.people.search.person_names import folded


class IdentityKnown(Refused):
    """A person with this identity number is registered; the refusal does not say who."""

    status = 409
    message = "这个身份证号已登记过。如果是您本人，请登录，或请社区管理员帮您开通登录。"
    message_to_others = (
        "这个身份证号已登记过。请在志愿者名单里找到此人；已退出的，在其页面上恢复登记。"
    )


class AlreadyRegistered(Refused):
    """The same name with the same phone is registered."""

    status = 409
    message = "这个姓名和手机号已登记过。请直接登录；还没有密码的，请开通登录。"
    message_to_others = (
        "这个姓名和手机号已登记过。请在志愿者名单里找到此人；已退出的，在其页面上恢复登记。"
    )


class Settled(Refused):
    """The person has a home already."""

    status = 409
    message = "已经登记了住在哪个社区。请刷新页面看一看。"


def register(asked: RegisterIn, *, by: Actor, at: datetime) -> Volunteer:
    """Register a person who consented; under 18 a guardian's name, phone and consent are needed.

    Anyone may register themselves; staff register others in their areas. One person, one
    registration: by identity number, else by name and phone. Staff are asked about a namesake
    (:class:`same_person.MaybeSamePerson`) and go on with ``confirm_other``.
    """
    return _registered(asked, _home(asked, by), by=by, at=at)


def take_in(asked: RegisterIn, home: Area, *, by: Actor, at: datetime) -> Volunteer:
    """Register somebody who lives at ``home`` for a leader, whose right the caller has checked.

    It works as :func:`register`, and the staff of the home check the entry afterwards.
    """
    volunteer = _registered(asked, home, by=by, at=at, sees=lambda _person: True)
    registration_checks.ask(volunteer, "newcomer", by=by, at=at)
    return volunteer


def _registered(
    asked: RegisterIn,
    home: Area | None,
    *,
    by: Actor,
    at: datetime,
    sees: Callable[[Volunteer], bool] | None = None,
) -> Volunteer:
    known = known_as(asked, at=at)
    if known:
        database.after_rollback(lambda: tell_known(known, at=at))
        with told_to(is_person=by.account_id is None):
            raise AlreadyRegistered() if known.by_name else IdentityKnown(field="identity")
    if by.account_id is not None and not asked.confirm_other:
        sees = sees or (lambda person: may_on_person(by, Right.ROSTER_SEE, person))
        alike = [person for person in _namesakes(asked, home, at) if sees(person)]
        if alike:
            raise MaybeSamePerson(alike)
    return _enter(asked, home, by=by, at=at)


def _namesakes(asked: RegisterIn, home: Area | None, at: datetime) -> list[Volunteer]:
    read = entered(asked, settings.local_day(at))
    key = identity_key(read.card.number) if read.card else None
    entry = same_person.Entry(read.name, read.born_on, home.path if home else None, key)
    return same_person.namesakes(entry)


@dataclass(frozen=True)
class Known:
    """People registered already: with the same name and phone, or the same identity number."""

    by_name: tuple[int, ...]
    by_identity: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.by_name or self.by_identity)


def known_as(asked: RegisterIn, *, at: datetime) -> Known:
    """Return the person registered with these data; people with the same phone or name wait for
    each other.
    """
    read = entered(asked, settings.local_day(at))
    key = phone_key(read.phone) if read.phone else None
    # A family may share a phone and people a name, so no table refuses the second one.
    if key:
        database.one_by_one(key)
    # After the phone, always in this order, so that two requests with one name wait for each other.
    database.one_by_one(f"name:{folded(read.name)}")
    same = Volunteer.phone_key == key, Volunteer.state != "disowned"
    sharing = db.session.execute(select(Volunteer.id, Volunteer.name).where(*same)) if key else ()
    # A blank or a dot within a name makes no other person.
    by_name = [id_ for id_, name in sharing if folded(name) == folded(read.name)]
    number = identity_key(read.card.number) if read.card else ""
    by_identity = select(Volunteer.id).where(Volunteer.identity_key == number)
    return Known(tuple(by_name), tuple(db.session.scalars(by_identity)))


def tell_known(known: Known, *, at: datetime) -> None:
    """Tell them that somebody tried to register as them."""
    for volunteer_id in _people(known):
        phone_confirmation.tell_once(volunteer_id, "registration_tried", at=at)


def tell_joined(known: Known, *, stand_in: int, at: datetime) -> None:
    """Do :func:`tell_known` in the time of telling nobody; the journal has the try in either case.

    ``stand_in`` is the tried entry, which is rolled back if somebody is known.
    """
    people = _people(known or Known((stand_in,), ()))
    phone_confirmation.tell_in_equal_time(
        people if known else (), "registration_tried", stand_in=stand_in, at=at
    )
    for volunteer in db.session.scalars(select(Volunteer).where(Volunteer.id.in_(people))):
        journal.record("people.join", volunteer, account_id=None, door="page", at=at)


def _people(known: Known) -> list[int]:
    found = merged_entries.heirs({*known.by_name, *known.by_identity})
    return sorted(set(found.values()))


def enter(asked: RegisterIn, *, by: Actor, at: datetime) -> Volunteer:
    """Store the registration; the caller has checked whether the person is registered already."""
    return _enter(asked, _home(asked, by), by=by, at=at)


def _enter(asked: RegisterIn, home: Area | None, *, by: Actor, at: datetime) -> Volunteer:
    today = settings.local_day(at)
    read = entered(asked, today)
    alike = _namesakes(asked, home, at)
    volunteer = _new(read, today, at)
    volunteer.area_id = home.id if home else None
    _add(volunteer)
    phone_confirmation.given(volunteer, by=by, at=at)
    _keep_consent(read, volunteer, by, at)
    if alike and not asked.confirm_other:
        # The person who enters it is not told of the other one; the staff of the home are asked.
        registration_checks.ask(volunteer, "same_name", by=by, at=at)
    journal.record(
        "people.register",
        volunteer,
        account_id=by.account_id,
        door=by.door,
        at=at,
        other_than=[person.id for person in alike],
    )
    return volunteer


def _home(asked: RegisterIn, by: Actor) -> Area | None:
    """Return the person's home, if the one who registers them may do so there."""
    home = areas.root() if asked.area_id is None else areas.open_at(asked.area_id)
    if by.account_id is not None:
        need_at_home(by, Right.VOLUNTEER_EDIT, home.path if home else None)
    return home


def _new(read: Entered, today: date, at: datetime) -> Volunteer:
    card, phone = read.card, read.phone
    return Volunteer(
        # The number follows from the row's own serial as soon as that is known.
        number=f"~{uuid4().hex[:15]}",
        name=read.name,
        sex=card.sex if card else None,
        born_on=read.born_on,
        identity=card.number if card else None,
        identity_key=identity_key(card.number) if card else None,
        phone=phone,
        phone_key=phone_key(phone) if phone else None,
        details={},
        registered_on=today,
        created_at=at,
    )


def _add(volunteer: Volunteer) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(volunteer)
            db.session.flush()
    except IntegrityError:
        # Of two at once with the same identity number the table accepts one.
        raise IdentityKnown(field="identity") from None
    volunteer.number = check_characters.volunteer_number(volunteer.id)
    db.session.flush()


def _keep_consent(read: Entered, volunteer: Volunteer, by: Actor, at: datetime) -> None:
    guardian = read.guardian
    how = "link" if read.by_link else "page" if by.account_id is None else "paper"
    db.session.add(
        Consent(
            volunteer_id=volunteer.id,
            purpose="register",
            how=how,
            by_guardian=guardian is not None,
            given_at=at,
        )
    )
    if guardian is not None:
        name, phone = guardian
        db.session.add(Guardian(volunteer_id=volunteer.id, name=name, phone=phone, consented_at=at))
    db.session.flush()


def settle(volunteer_id: int, area_id: int, *, by: Actor, at: datetime) -> Volunteer:
    """Set the home of a person without one, as that person or as staff who care for every street.

    A person with a home is moved with a reason instead (:class:`Settled`).
    """
    volunteer = database.fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, volunteer, own=True)
    if volunteer.area_id is not None:
        raise Settled()
    home = areas.open_at(area_id)
    now = person_values.home(home.id)
    keep_done(volunteer, "home", was=None, now=now, reason="", by=by, at=at)
    volunteer.area_id = home.id
    registration_checks.ask_if_alike(volunteer, by=by, at=at)
    if by.volunteer_id != volunteer_id:
        messages.tell(volunteer_id, "settled", at=at, area=home.name)
    journal.record(
        "people.settle", volunteer, account_id=by.account_id, door=by.door, at=at, area=home.id
    )
    return volunteer


def disown(volunteer_id: int, *, by: Actor, at: datetime) -> Volunteer:
    """Disown a registration («this was not me»): end registration, consents and sign-in; records
    stay.

    For a person with a role over an area this takes themself or an admin (:class:`StaffOfOthers`).
    """
    volunteer = database.fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, volunteer, own=True)
    staff_registrations.need_to_change_alone(volunteer_id, by=by, at=at)
    volunteer.state = "disowned"
    for consent in db.session.scalars(
        select(Consent).where(Consent.volunteer_id == volunteer_id, Consent.withdrawn_at.is_(None))
    ):
        consent.withdrawn_at = at
    account = end_sessions_of(volunteer_id, at=at)
    if account is not None and not account.grants:
        account.disabled_at = at
    ended_registrations.tell_followers(volunteer, by=by, at=at)
    journal.record("people.disown", volunteer, account_id=by.account_id, door=by.door, at=at)
    return volunteer


def end_sessions_of(volunteer_id: int, *, at: datetime) -> Account | None:
    """End every session and token of a person whose registration ends; their account, if any."""
    account = people_lists.account_of(volunteer_id)
    if account is not None:
        sessions.end_everything(account, at=at)
    return account


def is_minor(volunteer: Volunteer, at: datetime) -> bool:
    """Tell whether a person is under 18 on the local day of ``at``; no birth date counts
    as of age.
    """
    return under_age(volunteer.born_on, settings.local_day(at))

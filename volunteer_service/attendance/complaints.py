"""A complaint about a volunteer: recorded, notified, answered, decided; the accused can reply
first.

Writer, decider and accused are three people. The volunteer is told at once; nobody decides before
the volunteer's own reply or the end of the policy's days for it (7). A reply through an account
whose password staff handed out lately may be somebody else's, and does not shorten the days.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from volunteer_service import journal, policies, settings
from volunteer_service.attendance import refusals
from volunteer_service.attendance.models import Complaint
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound, Refused, refusal_of
from volunteer_service.people.authorization import conflicts, personal_ties
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import (
    home_of,
    need_at_home,
    need_on_person,
    need_to_act_on,
    others_at_home,
)
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.people.search import people_lists
from volunteer_service.visible_text import said


@said("words")
def complain(
    volunteer_id: int, *, happened_on: date, words: str, by: Actor, at: datetime
) -> Complaint:
    """Write down, as staff, a complaint about somebody else; it counts only once it is upheld.

    Its volunteer reads it on their own page from now on and may reply. For a volunteer without an
    account the days for the reply begin when staff told them (:func:`told_in_person`).
    """
    person = fetch(Volunteer, volunteer_id)
    need_to_act_on(by, Right.RECORD_CONFIRM, person)
    who = others_at_home(Right.RECORD_CONFIRM, [person.id], at=at)
    conflicts.need_other(by, [person.id], at=at, who=who)
    if happened_on > settings.local_day(at):
        raise refusals.NotHappenedYet(field="happened_on")
    row = Complaint(
        volunteer_id=person.id,
        happened_on=happened_on,
        words=words,
        state="open",
        opened_at=at,
        written_by_id=by.account_id,
    )
    until = last_day(at)
    if _can_read(person.id):
        row.told_at, row.reply_until = at, until
    db.session.add(row)
    db.session.flush()
    _tell("complaint_raised", row, at, until=until.isoformat())
    _record("complain", row, by, at)
    return row


def told_in_person(complaint_id: int, *, by: Actor, at: datetime) -> Complaint:
    """Record that staff told somebody without an account, face to face or by phone; their days
    begin now.
    """
    row = _open(complaint_id, Right.RECORD_CONFIRM, by, at)
    if row.told_at is not None:
        raise refusals.AlreadyTold()
    row.told_at, row.told_by_id, row.reply_until = at, by.account_id, last_day(at)
    _record("told_in_person", row, by, at)
    return row


@said("words")
def reply(complaint_id: int, *, words: str, by: Actor, at: datetime) -> Complaint:
    """Store the volunteer's own reply; it may be replaced until the decision."""
    row = fetch(Complaint, complaint_id, lock=True)
    if by.volunteer_id is None or by.volunteer_id != row.volunteer_id:
        raise NotFound()
    if row.state != "open":
        raise refusals.DisputeDecided()
    row.is_answered = True
    _keep_reply(row, words, by, at)
    return row


@said("words")
def note_reply(complaint_id: int, *, words: str, by: Actor, at: datetime) -> Complaint:
    """Note down, as staff, what the volunteer said by phone or face to face.

    It is stored with its author and shown to the volunteer. It does not shorten the days, and never
    replaces a volunteer's own reply.
    """
    row = _open(complaint_id, Right.RECORD_CONFIRM, by, at)
    if row.is_answered:
        raise refusals.RepliedThemselves()
    if row.told_at is None:
        raise refusals.AccusedNotTold()
    _keep_reply(row, words, by, at)
    _tell("complaint_reply_noted", row, at)
    return row


def decide_complaint(complaint_id: int, *, upheld: bool, by: Actor, at: datetime) -> Complaint:
    """Uphold or dismiss a complaint, as a coordinator; an upheld one costs the half-year's star.

    The decision follows the volunteer's reply or the end of the days for it. It needs another
    person than the one who wrote the complaint, told the volunteer or noted the reply.
    """
    row = fetch(Complaint, complaint_id, lock=True)
    _need_decidable(row, by, at)
    row.state = "upheld" if upheld else "dismissed"
    row.decided_at, row.decided_by_id = at, by.account_id
    _tell("complaint_decided", row, at, outcome=row.state)
    _tell_first(row, by, at)
    _record("decide_complaint", row, by, at, upheld=upheld)
    return row


def complaint(complaint_id: int, *, by: Actor) -> Complaint:
    """Return one complaint, for its volunteer and for staff of their home."""
    row = fetch(Complaint, complaint_id)
    need_on_person(by, Right.RECORD_SEE, fetch(Volunteer, row.volunteer_id), own=True)
    return row


def complaints_of(volunteer_id: int, *, by: Actor) -> Sequence[Complaint]:
    """Return the complaints about a volunteer, latest first; for them and for staff of
    their home.
    """
    person = fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.RECORD_SEE, person, own=True)
    query = select(Complaint).where(Complaint.volunteer_id == person.id)
    return db.session.scalars(query.order_by(Complaint.id.desc())).all()


def why_not_decide(row: Complaint, *, by: Actor, at: datetime) -> Refused | None:
    """Return what :func:`decide_complaint` would refuse this actor now; None where they
    may decide.
    """
    return refusal_of(lambda: _need_decidable(row, by, at))


def last_day(told_at: datetime) -> date:
    """Return the last local day for a reply: the policy's days (7) after the day of telling."""
    return settings.local_day(told_at) + timedelta(
        days=policies.guarding(told_at).complaint_reply_days
    )


def _open(complaint_id: int, right: Right, by: Actor, at: datetime) -> Complaint:
    row = fetch(Complaint, complaint_id, lock=True)
    _need_open(row, right, by, at)
    return row


def _need_open(row: Complaint, right: Right, by: Actor, at: datetime) -> None:
    home = home_of(row.volunteer_id)
    need_at_home(by, right, home)
    who = partial(conflicts.who_may, right, home, None, at=at, but=[row.volunteer_id])
    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    if row.state != "open":
        raise refusals.DisputeDecided()


def _need_decidable(row: Complaint, by: Actor, at: datetime) -> None:
    _need_open(row, Right.RECORD_DECIDE, by, at)
    _need_heard(row, at)
    _need_third(row, by, at)


def _need_heard(row: Complaint, at: datetime) -> None:
    if row.is_answered and not _may_be_anothers(row):
        return
    if row.told_at is None or row.reply_until is None:
        raise refusals.AccusedNotTold()
    if settings.local_day(at) <= row.reply_until:
        refusal = refusals.ReplyMayBeAnothers if row.is_answered else refusals.AccusedNotHeard
        raise refusal(until=row.reply_until.isoformat())


def _may_be_anothers(row: Complaint) -> bool:
    """Tell whether somebody else knew the password with which the reply was given."""
    if row.replied_by_id is None or row.replied_at is None:
        return True
    days = policies.guarding(row.replied_at).independence_days
    return personal_ties.handed_out(row.replied_by_id, at=row.replied_at, days=days)


def _need_third(row: Complaint, by: Actor, at: datetime) -> None:
    home, but = home_of(row.volunteer_id), [row.volunteer_id]
    for first in (row.written_by_id, row.told_by_id, row.replied_by_id):
        who = partial(conflicts.who_may, Right.RECORD_DECIDE, home, first, at=at, but=but)
        conflicts.need_second(by, first, at=at, who=who)


def _keep_reply(row: Complaint, words: str, by: Actor, at: datetime) -> None:
    row.reply, row.replied_at, row.replied_by_id = words, at, by.account_id
    _record("reply_to_complaint", row, by, at, own=row.is_answered)


def _can_read(volunteer_id: int) -> bool:
    account = people_lists.account_of(volunteer_id)
    return account is not None and account.disabled_at is None


def _tell(kind: str, row: Complaint, at: datetime, **facts: str) -> None:
    day = row.happened_on.isoformat()
    messages.tell(row.volunteer_id, kind, at=at, complaint=row.id, day=day, **facts)


def _tell_first(row: Complaint, by: Actor, at: datetime) -> None:
    day = row.happened_on.isoformat()
    facts = {"person": row.volunteer_id, "day": day, "outcome": row.state}
    messages.tell_first(row.written_by_id, "complaint_answered", second=by, at=at, **facts)


def _record(verb: str, row: Complaint, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(
        f"attendance.{verb}", row, account_id=by.account_id, door=by.door, at=at, **facts
    )

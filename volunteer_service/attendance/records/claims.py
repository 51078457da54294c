"""«I was there»: a volunteer claims a shift that no scan shows, and somebody else agrees.

A claim is a record that waits: for a leader up to ``correct_alone_minutes``, above these minutes
and above the daily cap for a coordinator. Its grade is that of the person who agrees. It is
confirmed and refused, and keeps a history, as every waiting record (:mod:`record_decisions`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, func, select

from volunteer_service import journal, policies, settings
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import entry_deadline, pairs
from volunteer_service.attendance.closing import described, recognised_state
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import (
    claim_photos,
    claim_refusals,
    corrected_times,
    record_decisions,
)
from volunteer_service.attendance.records.corrected_times import Times
from volunteer_service.attendance.records.overlapping_records import (
    hold_people,
    minutes_by_day,
    overlapping,
)
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.events import event_teams
from volunteer_service.events.models import Attendance, Event, Post, Shift, SignUp
from volunteer_service.events.refusals import NotAVolunteer
from volunteer_service.paper.uploaded_pages import Page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.visible_text import said

#: The source of a record that its volunteer claims.
SOURCE = "claim"
#: Why a claim was taken back.
TAKEN_BACK = "本人撤回了补报"


@dataclass(frozen=True)
class Claimable:
    """A shift that the person may have been at: a place was held, and no scan shows them."""

    event: Event
    shift: Shift


@said("words")
def claim(
    shift_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    words: str,
    photos: Sequence[Page] = (),
    by: Actor,
    at: datetime,
) -> ServiceRecord:
    """Claim service on a closed shift without a scan: from when to when, and how it can be proved.

    A claim is made within ``claim_days`` after the shift, once for each shift, and
    ``claims_at_once`` times within those days. The minutes follow from the same rule as on every
    shift. ``photos`` may come with it.
    """
    who, policy = _claimant(by), policies.guarding(at)
    shift, event = _claimed(shift_id)
    _need_time(shift, policy, at)
    corrected_times.need_possible(Times(starts_at, ends_at), at)
    hold_people([who])
    _need_few(who, policy, at)
    record = _entered(shift, event, who, Times(starts_at, ends_at), words, "claimed", by, at)
    claim_photos.keep(record, photos, at=at)
    facts = {"record": record.id, "day": record.served_on.isoformat()}
    messages.tell_account(event.leader_id, "claim_made", at=at, **facts)
    _journal("claim", record, by, at, minutes=record.minutes)
    return record


def enter_late_scan(
    shift_id: int,
    volunteer_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    is_own_hand: bool,
    by: Actor,
    at: datetime,
) -> ServiceRecord:
    """Make the waiting record of a person who was scanned at a closed shift and has no record
    there; part of accepting the late scan, which has checked the right.

    ``is_own_hand``: the person who accepts made the scan too, or is tied to the one who did. Nobody
    else saw the volunteer then, so the record waits for a second person.
    """
    shift, event = _claimed(shift_id)
    hold_people([volunteer_id])
    times = Times(starts_at, ends_at)
    record = _entered(shift, event, volunteer_id, times, reason, "late_scan", by, at)
    if is_own_hand:
        record.waits_for, record.entered_by_id = "second", by.account_id
    _journal("enter_late_scan", record, by, at, minutes=record.minutes)
    return record


def _entered(
    shift: Shift,
    event: Event,
    who: int,
    times: Times,
    words: str,
    why: str,
    by: Actor,
    at: datetime,
) -> ServiceRecord:
    inside = Times(max(times.starts_at, shift.starts_at), min(times.ends_at, shift.ends_at))
    if inside.ends_at <= inside.starts_at:
        raise claim_refusals.ClaimWorthNothing(field="ends_at")
    _need_unseen(who, shift)
    other = overlapping(who, [(inside.starts_at, inside.ends_at)])
    if other is not None:
        raise refusals.RecordOverlaps(record=other, field="starts_at")
    record = _made(shift, event, who, inside, why, by, at)
    db.session.add(record)
    db.session.flush()
    record_decisions.changed(record, {}, words, by=by, at=at)
    return record


def to_claim(shift_id: int, *, by: Actor, at: datetime) -> tuple[Shift, Event]:
    """Return what a form of :func:`claim` needs; refuse where no claim is possible."""
    who, policy = _claimant(by), policies.guarding(at)
    shift, event = _claimed(shift_id)
    _need_time(shift, policy, at)
    _need_unseen(who, shift)
    _need_few(who, policy, at)
    return shift, event


def take_back_claim(record_id: int, *, by: Actor, at: datetime) -> ServiceRecord:
    """Take one's own claim back while it waits; the shift is not claimed again."""
    record = fetch(ServiceRecord, record_id, lock=True)
    if record.source_type != SOURCE or by.volunteer_id != record.volunteer_id:
        raise NotFound()
    if record.state != "waiting":
        raise refusals.RecordNotWaiting()
    before = record_decisions.facts(record)
    record.state, record.waits_for, record.minutes = "withdrawn", None, 0
    claim_photos.erase(record)
    record_decisions.changed(record, before, TAKEN_BACK, by=by, at=at)
    _journal("take_back_claim", record, by, at)
    return record


def claimable(volunteer_id: int, *, at: datetime) -> Sequence[Claimable]:
    """Return the closed shifts on which a person held a place and was not seen, the newest first.

    Only those that may still be claimed are returned, at most 10.
    """
    since = at - timedelta(days=policies.guarding(at).claim_days)
    query = (
        select(Shift, Event)
        .join(Event, Event.id == Shift.event_id)
        .join(Post, Post.id == Shift.post_id)
        .join(SignUp, SignUp.shift_id == Shift.id)
        .where(
            SignUp.volunteer_id == volunteer_id,
            SignUp.state.in_(("no_show", "confirmed")),
            Shift.closed_at.is_not(None),
            Shift.ends_at > since,
            Post.serves,
            ~_seen(volunteer_id),
            ~_has_claimed(volunteer_id),
        )
        .order_by(Shift.starts_at.desc())
        .limit(10)
    )
    return [Claimable(event, shift) for shift, event in db.session.execute(query)]


def _claimed(shift_id: int) -> tuple[Shift, Event]:
    shift = fetch(Shift, shift_id)
    event = fetch(Event, shift.event_id)
    if event.state in {"draft", "cancelled"} or shift.removed_at is not None:
        raise NotFound()
    if not shift.post.serves:
        raise claim_refusals.ServesNothing()
    return shift, event


def _claimant(by: Actor) -> int:
    if by.volunteer_id is None:
        raise NotAVolunteer()
    person = fetch(Volunteer, by.volunteer_id)
    need_registered(person.id, person.state)
    return person.id


def _need_time(shift: Shift, policy: Policy, at: datetime) -> None:
    if shift.closed_at is None:
        raise claim_refusals.ClaimTooEarly()
    if at > shift.ends_at + timedelta(days=policy.claim_days):
        raise claim_refusals.ClaimTooLate(days=policy.claim_days)


def _need_unseen(who: int, shift: Shift) -> None:
    here = select(Shift.id).where(Shift.id == shift.id)
    if db.session.scalar(here.where(_seen(who))) is not None:
        raise claim_refusals.SeenAtShift()
    if db.session.scalar(here.where(_has_claimed(who))) is not None:
        raise claim_refusals.ClaimedBefore()


def _need_few(who: int, policy: Policy, at: datetime) -> None:
    since = at - timedelta(days=policy.claim_days)
    made = select(func.count()).where(
        ServiceRecord.volunteer_id == who,
        ServiceRecord.source_type == SOURCE,
        ServiceRecord.created_at > since,
    )
    if (db.session.scalar(made) or 0) >= policy.claims_at_once:
        raise claim_refusals.TooManyClaims(most=policy.claims_at_once, days=policy.claim_days)


def _seen(who: int) -> ColumnElement[bool]:
    return exists().where(Attendance.shift_id == Shift.id, Attendance.volunteer_id == who)


def _has_claimed(who: int) -> ColumnElement[bool]:
    return exists().where(
        ServiceRecord.source_type == SOURCE,
        ServiceRecord.source_key == cast(Shift.id, String).concat(f"/{who}"),
    )


def _made(
    shift: Shift, event: Event, who: int, times: Times, why: str, by: Actor, at: datetime
) -> ServiceRecord:
    policy = policies.active()
    day = settings.local_day(shift.starts_at)
    already = minutes_by_day([who], day)[who]
    found = pairs.recognised(shift, [(times.starts_at, times.ends_at)], policy, already)
    state, waits_for = recognised_state(found)
    if state == "refused":
        raise claim_refusals.ClaimWorthNothing(field="ends_at")
    if found.minutes > policies.guarding(at).correct_alone_minutes:
        waits_for = "coordinator"
    record = ServiceRecord(
        volunteer_id=who,
        **described(event, event_teams.of_person(event, who, day)),
        served_on=day,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        minutes=found.minutes,
        recorder=by.name,
        grade="leader",
        coefficient_centi=shift.post.coefficient_centi,
        state=state,
        waits_for=waits_for,
        reasons=[*(each.to_dict() for each in found.reasons), Reason.of(why).to_dict()],
        policy_version=policy.version,
        source_type=SOURCE,
        source_key=f"{shift.id}/{who}",
        created_at=at,
    )
    entry_deadline.mark([record], at=at)
    return record


def _journal(verb: str, record: ServiceRecord, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(
        f"attendance.{verb}", record, account_id=by.account_id, door=by.door, at=at, **facts
    )
    db.session.flush()

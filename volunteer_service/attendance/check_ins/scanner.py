"""The leader's scanner: one card or number after the other, each with a short answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from volunteer_service import policies
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import check_in, late_scans
from volunteer_service.attendance.check_ins.situation import Kind
from volunteer_service.attendance.refusals import AlreadyCheckedIn, AlreadyCheckedOut, ShiftNeeded
from volunteer_service.bounds import whole
from volunteer_service.db import db, fetch, settle_refusal
from volunteer_service.errors import Refused
from volunteer_service.identifiers.masks import mask_name
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.cards import shown_codes
from volunteer_service.people.cards.personal_codes import PersonalCodeLapsed
from volunteer_service.people.models import Volunteer

#: ``again`` and ``early`` change nothing: the same card once more, and an exit that would earn
#: nothing yet and needs a second tap.
State = Literal["in", "out", "again", "early", "choose", "refused"]


#: Most scans of one batch.
MOST_KEPT = 50


@dataclass(frozen=True)
class Kept:
    """A scan that waited in the leader's phone, with the phone's own time."""

    scan_id: str
    text: str
    tapped_at: datetime
    kind: Kind | None = None
    is_sure: bool = False


@dataclass(frozen=True)
class Scanned:
    """What one scan did; the name is masked, because others see the same screen."""

    state: State
    name: str = ""
    number: str = ""
    volunteer_id: int | None = None
    at: datetime | None = None
    minutes_short: int = 0
    refusal: Refused | None = None


def scan_at_gate(
    event_id: int,
    text: str,
    *,
    scan_id: str,
    kind: Kind | None = None,
    is_sure: bool = False,
    tapped_at: datetime | None = None,
    sent_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Scanned:
    """Check in or out the person whose card was scanned or number typed; a refusal is returned as
    an answer.

    Without ``kind`` and ``is_sure`` an exit that would earn nothing yet only asks (``early``).
    """
    check_in.need_gate(event_id, by)
    times = tapped_at, sent_at, at
    try:
        # What a refused scan began is rolled back; the refusal is kept.
        with db.session.begin_nested():
            return _scan(event_id, text, scan_id, kind, is_sure, times, by)
    except Refused as refusal:
        settle_refusal()
        owner = None if isinstance(refusal, PersonalCodeLapsed) else _owner(text, times)
        state: State = "refused"
        if isinstance(refusal, AlreadyCheckedIn | AlreadyCheckedOut):
            state = "again"
        elif isinstance(refusal, ShiftNeeded):
            state = "choose"
        return _told(state, owner, refusal=refusal)


def scan_kept(
    event_id: int, kept: Sequence[Kept], *, sent_at: datetime, by: Actor, at: datetime
) -> list[Scanned]:
    """Check in or out, in order, the people scanned without network; each scan gets its own answer.

    ``sent_at`` is the phone's clock at the sending of all of them (:mod:`late_scans`).
    """
    check_in.need_gate(event_id, by)
    whole(len(kept), 1, MOST_KEPT, "scans")
    return [scan_at_gate(event_id, **vars(each), sent_at=sent_at, by=by, at=at) for each in kept]


def clock_is_off(*, sent_at: datetime, at: datetime) -> int | None:
    """Return by how many seconds the phone's clock is wrong, if it is told (policy)."""
    return late_scans.skew_of(at, sent_at, policies.active())


def _scan(
    event_id: int,
    text: str,
    scan_id: str,
    kind: Kind | None,
    is_sure: bool,
    times: tuple[datetime | None, datetime | None, datetime],
    by: Actor,
) -> Scanned:
    tapped_at, sent_at, at = times
    is_card = shown_codes.is_shown(text)
    who = _owner(text, times) if is_card else check_in.numbered(text)
    if who is None:
        raise refusals.CardUnknown(field="text")
    given: dict[str, Any] = {"scan_id": scan_id, "tapped_at": tapped_at, "sent_at": sent_at}
    given |= {"at": at}
    short = 0 if is_sure or kind else check_in.minutes_short(event_id, volunteer_id=who, **given)
    if short and tapped_at is None:
        return _told("early", who, minutes_short=short)
    # Nobody is there to answer the question: the card was shown twice at the entrance.
    given |= {"kind": "in" if short else kind, "by": by}
    done = (
        check_in.scan_card(event_id, card=text, **given)
        if is_card
        else check_in.tick(event_id, volunteer_id=who, numbered=who, **given)
    )
    return _told(done.kind, who, at=done.at)


def _owner(text: str, times: tuple[datetime | None, datetime | None, datetime]) -> int | None:
    tapped_at, sent_at, at = times
    shown = shown_codes.read_shown(text, late_scans.shown_at(at, tapped_at, sent_at))
    return shown.volunteer_id if shown else None


def _told(
    state: State,
    volunteer_id: int | None,
    *,
    at: datetime | None = None,
    minutes_short: int = 0,
    refusal: Refused | None = None,
) -> Scanned:
    if volunteer_id is None:
        return Scanned(state, refusal=refusal)
    person = fetch(Volunteer, volunteer_id)
    return Scanned(
        state, mask_name(person.name), person.number, person.id, at, minutes_short, refusal
    )

"""Merges two entries of one person, by one or two persons."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from volunteer_service import journal
from volunteer_service.attendance.records import overlaps_in_merging
from volunteer_service.bounds import one_of
from volunteer_service.db import db, fetch
from volunteer_service.errors import Invalid
from volunteer_service.merging import (
    approval,
    checks,
    entries,
    households,
    moved_rows,
    obstacles,
    places,
    refusals,
    tables,
)
from volunteer_service.people.authentication import staff_registrations
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import home_of, need_on_person
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points import passings
from volunteer_service.visible_text import said


@said("reason")
def merge(
    kept_id: int,
    merged_id: int,
    *,
    taken: Collection[str] = (),
    reason: str,
    by: Actor,
    at: datetime,
) -> Merging:
    """Merge an entry into another of the same person; the person is told.

    ``taken`` names the values that the kept entry takes from the merged one; it always takes those
    that it lacks. The merging waits for a second person where identity or more than the policy's
    minutes are at stake; an entry of an admin or auditor takes two admins anyway. Nobody merges
    their own entry or that of somebody they are tied to.
    """
    kept, merged = pair(kept_id, merged_id, by=by, lock=True)
    for field in taken:
        one_of(field, entries.FIELDS, "taken")
    need_others(kept_id, merged_id, by=by, at=at)
    obstacles.need_none(kept, merged)
    wanted = {*taken, *entries.missing(kept, merged)}
    is_alone = not approval.reasons(kept, merged, wanted, at=at)
    if is_alone:
        staff_registrations.need_to_change_alone(kept_id, by=by, at=at)
    row = Merging(
        kept_id=kept.id,
        merged_id=merged.id,
        taken=sorted(wanted),
        minutes=approval.weighed_minutes(merged.id),
        reason=reason,
        state="waiting",
        asked_at=at,
        asked_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    if is_alone:
        _do(row, by=by, at=at)
    journalled("merge", row, by, at, kept=kept_id, merged=merged_id, state=row.state)
    return row


@said("answer")
def decide_merging(
    merging_id: int, *, approve: bool, answer: str | None = None, by: Actor, at: datetime
) -> Merging:
    """Confirm a waiting merging, which then happens, or refuse it, as the second person."""
    row = fetch(Merging, merging_id, lock=True)
    kept, merged = pair(row.kept_id, row.merged_id, by=by, lock=True)
    who = others(row.kept_id, row.merged_id, row.asked_by_id, at)
    need_others(row.kept_id, row.merged_id, by=by, at=at, who=who)
    if approve:
        conflicts.need_second(by, row.asked_by_id, at=at, who=who)
    if row.state != "waiting":
        raise refusals.MergingDecided()
    if not approve and not answer:
        raise Invalid(field="answer", why="请写明不同意的原因")
    row.decided_at, row.decided_by_id, row.answer = at, by.account_id, answer
    row.state = "refused"
    db.session.flush()
    if approve:
        obstacles.need_none(kept, merged)
        row.taken = sorted({*row.taken, *entries.missing(kept, merged)})
        row.minutes = approval.weighed_minutes(merged.id)
        _do(row, by=by, at=at)
    facts: dict[str, Any] = {
        "merging": row.id,
        "number": merged.number,
        "outcome": row.state,
    }
    messages.tell_first(row.asked_by_id, "merging_answered", second=by, at=at, **facts)
    journalled("decide_merging", row, by, at, approve=approve)
    return row


def pair(
    kept_id: int, merged_id: int, *, by: Actor, lock: bool = False
) -> tuple[Volunteer, Volunteer]:
    """Return both entries for an actor who may change both; ``lock`` holds them to the commit."""
    if kept_id == merged_id:
        fetch(Volunteer, kept_id)
        raise refusals.SameEntry(field="merged_id")
    rows = {id_: fetch(Volunteer, id_, lock=lock) for id_ in sorted((kept_id, merged_id))}
    for row in rows.values():
        need_on_person(by, Right.VOLUNTEER_EDIT, row)
        need_on_person(by, Right.POINTS_ADJUST, row)
    return rows[kept_id], rows[merged_id]


def need_others(
    kept_id: int, merged_id: int, *, by: Actor, at: datetime, who: Callable[[], Who] | None = None
) -> None:
    """Refuse an actor who is one of the two, is tied to one, or may not change both."""
    who = who or others(kept_id, merged_id, by.account_id, at)
    conflicts.need_other(by, [kept_id, merged_id], at=at, who=who)
    for id_ in (kept_id, merged_id):
        staff_registrations.need_to_change(id_, by=by)


def others(kept_id: int, merged_id: int, first: int | None, at: datetime) -> Callable[[], Who]:
    """Return who else may decide on a merging of these two."""

    def found() -> Who:
        path = home_of(kept_id) or "/"
        both = [kept_id, merged_id]
        return conflicts.who_may(Right.VOLUNTEER_EDIT, path, first, at=at, but=both)

    return found


def _do(row: Merging, *, by: Actor, at: datetime) -> None:
    words_ = f"{passings.MERGED}（{row.merged.number} → {row.kept.number}）"
    row.state, row.done_at = "done", at
    db.session.flush()
    for found in overlaps_in_merging.overlaps(row.kept_id, row.merged_id):
        record = found.refused
        was = overlaps_in_merging.count_once(record, by=by, at=at)
        stood = {"state": record.state, "version": record.version}
        moved_rows.note(row, moved_rows.OVERLAP, record.id, was, **stood)
    passings.pass_on(row, words_, at=at, account_id=by.account_id)
    places.move_sign_ups(row, by=by, at=at)
    places.move_memberships(row, at=at)
    households.move(row)
    tables.move(row)
    entries.merge(row, at=at)
    checks.answer(row, by=by, at=at)
    messages.tell(row.kept_id, "entries_merged", at=at, number=row.merged.number)


def journalled(verb: str, row: Merging, by: Actor, at: datetime, **facts: object) -> None:
    """Record an act on a merging in the journal."""
    journal.record(f"merging.{verb}", row, account_id=by.account_id, door=by.door, at=at, **facts)

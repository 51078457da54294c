"""Decides anomalies: somebody who is not concerned accepts or rejects each, with a reason."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service import journal
from volunteer_service.attendance.anomalies import late_scan_effects
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.anomalies.kinds import KINDS
from volunteer_service.attendance.anomalies.refusals import AnomalyDecided
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.events import event_teams
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.visible_text import said


def anomaly(anomaly_id: int, *, by: Actor) -> Anomaly:
    """Return an anomaly to an actor who sees its team's records."""
    row = fetch(Anomaly, anomaly_id)
    _need(by, Right.RECORD_SEE, row)
    if row.kind not in KINDS:
        # A newer program found it.
        raise NotFound()
    return row


def people(row: Anomaly) -> list[Volunteer]:
    """Return everybody concerned, by name."""
    query = select(Volunteer).where(Volunteer.id.in_(row.people))
    return list(db.session.scalars(query.order_by(Volunteer.name_order, Volunteer.id)))


def may_answer(row: Anomaly, *, by: Actor) -> bool:
    """Tell whether a page offers the form; a person concerned reads why not when they send it."""
    right = KINDS[row.kind].right
    return rights.may(by, right, area_path=row.team.area.path, team_id=row.team_id)


@said("reason")
def decide_anomaly(
    anomaly_id: int,
    *,
    accept: bool,
    reason: str,
    counted_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Anomaly:
    """Accept an anomaly (it is explained), or reject it; its records are then corrected in the
    usual way.

    An accepted late scan counts, at ``counted_at`` where its own time was wrong: while the shift is
    open as an entry or exit, afterwards as a correction. Nobody decides who is concerned, is tied
    to a person concerned, or did the act in question. If it concerns one person alone, that person
    is told the answer.
    """
    row = fetch(Anomaly, anomaly_id, lock=True)
    _need(by, KINDS[row.kind].right, row)
    who = event_teams.others(KINDS[row.kind].right, row.team, row.people, at=at)
    conflicts.need_other(by, row.people, at=at, who=who)
    if row.account_id is not None:
        conflicts.need_second(by, row.account_id, at=at)
    if row.state != "open":
        raise AnomalyDecided()
    row.state = "accepted" if accept else "rejected"
    row.decided_at, row.decided_by_id, row.answer = at, by.account_id, reason
    if accept and row.scan_id is not None:
        late_scan_effects.count(row, counted_at, reason=reason, by=by, at=at)
    facts = {"day": row.happened_on.isoformat(), "outcome": row.state}
    if row.volunteer_id is not None:
        messages.tell(row.volunteer_id, "anomaly_decided", at=at, **facts)
    journal.record(
        "anomalies.decide_anomaly",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        accept=accept,
        kind=row.kind,
    )
    db.session.flush()
    return row


def _need(by: Actor, right: Right, row: Anomaly) -> None:
    rights.need(by, right, area_path=row.team.area.path, team_id=row.team_id)

"""What is still to be done in a half-year before its facts are frozen: a declared table of kinds.

A new kind is one entry of :data:`KINDS`; its words and its link are in
``web/ratings/readiness_words.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from volunteer_service import settings
from volunteer_service.areas.models import Area
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.check_ins import entry_deadline
from volunteer_service.attendance.models import Complaint, Dispute, ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import Counts, Phrase
from volunteer_service.paper import faces
from volunteer_service.people.models import Consent, Volunteer
from volunteer_service.scoring.ratings import frozen_facts, refusals
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.teams.models import Team

#: ``blocks``: nothing is frozen. ``lifted``: a reason waives it. ``tells``: it is only reported.
Hold = Literal["blocks", "lifted", "tells"]
#: The most people named for a kind that has no list of its own.
NAMED = 20


@dataclass(frozen=True)
class Where:
    """The round's area and half-year, and the present."""

    area_path: str
    half_year: HalfYear
    at: datetime


@dataclass(frozen=True)
class Kind:
    """A kind of thing still to be done: its name, how it holds up a round, the people and how many.

    ``rows`` selects one volunteer id for each thing.
    """

    name: str
    word: Phrase
    hold: Hold
    rows: Callable[[Where], Select[int]]


@dataclass(frozen=True)
class Found:
    """What a kind found: how many things, and the first people concerned."""

    kind: Kind
    count: int
    people: tuple[tuple[int, str], ...]


def look(row: Round, *, at: datetime) -> list[Found]:
    """Return every kind with something to do in the round's half-year, in their order."""
    where = Where(row.area.path, frozen_facts.half_year_of(row), at)
    found = [_found(kind, where) for kind in KINDS] + [_undrawn(where)]
    return [each for each in found if each.count]


def need(row: Round, reason: str | None, *, at: datetime) -> dict[str, Any]:
    """Return what is still to be done, as the round stores it; raise ``NotReady`` or
    ``ReasonToFreeze`` if it holds up the round.
    """
    found = look(row, at=at)
    if stops := [each for each in found if each.kind.hold == "blocks"]:
        raise refusals.NotReady(what=_counts(stops))
    lifts = [each for each in found if each.kind.hold == "lifted"]
    if lifts and not (reason and reason.strip()):
        raise refusals.ReasonToFreeze(field="reason", what=_counts(lifts))
    return {each.kind.name: each.count for each in found}


def _counts(found: list[Found]) -> Counts:
    return Counts({each.kind.word.message: each.count for each in found})


def _found(kind: Kind, where: Where) -> Found:
    rows = kind.rows(where).subquery()
    count = db.session.scalar(select(func.count()).select_from(rows)) or 0
    return Found(kind, count, _named(select(rows.c[0])) if count else ())


def _named(ids: Select[int]) -> tuple[tuple[int, str], ...]:
    query = select(Volunteer.id, Volunteer.name).where(Volunteer.id.in_(ids))
    rows = db.session.execute(query.order_by(Volunteer.name_order, Volunteer.id).limit(NAMED))
    return tuple((id_, name) for id_, name in rows)


def _records(where: Where, *wanted: ColumnElement[bool]) -> Select[int]:
    """Return records of the half-year of people whom the round will rate."""
    half_year = where.half_year
    return (
        select(ServiceRecord.volunteer_id)
        .join(Volunteer, Volunteer.id == ServiceRecord.volunteer_id)
        .where(
            ServiceRecord.served_on.between(half_year.starts_on, half_year.ends_on),
            _belongs(where.area_path, ServiceRecord.team_id),
            *wanted,
        )
    )


def _belongs(
    area_path: str, team_id: ColumnElement[int] | InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    home, served = aliased(Area), aliased(Area)
    under_home = select(home.id).where(home.path.startswith(area_path, autoescape=True))
    under_served = (
        select(Team.id)
        .join(served, served.id == Team.area_id)
        .where(served.path.startswith(area_path, autoescape=True))
    )
    return or_(
        Volunteer.area_id.in_(under_home),
        Volunteer.area_id.is_(None) & team_id.in_(under_served),
    )


def _overdue(where: Where) -> Select[int]:
    last = entry_deadline.last_day_overdue(settings.local_day(where.at))
    return _records(where, _undecided(), ServiceRecord.served_on <= last)


def _waiting(where: Where) -> Select[int]:
    last = entry_deadline.last_day_overdue(settings.local_day(where.at))
    return _records(where, _undecided(), ServiceRecord.served_on > last)


def _undecided() -> ColumnElement[bool]:
    return (ServiceRecord.state == "waiting") & ServiceRecord.waits_for.is_distinct_from("end")


def _forgotten(where: Where) -> Select[int]:
    return _records(where, ServiceRecord.state == "waiting", ServiceRecord.waits_for == "end")


def _disputes(where: Where) -> Select[int]:
    opened = select(Dispute.record_id).where(Dispute.state == "open")
    return _records(where, ServiceRecord.id.in_(opened))


def _anomalies(where: Where) -> Select[int]:
    half_year = where.half_year
    return (
        select(func.coalesce(Anomaly.volunteer_id, 0))
        .join(Team, Team.id == Anomaly.team_id)
        .join(Area, Area.id == Team.area_id)
        .where(
            Anomaly.state == "open",
            Anomaly.happened_on.between(half_year.starts_on, half_year.ends_on),
            Area.path.startswith(where.area_path, autoescape=True),
        )
    )


def _complaints(where: Where) -> Select[int]:
    half_year = where.half_year
    return (
        select(Complaint.volunteer_id)
        .join(Volunteer, Volunteer.id == Complaint.volunteer_id)
        .join(Area, Area.id == Volunteer.area_id)
        .where(
            Complaint.state == "open",
            Complaint.happened_on.between(half_year.starts_on, half_year.ends_on),
            Area.path.startswith(where.area_path, autoescape=True),
        )
    )


def _rated(where: Where) -> Select[int]:
    return _records(where, ServiceRecord.state == "confirmed").distinct()


def _unnamed(where: Where) -> Select[int]:
    agreed = select(Consent.volunteer_id).where(
        Consent.purpose == "publish", Consent.withdrawn_at.is_(None)
    )
    return _rated(where).where(ServiceRecord.volunteer_id.not_in(agreed))


#: Every kind but missing glyphs, which no query finds.
KINDS = (
    # A complaint may cost the star, and the person concerned has a right to an answer first.
    Kind("complaints", Phrase("未处理的投诉"), "blocks", _complaints),
    Kind("overdue", Phrase("超过 10 个工作日没有确认的记录"), "lifted", _overdue),
    Kind("waiting", Phrase("等待确认的记录"), "lifted", _waiting),
    Kind("forgotten", Phrase("忘记签退的记录"), "lifted", _forgotten),
    Kind("disputes", Phrase("未处理的记录异议"), "lifted", _disputes),
    Kind("anomalies", Phrase("待核对的异常"), "lifted", _anomalies),
    Kind("unnamed", Phrase("没有同意公示姓名的人"), "tells", _unnamed),
)
_GLYPHS = Kind("glyphs", Phrase("名字里有字打印不出来的人"), "tells", _rated)


def _undrawn(where: Where) -> Found:
    """Return people whose name has a character that no font of the papers draws."""
    query = select(Volunteer.id, Volunteer.name).where(Volunteer.id.in_(_rated(where)))
    rows = db.session.execute(query.order_by(Volunteer.name_order, Volunteer.id))
    found = [
        (id_, f"{name}（{missing}）") for id_, name in rows if (missing := faces.undrawn(name))
    ]
    return Found(_GLYPHS, len(found), tuple(found[:NAMED]))

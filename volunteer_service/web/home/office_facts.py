"""The facts of a coordinator's first page: what waits, this week, what ends, and charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from volunteer_service import settings
from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.models import Dispute, ServiceRecord
from volunteer_service.db import db
from volunteer_service.events.models import Event
from volunteer_service.figures import counting
from volunteer_service.figures.counting import Count, Place
from volunteer_service.figures.periods import Period
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, places
from volunteer_service.people.changes import person_change_lists
from volunteer_service.scoring.ratings import forecasts, late_counts, openable_rounds
from volunteer_service.scoring.ratings.models import LateChange, Objection, Round, RoundResult
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.teams.models import Membership, Team
from volunteer_service.web.figures import charts
from volunteer_service.web.figures.charts import Chart
from volunteer_service.web.home import reads
from volunteer_service.workbooks.models import Import

#: States in which somebody still has to do something about an import.
HALF_WAY = ("reading", "previewed", "asked", "applying")
#: What the page says of the running month, and of now.
_FIGURES = ("participations", "people_served_with", "minutes", "people_new", "records_overdue")
#: What it draws by week, and how many weeks up to today.
_DRAWN, _WEEKS = ("participations", "minutes"), 12


@dataclass(frozen=True)
class Notice:
    """A public notice that runs, and the objections that nobody has decided."""

    round: Round
    objections: int


@dataclass(frozen=True)
class Office:
    """A coordinator's page over the areas that they coordinate."""

    place: Place
    month: Period
    rounds: Sequence[Round]
    waiting_records: int
    disputes: int
    #: Changes of people's details that somebody else asked for.
    changes: int
    #: What looks wrong about check-ins and hours, undecided.
    anomalies: int
    #: Who asks to join a team.
    asked: int
    #: Records that nobody decided within 10 working days.
    overdue: Count
    #: What begins within seven days.
    coming: Sequence[Event]
    #: Public notices that run, by their end.
    notices: Sequence[Notice]
    #: The half-year that is over, and the streets for which nobody opened its round.
    ended: HalfYear
    due: Sequence[Area]
    #: Objections to stars that nobody has answered.
    objections: int
    #: Who would have another star than a final round gave, as the last night counted.
    late: int
    half_way: Sequence[Import]
    imports: Sequence[Import]
    #: Of this month, against the year before.
    figures: Sequence[Count]
    charts: Sequence[Chart]


def office(by: Actor, *, at: datetime) -> Office:
    """Return what a coordinator came for."""
    paths, _teams = places(by, Right.RATING_RUN)
    here = select(Team.id).where(areas.within(Team.area_id, paths))
    month = Period.of_month(settings.local_day(at))
    place = Place(paths=tuple(paths))
    *figures, overdue = counting.count(place, month, today=at, codes=_FIGURES)
    imports = _imports(by, paths)
    ended = HalfYear.of(settings.local_day(at)).previous
    return Office(
        ended=ended,
        due=openable_rounds.areas_due(paths, ended),
        objections=_objections(paths),
        late=_late(paths),
        place=place,
        month=month,
        figures=figures,
        overdue=overdue,
        anomalies=_anomalies(here),
        asked=reads.count(
            select(Membership.id).where(Membership.team_id.in_(here), Membership.state == "asked")
        ),
        coming=_coming(here, at),
        notices=_notices(paths),
        rounds=reads.rounds(paths),
        waiting_records=reads.waiting(ServiceRecord.team_id.in_(here)),
        disputes=_disputes(here),
        changes=person_change_lists.count_asked_by_others(by=by),
        half_way=[each for each in imports if each.state in HALF_WAY],
        imports=[each for each in imports if each.state not in HALF_WAY],
        charts=_charts(place, at),
    )


def _charts(place: Place, at: datetime) -> list[Chart]:
    """Draw the last weeks against those a year before, and the stars now and as forecast."""
    today = settings.local_day(at)
    monday = today - timedelta(days=today.weekday())
    weeks = Period(monday - timedelta(weeks=_WEEKS - 1), today)
    drawn = charts.over_time(place, weeks, _DRAWN, today=at)
    stars = charts.forecast(place, today=at) if forecasts.are_few(place.paths) else None
    return [*drawn, stars] if stars else drawn


def _coming(team_ids: Select[int], at: datetime) -> Sequence[Event]:
    return reads.events(
        Event.team_id.in_(team_ids),
        Event.state == "published",
        Event.ends_at >= at,
        Event.starts_at < at + timedelta(days=7),
        limit=6,
    )


def _notices(paths: Sequence[str]) -> list[Notice]:
    opened = (
        select(func.count())
        .select_from(Objection)
        .join(RoundResult, RoundResult.id == Objection.result_id)
        .where(RoundResult.round_id == Round.id, Objection.state == "open")
        .correlate(Round)
        .scalar_subquery()
    )
    query = (
        select(Round, opened)
        .options(joinedload(Round.area))
        .where(areas.within(Round.area_id, paths), Round.state == "notice")
        .order_by(Round.notice_ends_on, Round.id)
        .limit(5)
    )
    return [Notice(row, int(n)) for row, n in db.session.execute(query)]


def _anomalies(team_ids: Select[int]) -> int:
    return reads.count(
        select(Anomaly.id).where(Anomaly.team_id.in_(team_ids), Anomaly.state == "open")
    )


def _objections(paths: Sequence[str]) -> int:
    return reads.count(
        select(Objection.id)
        .join(RoundResult, RoundResult.id == Objection.result_id)
        .join(Round, Round.id == RoundResult.round_id)
        .where(areas.within(Round.area_id, paths), Objection.state == "open")
    )


def _late(paths: Sequence[str]) -> int:
    return reads.count(
        select(LateChange.id)
        .join(LateChange.round)
        .where(
            areas.within(Round.area_id, paths),
            late_counts.still_waits(),
            late_counts.is_other_star(),
        )
    )


def _disputes(team_ids: Select[int]) -> int:
    return reads.count(
        select(Dispute.id)
        .join(ServiceRecord, ServiceRecord.id == Dispute.record_id)
        .where(Dispute.state == "open", ServiceRecord.team_id.in_(team_ids))
    )


def _imports(by: Actor, paths: Sequence[str]) -> Sequence[Import]:
    """Return the newest imports, unfinished ones first."""
    query = (
        select(Import)
        .where(or_(Import.account_id == by.account_id, areas.within(Import.area_id, paths)))
        .order_by(Import.state.in_(HALF_WAY).desc(), Import.id.desc())
    )
    return db.session.scalars(query.limit(6)).all()

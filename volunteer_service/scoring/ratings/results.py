"""Reads rounds and stars: lists, and one person's result with its reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from volunteer_service import policies, settings
from volunteer_service.areas.models import Area
from volunteer_service.attendance.records import rating_facts as facts
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.openings import taken_over
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.merged_entries import is_entry_of
from volunteer_service.people.models import Volunteer
from volunteer_service.people.search import person_search
from volunteer_service.scoring.ratings import frozen_facts
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.ratings.refusals import RoundMovedOn
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.scoring.rules.stars import Facts, Rating, rate
from volunteer_service.teams.models import Membership, Team

SHOWN = ("notice", "decided", "final")
ROUND_SORTS = Sorts(Round.id, "-half_year", half_year=Round.half_year, opened_at=Round.opened_at)
#: The default order of results; see :func:`results`.
RESULT_SORTS = Sorts(
    RoundResult.id,
    "volunteer_id",
    volunteer_id=RoundResult.volunteer_id,
    stars=RoundResult.stars,
    name=Volunteer.name_order,
)


@dataclass(frozen=True)
class Explanation:
    """Why a person has these stars: the reasons of the rules, the facts, and the policy."""

    result: RoundResult
    reasons: tuple[Reason, ...]
    facts: Facts
    frozen: Facts
    policy: Policy


@dataclass(frozen=True)
class Progress:
    """A person's stars in the running half-year, if it were rated now."""

    half_year: HalfYear
    rating: Rating
    minutes: int
    policy: Policy


def half_year_of(day: date) -> str:
    """Return a round's name for the half-year of this day; any day is valid, so that a filter never
    fails.
    """
    return f"{day.year:04}H{1 if day.month <= 6 else 2}"


def rounds(
    by: Actor,
    *,
    half_year: str | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    state: str | None = None,
    area_id: int | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Round]:
    """Return the rounds of the areas that the actor may see, newest first.

    They are those of half-years with a day from ``from_on`` to ``to_on``.
    """
    paths, _teams = rights.places(by, Right.RATING_SEE)
    query = select(Round).join(Round.area).options(joinedload(Round.area))
    query = query.where(
        or_(*(Area.path.startswith(path, autoescape=True) for path in paths))
        if paths
        else Round.id < 0
    )
    if half_year:
        query = query.where(Round.half_year == half_year)
    if from_on:
        query = query.where(Round.half_year >= half_year_of(from_on))
    if to_on:
        query = query.where(Round.half_year <= half_year_of(to_on))
    if state:
        query = query.where(Round.state == state)
    if area_id is not None:
        query = query.where(Area.path.startswith(fetch(Area, area_id).path, autoescape=True))
    return page(query, ROUND_SORTS, sort=sort, cursor=cursor, limit=limit)


def round_of(round_id: int, by: Actor) -> Round:
    """Return one round, for somebody who may see ratings there."""
    row = fetch(Round, round_id)
    rights.need(by, Right.RATING_SEE, area_path=row.area.path)
    return row


def frozen_round(round_id: int, by: Actor) -> Round:
    """Return the same, once there is something to replay; ``RoundMovedOn`` before it is frozen."""
    row = round_of(round_id, by)
    if row.state == "open":
        raise RoundMovedOn()
    return row


def distribution(round_id: int) -> list[int]:
    """Return how many people have 0, 1, 2, 3, 4 and 5 stars; nobody before the draft."""
    query = (
        select(RoundResult.stars, func.count())
        .where(RoundResult.round_id == round_id, RoundResult.stars.is_not(None))
        .group_by(RoundResult.stars)
    )
    counts = [0] * 6
    for stars, count in db.session.execute(query):
        counts[stars or 0] = count
    return counts


def people(round_id: int) -> int:
    """Return how many people the round rates."""
    query = select(func.count()).where(RoundResult.round_id == round_id)
    return db.session.scalar(query) or 0


def results(
    row: Round,
    *,
    stars: int | None = None,
    name: str | None = None,
    team_id: int | None = None,
    team: str | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[RoundResult]:
    """Return the people of a round, most stars first once they are rated."""
    query = chosen(row.id, stars=stars, name=name, team_id=team_id, team=team)
    query = query.join(RoundResult.volunteer).options(contains_eager(RoundResult.volunteer))
    if sort is None and row.state not in ("open", "frozen"):
        sort = "-stars"
    return page(query, RESULT_SORTS, sort=sort, cursor=cursor, limit=limit)


def chosen(
    round_id: int,
    *,
    stars: int | None,
    name: str | None,
    team_id: int | None,
    team: str | None = None,
) -> Select[RoundResult]:
    """Return the results of a round with this many stars, a name or number, a team or part of its
    name.
    """
    query = select(RoundResult).where(RoundResult.round_id == round_id)
    if stars is not None:
        query = query.where(RoundResult.stars == stars)
    if name:
        query = query.where(*person_search.by_text(name, RoundResult.volunteer_id))
    members = select(Membership.volunteer_id).where(Membership.state == "active")
    if team_id is not None:
        query = query.where(
            RoundResult.volunteer_id.in_(members.where(Membership.team_id == team_id))
        )
    if team:
        named = members.join(Team, Team.id == Membership.team_id).where(
            Team.name.contains(team, autoescape=True)
        )
        query = query.where(RoundResult.volunteer_id.in_(named))
    return query


def result_of(result_id: int, by: Actor) -> RoundResult:
    """Return a result, for its owner once the notice was published and for staff who may see
    ratings.
    """
    result = fetch(RoundResult, result_id)
    if not (is_own(result, by) and result.round.state in SHOWN):
        rights.need(by, Right.RATING_SEE, area_path=result.round.area.path)
    return result


def is_own(result: RoundResult, by: Actor) -> bool:
    """Tell whether the result is the actor's, or that of an entry merged into theirs."""
    rated = result.volunteer
    return by.volunteer_id is not None and by.volunteer_id in (rated.id, rated.merged_into_id)


def result_in(round_id: int, volunteer_id: int, by: Actor) -> RoundResult:
    """Return somebody's result in a round, for a reader to whom :func:`result_of` shows it."""
    query = select(RoundResult.id).where(
        RoundResult.round_id == round_id, RoundResult.volunteer_id == volunteer_id
    )
    return result_of(db.session.scalar(query) or 0, by)


def explain(result: RoundResult) -> Explanation:
    """Return the reasons of a result, with the facts that hold and those first frozen."""
    policy = policies.of(result.round.policy_version or 0)
    reasons = tuple(Reason.from_dict(kept) for kept in result.reasons)
    return Explanation(
        result, reasons, frozen_facts.effective(result), frozen_facts.frozen(result), policy
    )


def named_results(round_id: int) -> Iterator[tuple[frozen_facts.Kept, Volunteer]]:
    """Yield everybody of a round, by rising volunteer id, some at a time."""
    for batch in frozen_facts.batches(frozen_facts.kept(round_id)):
        ids = [person.volunteer_id for person in batch]
        rows = db.session.scalars(select(Volunteer).where(Volunteer.id.in_(ids)))
        known = {row.id: row for row in rows}
        for person in batch:
            yield person, known[person.volunteer_id]


def latest_stars(volunteer_id: int) -> int:
    """Return stars in the last final round that covers the person's home, whatever its level; 0 for
    a person who was not rated in it.

    Without a home it is the last round of the area in which they were rated.

    If the policy counts stars taken over, the newest one of an earlier system applies until a round
    of its half-year or a later one is final where the person lives.
    """
    if policies.active().openings_for_stars and (before := _taken_over(volunteer_id)):
        return before
    last = _last_where(volunteer_id)
    query = (
        select(RoundResult.stars)
        .join(RoundResult.round)
        .where(
            is_entry_of(RoundResult.volunteer_id, volunteer_id),
            Round.state == "final",
            Round.half_year >= last,
        )
        .order_by(Round.half_year.desc(), Round.supplement.desc(), RoundResult.stars.desc())
        .limit(1)
    )
    return db.session.scalar(query) or 0


def _last_where(volunteer_id: int) -> ScalarSelect[str]:
    """Return the half-year of the last final round that counts for this person; '' without one."""
    home = _home_of(volunteer_id)
    newer = aliased(Round)
    last = select(func.coalesce(func.max(newer.half_year), "")).where(newer.state == "final")
    if db.session.scalar(select(home)) is None:
        return last.where(newer.area_id == Round.area_id).correlate(Round).scalar_subquery()
    covers = aliased(Area)
    last = last.join(covers, covers.id == newer.area_id).where(home.startswith(covers.path))
    return last.scalar_subquery()


def _home_of(volunteer_id: int) -> ScalarSelect[str]:
    return (
        select(Area.path)
        .join(Volunteer, Volunteer.area_id == Area.id)
        .where(Volunteer.id == volunteer_id)
        .scalar_subquery()
    )


def _taken_over(volunteer_id: int) -> int:
    """Return the newest star taken over, while no round of its half-year or later is
    final; else 0.
    """
    newest = next(iter(taken_over.stars_of(volunteer_id)), None)
    if newest is None:
        return 0
    home = _home_of(volunteer_id)
    rated = (
        select(Round.id)
        .join(Round.area)
        .where(
            Round.state == "final",
            Round.half_year >= newest.half_year,
            home.startswith(Area.path),
        )
        .limit(1)
    )
    return newest.stars if db.session.scalar(rated) is None else 0


def newest_of(volunteer_id: int, half_year: str) -> RoundResult | None:
    """Return a person's valid result of this half-year: that of the last round that rated them."""
    query = (
        select(RoundResult)
        .join(RoundResult.round)
        .where(
            is_entry_of(RoundResult.volunteer_id, volunteer_id),
            Round.half_year == half_year,
            Round.state != "withdrawn",
        )
        .order_by(Round.supplement.desc(), RoundResult.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def results_of(volunteer_id: int) -> Sequence[RoundResult]:
    """Return a person's published results, newest first; those of entries merged into
    theirs too.
    """
    query = (
        select(RoundResult)
        .join(RoundResult.round)
        .options(joinedload(RoundResult.round).joinedload(Round.area))
        .where(is_entry_of(RoundResult.volunteer_id, volunteer_id), Round.state.in_(SHOWN))
        .order_by(Round.half_year.desc(), Round.supplement.desc())
    )
    return db.session.scalars(query).all()


def progress(volunteer_id: int, *, at: datetime) -> Progress:
    """Return the stars that a person's confirmed minutes of the running half-year would
    give today.
    """
    half_year = HalfYear.of(settings.local_day(at))
    policy = facts.policy_of(volunteer_id, half_year)
    now = next(facts.facts_of(half_year, [volunteer_id], policy), None)
    if now is None:
        raise NotFound()
    return Progress(half_year, rate(now, policy), now.confirmed_minutes, policy)

"""Counts each night whose facts of now would give another star or other hours than the last final
result of the half-year.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, insert, or_, select
from sqlalchemy.orm import aliased, contains_eager

from volunteer_service import policies
from volunteer_service.attendance.records import rating_facts
from volunteer_service.db import db
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings import frozen_facts, live_facts
from volunteer_service.scoring.ratings.frozen_facts import Kept
from volunteer_service.scoring.ratings.models import LateChange, Round, RoundResult
from volunteer_service.scoring.rules.stars import Facts, Rating

LATE_SORTS = Sorts(
    LateChange.id,
    "name",
    name=Volunteer.name_order,
    stars_before=LateChange.stars_before,
    stars_now=LateChange.stars_now,
)


@dataclass(frozen=True)
class Waiting:
    """How many people of a round wait for a supplement: for another star, for other hours alone."""

    star: int
    hours: int


def count_late(round_id: int, *, at: datetime) -> int:
    """Count a final round anew and keep who differs; return how many. Any other round has nobody.

    Everybody is compared who was rated in the half-year here, and who would be rated here now
    without a result anywhere. Memory does not grow with the round.
    """
    row = db.session.get_one(Round, round_id)
    if row.state != "final" or row.supplement:
        return 0
    db.session.refresh(row, with_for_update={"key_share": True})
    db.session.execute(delete(LateChange).where(LateChange.round_id == row.id))
    count = 0
    for batch in frozen_facts.batches(_differing(row)):
        db.session.execute(insert(LateChange), batch)
        count += len(batch)
    row.late_counted_at = at
    return count


def rounds_to_count() -> Sequence[int]:
    """Return the final first rounds, newest half-year first."""
    query = select(Round.id).where(Round.state == "final", Round.supplement == 0)
    return db.session.scalars(query.order_by(Round.half_year.desc(), Round.id)).all()


def waiting(round_id: int) -> Waiting:
    """Return how many people of a round wait, as the last night counted them."""
    query = (
        select(is_other_star(), func.count())
        .select_from(LateChange)
        .join(LateChange.round)
        .where(LateChange.round_id == round_id, still_waits())
        .group_by(is_other_star())
    )
    found = {bool(star): count for star, count in db.session.execute(query)}
    return Waiting(star=found.get(True, 0), hours=found.get(False, 0))


def late_people(
    row: Round,
    *,
    other_star: bool = False,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[LateChange]:
    """Return who waits for a supplement of this round; with another star alone where asked."""
    query = (
        select(LateChange)
        .join(LateChange.round)
        .join(LateChange.volunteer)
        .options(contains_eager(LateChange.volunteer))
        .where(LateChange.round_id == row.id, still_waits())
    )
    if other_star:
        query = query.where(is_other_star())
    return page(query, LATE_SORTS, sort=sort, cursor=cursor, limit=limit)


def waiting_ids(row: Round, *, with_other_star: bool = False) -> Sequence[int]:
    """Return who waits for a supplement of this round."""
    query = (
        select(LateChange.volunteer_id)
        .join(LateChange.round)
        .where(LateChange.round_id == row.id, still_waits())
    )
    if with_other_star:
        query = query.where(is_other_star())
    return db.session.scalars(query.order_by(LateChange.volunteer_id)).all()


def is_other_star() -> ColumnElement[bool]:
    """Tell whether the star itself differs, not only the hours."""
    return LateChange.stars_before != LateChange.stars_now


def still_waits() -> ColumnElement[bool]:
    """Tell whether no supplement has the person: none that runs, none frozen since the count.

    The query has the round joined. An entry merged into another since waits no more.
    """
    extra, rated = aliased(Round), aliased(RoundResult)
    taken = exists(
        select(rated.id)
        .join(extra, extra.id == rated.round_id)
        .where(
            rated.volunteer_id == LateChange.volunteer_id,
            extra.half_year == Round.half_year,
            extra.supplement > 0,
            or_(
                extra.state.not_in(("final", "withdrawn")),
                and_(extra.state == "final", extra.frozen_at >= Round.late_counted_at),
            ),
        )
        .correlate(LateChange, Round)
    )
    merged = select(Volunteer.id).where(Volunteer.merged_into_id.is_not(None))
    return and_(~taken, LateChange.volunteer_id.not_in(merged))


def _differing(row: Round) -> Iterator[dict[str, Any]]:
    rate_by = frozen_facts.rules_of(row)
    for last, now in _pairs(row):
        found = _difference(row, last, now, rate_by)
        if found is not None:
            yield found


def _difference(
    row: Round, last: Kept | None, now: Facts, rate_by: Callable[[Facts], Rating]
) -> dict[str, Any] | None:
    stars, minutes = rate_by(now).stars, now.confirmed_minutes
    stars_before = (last.stars or 0) if last else 0
    minutes_before = last.effective.confirmed_minutes if last else 0
    if (stars, minutes) == (stars_before, minutes_before):
        return None
    return {
        "round_id": row.id,
        "volunteer_id": now.volunteer_id,
        "result_id": last.id if last else None,
        "stars_before": stars_before,
        "stars_now": stars,
        "minutes_before": minutes_before,
        "minutes_now": minutes,
    }


def _pairs(row: Round) -> Iterator[tuple[Kept | None, Facts]]:
    """Yield each person's last final result here, if they have one, beside their facts of now.

    Both sides come by rising volunteer id, so one row of each is in memory.
    """
    later, merged = _of_supplements(row), _merged(row)
    rated = _last_results(row, later)
    behind: list[Kept] = []
    last = next(rated, None)
    for now in _now(row):
        while last is not None and last.volunteer_id < now.volunteer_id:
            behind.append(last)
            last = next(rated, None)
            if len(behind) == frozen_facts.CHUNK:
                yield from _moved_away(row, behind, merged)
                behind = []
        if last is not None and last.volunteer_id == now.volunteer_id:
            yield last, now
            last = next(rated, None)
        elif not _rated_elsewhere(row, now.volunteer_id):
            yield _before_merging(row, now.volunteer_id), now
    for batch in frozen_facts.batches(chain(behind, [last] if last else [], rated)):
        yield from _moved_away(row, batch, merged)


def _last_results(row: Round, later: dict[int, Kept]) -> Iterator[Kept]:
    """Yield the last final result of everybody, by rising volunteer id."""
    waiting = iter(sorted(later.values(), key=lambda each: each.volunteer_id))
    extra = next(waiting, None)
    for each in frozen_facts.kept(row.id):
        while extra is not None and extra.volunteer_id < each.volunteer_id:
            yield extra
            extra = next(waiting, None)
        if extra is not None and extra.volunteer_id == each.volunteer_id:
            yield extra
            extra = next(waiting, None)
        else:
            yield each
    while extra is not None:
        yield extra
        extra = next(waiting, None)


def _of_supplements(row: Round) -> dict[int, Kept]:
    query = select(Round.id).where(
        Round.area_id == row.area_id,
        Round.half_year == row.half_year,
        Round.supplement > 0,
        Round.state == "final",
    )
    ids = db.session.scalars(query.order_by(Round.supplement)).all()
    return {each.volunteer_id: each for id_ in ids for each in frozen_facts.kept(id_)}


def _now(row: Round) -> Iterator[Facts]:
    policy, half_year = policies.of(row.policy_version or 0), frozen_facts.half_year_of(row)
    facts = rating_facts.facts_for(half_year, row.area.path, policy)
    for batch in frozen_facts.batches(facts):
        yield from live_facts.with_typed(row, batch)


def _moved_away(
    row: Round, behind: Sequence[Kept], merged: set[int]
) -> Iterator[tuple[Kept | None, Facts]]:
    """Yield people who live elsewhere now, or have no record left, with their facts of now."""
    by_id = {each.volunteer_id: each for each in behind if each.volunteer_id not in merged}
    for now in live_facts.of(row, by_id.keys()) if by_id else ():
        yield by_id[now.volunteer_id], now


def _merged(row: Round) -> set[int]:
    query = (
        select(Volunteer.id)
        .join(RoundResult, RoundResult.volunteer_id == Volunteer.id)
        .join(Round, Round.id == RoundResult.round_id)
        .where(Round.half_year == row.half_year, Volunteer.merged_into_id.is_not(None))
    )
    return set(db.session.scalars(query))


def _final_results(row: Round) -> Select[int]:
    return (
        select(RoundResult.id)
        .join(RoundResult.round)
        .where(Round.half_year == row.half_year, Round.state != "withdrawn")
    )


def _rated_elsewhere(row: Round, volunteer_id: int) -> bool:
    """Tell whether another round of the half-year has the person, who moved here since."""
    query = _final_results(row).where(RoundResult.volunteer_id == volunteer_id)
    return db.session.scalar(query.limit(1)) is not None


def _before_merging(row: Round, volunteer_id: int) -> Kept | None:
    """Return the last result of an entry that was merged into this person's, if there is one."""
    gone = select(Volunteer.id).where(Volunteer.merged_into_id == volunteer_id)
    query = (
        _final_results(row)
        .where(RoundResult.volunteer_id.in_(gone), Round.state == "final")
        .order_by(Round.supplement.desc(), RoundResult.stars.desc())
    )
    id_ = db.session.scalar(query.limit(1))
    if id_ is None:
        return None
    result = db.session.get_one(RoundResult, id_)
    return Kept(
        result.id,
        volunteer_id,
        result.facts,
        result.amended,
        result.stars,
        result.reasons,
        result.round.facts_format,
    )

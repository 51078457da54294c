"""The doctor of stars: it checks that minutes are the sum of the records they came from."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from volunteer_service import policies
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points.doctor import Difference
from volunteer_service.scoring.ratings import frozen_facts, late_changes, live_facts
from volunteer_service.scoring.ratings.models import Objection, Round, RoundResult

CHECK = "a star's minutes = the sum of its records"
KEPT = "frozen minutes = the sum of the records frozen with them"


def doctor() -> list[Difference]:
    """Return the people of rounds whose minutes are not the sum of their records.

    Records that changed after the facts were frozen are named on the round's page instead. Minutes
    that an earlier version let somebody type are added, because no record has them.
    """
    rows = db.session.scalars(
        select(Round).where(Round.frozen_at.is_not(None), Round.state != "withdrawn")
    ).all()
    return [found for row in rows for found in _of_round(row)]


def _of_round(row: Round) -> Iterator[Difference]:
    changed, decided = late_changes.changed(row), _decided(row)
    for batch in frozen_facts.batches(frozen_facts.kept(row.id)):
        ids = [person.volunteer_id for person in batch]
        merged = _merged(ids)
        sums, typed = _sums(row, ids), live_facts.typed_minutes(row, ids)
        for person in batch:
            who = person.volunteer_id
            yield from _kept(person, typed.get(who, 0))
            last, basis = changed.get(who), decided.get(who, row.frozen_at)
            later = last is not None and basis is not None and last > basis
            if later or who in merged:
                continue
            stored = person.effective.confirmed_minutes
            # Supplements of earlier versions were frozen without the typed minutes.
            if stored not in (sums.get(who, 0), sums.get(who, 0) + typed.get(who, 0)):
                yield Difference(
                    CHECK, f"round_results/{person.id}", str(stored), str(sums.get(who, 0))
                )


def _kept(person: frozen_facts.Kept, typed: int) -> Iterator[Difference]:
    """Compare the frozen minutes with the records frozen beside them, if the format has them."""
    holds = person.effective
    minutes = sum(record.minutes for record in holds.records)
    if holds.records and holds.confirmed_minutes not in (minutes, minutes + typed):
        where = f"round_results/{person.id}"
        yield Difference(KEPT, where, str(holds.confirmed_minutes), str(minutes))


def _decided(row: Round) -> dict[int, datetime]:
    """Return for each person when their facts were last frozen again."""
    query = (
        select(RoundResult.volunteer_id, func.max(Objection.decided_at))
        .join(RoundResult, RoundResult.id == Objection.result_id)
        .where(RoundResult.round_id == row.id, Objection.state == "upheld")
        .group_by(RoundResult.volunteer_id)
    )
    return {who: at for who, at in db.session.execute(query) if at is not None}


def _merged(volunteer_ids: list[int]) -> set[int]:
    """Return the entries that were merged since, whose records belong to the kept entry now."""
    query = select(Volunteer.id).where(
        Volunteer.id.in_(volunteer_ids), Volunteer.merged_into_id.is_not(None)
    )
    return set(db.session.scalars(query))


def _sums(row: Round, volunteer_ids: list[int]) -> dict[int, int]:
    half_year = frozen_facts.half_year_of(row)
    grades = policies.of(row.policy_version or 0).grades_for_stars
    query = (
        select(ServiceRecord.volunteer_id, func.sum(ServiceRecord.minutes))
        .where(
            ServiceRecord.volunteer_id.in_(volunteer_ids),
            ServiceRecord.state == "confirmed",
            ServiceRecord.served_on.between(half_year.starts_on, half_year.ends_on),
            ServiceRecord.grade.in_(grades),
        )
        .group_by(ServiceRecord.volunteer_id)
    )
    return {who: int(minutes) for who, minutes in db.session.execute(query)}

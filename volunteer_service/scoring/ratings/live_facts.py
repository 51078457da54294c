"""The present facts of people of a round, which an upheld objection freezes again.

Earlier versions let a decider type hours into a rating. These are in no record, so they are added
here, and a later draft for another reason keeps them.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from sqlalchemy import select

from volunteer_service import policies
from volunteer_service.attendance.records import rating_facts
from volunteer_service.db import db
from volunteer_service.scoring.ratings import frozen_facts
from volunteer_service.scoring.ratings.models import Objection, Round, RoundResult
from volunteer_service.scoring.rules.stars import Facts

_NUMBERS = ("confirmed_minutes", "upheld_complaints", "evaluation_count", "evaluation_sum")


def of(row: Round, volunteer_ids: Collection[int]) -> Iterator[Facts]:
    """Yield the facts of these people as of now, under the policy of the round, by volunteer id."""
    policy = policies.of(row.policy_version or 0)
    half_year = frozen_facts.half_year_of(row)
    people = list(rating_facts.facts_of(half_year, volunteer_ids, policy))
    yield from with_typed(row, people)


def with_typed(row: Round, people: Collection[Facts]) -> Iterator[Facts]:
    """Yield these people with the minutes that an earlier version let somebody add by hand."""
    typed = _typed(row, [person.volunteer_id for person in people])
    for person in people:
        for before, after in typed.get(person.volunteer_id, ()):
            person = _with(person, before, after)
        yield person


def typed_minutes(row: Round, volunteer_ids: Collection[int]) -> dict[int, int]:
    """Return for each person the minutes that an earlier version let somebody add by hand."""
    return {
        who: sum(after.confirmed_minutes - before.confirmed_minutes for before, after in pairs)
        for who, pairs in _typed(row, volunteer_ids).items()
    }


def _typed(row: Round, volunteer_ids: Collection[int]) -> dict[int, list[tuple[Facts, Facts]]]:
    """Yield for each person the typed minutes before and after, in the order of the decisions."""
    query = (
        select(RoundResult.volunteer_id, Round.facts_format, Objection)
        .join(RoundResult, RoundResult.id == Objection.result_id)
        .join(Round, Round.id == RoundResult.round_id)
        .where(
            Objection.typed,
            Objection.state == "upheld",
            Round.half_year == row.half_year,
            Round.state != "withdrawn",
            RoundResult.volunteer_id.in_(volunteer_ids),
        )
        .order_by(Objection.decided_at, Objection.id)
    )
    found: dict[int, list[tuple[Facts, Facts]]] = {}
    for who, format_, said in db.session.execute(query):
        if said.facts_before is not None and said.facts_after is not None:
            read = [
                frozen_facts.read(each, format_) for each in (said.facts_before, said.facts_after)
            ]
            found.setdefault(who, []).append((read[0], read[1]))
    return found


def _with(person: Facts, before: Facts, after: Facts) -> Facts:
    changed = {
        name: max(0, getattr(person, name) + getattr(after, name) - getattr(before, name))
        for name in _NUMBERS
    }
    if after.registered_on != before.registered_on:
        return replace(person, registered_on=after.registered_on, **changed)
    return replace(person, **changed)

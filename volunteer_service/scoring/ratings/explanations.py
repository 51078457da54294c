"""Explains a star: the facts, the minutes by grade, each record and its scans."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import scans_of_records
from volunteer_service.attendance.records.scans_of_records import Scanned
from volunteer_service.db import db, fetch, in_lists
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.ratings import live_facts, results
from volunteer_service.scoring.ratings.models import RoundResult
from volunteer_service.scoring.ratings.results import Explanation
from volunteer_service.scoring.rules.policy import GRADES
from volunteer_service.scoring.rules.stars import FrozenRecord
from volunteer_service.teams.models import Membership


@dataclass(frozen=True)
class Behind:
    """A record of a star as it was frozen and as it is now, with its accepted scans."""

    frozen: FrozenRecord
    record: ServiceRecord
    scans: Sequence[Scanned]

    @property
    def has_changed(self) -> bool:
        """Tell whether the record changed since it was frozen."""
        now = (self.record.minutes, self.record.grade, self.record.state)
        return now != (self.frozen.minutes, self.frozen.grade, "confirmed")


@dataclass(frozen=True)
class Why:
    """The whole way from a star to its scans.

    ``is_frozen`` is false for a round whose facts are of format 1: they name no records, so these
    are the records that count now.
    """

    said: Explanation
    is_frozen: bool
    records: Sequence[Behind]

    @property
    def by_grade(self) -> list[tuple[str, int]]:
        """Minutes by evidence grade, best grade first, as frozen."""
        sums = Counter[str]()
        for each in self.records:
            sums[each.frozen.grade] += each.frozen.minutes
        return [(grade, sums[grade]) for grade in GRADES if grade in sums]


def why(result_id: int, by: Actor) -> Why:
    """Return why a person has these stars, to actors to whom :func:`results.result_of` shows them
    and, once they are published, to a leader of one of the person's teams.
    """
    result = fetch(RoundResult, result_id)
    if not _leads(result, by):
        result = results.result_of(result_id, by)
    said = results.explain(result)
    is_frozen = (result.round.facts_format or 1) > 1
    kept = said.facts.records if is_frozen else _counting_now(result)
    records = _records([each.id for each in kept])
    scans = scans_of_records.of(list(records.values()))
    behind = (Behind(each, records[each.id], scans[each.id]) for each in kept)
    return Why(said, is_frozen, sorted(behind, key=lambda one: (one.record.starts_at, one.frozen)))


def may_read(result: RoundResult, by: Actor) -> bool:
    """Tell whether :func:`why` would answer a member of staff."""
    return _leads(result, by) or rights.may(by, Right.RATING_SEE, area_path=result.round.area.path)


def _leads(result: RoundResult, by: Actor) -> bool:
    if result.round.state not in results.SHOWN:
        return False
    _paths, teams = rights.places(by, Right.RECORD_SEE)
    query = select(Membership.id).where(
        Membership.volunteer_id == result.volunteer_id,
        Membership.state == "active",
        Membership.team_id.in_(teams),
    )
    return bool(teams) and db.session.scalar(query.limit(1)) is not None


def _counting_now(result: RoundResult) -> tuple[FrozenRecord, ...]:
    found = live_facts.of(result.round, [result.volunteer_id])
    return next((person.records for person in found), ())


def _records(ids: Sequence[int]) -> dict[int, ServiceRecord]:
    found: dict[int, ServiceRecord] = {}
    for some in in_lists(ids):
        rows = db.session.scalars(select(ServiceRecord).where(ServiceRecord.id.in_(some)))
        found |= {row.id: row for row in rows}
    return found

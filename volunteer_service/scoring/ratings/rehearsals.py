"""Rates the last half-years by a proposed policy, to show whose star would have differed."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from volunteer_service.areas.models import Area
from volunteer_service.db import db, fetch
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.policies import PolicyVersion
from volunteer_service.scoring.ratings import frozen_facts
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.stars import rate

#: How many half-years, rounds in all, and names of a round are read.
HALF_YEARS, ROUNDS, NAMED = 3, 12, 50


@dataclass(frozen=True)
class Moved:
    """One person whose star would have differed."""

    volunteer_id: int
    name: str
    was: int
    now: int


@dataclass(frozen=True)
class Rehearsed:
    """One final round rated by the numbers: people by star before and after, and moved stars."""

    row: Round
    before: tuple[int, ...]
    after: tuple[int, ...]
    moved: tuple[Moved, ...]
    #: How many people move and are not named.
    more: int


def rehearse(version: int, *, by: Actor) -> list[Rehearsed]:
    """Rate the frozen facts of the last final rounds by this version; nothing is changed.

    It reads the rounds that the reader may see, in the area for which the version is meant. Numbers
    that the facts cannot show (minutes by grade of evidence) count as frozen.
    """
    kept = fetch(PolicyVersion, version)
    area_id = kept.term.area_id if kept.term else None
    rows = _rounds(fetch(Area, area_id).path if area_id else "/", by)
    return [_rehearsed(row, kept.policy) for row in rows]


def _rounds(path: str, by: Actor) -> list[Round]:
    query = (
        select(Round)
        .join(Area, Area.id == Round.area_id)
        .options(joinedload(Round.area))
        .where(
            Round.state == "final",
            Round.supplement == 0,
            Area.path.startswith(path, autoescape=True),
        )
        .order_by(Round.half_year.desc(), Round.id)
    )
    seen = [
        row
        for row in db.session.scalars(query.limit(100))
        if rights.may(by, Right.RATING_SEE, area_path=row.area.path)
    ]
    halves = sorted({row.half_year for row in seen}, reverse=True)[:HALF_YEARS]
    return [row for row in seen if row.half_year in halves][:ROUNDS]


def _rehearsed(row: Round, policy: Policy) -> Rehearsed:
    before, after = Counter[int](), Counter[int]()
    moved: list[tuple[int, int, int]] = []
    for person in frozen_facts.kept(row.id):
        was = person.stars or 0
        now = rate(person.effective, policy, row.rules_version or 1).stars
        before[was] += 1
        after[now] += 1
        if was != now:
            moved.append((person.volunteer_id, was, now))
    names = _names([each[0] for each in moved[:NAMED]])
    return Rehearsed(
        row,
        tuple(before[star] for star in range(6)),
        tuple(after[star] for star in range(6)),
        tuple(Moved(id_, names[id_], was, now) for id_, was, now in moved[:NAMED]),
        max(0, len(moved) - NAMED),
    )


def _names(ids: list[int]) -> dict[int, str]:
    query = select(Volunteer).where(Volunteer.id.in_(ids))
    return {each.id: each.name for each in db.session.scalars(query)}

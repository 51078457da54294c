"""The facts that decide the stars of a half-year: frozen in the round, stored, read back.

A round keeps the format of its facts and the version of its rules, and is read and rated with them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select

from volunteer_service import policies
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import WrittenByNewerProgram
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.rules import formats
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.stars import RULES, Facts, Rating, rate

T = TypeVar("T")

#: The columns of a round that freezing sets and thawing clears.
FROZEN = (
    *("policy_version", "facts_format", "rules_version", "facts_hash", "frozen_at"),
    *("readiness", "lifted_reason"),
)
#: The most rows in memory at a time, whatever the size of the round.
CHUNK = 1000


class Kept(NamedTuple):
    """One person of a round, as the database stores it."""

    id: int
    volunteer_id: int
    facts: dict[str, Any]
    amended: dict[str, Any] | None
    stars: int | None
    reasons: list[Any]
    facts_format: int | None

    @property
    def frozen(self) -> Facts:
        """Return the facts as they were frozen."""
        return read(self.facts, self.facts_format)

    @property
    def effective(self) -> Facts:
        """Return the facts that hold, as the last upheld objection left them."""
        return read(self.amended or self.facts, self.facts_format)


def newest() -> dict[str, int]:
    """Return format and rules of a round that is frozen now, as its columns."""
    return {"facts_format": formats.newest(Facts), "rules_version": max(RULES)}


def read(kept: Mapping[str, Any], facts_format: int | None) -> Facts:
    """Return the facts that a round of this format keeps; without a number it is the first
    format.
    """
    with _known():
        return Facts.from_dict(kept, facts_format or 1)


def frozen(result: RoundResult) -> Facts:
    """Return the facts of one result as they were frozen."""
    return read(result.facts, result.round.facts_format)


def effective(result: RoundResult) -> Facts:
    """Return the facts of one result that hold: as the last upheld objection left them."""
    return read(result.amended or result.facts, result.round.facts_format)


def rules_of(row: Round) -> Callable[[Facts], Rating]:
    """Return the rules of the round: its own version, under its own policy."""
    policy, version = policies.of(row.policy_version or 0), row.rules_version or 1
    with _known():
        formats.need_known("rules", version, max(RULES))
    return lambda person: rate(person, policy, version)


@contextmanager
def _known() -> Iterator[None]:
    try:
        yield
    except formats.NewerFormat as newer:
        raise WrittenByNewerProgram(format=newer.number, known=newer.known) from None


def living_in(area_path: str, volunteer_ids: Collection[int]) -> set[int]:
    """Return which of these people have their home in the area."""
    query = (
        select(Volunteer.id)
        .join(Area, Area.id == Volunteer.area_id)
        .where(Volunteer.id.in_(volunteer_ids), Area.path.startswith(area_path, autoescape=True))
    )
    return set(db.session.scalars(query))


def kept(round_id: int) -> Iterator[Kept]:
    """Yield the people of a round by rising volunteer id, a chunk of rows in memory at a time."""
    last = 0
    while True:
        rows = db.session.execute(
            select(
                RoundResult.id,
                RoundResult.volunteer_id,
                RoundResult.facts,
                RoundResult.amended,
                RoundResult.stars,
                RoundResult.reasons,
                Round.facts_format,
            )
            .join(RoundResult.round)
            .where(RoundResult.round_id == round_id, RoundResult.volunteer_id > last)
            .order_by(RoundResult.volunteer_id)
            .limit(CHUNK)
        ).all()
        yield from (Kept(*row) for row in rows)
        if len(rows) < CHUNK:
            return
        last = rows[-1].volunteer_id


def batches(people: Iterator[T]) -> Iterator[list[T]]:
    """Yield the same facts in lists, a chunk each."""
    while batch := list(islice(people, CHUNK)):
        yield batch


def half_year_of(row: Round) -> HalfYear:
    """Return the round's half-year as the rules represent it."""
    return HalfYear.parse(row.half_year)

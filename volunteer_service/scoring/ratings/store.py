"""What the stars of a half-year depend on: frozen in the round, kept, read back."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select

from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.stars import Facts

T = TypeVar("T")

#: Rows in memory at a time, whatever the size of the round.
CHUNK = 1000


class Kept(NamedTuple):
    """One person of a round as the database keeps it."""

    id: int
    volunteer_id: int
    facts: dict[str, Any]
    amended: dict[str, Any] | None
    stars: int | None
    reasons: list[Any]

    @property
    def frozen(self) -> Facts:
        """The facts as they were frozen."""
        return Facts.from_dict(self.facts)

    @property
    def effective(self) -> Facts:
        """The facts that hold: as the last upheld objection left them."""
        return Facts.from_dict(self.amended or self.facts)


def living_in(area_path: str, volunteer_ids: Collection[int]) -> set[int]:
    """Which of these people have their home in the area."""
    query = (
        select(Volunteer.id)
        .join(Area, Area.id == Volunteer.area_id)
        .where(Volunteer.id.in_(volunteer_ids), Area.path.startswith(area_path, autoescape=True))
    )
    return set(db.session.scalars(query))


def kept(round_id: int) -> Iterator[Kept]:
    """The people of a round by rising volunteer id, a chunk of rows in memory at a time."""
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
            )
            .where(RoundResult.round_id == round_id, RoundResult.volunteer_id > last)
            .order_by(RoundResult.volunteer_id)
            .limit(CHUNK)
        ).all()
        yield from (Kept(*row) for row in rows)
        if len(rows) < CHUNK:
            return
        last = rows[-1].volunteer_id


def batches(people: Iterator[T]) -> Iterator[list[T]]:
    """The same in lists of a chunk each."""
    while batch := list(islice(people, CHUNK)):
        yield batch


def half_year_of(row: Round) -> HalfYear:
    """The round's half-year as the rules know it."""
    return HalfYear.parse(row.half_year)

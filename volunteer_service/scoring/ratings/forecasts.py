"""The stars that the running half-year would give if it were rated now, by the rules of a round."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from volunteer_service import policies, settings
from volunteer_service.areas import lookup as areas
from volunteer_service.attendance.records import rating_facts
from volunteer_service.db import db
from volunteer_service.errors import Phrase
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.stars import rate

#: The facts that a forecast counts.
MEANING = Phrase(
    "如果现在就评定本半年：按现行规则和到今天为止已确认的记录，住在这里、本半年有记录的人各得几星。"
)
#: More people are forecast only on the page of figures, because everybody's minutes are added up
#: for it.
FEW = 20_000


def are_few(paths: Sequence[str]) -> bool:
    """Return whether so few people live in these areas that a first page may forecast them."""
    some = select(Volunteer.id).where(areas.within(Volunteer.area_id, paths)).limit(FEW + 1)
    return (db.session.scalar(select(func.count()).select_from(some.subquery())) or 0) <= FEW


def star_counts(paths: Sequence[str], *, at: datetime) -> list[int]:
    """Return how many people who live in these areas would have 0 to 5 stars today."""
    counts = [0] * 6
    for stars in _rated(paths, at).values():
        counts[stars] += 1
    return counts


def people_with(stars: int, paths: Sequence[str], *, at: datetime) -> list[int]:
    """Return the ids of those who would have so many stars."""
    return [volunteer_id for volunteer_id, found in _rated(paths, at).items() if found == stars]


def _rated(paths: Sequence[str], at: datetime) -> dict[int, int]:
    half_year = HalfYear.of(settings.local_day(at))
    here = select(Volunteer.id).where(areas.within(Volunteer.area_id, paths))
    living = set(db.session.scalars(here))
    return {
        facts.volunteer_id: rate(facts, policy).stars
        for path in sorted(set(paths))
        for policy in (policies.of_round(path, half_year),)
        for facts in rating_facts.facts_for(half_year, path, policy)
        if facts.volunteer_id in living
    }

"""Figures of the half-yearly rating: how many people have which star, in final rounds."""

from sqlalchemy import ColumnElement, FromClause, exists, join
from sqlalchemy.orm import aliased

from volunteer_service.errors import Phrase
from volunteer_service.figures.figure import Asked, Figure, Source
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.rules.half_years import HalfYear


def _results() -> FromClause:
    rated = join(RoundResult, Round, Round.id == RoundResult.round_id)
    return join(rated, Volunteer, Volunteer.id == RoundResult.volunteer_id)


def _final(asked: Asked) -> list[ColumnElement[bool]]:
    later, again = aliased(Round), aliased(RoundResult)
    superseded = exists().where(
        again.volunteer_id == RoundResult.volunteer_id,
        again.round_id == later.id,
        later.state == "final",
        later.half_year == Round.half_year,
        later.supplement > Round.supplement,
    )
    return [Round.state == "final", Round.half_year.in_(_half_years(asked)), ~superseded]


def _half_years(asked: Asked) -> list[str]:
    """Return the half-years whose last day is within the period."""
    half, found = HalfYear.of(asked.period.since), []
    while half.ends_on <= asked.period.until:
        found.append(str(half))
        half = half.next
    return found


FINAL = Source(
    _results,
    _final,
    area_id=Volunteer.area_id,
    keys={"stars": RoundResult.stars},
    listed=("results", RoundResult.id),
)

FIGURES = (
    Figure(
        "people_rated",
        Phrase("参加评定的人次"),
        Phrase("期内结束的半年里，已公布的评定中有结果的人；每半年算一次，以最后一次补评为准。"),
        "participations",
        FINAL,
    ),
    Figure(
        "people_with_star",
        Phrase("获得星级的人次"),
        Phrase("参加评定的人次中，得到一星及以上的。"),
        "participations",
        FINAL,
        only=lambda _asked: RoundResult.stars > 0,
    ),
)

"""Reads a person's opening balances, for every page and sum that shows or counts them.

Rows stay with the entry for which they were written, so each query covers all entries of a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select

from volunteer_service.db import db, fetch
from volunteer_service.identifiers.check_characters import normalise
from volunteer_service.openings.models import (
    LONGEST_NUMBER,
    OpeningHours,
    OpeningPaper,
    OpeningPoints,
    OpeningStar,
)
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import need_on_person
from volunteer_service.people.merged_entries import is_entry_of
from volunteer_service.people.models import Volunteer

T = TypeVar("T", OpeningPoints, OpeningHours, OpeningStar, OpeningPaper)


@dataclass(frozen=True)
class TakenOver:
    """All opening balances of one person, with points as they came in, not as they are left."""

    points: Sequence[OpeningPoints]
    hours: Sequence[OpeningHours]
    stars: Sequence[OpeningStar]
    papers: Sequence[OpeningPaper]

    def __bool__(self) -> bool:
        return bool(self.points or self.hours or self.stars or self.papers)


def of_person(volunteer_id: int) -> TakenOver:
    """Return what was taken over for a person, newest first."""
    return TakenOver(
        points=_of(OpeningPoints, volunteer_id, OpeningPoints.expires_on.desc()),
        hours=hours_of(volunteer_id),
        stars=stars_of(volunteer_id),
        papers=papers_of(volunteer_id),
    )


def need_sight(volunteer_id: int, *, by: Actor) -> Volunteer:
    """Pass for the person themself and for staff who see points where they live; else refuse."""
    person = fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.POINTS_SEE, person, own=True)
    return person


def hours_of(volunteer_id: int) -> Sequence[OpeningHours]:
    """Return the hours by year, the newest year first."""
    return _of(OpeningHours, volunteer_id, OpeningHours.year.desc())


def stars_of(volunteer_id: int) -> Sequence[OpeningStar]:
    """Return the stars of past half-years, the newest first."""
    return _of(OpeningStar, volunteer_id, OpeningStar.half_year.desc())


def papers_of(volunteer_id: int) -> Sequence[OpeningPaper]:
    """Return the certificates that others issued, newest first."""
    return _of(OpeningPaper, volunteer_id, OpeningPaper.issued_on.desc())


def paper_numbered(typed: str) -> OpeningPaper | None:
    """Return the certificate that others issued with this number, however it was typed."""
    number = normalise(typed)
    if not 0 < len(number) <= LONGEST_NUMBER or not number.isprintable():
        return None
    query = select(OpeningPaper).where(OpeningPaper.compared == number)
    return db.session.scalars(query).one_or_none()


def compared(number: str) -> str:
    """Return a certificate's number as it is compared; at most ``LONGEST_NUMBER`` characters."""
    return normalise(number)[:LONGEST_NUMBER]


def _of(table: type[T], volunteer_id: int, newest: Any) -> Sequence[T]:
    query = select(table).where(is_entry_of(table.volunteer_id, volunteer_id))
    return db.session.scalars(query.order_by(newest, table.id)).all()

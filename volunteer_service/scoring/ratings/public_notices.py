"""The public notice: masked names of those who agreed to be named, the others counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from volunteer_service import settings
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.identifiers.masks import mask_name
from volunteer_service.people.models import Consent, Volunteer
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.ratings.results import SHOWN, distribution

#: Names on one page of the notice, enough to print a street's whole list at once.
NAMES = 2000
#: How many notices the first page names.
MOST_RUNNING = 20


@dataclass(frozen=True)
class Level:
    """The named people of one star level, masked (王*华)."""

    stars: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """A page of the notice; ``counts`` are all people by stars, named or not."""

    round: Round
    #: True if the last local day has passed: the names are removed, the numbers stay.
    is_over: bool
    counts: list[int]
    named: int
    levels: tuple[Level, ...]
    next: str | None

    @property
    def starred(self) -> int:
        """Return how many people get a star."""
        return sum(self.counts[1:])

    @property
    def unnamed(self) -> int:
        """Return how many of them did not agree to be named (art. 16)."""
        return self.starred - self.named


def notice(round_id: int, *, after: str | None = None, at: datetime) -> Notice:
    """Return a published round's notice, readable by everybody, most stars first.

    Its names are removed after its last local day, when the policy's requirement is met.

    ``after`` is the ``next`` of the page before (stars and id of its last name).
    """
    row = fetch(Round, round_id)
    if row.state not in SHOWN:
        raise NotFound()
    named = (
        RoundResult.round_id == row.id,
        RoundResult.stars >= 1,
        RoundResult.volunteer_id.in_(_agreed()),
    )
    query = (
        select(RoundResult.stars, RoundResult.id, Volunteer.name)
        .join(RoundResult.volunteer)
        .where(*named, *_beyond(after))
        .order_by(RoundResult.stars.desc(), RoundResult.id.desc())
        .limit(NAMES + 1)
    )
    is_over = row.notice_ends_on is not None and settings.local_day(at) > row.notice_ends_on
    rows = [] if is_over else db.session.execute(query).all()
    shown = rows[:NAMES]
    return Notice(
        round=row,
        is_over=is_over,
        counts=distribution(row.id),
        named=db.session.scalar(select(func.count(RoundResult.id)).where(*named)) or 0,
        levels=_levels([(stars or 0, name) for stars, _id, name in shown]),
        next=f"{shown[-1][0]}-{shown[-1][1]}" if len(rows) > NAMES else None,
    )


def running(*, at: datetime) -> Sequence[Round]:
    """Return the rounds whose notice runs, by the end of the notice."""
    query = (
        select(Round)
        .options(joinedload(Round.area))
        .where(Round.state == "notice", Round.notice_ends_on >= settings.local_day(at))
        .order_by(Round.notice_ends_on, Round.id)
        .limit(MOST_RUNNING)
    )
    return db.session.scalars(query).all()


def _agreed() -> ColumnElement[int]:
    # A person who has left is no longer named, even with a valid consent to be named. A merged
    # entry is named if the kept one is.
    rated = aliased(Volunteer)
    agreed = (
        select(rated.id)
        .join(Volunteer, Volunteer.id == func.coalesce(rated.merged_into_id, rated.id))
        .join(Consent, Consent.volunteer_id == Volunteer.id)
        .where(
            Consent.purpose == "publish",
            Consent.withdrawn_at.is_(None),
            Volunteer.state == "active",
        )
    )
    return agreed.scalar_subquery()


def _beyond(after: str | None) -> list[ColumnElement[bool]]:
    if not after:
        return []
    stars, _, last = after.partition("-")
    if not (stars.isdecimal() and last.isdecimal() and len(stars + last) < 18):
        raise NotFound()
    return [tuple_(RoundResult.stars, RoundResult.id) < (int(stars), int(last))]


def _levels(rows: list[tuple[int, str]]) -> tuple[Level, ...]:
    found: dict[int, list[str]] = {}
    for stars, name in rows:
        found.setdefault(stars, []).append(mask_name(name))
    return tuple(Level(stars, tuple(names)) for stars, names in found.items())

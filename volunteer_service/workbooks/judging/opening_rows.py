"""What was already taken over for a person, in words for the row that would take it over again."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, select

from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.openings import taken_over
from volunteer_service.openings.models import OpeningHours, OpeningPaper, OpeningPoints, OpeningStar
from volunteer_service.people.merged_entries import is_entry_of
from volunteer_service.scoring.points.accounts import worded
from volunteer_service.scoring.ratings.models import Round, RoundResult

T = TypeVar("T", OpeningPoints, OpeningHours, OpeningStar)


def standing(kind: str, volunteer_id: int, what: str) -> str | None:
    """Return what stands, by the list's kind; ``what`` is a day, year, half-year or number.

    ``volunteer_id`` is 0 for somebody whom this import would register.
    """
    return _STANDING[kind](volunteer_id, what)


def _points(volunteer_id: int, what: str) -> str | None:
    row = _row(OpeningPoints, volunteer_id, OpeningPoints.expires_on == date.fromisoformat(what))
    return f"{what} 到期的 {worded(row.amount)} 分{_whence(row)}" if row else None


def _hours(volunteer_id: int, what: str) -> str | None:
    row = _row(OpeningHours, volunteer_id, OpeningHours.year == int(what))
    return f"{what} 年 {row.minutes / 60:.1f} 小时{_whence(row)}" if row else None


def _stars(volunteer_id: int, what: str) -> str | None:
    row = _row(OpeningStar, volunteer_id, OpeningStar.half_year == what)
    if row is not None:
        return f"{what} {row.stars} 星{_whence(row)}"
    rated = (
        select(RoundResult.stars)
        .join(RoundResult.round)
        .where(
            is_entry_of(RoundResult.volunteer_id, volunteer_id),
            Round.half_year == what,
            Round.state == "final",
        )
    )
    stars = db.session.scalars(rated.order_by(Round.supplement.desc()).limit(1)).first()
    return None if stars is None else f"{what} 在本平台评为 {stars} 星"


def _papers(_volunteer_id: int, what: str) -> str | None:
    row = taken_over.paper_numbered(what)
    if row is not None:
        return f"编号 {row.number}{_whence(row)}"
    ours = select(Certificate.number).where(Certificate.number == what)
    number = db.session.scalar(ours)
    return f"编号 {number} 是本平台发的证书" if number else None


def _row(table: type[T], volunteer_id: int, which: ColumnElement[bool]) -> T | None:
    query = select(table).where(is_entry_of(table.volunteer_id, volunteer_id), which)
    return db.session.scalars(query.limit(1)).first()


def _whence(row: OpeningPoints | OpeningHours | OpeningStar | OpeningPaper) -> str:
    return f"（{row.source}，导入 #{row.import_id}）"


_STANDING: dict[str, Callable[[int, str], str | None]] = {
    "open_points": _points,
    "open_hours": _hours,
    "open_stars": _stars,
    "open_papers": _papers,
}

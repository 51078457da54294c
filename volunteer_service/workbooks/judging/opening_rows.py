"""What of a person is taken over already, in words for the row that would take it over again."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.openings import taken_over
from volunteer_service.openings.models import OpeningHours, OpeningPoints, OpeningStar
from volunteer_service.people.merged_entries import is_entry_of
from volunteer_service.scoring.ratings.models import Round, RoundResult


def standing(kind: str, volunteer_id: int, what: str) -> str | None:
    """Say what stands, by the list's kind; ``what`` is a day, year, half-year or number.

    ``volunteer_id`` is 0 for somebody whom this import would register.
    """
    return _STANDING[kind](volunteer_id, what)


def _points(volunteer_id: int, what: str) -> str | None:
    query = select(OpeningPoints).where(
        is_entry_of(OpeningPoints.volunteer_id, volunteer_id),
        OpeningPoints.expires_on == date.fromisoformat(what),
    )
    row = db.session.scalars(query.limit(1)).first()
    if row is None:
        return None
    points = f"{row.amount // 100}.{row.amount % 100:02d} 分"
    return f"{what} 到期的 {points}（{row.source}，导入 #{row.import_id}）"


def _hours(volunteer_id: int, what: str) -> str | None:
    query = select(OpeningHours).where(
        is_entry_of(OpeningHours.volunteer_id, volunteer_id), OpeningHours.year == int(what)
    )
    row = db.session.scalars(query.limit(1)).first()
    if row is None:
        return None
    return f"{what} 年 {row.minutes / 60:.1f} 小时（{row.source}，导入 #{row.import_id}）"


def _stars(volunteer_id: int, what: str) -> str | None:
    query = select(OpeningStar).where(
        is_entry_of(OpeningStar.volunteer_id, volunteer_id), OpeningStar.half_year == what
    )
    row = db.session.scalars(query.limit(1)).first()
    if row is not None:
        return f"{what} {row.stars} 星（{row.source}，导入 #{row.import_id}）"
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
        return f"编号 {row.number}（{row.source}，导入 #{row.import_id}）"
    ours = select(Certificate.number).where(Certificate.number == what)
    number = db.session.scalar(ours)
    return f"编号 {number} 是本平台发的证书" if number else None


_STANDING: dict[str, Callable[[int, str], str | None]] = {
    "open_points": _points,
    "open_hours": _hours,
    "open_stars": _stars,
    "open_papers": _papers,
}

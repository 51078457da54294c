"""Figures of points: earned, spent, expired, and what is unspent now."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, FromClause, Integer, cast, extract, join
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service.errors import Phrase
from volunteer_service.figures.figure import Asked, Figure, Source
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points.models import Lot, PointsAccount, Transfer


def _moved(side: InstrumentedAttribute[int], *kinds: str) -> Source:
    """Return the transfers of these kinds with members on this side."""

    def rows() -> FromClause:
        member = join(PointsAccount, Volunteer, Volunteer.id == PointsAccount.volunteer_id)
        return join(Transfer, member, side == PointsAccount.id)

    def where(_asked: Asked) -> list[ColumnElement[bool]]:
        return [Transfer.kind.in_(kinds)]

    return Source(
        rows, where, area_id=Volunteer.area_id, day=Transfer.at, listed=("entries", Transfer.id)
    )


def _is(kind: str) -> Callable[[Asked], ColumnElement[bool]]:
    return lambda _asked: Transfer.kind == kind


#: The month in which points expire: 202611.
_EXPIRY = cast(extract("year", Lot.expires_on) * 100 + extract("month", Lot.expires_on), Integer)


GIVEN = _moved(Transfer.credit_id, "earn")
TAKEN = _moved(Transfer.debit_id, "reverse", "redeem", "expire")
UNSPENT = Source(
    lambda: join(
        join(Lot, PointsAccount, PointsAccount.id == Lot.points_account_id),
        Volunteer,
        Volunteer.id == PointsAccount.volunteer_id,
    ),
    lambda asked: [Lot.remaining > 0, Lot.expires_on >= asked.today],
    area_id=Volunteer.area_id,
    counted="now",
    keys={"expiry": _EXPIRY},
)

FIGURES = (
    Figure(
        "points_earned",
        Phrase("发放的积分"),
        Phrase("期内因服务记录入账的积分，按居住地统计；后来收回的不减。"),
        "centi",
        GIVEN,
        _is("earn"),
        Transfer.amount,
    ),
    Figure(
        "points_taken_back",
        Phrase("收回的积分"),
        Phrase("期内因更正或撤销而收回的积分。"),
        "centi",
        TAKEN,
        _is("reverse"),
        Transfer.amount,
    ),
    Figure(
        "points_spent",
        Phrase("兑换的积分"),
        Phrase("期内领走礼品时扣除的积分。"),
        "centi",
        TAKEN,
        _is("redeem"),
        Transfer.amount,
    ),
    Figure(
        "points_expired",
        Phrase("过期的积分"),
        Phrase("期内因过期而清除的积分。"),
        "centi",
        TAKEN,
        _is("expire"),
        Transfer.amount,
    ),
    Figure(
        "points_unspent",
        Phrase("未用的积分"),
        Phrase("现在没有用掉、没有预留、没有过期的积分。"),
        "centi",
        UNSPENT,
        summed=Lot.remaining,
    ),
    Figure(
        "people_with_points",
        Phrase("有未用积分的志愿者"),
        Phrase("现在有未用积分的志愿者人数，每人只算一次。"),
        "persons",
        UNSPENT,
        distinct=PointsAccount.volunteer_id,
        listed=("people", PointsAccount.volunteer_id),
    ),
)

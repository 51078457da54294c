"""Figures of points: earned, spent, expired, and what is unspent now."""

from sqlalchemy import ColumnElement, FromClause, func, join
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service.errors import Phrase
from volunteer_service.figures.figure import Asked, Figure, Source
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points.models import Lot, PointsAccount, Transfer


def _moved(kind: str, side: InstrumentedAttribute[int]) -> Source:
    """Return the transfers of one kind that touch members on this side."""

    def rows() -> FromClause:
        member = join(PointsAccount, Volunteer, Volunteer.id == PointsAccount.volunteer_id)
        return join(Transfer, member, side == PointsAccount.id)

    def where(_asked: Asked) -> list[ColumnElement[bool]]:
        return [Transfer.kind == kind]

    return Source(rows, where, area_id=Volunteer.area_id, day=Transfer.at)


def _amount() -> ColumnElement[int]:
    return func.sum(Transfer.amount)


UNSPENT = Source(
    lambda: join(
        join(Lot, PointsAccount, PointsAccount.id == Lot.points_account_id),
        Volunteer,
        Volunteer.id == PointsAccount.volunteer_id,
    ),
    lambda asked: [Lot.remaining > 0, Lot.expires_on >= asked.today],
    area_id=Volunteer.area_id,
    counted="now",
)

FIGURES = (
    Figure(
        "points_earned",
        Phrase("发放的积分"),
        Phrase("期内因服务记录入账的积分，按居住地统计；后来收回的不减。"),
        "centi",
        _moved("earn", Transfer.credit_id),
        _amount,
    ),
    Figure(
        "points_taken_back",
        Phrase("收回的积分"),
        Phrase("期内因更正或撤销而收回的积分。"),
        "centi",
        _moved("reverse", Transfer.debit_id),
        _amount,
    ),
    Figure(
        "points_spent",
        Phrase("兑换的积分"),
        Phrase("期内领走礼品时扣除的积分。"),
        "centi",
        _moved("redeem", Transfer.debit_id),
        _amount,
    ),
    Figure(
        "points_expired",
        Phrase("过期的积分"),
        Phrase("期内因过期而清除的积分。"),
        "centi",
        _moved("expire", Transfer.debit_id),
        _amount,
    ),
    Figure(
        "points_unspent",
        Phrase("未用的积分"),
        Phrase("现在没有用掉、没有预留、没有过期的积分。"),
        "centi",
        UNSPENT,
        lambda: func.sum(Lot.remaining),
    ),
)

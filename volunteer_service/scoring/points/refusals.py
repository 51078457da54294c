"""Refusals of the ledger; each says what to do."""

from volunteer_service.errors import Refused


class NotEnoughPoints(Refused):
    """The available points (not held, not expired) do not cover the amount."""

    message = "可用积分不够，还差 %(missing)s 分。"


class AlreadyReversed(Refused):
    """The transfer was reversed already."""

    status = 409
    message = "这笔积分已经冲正过了，不能再冲正一次。"


class NotReversible(Refused):
    """Only earnings and adjustments are reversed; other transfers are undone by their own verbs."""

    message = "这一类积分记录不能直接冲正。兑换请在兑换点撤销，其余由系统自动处理。"


class ReversalNeedsSecond(Refused):
    """The amount exceeds the sum that one person adjusts and reverses alone."""

    status = 403
    message = (
        "%(days)s 天内由一个人单独调整和冲正的积分已到上限。"
        "请用“人工调整”申请扣减，由第二个人批准。"
    )


class HoldEnded(Refused):
    """The points of this order were captured or released before."""

    status = 409
    message = "这笔预留积分已经结清。请刷新后查看订单的状态。"


class AlreadyDecided(Refused):
    """The adjustment was decided already."""

    status = 409
    message = "这笔调整已经处理过了。请刷新后查看结果。"


class PassedPointsGone(Refused):
    """Points passed on by a merging were spent, expired or taken back since."""

    status = 409
    message = "合并进来的积分后来用过、到期或更正过，合并不能再撤销。"

"""Refusals of the gift catalogue and the desk; each says what to do."""

from volunteer_service.errors import Refused
from volunteer_service.people.authorization.conflicts import OwnCase


class GiftNotOffered(Refused):
    """The gift was taken out of the catalogue."""

    message = "这个礼品已下架。请选择其他礼品。"


class HomeNeeded(Refused):
    """A person without a registered home belongs to no desk."""

    message = "还没有登记住在哪个社区，不知道归哪个兑换点。请先选好社区，再来兑换。"


class OutOfStock(Refused):
    """Fewer pieces are free (not promised to open orders) than were asked for."""

    message = "库存不够，还剩 %(left)s 件可以兑换。请减少数量或选择其他礼品。"


class StarNeeded(Refused):
    """The gift asks for a star that the volunteer does not have in the last final round."""

    message = "这个礼品需要 %(needed)s 星级，您目前是 %(stars)s 星级。请选其他礼品。"
    message_to_others = "这个礼品需要 %(needed)s 星级，此人目前是 %(stars)s 星级。请选其他礼品。"


class TooManyPieces(Refused):
    """The policy limits the pieces of one order."""

    message = "每次最多兑换 %(most)s 件同一礼品。请减少数量。"


class OrderedThisMonth(Refused):
    """The policy limits the orders of a volunteer in a local month."""

    message = "每人每月可兑换 %(most)s 次，本月的次数已用完。请下个月再来。"


class CodeUnknown(Refused):
    """No order of this desk has this pick-up code."""

    status = 404
    message = "没有找到这个取货码。请核对后再输入，或用志愿者编号查找。"


class AlreadyHandedOver(Refused):
    """The order was handed over already."""

    status = 409
    message = "这份礼品已经发放过了，请勿重复发放。"


class OrderNotOpen(Refused):
    """The order was cancelled, returned, or lapsed: nothing is reserved any more."""

    status = 409
    message = "这个订单已取消或已过期，不能再发放。积分和库存已退回，可以重新下单。"


class NotReturnable(Refused):
    """Only a hand-over of today is undone."""

    message = "只能撤销当天的发放。请改用积分调整并登记库存。"


class OwnGift(OwnCase):
    """Nobody changes price, star or stock of a gift that they or their family have ordered."""

    message = (
        "您自己、家人或同一手机号的人有这个礼品的订单还没领取。"
        "价格、星级和库存请由另一位工作人员改，或先领取、取消订单。"
    )


class OwnTerms(OwnCase):
    """Nobody orders a gift whose price or star they set, until somebody else has saved it."""

    message = (
        "这个礼品的价格或星级是您本人或家人定的。请另一位工作人员核对并保存一次礼品资料，"
        "或 %(until)s 以后再兑换。"
    )


class CountBelowReserved(Refused):
    """The count is lower than the pieces promised to open orders."""

    message = "清点数少于已预留的 %(reserved)s 件。请先取消部分订单，再登记盘点。"


class DayClosed(Refused):
    """The desk's day is closed; new entries belong to the next day."""

    status = 409
    message = "今天的兑换点已日结，不能再改动库存。请明天再办理。"


class CountMissing(Refused):
    """Closing the day needs a count of every gift."""

    message = "还有礼品没有清点：%(names)s。请填上实际数量。"


class NameTaken(Refused):
    """The area has a gift of this name."""

    status = 409
    message = "已经有同名的礼品。请换一个名称，或修改原来的礼品。"


class ReasonNeeded(Refused):
    """A write-off or difference needs a reason."""

    message = "报损和盘点要写明原因。"


class NothingToMove(Refused):
    """A delivery or write-off needs at least one piece."""

    message = "件数要大于 0。"

"""Refusals of the outbox."""

from volunteer_service.errors import Refused


class NotDead(Refused):
    """Only a dead delivery is tried again or given up."""

    status = 409
    message = "这一件已经处理过了。请刷新页面，看看现在的状态。"


class DoorNotPaused(Refused):
    """Only a paused door is resumed."""

    status = 409
    message = "这个发送渠道没有暂停。请刷新页面，看看现在的状态。"

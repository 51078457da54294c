"""Refusals of deciding an anomaly."""

from volunteer_service.errors import Refused


class AnomalyDecided(Refused):
    """Somebody else decided the anomaly meanwhile."""

    status = 409
    message = "这一条已经有人处理过了。请看处理结果。"


class NoShiftThen(Refused):
    """No shift of the event admits anybody at this time."""

    message = "这个时间不在活动的任何班次里。请核对时间，或者不采用这次扫码。"


class DecideRecordFirst(Refused):
    """The record of the closed shift still waits for its confirmation."""

    status = 409
    message = "这个班次的记录还在等确认。请先办理那条记录，再来处理这次扫码。"

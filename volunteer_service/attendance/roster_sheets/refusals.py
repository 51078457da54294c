"""What entering a printed sheet refuses, each one sentence that says what to do."""

from volunteer_service.errors import NotFound, Refused


class SheetUnknown(NotFound):
    """No sheet of this event has the number."""

    message = "没有这个编号的名单纸。请核对纸上右上角的编号，和纸上的活动名称。"


class LineEntered(Refused):
    """The line was entered before, with other times; those stay."""

    status = 409
    message = "这一行已由%(name)s在%(when)s录入。时间有误的，请更正这个人的记录。"


class LineOfAnother(Refused):
    """The number that was typed is not that of the line's person."""

    status = 409
    message = "这一行已经是另一个人的。请把这个人写在空白行。"


class ExitBeforeEntry(Refused):
    """The line's exit is before its entry."""

    message = "签退时间早于签到时间。请核对纸上写的两个时间。"


class NothingToPrint(Refused):
    """All shifts of the event are closed."""

    message = "这个活动没有还在登记的班次，不用再打印名单。"

"""Refusals of circulars."""

from volunteer_service.errors import Refused


class NobodyToWrite(Refused):
    """Nobody of this audience can get it."""

    message = "现在没有可以收到的人。请看看名单，或换一种对象。"


class TooManyReceivers(Refused):
    """One sender reaches a limited number of people in 24 hours."""

    status = 429
    message = (
        "一天最多发给 %(most)s 人次，您还可以发给 %(left)s 人，这次是 %(count)s 人。请明天再发，"
        "或请别人发。"
    )


class CircularSent(Refused):
    """A sent circular is neither sent again nor discarded."""

    status = 409
    message = "这条通知已经发出，不能再改。要补充，请另写一条。"


class AlreadyWrittenTo(Refused):
    """The same person is in the selection twice."""

    status = 409
    message = "此人已在这条通知的名单里，只发一份。"

"""Refusals of codes at the gate: those that the event does not accept, and wrong digits."""

from volunteer_service.errors import NotFound, Refused


class PosterNotAccepted(Refused):
    """The event does not accept its poster's code, because a photo of it works anywhere."""

    message = (
        "这个活动不能扫海报签到、签退。"
        "请扫现场屏幕上的码，输入负责人说的口令，或向负责人出示志愿者卡。"
    )


class LeaderChecksIn(Refused):
    """At this event only what a leader scans or ticks counts."""

    message = "这个活动由负责人登记。请向负责人出示志愿者卡，或报姓名。"
    message_to_others = "这个活动只由负责人扫卡或勾选名单。要用屏幕码或口令，请先修改活动。"


class SpokenUnknown(NotFound):
    """No event of the person has these digits in this minute."""

    message = "这个口令不对，或已经换了。请再问一次负责人，口令每分钟换一次。"


class SpokenTwice(Refused):
    """Two events have the same digits for a minute."""

    message = "现在有两个活动的口令正好一样。请过一分钟再问负责人，或扫码签到。"


class CheckInStays(Refused):
    """A check-in is taken back soon and while the person is inside; later the minutes are
    corrected.
    """

    status = 409
    message = "签到只能在 %(minutes)s 分钟内、人还没签退时撤销。请改为签退，或在名单上处理。"

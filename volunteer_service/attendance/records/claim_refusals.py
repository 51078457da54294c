"""Refusals of claims of a shift; each is one sentence that says what to do."""

from volunteer_service.errors import Refused


class ClaimTooEarly(Refused):
    """Scans still count for the shift, so that nobody needs to claim it."""

    status = 409
    message = "这个班次还没有结束登记。请现在签到，或等结束登记以后再补报。"


class ClaimTooLate(Refused):
    """The shift is longer ago than the policy allows for claims."""

    status = 409
    message = "这个班次结束已超过 %(days)s 天，不能再补报。请找活动负责人补录。"


class TooManyClaimPhotos(Refused):
    """A claim has more photos than it may."""

    message = "一次补报最多 %(most)s 张照片。请选最能说明的几张。"


class ClaimWorthNothing(Refused):
    """Too little of the stated time is within the shift."""

    message = "这段时间与班次不符，按规则不计时长。请核对来去的时间。"


class SeenAtShift(Refused):
    """Scans show the person at this shift; a wrong record is disputed instead."""

    status = 409
    message = "这个班次有您的签到。记录不对，请在“我的时长”里打开那条记录，提出异议。"


class ClaimedBefore(Refused):
    """The shift was claimed before; its record is disputed instead."""

    status = 409
    message = "这个班次您已经补报过。不同意处理结果，请打开那条记录，提出异议。"


class TooManyClaims(Refused):
    """Too many claims were made within the policy's days."""

    status = 409
    message = "%(days)s 天内最多补报 %(most)s 次。请找活动负责人补录。"


class ServesNothing(Refused):
    """The post is for taking part only, and has no hours."""

    status = 409
    message = "这个岗位只登记到场，不计服务时长。"

"""Refusals of changing what is registered about a person."""

from volunteer_service.errors import Conflict, NotAllowed, Refused


class NothingToChange(Refused):
    """What was given is what is registered already."""

    message = "和现在登记的一样，没有改动。请改过再提交。"


class ChangedMeanwhile(Conflict):
    """Somebody changed it since this form was opened."""

    message = "这一项刚被别人改过，现在是：%(now)s。请核对后再提交。"


class ChangeWaiting(Refused):
    """One change of this waits already."""

    status = 409
    message = "这一项已有一个更改等待批准。请先等它批准、不批准或撤回。"


class ChangeDecided(Refused):
    """The change waits no more."""

    status = 409
    message = "这个更改已经办理过了。请刷新页面看一看。"


class FollowsIdentity(Refused):
    """Birth date and sex follow the identity number."""

    message = "出生日期和性别以身份证号为准。有错请更改身份证号。"


class GuardianStays(Refused):
    """Somebody under 18 keeps a guardian; whoever is of age needs none."""

    message = "未满 18 周岁必须有监护人，不能取下；可以换成另一位监护人。"


class NoGuardianNeeded(Refused):
    """A guardian is registered for who is under 18."""

    message = "已满 18 周岁，或没有登记出生日期，不登记监护人。出生日期不对的，请先更改出生日期。"


class PhoneHeldElsewhere(NotAllowed):
    """The phone stands in the entry of somebody whom another street cares for."""

    message = "这个手机号还登记在别处一位志愿者名下，请系统管理员办理。"

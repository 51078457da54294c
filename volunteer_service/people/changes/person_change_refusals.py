"""Refusals of changing what is registered about a person."""

from volunteer_service.errors import Conflict, NotAllowed, Refused


class NothingToChange(Refused):
    """The new value equals the registered one."""

    message = "和现在登记的一样，没有改动。请改过再提交。"


class ChangedMeanwhile(Conflict):
    """Somebody changed the value after this form was opened."""

    message = "这一项刚被别人改过，现在是：%(now)s。请核对后再提交。"


class ChangeWaiting(Refused):
    """A change of this field already waits."""

    status = 409
    message = "这一项已有一个更改等待批准。请先等它批准、不批准或撤回。"


class ChangeDecided(Refused):
    """The change was already decided or withdrawn."""

    status = 409
    message = "这个更改已经办理过了。请刷新页面看一看。"


class FollowsIdentity(Refused):
    """Birth date and sex follow the identity number."""

    message = "出生日期和性别以身份证号为准。有错请更改身份证号。"


class GuardianStays(Refused):
    """A person under 18 needs a guardian; an adult has none."""

    message = "未满 18 周岁必须有监护人，不能取下；可以换成另一位监护人。"


class NoGuardianNeeded(Refused):
    """A guardian is registered only for a person under 18."""

    message = "已满 18 周岁，或没有登记出生日期，不登记监护人。出生日期不对的，请先更改出生日期。"


class PhoneHeldElsewhere(NotAllowed):
    """The phone belongs to a person of another street."""

    message = "这个手机号还登记在别处一位志愿者名下，请系统管理员办理。"

"""Refusals of the tree of areas."""

from volunteer_service.errors import NotAllowed, Refused


class AreaExists(Refused):
    """An area of this name already exists at this place."""

    status = 409
    message = "这里已有同名的区域。请换一个名称，或先给那一个改名。"


class AreaLooksAlike(Refused):
    """An area here looks like the same place (``name``); ``confirm_other`` says that it is not."""

    status = 409
    message = (
        "这里已有“%(name)s”，像是同一个地方的另一种写法。是同一个地方的，就用已有的；"
        "确实是另一个地方的，勾选“是另一个地方”后再提交。"
    )


class AreaKindWrong(Refused):
    """A sub-district holds communities, a community grids, a grid buildings."""

    message = "区域要按街道、社区、网格、楼栋的顺序往下设。请换一个类别。"


class AreaFitsNotThere(Refused):
    """An area is put only below a larger kind and never below itself; sub-districts stay on top."""

    message = "这个区域不能放到那里：社区在街道下面，网格在社区下面，楼栋在网格下面。请另选一个。"


class AreaThereAlready(Refused):
    """The area is already below this one."""

    message = "它本来就在这里，不用搬。请选另一个上级。"


class BetweenStreets(NotAllowed):
    """A move to another sub-district changes the staff; an admin of both decides."""

    message = "从一个街道搬到另一个街道，要由管理这两个街道的系统管理员办理。"


class AreaClosed(Refused):
    """A closed area accepts nothing new."""

    message = "这个区域已停用。请另选一个，或请社区管理员先恢复它。"


class AreaNotEmpty(Refused):
    """The area still has people, teams, roles, gifts or open areas."""

    message = "这个区域还在用：%(what)s。请先把它们搬走，再停用。"


class ContactPhoneWrong(Refused):
    """The phone of a desk or of an event's contact is not a number that can be called."""

    message = "电话不对。请填写可以拨打的号码，例如 0856-5221234。"

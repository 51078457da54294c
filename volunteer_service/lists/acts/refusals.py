"""Refusals of acts on many rows."""

from volunteer_service.errors import Refused


class NothingChosen(Refused):
    """No row was ticked, or none that the actor sees."""

    message = "还没有选中任何一行。请先勾选；要办全部的，请点“对全部”开头的按钮。"


class TooManyChosen(Refused):
    """More rows match than one batch takes."""

    message = "一次最多处理 %(most)s 条，现在有 %(count)s 条。请加上筛选条件，分几次做。"


class TeamNotNamed(Refused):
    """No team, or more than one, that the actor keeps has this name."""

    message = "没有找到您管理的这支队伍，或有同名的队伍：%(name)s。请输入队伍的完整名称。"


class BatchNotReady(Refused):
    """The batch is not in the state in which this step begins."""

    status = 409
    message = "这一批现在不能这样做。请刷新页面，看看它进行到哪一步了。"


class ActNotUndone(Refused):
    """This act cannot be undone as a whole."""

    message = "这种操作不能整批撤销。请打开每一条，单独更正。"


class NothingToChange(Refused):
    """The row already is as the act would make it."""

    status = 409
    message = "已经是这个状态，不用再改。"


class ShiftNotNamed(Refused):
    """No shift, or more than one, that the actor leads is of this event and day."""

    field = "event"
    message = "没有找到您管理的这场活动，或那一天有几个班次：%(name)s。请输入活动的完整名称和日期。"

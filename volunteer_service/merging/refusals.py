"""What merging refuses, in words that say what to do."""

from volunteer_service.errors import Refused


class SameEntry(Refused):
    """The two entries are one."""

    message = "这是同一份登记。请另选一份。"


class NotTheirs(Refused):
    """An entry of which it was said «this was not me» is nobody's until it is taken back."""

    message = "编号 %(number)s 的登记不是本人办理的，已停用，不能合并。要先当面恢复登记。"


class KeepTheActiveOne(Refused):
    """Merging revives nobody: who left goes on only where they agreed anew."""

    message = "编号 %(number)s 的登记已退出。请保留另一份在册的登记，或先当面恢复这一份。"


class RolesFirst(Refused):
    """The account of the entry that ends holds roles."""

    message = "编号 %(number)s 的账号有工作人员角色。请保留这一份，或先把角色转到另一份的账号。"


class RoundUnderWay(Refused):
    """The entry that ends stands in a round that is not final yet."""

    status = 409
    message = "编号 %(number)s 的登记正在参加%(area)s %(half_year)s 的评定。签发以后再合并。"


class BothCame(Refused):
    """Both entries checked in to one shift that is not closed yet."""

    status = 409
    message = "两份登记都签到了活动「%(title)s」。请先结束这个活动，再合并。"


class MergingWaits(Refused):
    """One of the two waits for a second person already."""

    status = 409
    message = "其中一份登记已有一个合并在等第二个人确认。请先处理那一个。"


class ChangeWaits(Refused):
    """A change of what is registered about one of the two waits for a second person."""

    status = 409
    message = "编号 %(number)s 有一项资料更改在等确认。请先处理那一项，再合并。"


class MergingDecided(Refused):
    """A merging is decided once."""

    status = 409
    message = "这个合并已经处理过了。请刷新后查看结果。"


class TooLateToUndo(Refused):
    """The policy's days are over."""

    status = 409
    message = "合并以后 %(days)s 天之内可以撤销，现在已经过了。"


class ChangedSince(Refused):
    """Later acts stand upon what was merged: undoing would take them apart."""

    status = 409
    message = "合并之后又有了变化，不能撤销：%(what)s。有不对的，请逐条更正。"

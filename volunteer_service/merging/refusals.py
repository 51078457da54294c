"""Refusals of merging; each says what to do."""

from volunteer_service.errors import Refused


class SameEntry(Refused):
    """Both numbers name the same entry."""

    message = "这是同一份登记。请另选一份。"


class NotTheirs(Refused):
    """Somebody said «this was not me» about the entry; it belongs to nobody until that is
    withdrawn.
    """

    message = "编号 %(number)s 的登记不是本人办理的，已停用，不能合并。要先当面恢复登记。"


class KeepTheActiveOne(Refused):
    """Merging does not reactivate a person who left; that takes a new consent."""

    message = "编号 %(number)s 的登记已退出。请保留另一份在册的登记，或先当面恢复这一份。"


class RolesFirst(Refused):
    """The account of the entry that would be merged away holds roles."""

    message = "编号 %(number)s 的账号有工作人员角色。请保留这一份，或先把角色转到另一份的账号。"


class RoundUnderWay(Refused):
    """The entry that would be merged away is in a round that is not final yet."""

    status = 409
    message = "编号 %(number)s 的登记正在参加%(area)s %(half_year)s 的评定。签发以后再合并。"


class BothCame(Refused):
    """Both entries checked in to the same shift, which is not closed yet."""

    status = 409
    message = "两份登记都签到了活动“%(title)s”。请先结束这个活动，再合并。"


class MergingWaits(Refused):
    """A merging of one of the two already waits for a second person."""

    status = 409
    message = "其中一份登记已有一个合并在等第二个人确认。请先处理那一个。"


class ChangeWaits(Refused):
    """A change to one of the two registrations waits for a second person."""

    status = 409
    message = "编号 %(number)s 有一项资料更改在等确认。请先处理那一项，再合并。"


class MergingDecided(Refused):
    """The merging was decided already."""

    status = 409
    message = "这个合并已经处理过了。请刷新后查看结果。"


class TooLateToUndo(Refused):
    """The policy's days for undoing have passed."""

    status = 409
    message = "合并以后 %(days)s 天之内可以撤销，现在已经过了。"


class LaterMergingFirst(Refused):
    """The kept entry was merged into another one since; mergings are undone the last one first."""

    status = 409
    message = "编号 %(kept)s 的登记后来又并入了编号 %(number)s。请先撤销那个合并。"


class ChangedSince(Refused):
    """Later acts depend on what was merged, so it can no longer be undone."""

    status = 409
    message = "合并之后又有了变化，不能撤销：%(what)s。有不对的，请逐条更正。"

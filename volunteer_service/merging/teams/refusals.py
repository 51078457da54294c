"""Refusals of merging teams."""

from volunteer_service.errors import Refused


class SameTeamTwice(Refused):
    """A team is not merged into itself."""

    message = "这是同一支队伍。请选另一支队伍。"


class NotBothActive(Refused):
    """One of the two teams is closed."""

    status = 409
    message = "“%(team)s”已停止活动。只有在活动的队伍可以合并；请先重新启用，或选另一支队伍。"


class TeamsOfTwoStreets(Refused):
    """The teams belong to two streets; people and rules of a street stay with it."""

    status = 409
    message = "两支队伍不在同一个街道，不能合并。请选本街道的队伍。"


class TeamMergingUndone(Refused):
    """The merging was undone already."""

    status = 409
    message = "这次合并已经撤销了。请刷新后查看。"


class TeamUndoTooLate(Refused):
    """The policy's days for undoing have passed."""

    status = 409
    message = "合并以后 %(days)s 天之内可以撤销，现在已经过了。可以重新启用原队伍，再把队员转回去。"


class LaterTeamMerging(Refused):
    """The team that goes on was merged into a third one since; the last one is undone first."""

    status = 409
    message = "“%(kept)s”后来又并入了“%(team)s”。请先撤销那次合并。"

"""Refusals of rating rounds."""

from volunteer_service.errors import Conflict, NotAllowed, Refused


class RoundExists(Refused):
    """The half-year has a round already, and nobody is rated twice for it."""

    status = 409
    message = "这个区域（或其上下级）的 %(half_year)s 评定已经开始了。请打开已有的那一轮。"


class HalfYearInvalid(Refused):
    """The half-year is not written like 2026H1."""

    message = "半年请写成 2026H1（上半年）或 2026H2（下半年）。"


class HalfYearNotOver(Refused):
    """Facts of a running half-year still change, so they cannot be frozen."""

    message = "%(half_year)s 还没有结束。请在 %(ends_on)s 之后再冻结数据。"


class NotReady(Refused):
    """Something in the half-year is still to be done, and no reason waives it."""

    message = "还不能冻结：%(what)s。请先逐条处理。"


class ReasonToFreeze(Refused):
    """Something in the half-year is still to be done; a reason waives it and is kept with the
    round.
    """

    message = "还有没处理完的：%(what)s。确要现在冻结，请写明原因。"


class NobodyToRate(Refused):
    """The half-year has no confirmed record, so there is nobody to rate."""

    message = "这个半年没有已确认的服务记录。请先确认记录，再冻结数据。"


class RoundMovedOn(Conflict):
    """The step was taken already, or another step comes first."""

    message = "这一轮评定已不在这一步（可能别人刚操作过）。请刷新页面，按当前步骤继续。"


class NoticeStillRunning(Refused):
    """The public notice lasts to the end of its last day."""

    message = "公示还没有结束，最后一天是 %(ends_on)s。请在这天之后再继续。"


class ObjectionsOpen(Refused):
    """An objection is still undecided."""

    message = "还有 %(count)s 条异议没有答复。请先逐条处理。"


class SamePersonSignsOff(Refused):
    """The person who published the notice may not sign the round off (four eyes)."""

    message = "签发人不能是发布公示的人。请由另一位管理员签发。"


class DecidedObjections(NotAllowed):
    """A person who decided an objection of a half-year signs off neither its round nor its
    supplements.
    """

    message = "您答复过这个半年的异议，不能签发。%(who)s"


class OwnRowTouched(NotAllowed):
    """The person is rated in the round, and somebody changed their own row by hand."""

    message = "您本人也在这次评定中，%(why)s，这一步不能由您办理。%(who)s"


class FactsChanged(Refused):
    """The frozen facts or stars in the database do not match their hash."""

    status = 409
    message = "冻结的数据与当时的校验值不符，不能签发。请联系系统管理员核查。"


class NotInNotice(Refused):
    """Objections are accepted while the notice runs."""

    message = "现在不在公示期内，不能提出异议。如服务记录有误，请在“我的时长”中申请更正。"


class AlreadyObjected(Refused):
    """A result has one open objection at a time."""

    status = 409
    message = "您的异议已经提交，正在处理。请等待答复。"


class NothingCorrected(Refused):
    """The records agree with the round, so there is nothing to freeze again."""

    message = (
        "现在的记录与评定一样，没有可更正的。请先更正服务记录、投诉或注册日期，再回来支持；"
        "如果数据没有错，请选择“维持原结果”。"
    )


class ObjectionLowers(Refused):
    """Upholding takes something from the person; the decider must confirm having seen it."""

    message = (
        "按现在的记录会变低：%(was)s 小时变为 %(now)s 小时，%(was_stars)s 星变为 %(now_stars)s 星。"
        "核对无误，请勾选“确认变低”再提交。"
    )


class NotTheLastAnswer(Conflict):
    """Only the last answer about a star is taken back, and only once."""

    message = "这条答复不能撤回：已撤回过，或之后又有新的异议。请刷新页面查看。"


class RoundPublished(Refused):
    """A published round cannot be taken back; a supplement can until it is signed."""

    status = 409
    message = "这一轮已经公示，不能撤销。有错请在公示期内处理异议，签发后另作补充评定。"


class SupplementRunning(Refused):
    """A person is in one open supplement at a time."""

    status = 409
    message = "%(name)s 已在第%(number)s次补充评定里，还没有签发。请先完成或撤销那一次。"


class RoundNotFinal(Refused):
    """Only a signed-off round can be supplemented or certified."""

    message = "这一轮评定还没有签发。请先完成签发。"


class WorkingDaysInvalid(Refused):
    """A correction of the calendar runs forwards, over a month at most."""

    message = "最后一天不能早于第一天，一次最多更正 %(most)s 天。"


class WorkingDayUnchanged(Refused):
    """The calendar already has this value."""

    message = "日历中这一天已经是这样，不用更正。"


class NothingDue(Refused):
    """No record of the half-year has changed since the round, or the supplement is made."""

    status = 409
    message = "没有人要做补充评定：冻结之后，服务记录没有变化，或已在补充评定里。"


class PolicyOutdated(Refused):
    """Another version came into force since this one was proposed, and would be undone by it."""

    status = 409
    message = (
        "提出以后，第 %(version)s 版已经生效，再生效这一版会把它改回去。请按现在的数字重新提出。"
    )


class PolicyDecided(Refused):
    """A version is put in force or refused once."""

    status = 409
    message = "这一版已经有决定了。要改数字，请提出新的一版。"


class HalfYearFrozen(Refused):
    """Facts of that half-year are frozen with the numbers then in force; no others rate it."""

    status = 409
    message = "%(half_year)s 的评定已经冻结，不能再换规则。请从下一个半年起生效。"


class HalfYearBeforePolicy(Refused):
    """The newest version begins later, and the next one has its numbers."""

    message = "最新的一版从 %(half_year)s 起生效，新的一版不能早于它。请选 %(half_year)s 或以后。"

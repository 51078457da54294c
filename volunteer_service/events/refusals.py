"""Refusals of events; each is one sentence that says what to do."""

from volunteer_service.errors import Refused


class EventNotDraft(Refused):
    """Only a draft can be published."""

    message = "活动已发布或已结束，不用再发布。"


class EventNotEditable(Refused):
    """A closed or cancelled event cannot be changed."""

    message = "活动已结束或已取消，不能再修改。"


class EventNotOpenForSignUp(Refused):
    """Sign-up is for published events whose shift has not ended."""

    message = "这个活动现在不接受报名。请看看其他活动。"


class NothingToSignUpFor(Refused):
    """An event without a shift cannot be published."""

    message = "请先添加至少一个岗位和班次，再发布活动。"


class EndsBeforeStart(Refused):
    """An end must come after its start."""

    message = "结束时间要晚于开始时间。"


class ShiftOutsideEvent(Refused):
    """Every shift must be within its event."""

    message = "班次时间要在活动时间之内。请先改班次或活动时间。"


class PostNameTaken(Refused):
    """Two posts of one event have different names."""

    message = "这个活动已有同名岗位。请换一个名称。"


class AlreadySignedUp(Refused):
    """A person has one place on a shift."""

    message = "已经报过这个班次了，不用再报。"
    message_to_others = "此人已经报过这个班次了，不用再报。"


class SignUpOverlaps(Refused):
    """Nobody serves in two places at a time; only the person themself reads where else they
    serve.
    """

    message = "与已报名的“%(title)s”时间重叠。请先取消那一个；已在那里签到的，请先签退。"
    message_to_others = (
        "此人在这个时间已报名别的班次。请本人或那个活动的负责人先取消那一个报名，或另选时间。"
    )


class MinorOnDangerousPost(Refused):
    """Nobody under 18 works on a dangerous post."""

    message = "这个岗位有危险，未满 18 周岁不能参加。请选其他岗位。"
    message_to_others = "这个岗位有危险，此人未满 18 周岁，不能参加。请为此人选其他岗位。"


class TooYoungForPost(Refused):
    """The post asks for an age that the person has not reached on the day of the shift."""

    message = "这个岗位要满 %(age)s 周岁。请选其他岗位。"
    message_to_others = "这个岗位要满 %(age)s 周岁，此人未满。请为此人选其他岗位。"


class TooOldForPost(Refused):
    """The post is for people up to an age that the person has passed on the day of the shift."""

    message = "这个岗位只收 %(age)s 周岁以下（含）的人。请选其他岗位。"
    message_to_others = "这个岗位只收 %(age)s 周岁以下（含）的人。请为此人选其他岗位。"


class StarNeededForPost(Refused):
    """The post asks for a star that the person does not have in the last final round."""

    message = "这个岗位要 %(stars)s 星以上。请选其他岗位。"
    message_to_others = "这个岗位要 %(stars)s 星以上，此人还没有。请为此人选其他岗位。"


class SignUpBlocked(Refused):
    """Five no-shows in a year block sign-up until a coordinator lifts it."""

    message = "因多次报名未到，报名已暂停。请联系社区管理员恢复。"
    message_to_others = "此人因多次报名未到，报名已暂停。可由社区管理员恢复。"


class NotANoShow(Refused):
    """The sign-up is not marked as a no-show."""

    message = "此人没有记为未到。请刷新页面查看。"


class NotBlocked(Refused):
    """The person is not blocked, or is no longer."""

    message = "此人的报名没有被暂停，不用恢复。"


class ShiftFull(Refused):
    """A full shift puts nobody on a waiting list at check-in."""

    message = "班次已满，没有空位。请找现场负责人。"


class PeopleCame(Refused):
    """An event to which somebody came is ended, so that their hours count; it is not cancelled."""

    status = 409
    message = "已有 %(count)s 人签到，活动不能取消。请先为在场的人签退，再“结束登记”，时长照记。"


class ShiftOver(Refused):
    """A shift that is over cannot be changed, because records follow from it."""

    status = 409
    message = "这个班次已经结束，不能再改。时长不对请在服务记录里更正。"


class ShiftRemoved(Refused):
    """A removed shift accepts no sign-up, check-in or change."""

    status = 409
    message = "这个班次已取消。请刷新页面，选别的班次。"


class ChangedIntoPast(Refused):
    """A change cannot end a shift in the past."""

    message = "改后的时间要晚于现在。已经结束的，请直接结束登记。"


class NothingChanged(Refused):
    """The change alters nothing."""

    message = "和现在一样，没有改动。请改时间、人数或队伍后再提交。"


class AlreadyShared(Refused):
    """The team runs the event already."""

    status = 409
    message = "这支队伍已经在办这个活动。"


class OtherStreet(Refused):
    """Only teams of one street run an event together."""

    message = "只能和同一街道的队伍合办。请另选一支队伍，或请街道另建活动。"


class TooManyTeams(Refused):
    """A limited number of teams runs an event together."""

    message = "一个活动最多 %(most)s 支队伍合办。"


class LastShift(Refused):
    """A published event keeps at least one shift; to remove the last one, cancel the event."""

    status = 409
    message = "这是活动仅有的班次，不能删除。不办了请“取消活动”。"


class ServesAlready(Refused):
    """The post already is as requested."""

    message = "这个岗位现在就是这样，没有改动。"


class PeopleServedOnPost(Refused):
    """People who served on a post keep their hours, so it stays a post that serves."""

    status = 409
    message = "已有 %(count)s 人在这个岗位签到，时长要照记，不能改成只登记到场。请另加一个岗位。"


class TookPartOnClosedShift(Refused):
    """Nobody gets hours afterwards on a shift that is closed."""

    status = 409
    message = (
        "已有 %(count)s 人在已结束的班次登记到场，不能改成计时长。请先重开登记，或给他们补录时长。"
    )


class PeopleCameToShift(Refused):
    """A shift to which somebody came stays, because their minutes depend on it."""

    status = 409
    message = "已有 %(count)s 人在这个班次签到，不能删除。提前散了可以把结束时间改早，时长照记。"


class PeopleCameAlready(Refused):
    """An event with check-ins is not postponed; its later shifts are moved one by one."""

    status = 409
    message = "已有 %(count)s 人签到，活动不能整个改期。请单独改还没有人签到的班次。"


class ChangeLosesMinutes(Refused):
    """A change of a shift takes no minutes from people who came to it."""

    status = 409
    message = (
        "已有 %(count)s 人在这个班次签到，这样改他们会少计时长（最多 %(minutes)s 分钟）。"
        "请换一个时间，或者另加一个班次。"
    )


class CapacityBelowPresent(Refused):
    """Places of people who came are not taken away."""

    message = "已有 %(count)s 人在这个班次签到，人数不能少于 %(count)s。"


class ChangedSincePreview(Refused):
    """The effects of the change differ from those in the preview."""

    status = 409
    message = "预览之后报名有了变化。请再看一遍会影响谁，再确定。"


class BreakOutsideShift(Refused):
    """A planned break must be inside its shift."""

    message = "休息时间要在班次之内。请修改休息时间，或先去掉休息再改班次。"


class NothingToUndo(Refused):
    """A change is undone on its day, before the moved shift begins, and the last change first."""

    status = 409
    message = "没有可以撤销的改动：只能在改动当天、班次开始之前撤销。请重新修改。"


class EventNotCancelled(Refused):
    """Only a cancelled event is brought back."""

    status = 409
    message = "活动没有取消，不用恢复。请刷新页面查看。"


class NothingToBringBack(Refused):
    """A cancelled event whose time is over, and to which nobody came, cannot be brought back."""

    status = 409
    message = "活动时间已过，也没有人签到，恢复没有用。请新建一个活动。"


class AlreadyThere(Refused):
    """A volunteer who checked in keeps the place, because their minutes depend on it."""

    status = 409
    message = "已经签到，不能再取消报名。要走了请签退，时长照记。"


class NotAVolunteer(Refused):
    """An account without a volunteer behind it cannot serve."""

    message = "这个账号没有志愿者身份。请用志愿者账号登录，或先登记为志愿者。"


class SignUpEnded(Refused):
    """The sign-up is cancelled already, or its shift has begun."""

    message = "班次已开始或报名已取消，不能再取消。请找现场负责人。"
    message_to_others = "班次已开始或报名已取消，不能再取消此人的报名。请刷新页面查看。"


class InSeriesAlready(Refused):
    """An event belongs to one series."""

    status = 409
    message = "这个活动已经是重复活动中的一次。请先复制一个活动，再设置重复。"


class NotInSeries(Refused):
    """The event is held once only."""

    status = 409
    message = "这个活动不重复，没有其他各次。请刷新页面查看。"


class NoDayOfSeries(Refused):
    """A rule names no day on which the event can be held."""

    message = "按这个规则，到这一天为止没有可以办活动的日子。请改规则或结束日。"


class NoSchoolTerm(Refused):
    """School days are wanted, but no school term is entered."""

    message = "这里还没有登记学期。请社区管理员先在“学期”页登记开学和放假的日期。"


class TermsOverlap(Refused):
    """A term overlaps another one that holds in the same place."""

    status = 409
    message = "和已登记的学期重叠。请先改日期，或删除原来的学期。"


class NoCalendarFeed(Refused):
    """There is no address of a calendar to end."""

    status = 409
    message = "还没有日历地址，不用停用。请刷新页面查看。"


class OfferOver(Refused):
    """A place is kept for a person of the waiting list until its time, and then passed on."""

    status = 409
    message = "给您留的名额已过答复时间，或活动有变动。请看活动页，还可以再报名。"


class NotWaiting(Refused):
    """A leader gives a place to a person who waits for one on a shift that is not over."""

    status = 409
    message = "此人不在候补中，或班次已结束。请刷新页面查看。"


class NoPlaceToGive(Refused):
    """Every place is held, or kept for somebody who was asked before."""

    status = 409
    message = "没有空的名额：都已报上，或正留给先问的人。请等答复，或先增加人数。"


class SwapOver(Refused):
    """A question about a place is answered once, while both places stand and have not begun."""

    status = 409
    message = "这次换班已经有答复，或班次有变动、已开始。请刷新页面查看。"


class SwapAskedAlready(Refused):
    """One question about a place is open at a time."""

    status = 409
    message = "这个班次您已经问过，还没有答复。想问别人，请先撤回。"


class SwapNeedsTwo(Refused):
    """Two people exchange places on two shifts."""

    message = "请选另一个人在另一个班次的位置。"


class SwapNotPossible(Refused):
    """The person who asked may not take the place now; only they learn why."""

    status = 409
    message = "对方现在不能换到您的班次。您的班次不变，可以和负责人联系。"


class OthersWait(Refused):
    """People on the waiting list take a place before a stand-in does."""

    status = 409
    message = "这个班次有人候补，不用另找人：取消报名，名额就给候补的人。"

"""Refusals of attendance; each is one sentence that says what to do."""

from volunteer_service.attendance.check_ins.refusals import LeaderChecksIn, PosterNotAccepted
from volunteer_service.errors import NotFound, Refused
from volunteer_service.events.refusals import (
    MinorOnDangerousPost,
    SignUpBlocked,
    SignUpOverlaps,
)
from volunteer_service.people.authorization.conflicts import OwnCase
from volunteer_service.people.registrations.registration_state import RegistrationEnded


class CodeInvalid(Refused):
    """This service did not make the code, or made it for something else."""

    message = "这个二维码无效。请扫活动现场的签到码，或找现场负责人。"


class CardUnknown(Refused):
    """The card has ended, or is none of ours; a leader finds the person by name or number."""

    message = "这张卡已作废，或不是本服务的志愿者卡。请按姓名或编号查找此人。"


class CodeLapsed(Refused):
    """The screen at the door shows another code by now, or the scanned one is too old."""

    message = "这个码已经过期或用过了。请再扫一次现场屏幕上的码。"


class EventNotOpen(Refused):
    """Scans count from half an hour before the shift (policy)."""

    message = "还没到签到时间。请在 %(opens)s 以后再扫。"
    message_to_others = "还没到签到时间。请在 %(opens)s 以后再为此人签到。"


class EventOver(Refused):
    """The last shift has ended, or the leader has closed the event."""

    message = "活动已经结束，不能再扫码。请找活动负责人补登。"
    message_to_others = "活动已经结束，不能再签到、签退。没登上的时长请用“补录服务”补登。"


class LateAfterClosing(EventOver):
    """A late scan of a closed shift changes nothing by itself; it proposes a correction."""

    message = "活动已经结束登记。这次签到或签退已记下，由活动负责人核对后更正。"
    message_to_others = "活动已经结束登记。这次扫码已记下，请在“待核对的异常”里更正。"


class EventCalledOff(Refused):
    """The event was cancelled."""

    message = "这个活动已取消，不用签到。请看看其他活动。"


class NumberUnknown(NotFound):
    """No volunteer has the typed number, and none or several have the typed full name."""

    message = "没有这个编号的志愿者，也没有哪一个人恰好叫这个全名。请核对志愿者卡上的编号。"


class TapTimeRefused(Refused):
    """A tap kept by a phone without network is at most a day old and not in the future."""

    message = "这次签到或签退离现在太久，或手机时间不对。已记下，等活动负责人核对。"
    message_to_others = (
        "这次签到或签退离现在太久，或手机时间不对。已记下，请在“待核对的异常”里处理。"
    )


class NotSignedUp(Refused):
    """A person without a place cannot check in when no shift has room."""

    message = "您还没有名额，班次也没有空位。请找现场负责人。"
    message_to_others = (
        "此人还没有名额，班次也没有空位。可以让出没来的人的名额，或为此人选别的班次或活动。"
    )


class ShiftNeeded(Refused):
    """Several shifts have room for a person without a place; they choose one (``shift_id``)."""

    message = "现在有几个班次可以签到：%(shifts)s。请选一个班次，再签到。"
    message_to_others = "现在有几个班次可以签到：%(shifts)s。请为此人选一个班次，再签到。"


class ShiftNotOpen(Refused):
    """The chosen shift admits nobody now, or not this person."""

    message = "这个班次现在不能签到。请刷新页面，选别的班次。"


class NotAWalkIn(Refused):
    """A volunteer who signed up for a shift stays on it."""

    message = "此人报了名，按报名的班次记录，不能改班次。时间有误的，请在生成服务记录后更正。"


class MoveLosesMinutes(Refused):
    """A move to another shift must not lose minutes served so far."""

    message = "改到这个班次会少算 %(minutes)s 分钟。请选时间包含已服务时间的班次。"


class ShiftJustMoved(Refused):
    """A scan is judged by the times of its shift; these changed at that moment."""

    status = 409
    message = "班次的时间刚刚改了。请看活动页的新时间，再扫一次。"


class AlreadyCheckedIn(Refused):
    """A person enters a shift once."""

    message = "已经签到，不用再签。离开时请再扫一次签退。"
    message_to_others = "此人已经签到，不用再签。离开时请为此人签退。"


class NotCheckedIn(Refused):
    """A person who has not checked in cannot check out."""

    message = "还没有签到，不能签退。请先签到，或找现场负责人。"
    message_to_others = "此人还没有签到，不能签退。请先为此人签到。"


class AlreadyCheckedOut(Refused):
    """A person leaves a shift once."""

    message = "已经签退，不用再签。时长请在“我的时长”查看。"
    message_to_others = "此人已经签退，不用再签。如签错了，请在名单里取消签退。"


class CheckOutForgotten(Refused):
    """A scan this long after the shift does not show when the person left."""

    message = "班次结束已久，不能再签退。请把离开时间告诉活动负责人，由负责人补登。"
    message_to_others = "班次结束已久，不能再签退。请等生成服务记录后补登此人的离开时间。"


class ScanIdReused(Refused):
    """A scan id belongs to one scan of one person."""

    message = "这次扫码的编号已被用过。请重新扫码。"


class EventNotBegun(Refused):
    """An event closes after it has begun."""

    message = "活动还没开始，不能结束登记。请等活动开始；不办了的，请取消活动。"


class StillPresent(Refused):
    """An event that still runs closes only when everybody has left."""

    message = "还有 %(count)s 人没有签退。请先为他们签退，或等活动时间结束。"


class NotOnTheDay(Refused):
    """A leader enters newcomers on the day of the event."""

    status = 409
    message = "只能在活动当天登记新人。平时请本人在网上登记，或由社区管理员登记。"


class OfThisStreetOnly(Refused):
    """A leader's newcomer lives in the street of her team."""

    message = "只能登记住在本街道的人。住在别处的，请由那边的社区登记，再按编号签到。"


class ShiftsRunning(Refused):
    """A shift closes when it is over, or when everybody who holds a place there came and left."""

    message = (
        "没有可以结束登记的班次。班次时间到了，或报名的人都来过并签退以后，再结束；"
        "不来的人，请在名单里让出名额。"
    )


class NothingToReopen(Refused):
    """A shift can be reopened on the day of its closing, until one of its records is decided."""

    status = 409
    message = (
        "没有可以重开的班次：只有今天结束登记的、记录还没有处理过的才能重开。请更正记录或补录。"
    )


class EventNotRunning(Refused):
    """Only a published event can be closed."""

    message = "活动未发布、已取消或已结束登记。请刷新页面查看。"


class RecordNotWaiting(Refused):
    """The record has been decided already, or waits for somebody else."""

    message = "这条记录已处理过，或要由别人处理。请刷新页面查看。"


class EndNotPossible(Refused):
    """A set end lies after the check-in and not after the shift's end."""

    message = "离开时间要在 %(earliest)s 之后，且不晚于 %(latest)s。"


class TooManyMinutes(Refused):
    """A record gives no more minutes than its own length."""

    message = "时长不能超过 %(most)s 分钟。请改小后再提交。"


class RecordOverlaps(Refused):
    """Two records of one person never overlap: the second is refused."""

    message = "与此人已有的记录 %(record)s 时间重叠。请核对时间。"


class OwnTick(OwnCase):
    """A leader ticks others; she checks herself in and out with the code, like everybody."""

    message = "不能替自己签到、签退。请用自己的手机扫码，或请另一位负责人代签。"


class OwnMove(OwnCase):
    """Another leader moves her to another shift."""

    message = "不能替自己改班次。请另一位负责人来改。"


class NotCheckedOut(Refused):
    """There is no check-out to take back."""

    message = "没有签退，不用取消。请刷新页面查看。"


class StayNotPossible(Refused):
    """One's own check-out is taken back within 10 minutes, while the shift lasts."""

    message = (
        "只能取消自己扫码的签退，并且在签退后 %(minutes)s 分钟内、班次结束以前。请找现场负责人。"
    )


class CheckedInSince(Refused):
    """A volunteer who has checked in elsewhere since cannot undo the check-out."""

    message = "签退以后又在别的班次签到了，不能再取消这次签退。请核对名单。"


class DisputeOpen(Refused):
    """A record has one open dispute at a time."""

    message = "这条记录已有异议在处理。请等处理结果。"


class RecordOff(Refused):
    """A record that its volunteer disowned counts for nobody any more."""

    status = 409
    message = "这条记录已按您的说明撤下，不用再提。弄错了请联系社区管理员。"


class DisputeDecided(Refused):
    """The dispute or complaint has been decided already."""

    message = "已经处理过了。请刷新页面查看结果。"


class NotHappenedYet(Refused):
    """The incident of a complaint cannot be in the future."""

    message = "发生日期不能晚于今天。"


class AccusedNotTold(Refused):
    """A complaint is decided only after its volunteer was told."""

    status = 409
    message = "还没有告诉本人。请当面或打电话告诉本人，再点“已告诉本人”，从那天起算说明期限。"


class AccusedNotHeard(Refused):
    """The volunteer may reply within the policy's days (7) before anybody decides."""

    status = 409
    message = "要先听本人说明：本人写下说明之后，或 %(until)s 过后，才能处理。"


class ReplyMayBeAnothers(AccusedNotHeard):
    """Staff handed out the password of the account lately: its reply does not shorten the days."""

    message = "写说明的账号最近由工作人员开通或重设过密码，不能提前处理。请等到 %(until)s 过后。"


class AlreadyTold(Refused):
    """The volunteer was told already, and the days for the reply have begun."""

    status = 409
    message = "已经告诉过本人，不用再记。"


class RepliedThemselves(Refused):
    """Staff cannot overwrite a volunteer's own reply."""

    status = 409
    message = "本人已经自己写了说明，不能再由别人代记。"


class SheetOfNobody(Refused):
    """A sheet has at least one person and no more than fit on a few pages."""

    message = "名单上没有人，或超过 %(most)s 人。请补上名字，或分成几张录入。"


class NothingToCorrect(Refused):
    """Only a record that was decided is corrected, and only to other minutes than it has."""

    status = 409
    message = "这条记录还没有处理完，或时长就是这么多，不用更正。请刷新页面查看。"


class CorrectionTooLate(Refused):
    """A leader corrects within 10 working days after the service; a coordinator at any time."""

    status = 403
    message = "服务结束已超过 %(allowed)s 个工作日，负责人不能再更正。请社区管理员更正。"


class CorrectionLeavesHalfYear(Refused):
    """Corrected times leave the record's half-year, which would change the stars of two."""

    message = "更正后的日期不在原来的半年里。请把这条记录更正为 0 分钟，再按正确的日期补录。"


class CorrectionWaiting(Refused):
    """A record has one open correction at a time."""

    status = 409
    message = "这条记录已有一个更正等另一个人审批。请先等它处理完。"


class CorrectionDecided(Refused):
    """The correction was decided, or the record changed since it was asked for."""

    status = 409
    message = "这个更正已处理，或记录在申请之后变过。请刷新页面，需要的话重新申请。"


class AlreadyEvaluated(Refused):
    """A record is evaluated once."""

    message = "这条记录已评价过，不用再评。"


class NotConfirmedYet(Refused):
    """Only confirmed records are evaluated."""

    message = "记录确认后才能评价。请先确认。"


class TimeAhead(Refused):
    """A time of coming or going that has not come yet."""

    message = "这个时间还没有到。请写真正来或走的时间。"


class NotOverYet(Refused):
    """Service is recorded after it was done."""

    message = "服务还没结束，不能补录。请在结束后再录。"


REFUSED_AT_SCAN: dict[str, type[Refused]] = {
    kind.code(): kind
    for kind in (
        EventNotOpen,
        EventOver,
        LateAfterClosing,
        EventCalledOff,
        NotSignedUp,
        ShiftNotOpen,
        TapTimeRefused,
        CodeLapsed,
        PosterNotAccepted,
        LeaderChecksIn,
        AlreadyCheckedIn,
        NotCheckedIn,
        AlreadyCheckedOut,
        CheckOutForgotten,
        MinorOnDangerousPost,
        SignUpBlocked,
        SignUpOverlaps,
        RegistrationEnded,
    )
}

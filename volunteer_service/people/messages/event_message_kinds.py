"""The kinds of messages about events and places on their shifts (:mod:`message_kinds` has all)."""

from volunteer_service.errors import Phrase
from volunteer_service.people.messages.message_facts import As, Choice, Kind

_PLACES: Choice = {
    "confirmed": Phrase("您的报名仍然有效。"),
    "waiting": Phrase("您仍在候补。"),
    "cancelled": Phrase("您的报名没有恢复，要参加请重新报名。"),
}
_STAYS: Choice = {
    "moved": Phrase("您的报名仍然有效，不能来请早些取消。"),
    "inside": Phrase("您已经签到，时长照记。"),
    "waiting": Phrase("名额少了，您改为候补，有空位会按顺序补上。"),
}
_ENDED: Choice = {
    "clash": Phrase("与您的另一个报名时间重叠"),
    "too_young": Phrase("这个岗位那天要满 18 周岁"),
    "removed": Phrase("这个班次不办了"),
}

_SERVING: Choice = {
    "serves": Phrase("改为计服务时长，来了不签到会记为未到"),
    "serves_inside": Phrase("改为计服务时长，您已经签到，这次从签到起计"),
    "takes_part": Phrase("改为只登记到场，不计服务时长"),
}

_ACCEPTED: Choice = {"accepted": Phrase("已接受"), "rejected": Phrase("不接受")}
_TURN = {"event": As.KEY, "title": As.NAME, "day": As.DAY, "time": As.NAME}

EVENT_KINDS: dict[str, Kind] = {
    "anomaly_decided": Kind(
        Phrase("工作人员核对了您 %(day)s 的签到和时长：%(outcome)s。有疑问请问队长。"),
        {"day": As.DAY, "outcome": _ACCEPTED},
        about="records",
    ),
    "event_cancelled": Kind(
        Phrase("您报名的活动“%(title)s”（%(day)s）已取消。原因写在活动页上。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY},
        about="event",
    ),
    "event_brought_back": Kind(
        Phrase("取消过的活动“%(title)s”（%(day)s）照常举行。%(place)s"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY, "place": _PLACES},
        about="event",
    ),
    "sign_up_promoted": Kind(
        Phrase(
            "有人退出，您不用再候补：活动“%(title)s”（%(day)s）已为您报上名。不能来请早些取消。"
        ),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY},
        about="event",
    ),
    "swap_asked": Kind(
        Phrase(
            "有人想和您换班：活动“%(title)s”您的 %(day)s %(time)s，"
            "换对方的 %(other)s %(other_time)s。请点开答复；不答复，班次不变。"
        ),
        {**_TURN, "other": As.DAY, "other_time": As.NAME},
        about="event",
        headline=Phrase("有人想和您换班，请答复"),
        hours_good=24,
    ),
    "stand_in_asked": Kind(
        Phrase(
            "活动“%(title)s”%(day)s %(time)s 有人来不了，想找人替班。"
            "您能去请点开答应，先答应的先得。"
        ),
        _TURN,
        about="event",
        headline=Phrase("有人想找您替班"),
        hours_good=24,
    ),
    "stand_in_looked_for": Kind(
        Phrase("活动“%(title)s”%(day)s %(time)s 有一位来不了，正在找人替班。"),
        _TURN,
        about="event",
    ),
    "swapped": Kind(
        Phrase("换班已办好：您现在的班次是活动“%(title)s”%(day)s %(time)s。"),
        _TURN,
        about="event",
        headline=Phrase("您的班次换好了，请看时间"),
    ),
    "stand_in_found": Kind(
        Phrase("有人替您了：活动“%(title)s”%(day)s %(time)s 您不用来了。"),
        _TURN,
        about="event",
        headline=Phrase("您的班次有人替了"),
    ),
    "swap_declined": Kind(
        Phrase("对方没有同意换班，活动“%(title)s”%(day)s %(time)s 还是您的班次。"),
        _TURN,
        about="event",
        headline=Phrase("换班没有成，您的班次不变"),
    ),
    "sign_up_withdrawn": Kind(
        Phrase("负责人取消了您在活动“%(title)s”（%(day)s）的报名。如有不对，请联系负责人。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY},
        about="event",
    ),
    "shift_changed": Kind(
        Phrase("活动“%(title)s”有改动，您的班次是 %(day)s %(time)s。%(outcome)s原因写在活动页上。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY, "time": As.NAME, "outcome": _STAYS},
        about="event",
    ),
    "serving_changed": Kind(
        Phrase("活动“%(title)s”%(day)s %(time)s 您报名的岗位%(outcome)s。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY, "time": As.NAME, "outcome": _SERVING},
        about="event",
    ),
    "place_ended": Kind(
        Phrase("活动“%(title)s”（%(day)s）有改动，您的报名已取消：%(outcome)s。原因写在活动页上。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY, "outcome": _ENDED},
        about="event",
    ),
    "event_handed_over": Kind(
        Phrase("您报名的活动“%(title)s”（%(day)s）改由“%(team)s”组织，您的报名不变。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY, "team": As.NAME},
        about="event",
    ),
    "event_to_lead": Kind(
        Phrase("活动“%(title)s”（%(day)s）转给了“%(team)s”，由您负责。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY, "team": As.NAME},
        about="event",
    ),
    "event_given_away": Kind(
        Phrase("您负责的活动“%(title)s”（%(day)s）转给了“%(team)s”。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY, "team": As.NAME},
        about="event",
    ),
    "event_shared": Kind(
        Phrase(
            "“%(team)s”请您的队伍“%(yours)s”合办活动“%(title)s”（%(day)s）：两队负责人都能管理和确认。不合办的，在管理页退出。"
        ),
        {
            "event": As.KEY,
            "title": As.NAME,
            "day": As.DAY,
            "team": As.NAME,
            "yours": As.NAME,
        },
        about="event",
    ),
    "event_unshared": Kind(
        Phrase("“%(team)s”不再合办活动“%(title)s”（%(day)s）。已报名的人不变。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY, "team": As.NAME},
        about="event",
    ),
    "photo_taken_down": Kind(
        Phrase("活动“%(title)s”（%(day)s）有一张照片已撤下：照片上的人不愿意展示。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY},
        about="event",
    ),
    "event_place_changed": Kind(
        Phrase("您报名的活动“%(title)s”（%(day)s）换了地点：%(place)s。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY, "place": As.NAME},
        about="event",
    ),
    "event_change_undone": Kind(
        Phrase("活动“%(title)s”的改动已撤销，您的班次是 %(day)s %(time)s。%(place)s"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY, "time": As.NAME, "place": _PLACES},
        about="event",
    ),
}

"""The kinds of timed messages, of messages about work that waits, and of those of the outbox.

The jobs ``reminders`` and ``digest`` send them once for each thing and day
(``messages.tell_once``).
"""

from volunteer_service.errors import Phrase
from volunteer_service.people.messages.message_facts import As, Choice, Kind

_DOORS: Choice = {
    "email": Phrase("邮件"),
    "sms": Phrase("短信"),
    "robot": Phrase("群机器人"),
}
_PLACE = {"event": As.KEY, "title": As.NAME, "day": As.DAY, "time": As.NAME}

REMINDER_KINDS: dict[str, Kind] = {
    "place_confirmed": Kind(
        Phrase("您已报上活动“%(title)s”（%(day)s %(time)s）。来不了请早些取消，让别人补上。"),
        _PLACE,
        about="event",
    ),
    "place_waiting": Kind(
        Phrase("活动“%(title)s”（%(day)s %(time)s）报满了，您在候补。有空位会按顺序补上。"),
        _PLACE,
        about="event",
    ),
    "place_offered": Kind(
        Phrase(
            "有名额了：活动“%(title)s”（%(day)s %(time)s）给您留到 %(until)s。"
            "请点开答复，到时没有答复就给下一位。"
        ),
        {**_PLACE, "place": As.KEY, "until": As.NAME},
        about="event",
        headline=Phrase("候补有名额了，请尽快答复"),
        hours_good=24,
    ),
    "place_offer_lapsed": Kind(
        Phrase(
            "活动“%(title)s”（%(day)s）给您留的名额没有等到答复，已给下一位。想参加可以再报名。"
        ),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY},
        about="event",
    ),
    "offer_unanswered": Kind(
        Phrase(
            "活动“%(title)s”（%(day)s %(time)s）留给候补的名额没有等到答复，已按顺序往下问。"
            "现在空着的名额：%(free)s。"
        ),
        {**_PLACE, "free": As.NUMBER},
        about="event",
    ),
    "shift_tomorrow": Kind(
        Phrase("明天（%(day)s %(time)s）您在活动“%(title)s”有班次。来不了请今天取消。"),
        _PLACE,
        about="event",
        headline=Phrase("明天您有班次，请看时间和地点"),
        hours_good=20,
    ),
    "check_out_soon": Kind(
        Phrase("活动“%(title)s”（%(day)s %(time)s）快结束了。走之前请扫码签退，或请负责人登记。"),
        _PLACE,
        about="event",
        headline=Phrase("班次快结束了，别忘了签退"),
        hours_good=1,
        is_urgent=True,
    ),
    "check_out_forgotten": Kind(
        Phrase("活动“%(title)s”（%(day)s %(time)s）您还没有签退。请告诉负责人您几点离开的。"),
        _PLACE,
        about="event",
        headline=Phrase("您有一次没有签退"),
    ),
    "record_confirmed": Kind(
        Phrase("您 %(day)s 的服务记录已确认：%(minutes)s。"),
        {"record": As.KEY, "day": As.DAY, "minutes": As.HOURS},
        about="record",
    ),
    "record_refused": Kind(
        Phrase("您 %(day)s 的服务记录没有计入。原因写在记录里；觉得不对，可以在那里提出异议。"),
        {"record": As.KEY, "day": As.DAY},
        about="record",
        headline=Phrase("您有一条服务记录没有计入"),
    ),
    "record_disputed": Kind(
        Phrase("有志愿者对 %(day)s 的一条服务记录提出了异议，等社区管理员答复。"),
        {"record": As.KEY, "day": As.DAY},
        about="record",
        headline=Phrase("有一条服务记录被提出异议"),
    ),
    "order_ready": Kind(
        Phrase("您的礼品已留好，最晚 %(until)s 凭领取码到兑换点领取。"),
        {"order": As.KEY, "until": As.DAY},
        about="order",
    ),
    "order_lapsing": Kind(
        Phrase("您的礼品还没有领，%(until)s 是最后一天；过后订单取消，积分退回。"),
        {"order": As.KEY, "until": As.DAY},
        about="order",
        headline=Phrase("您有礼品快过领取期了"),
    ),
    "points_expiring": Kind(
        Phrase("您有 %(points)s 在 %(day)s 之后到期。可以在那之前换礼品。"),
        {"points": As.POINTS, "day": As.DAY},
        about="points",
        headline=Phrase("您有积分快到期了"),
    ),
    "waiting_for_you": Kind(
        Phrase(
            "等您办的：待确认的记录 %(records)s 条，异议 %(disputes)s 件，"
            "想加入队伍的 %(joining)s 人。"
        ),
        {"records": As.NUMBER, "disputes": As.NUMBER, "joining": As.NUMBER},
        about="home",
        headline=Phrase("今天有事等您办"),
        hours_good=12,
    ),
    "import_done": Kind(
        Phrase("您办理的一次导入已完成，写入服务记录 %(records)s 条。"),
        {"import": As.KEY, "records": As.NUMBER},
        about="import",
    ),
    "doctor_found": Kind(
        Phrase("每天的账目核对发现 %(differences)s 处不符。什么都没有自动改动，请看首页。"),
        {"differences": As.NUMBER},
        about="home",
        headline=Phrase("账目核对发现不符"),
    ),
    "door_paused": Kind(
        Phrase("%(door)s一整天没有发出去，已暂停。消息都还在，请看原因，修好后再恢复发送。"),
        {"door": _DOORS},
        about="outbox",
        headline=Phrase("有一个发送渠道已暂停"),
    ),
}

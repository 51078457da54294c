"""The kinds of messages to a person: each one declared once, with its words and its facts.

A kind says in Chinese (the msgid) what happened, how each of its facts is worded, and which page
it is about. Pages and API word it; a new kind is a line here and its English in the catalogue.
"""

from volunteer_service.errors import Phrase
from volunteer_service.people.messages.account_message_kinds import ACCOUNT_KINDS
from volunteer_service.people.messages.event_message_kinds import EVENT_KINDS
from volunteer_service.people.messages.import_message_kinds import IMPORT_KINDS
from volunteer_service.people.messages.message_facts import ANSWERED, As, Choice, Kind
from volunteer_service.people.messages.reminder_kinds import REMINDER_KINDS
from volunteer_service.people.messages.team_message_kinds import TEAM_KINDS

#: The acts of two admins on an admin or an auditor, in words for that person and the page.
WATCHER_ACTS: Choice = {
    "role": Phrase("收回您的角色"),
    "disable": Phrase("停用您的账号"),
    "code": Phrase("给您的账号一次性代码"),
    "registration": Phrase("更改您的登记或手机号"),
    "grant": Phrase("重新授予您角色"),
    "enable": Phrase("恢复您的账号"),
    "factor": Phrase("取下您的登录验证器"),
}
_DECIDED: Choice = {"upheld": Phrase("已支持"), "dismissed": Phrase("维持原结果")}
_TRUE: Choice = {"upheld": Phrase("属实"), "dismissed": Phrase("不属实")}
_BY_WHOM: Choice = {False: Phrase("本人领取"), True: Phrase("他人代领")}
_CHANGED: Choice = {True: Phrase("有改动"), False: Phrase("没有改动")}
_ROLES: Choice = {
    "leader": Phrase("队长"),
    "deputy": Phrase("副队长"),
    "coordinator": Phrase("管理员"),
    "desk": Phrase("兑换点"),
    "auditor": Phrase("审核员"),
    "admin": Phrase("系统管理员"),
}

_FIELDS: Choice = {
    "phone": Phrase("手机号"),
    "name": Phrase("姓名"),
    "identity": Phrase("身份证号"),
    "born_on": Phrase("出生日期"),
    "sex": Phrase("性别"),
    "home": Phrase("居住社区"),
    "guardian": Phrase("监护人"),
    "consent": Phrase("同意书"),
    "registered": Phrase("登记日期"),
    "party": Phrase("政治面貌"),
    "employer": Phrase("工作单位"),
    "skills": Phrase("服务特长"),
    "remark": Phrase("备注"),
}
_TOO_YOUNG: Choice = {
    "ended": Phrase("报名已取消"),
    "inside": Phrase("已经签到，请当面安排到别的岗位"),
}
_ANSWERS: Choice = {"done": Phrase("已批准"), "refused": Phrase("没有批准")}

KINDS: dict[str, Kind] = {
    "points_adjusted": Kind(
        Phrase("您的积分有一次人工调整：%(points)s。原因写在积分明细里。"),
        {"points": As.CHANGE},
        about="points",
    ),
    "adjustment_refused": Kind(
        Phrase("为您申请的一次积分调整没有通过：%(points)s。您的积分不变。"),
        {"points": As.CHANGE},
        about="points",
    ),
    "points_reversed": Kind(
        Phrase("您的一笔积分被冲正：%(points)s。原因写在积分明细里。"),
        {"points": As.CHANGE},
        about="points",
    ),
    "record_corrected": Kind(
        Phrase("您 %(day)s 的服务记录已更正：原为 %(was)s，现为 %(minutes)s。"),
        {"record": As.KEY, "day": As.DAY, "was": As.HOURS, "minutes": As.HOURS},
        about="record",
    ),
    "record_times_corrected": Kind(
        Phrase("您 %(day)s 的服务记录已更正服务时间：时长原为 %(was)s，现为 %(minutes)s。"),
        {"record": As.KEY, "day": As.DAY, "was": As.HOURS, "minutes": As.HOURS},
        about="record",
    ),
    "check_out_missing": Kind(
        Phrase("您 %(day)s 参加“%(title)s”没有签退。请说明几点离开，负责人同意后计时长。"),
        {"title": As.NAME, "day": As.DAY},
        about="records",
    ),
    "claim_made": Kind(
        Phrase("有志愿者补报了 %(day)s 的服务，说当天没有扫码，请核对。"),
        {"record": As.KEY, "day": As.DAY},
        about="record",
    ),
    "end_stated": Kind(
        Phrase("有志愿者说明了 %(day)s 忘记签退的离开时间，请核对。"),
        {"record": As.KEY, "day": As.DAY},
        about="record",
    ),
    "record_not_me": Kind(
        Phrase(
            "有志愿者说明：%(day)s 的一条服务记录不是本人的，已撤下，时长和积分已收回。请核对。"
        ),
        {"record": As.KEY, "day": As.DAY},
        about="record",
    ),
    "dispute_decided": Kind(
        Phrase("您对 %(day)s 服务记录的异议已答复：%(outcome)s。"),
        {"record": As.KEY, "day": As.DAY, "outcome": _DECIDED},
        about="record",
    ),
    "circular": Kind(
        Phrase("“%(place)s”给您发了一条通知，请点开看。"),
        {"circular": As.KEY, "place": As.NAME},
        about="circular",
    ),
    **EVENT_KINDS,
    **ACCOUNT_KINDS,
    **REMINDER_KINDS,
    **IMPORT_KINDS,
    **TEAM_KINDS,
    "gift_handed_over": Kind(
        Phrase("您兑换的礼品已发放：%(proxy)s。如果不是这样，请联系兑换点。"),
        {"order": As.KEY, "proxy": _BY_WHOM},
        about="order",
    ),
    "hand_over_undone": Kind(
        Phrase("您的一次礼品发放已撤销，用掉的积分退回。"), {"order": As.KEY}, about="order"
    ),
    "order_made_at_desk": Kind(
        Phrase("兑换点为您下了一个订单，用 %(points)s。如果不是您要的，请联系兑换点。"),
        {"order": As.KEY, "points": As.POINTS},
        about="order",
    ),
    "sign_up_blocked": Kind(
        Phrase("因多次报名未到，您的报名已暂停。请联系社区管理员，说明情况后恢复。")
    ),
    "no_show_taken_back": Kind(
        Phrase("活动“%(title)s”（%(day)s）不再记为您未到。"),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY},
        about="event",
    ),
    "sign_up_block_lifted": Kind(Phrase("您的报名已恢复，可以再报名。来不了时请提前取消。")),
    "settled": Kind(Phrase("您的登记已归到%(area)s。如果不对，请联系社区。"), {"area": As.NAME}),
    "entries_merged": Kind(
        Phrase(
            "您的两份登记已合并，编号 %(number)s 的时长、积分和证书都在这里。那个编号仍然找得到您，"
            "登录请用现在的编号。如果那不是您，请马上联系社区管理员。"
        ),
        {"number": As.NAME},
    ),
    "merging_answered": Kind(
        Phrase("您提出的一个登记合并（编号 %(number)s）已有答复：%(outcome)s。"),
        {"merging": As.KEY, "number": As.NAME, "outcome": ANSWERED},
        about="merging",
    ),
    "merging_undo_answered": Kind(
        Phrase("您请人撤销的一个登记合并（编号 %(number)s）已有答复：%(outcome)s。"),
        {"merging": As.KEY, "number": As.NAME, "outcome": ANSWERED},
        about="merging",
    ),
    "merging_undone": Kind(
        Phrase("与编号 %(number)s 的登记的合并已撤销，两份登记各自恢复原样。"), {"number": As.NAME}
    ),
    "departure_taken_back": Kind(
        Phrase("您的登记曾被误标为停用，现已恢复，时长和积分都在。以前的报名要重新报。")
    ),
    "reinstated": Kind(
        Phrase("社区按您当面的同意，恢复了您的登记。如果不是您同意的，请联系社区。")
    ),
    "person_change_asked": Kind(
        Phrase(
            "有人提出更改您登记的%(field)s，要等另一位工作人员批准。如果不对，请联系社区管理员。"
        ),
        {"field": _FIELDS},
        about="changes",
    ),
    "person_changed": Kind(
        Phrase("您登记的%(field)s已更改。如果不对，请联系社区管理员。"),
        {"field": _FIELDS},
        about="changes",
    ),
    "person_change_refused": Kind(
        Phrase("更改您登记的%(field)s没有批准，登记不变。原因写在更改记录里。"),
        {"field": _FIELDS},
        about="changes",
    ),
    "your_change_decided": Kind(
        Phrase("您提出的一个更改（%(field)s）：%(outcome)s。"),
        {"change": As.KEY, "field": _FIELDS, "outcome": _ANSWERS},
        about="person_change",
    ),
    # Results of a changed birth date: for its actor, and for the event's leader.
    "made_minor": Kind(
        Phrase(
            "编号 %(number)s 的志愿者更改后未满 18 周岁：取消了 %(places)s 个危险岗位的报名，"
            "%(consents)s 项同意要由监护人重新给出。"
        ),
        {"person": As.KEY, "number": As.NAME, "places": As.NUMBER, "consents": As.NUMBER},
        about="person",
    ),
    "minor_at_post": Kind(
        Phrase(
            "“%(title)s”（%(day)s）危险岗位上有一位志愿者，"
            "登记的年龄改为未满 18 周岁：%(outcome)s。"
        ),
        {"event": As.KEY, "title": As.NAME, "day": As.DAY, "outcome": _TOO_YOUNG},
        about="event",
    ),
    "phone_passed_on": Kind(
        Phrase(
            "您登记的手机号现在由别人使用，已从您的登记中取下。"
            "请到社区登记新的手机号；登录请用志愿者编号。"
        ),
        about="changes",
    ),
    "complaint_raised": Kind(
        Phrase(
            "有一件关于您的投诉（%(day)s）。请写下您的说明，最晚 %(until)s。会先听您说，再处理。"
        ),
        {"complaint": As.KEY, "day": As.DAY, "until": As.DAY},
        about="complaint",
    ),
    "complaint_reply_noted": Kind(
        Phrase("工作人员记下了您对投诉（%(day)s）的口头说明。请看一看，不对的话您可以自己写。"),
        {"complaint": As.KEY, "day": As.DAY},
        about="complaint",
    ),
    "complaint_decided": Kind(
        Phrase("关于您的投诉（%(day)s）已处理：%(outcome)s。"),
        {"complaint": As.KEY, "day": As.DAY, "outcome": _TRUE},
        about="complaint",
    ),
    "star_published": Kind(
        Phrase("%(half_year)s星级公示：您是%(stars)s。如有异议，最晚 %(until)s 提出。"),
        {"half_year": As.HALF_YEAR, "stars": As.STARS, "until": As.DAY},
        about="star",
    ),
    "star_final": Kind(
        Phrase("%(half_year)s星级评定已签发：您是%(stars)s。"),
        {"half_year": As.HALF_YEAR, "stars": As.STARS},
        about="star",
    ),
    "star_corrected": Kind(
        Phrase("%(half_year)s星级经补充评定更正：原为%(was)s，现为%(stars)s。"),
        {"half_year": As.HALF_YEAR, "was": As.STARS, "stars": As.STARS},
        about="star",
    ),
    "objection_decided": Kind(
        Phrase("您对%(half_year)s星级的异议已答复：%(outcome)s。现在是%(stars)s。"),
        {"half_year": As.HALF_YEAR, "outcome": _DECIDED, "stars": As.STARS},
        about="star",
    ),
    "objection_reopened": Kind(
        Phrase("您对%(half_year)s星级的异议，答复已撤回，正在重新处理。现在是%(stars)s。"),
        {"half_year": As.HALF_YEAR, "stars": As.STARS},
        about="star",
    ),
    "supplement_withdrawn": Kind(
        Phrase("%(half_year)s的补充评定已撤销，您的星级不变。"),
        {"half_year": As.HALF_YEAR},
        about="star",
    ),
    "certificate_issued": Kind(
        Phrase("您的证书已发放，可以查看和下载。"), {"number": As.KEY}, about="certificate"
    ),
    "certificate_replaced": Kind(
        Phrase("您的证书已由补充评定换发，旧的那张不再有效。请查看和下载新的。"),
        {"number": As.KEY},
        about="certificate",
    ),
    "certificate_revoked": Kind(
        Phrase("您的一张证书已撤销，不能再使用。如有疑问，请联系社区管理员。"),
        {"number": As.KEY},
        about="certificate",
    ),
    "account_linked": Kind(
        Phrase("工作人员账号“%(login)s”已登记为您本人的账号。如果不是您，请马上联系系统管理员。"),
        {"login": As.NAME},
    ),
    "account_unlinked": Kind(
        Phrase("工作人员账号“%(login)s”不再登记为您本人的账号。"), {"login": As.NAME}
    ),
    "sign_in_code_used": Kind(
        Phrase(
            "您的密码已用一次性代码重新设置，所有设备已退出登录。如果不是您本人，请马上联系社区管理员。"
        )
    ),
    "sign_in_code_issued": Kind(
        Phrase("管理员为您开了一次性代码，凭它可以重设密码。如果不是您要的，请马上联系社区管理员。")
    ),
    "registration_tried": Kind(
        Phrase("有人用您的姓名和手机号登记。如果是您本人，您已经登记过，直接登录就行。")
    ),
    "phone_given_again": Kind(
        Phrase("有人登记时填了和您一样的手机号。是家里人就不用管；不认识的，请告诉社区管理员。")
    ),
    "phone_confirmed": Kind(Phrase("社区已当面核对您的手机号。以后可以只用手机号和密码登录。")),
    "role_granted": Kind(
        Phrase("您有了一个新的角色：%(role)s（%(place)s）。"), {"role": _ROLES, "place": As.NAME}
    ),
    "role_revoked": Kind(
        Phrase("您的一个角色已收回：%(role)s（%(place)s）。"), {"role": _ROLES, "place": As.NAME}
    ),
    "watcher_asked": Kind(
        Phrase("有系统管理员提出：%(act)s。须由另一位系统管理员办理。如有疑问，请联系他们。"),
        {"act": WATCHER_ACTS},
    ),
    "watcher_withdrawn": Kind(
        Phrase("系统管理员撤回了先前提出的事：%(act)s。"), {"act": WATCHER_ACTS}
    ),
    "watcher_answered": Kind(Phrase("您提出的一件须两位系统管理员办理的事，已由别人办理。")),
    "household_declared": Kind(
        Phrase("登记了您与另一位志愿者是同一家人，互相的事由别人办理。如有不对，请联系社区管理员。")
    ),
    "household_pending": Kind(
        Phrase(
            "工作人员登记您与另一位志愿者是同一家人。您或另一位工作人员确认后才算，请在本人页面答复。"
        )
    ),
    "household_answered": Kind(
        Phrase("您登记的一户同住家人，已有别人答复：%(outcome)s。"), {"outcome": _TRUE}
    ),
    "household_never_so": Kind(
        Phrase("社区核实：登记的一位同住家人不属实，已取消，不再算作家人。")
    ),
    # The result of what somebody began and a second person decided: ``messages.tell_first``.
    "adjustment_answered": Kind(
        Phrase("您提出的一次积分调整（%(points)s）已有答复：%(outcome)s。"),
        {"member": As.KEY, "points": As.CHANGE, "outcome": ANSWERED},
        about="points_of",
    ),
    "correction_answered": Kind(
        Phrase("您提出的一次时长更正（%(day)s 的服务）已有答复：%(outcome)s。"),
        {"record": As.KEY, "day": As.DAY, "outcome": ANSWERED},
        about="record",
    ),
    "backfill_answered": Kind(
        Phrase("您补录的服务记录（%(day)s，共 %(records)s 条）已有答复：%(outcome)s。"),
        {"record": As.KEY, "day": As.DAY, "records": As.NUMBER, "outcome": ANSWERED},
        about="record",
    ),
    "complaint_answered": Kind(
        Phrase("您记下的一件投诉（%(day)s）已处理：%(outcome)s。"),
        {"person": As.KEY, "day": As.DAY, "outcome": _TRUE},
        about="person",
    ),
    "objection_answered": Kind(
        Phrase("您代人提出的一件星级异议（%(half_year)s）已答复：%(outcome)s。"),
        {"round": As.KEY, "half_year": As.HALF_YEAR, "outcome": _DECIDED},
        about="round",
    ),
    "answer_taken_back": Kind(
        Phrase("您对一件星级异议（%(half_year)s）的答复已由别人撤回，异议重新待答复。"),
        {"round": As.KEY, "half_year": As.HALF_YEAR},
        about="round",
    ),
    "supplement_due": Kind(
        Phrase(
            "%(half_year)s星级评定签发以后，有 %(people)s 人的服务记录变了，请看要不要做补充评定。"
        ),
        {"round": As.KEY, "half_year": As.HALF_YEAR, "people": As.NUMBER},
        about="round",
    ),
    "policy_answered": Kind(
        Phrase("您提出的第 %(version)s 版规则已有答复：%(outcome)s。"),
        {"version": As.NUMBER, "outcome": ANSWERED},
        about="policies",
    ),
    "round_signed_off": Kind(
        Phrase("您公示的%(half_year)s星级评定已由别人签发。"),
        {"round": As.KEY, "half_year": As.HALF_YEAR},
        about="round",
    ),
    "your_hand_over_undone": Kind(
        Phrase("您发放的一份礼品，已由别人撤销发放。"),
        {"order": As.KEY},
        about="order",
    ),
    "your_gift_saved": Kind(
        Phrase("您定过价格或星级的礼品“%(name)s”，已由别人看过并保存：%(outcome)s。"),
        {"gift": As.KEY, "name": As.NAME, "outcome": _CHANGED},
        about="gift",
    ),
    "unlink_answered": Kind(
        Phrase("您提出取消账号“%(login)s”与志愿者的关联，已有答复：%(outcome)s。"),
        {"account": As.KEY, "login": As.NAME, "outcome": ANSWERED},
        about="account",
    ),
}

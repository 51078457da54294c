"""Why a record is worth what it is, worded: rule codes and their numbers become sentences."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_service.lists.declared import records
from volunteer_service.lists.declared.records import STATES

REASONS = {
    "no_check_out": _l("没有签退，等负责人补登离开时间"),
    "check_out_before_check_in": _l("签退早于签到 %(minutes)s 分钟"),
    "check_in_before_window": _l("提前 %(minutes)s 分钟签到，只计班次内的时间"),
    "check_out_after_window": _l("结束后 %(minutes)s 分钟才签退，只计班次内的时间"),
    "presence_too_short": _l(
        "在场 %(minutes)s 分钟，班次 %(shift_minutes)s 分钟至少要 %(needed_minutes)s 分钟，不计时长"
    ),
    "breaks_taken_off": _l("班次中安排的休息 %(minutes)s 分钟不计时长"),
    "rounded_down": _l(
        "在场 %(from_minutes)s 分钟，按 %(step_minutes)s 分钟取整为 %(minutes)s 分钟"
    ),
    "over_day_cap": _l("当天累计 %(day_minutes)s 分钟，超过 %(cap_minutes)s 分钟，等管理员核定"),
    "overlaps_record": _l("与记录 %(record)s 时间重叠，不重复计时"),
    "entered_late": _l(
        "服务结束 %(working_days)s 个工作日后才记录，超过规定的 %(allowed)s 个工作日"
    ),
    "end_set_by_leader": _l("离开时间由负责人补登"),
    "claimed": _l("没有扫码，由本人补报"),
    "late_scan": _l("结束登记以后才送到的扫码，由负责人核对"),
    "end_stated_agreed": _l("离开时间由本人说明，负责人同意"),
    "minutes_decided": _l("扫码不能证明全部时长，由工作人员核定"),
    "times_corrected": _l("服务时间由工作人员更正"),
}
GRADES = {code: words for code, (words, _kind) in records.GRADES.items()}
ORIGINS = {"import": _l("来自导入的台账"), "backfill": _l("事后补录"), "claim": _l("本人补报")}
SOURCES = {
    "poster": _l("扫海报"),
    "screen": _l("扫屏幕"),
    "card": _l("刷卡"),
    "personal": _l("扫手机上的个人码"),
    "roster": _l("负责人勾选"),
    "spoken": _l("报口令"),
}


def reason(kept: dict[str, Any]) -> str:
    """Return one reason of a record, as a sentence."""
    known = REASONS.get(kept["code"])
    if known is None:
        return str(kept["code"])
    worded: str = str(known) % kept["numbers"]
    return worded


def state(record: Any) -> tuple[str, str]:
    """Return the badge of a record: words and kind."""
    words, kind = STATES[
        (record.waits_for or "waiting") if record.state == "waiting" else record.state
    ]
    return str(words), kind


def grade(record: Any) -> str:
    """Return the evidence grade of a record; what a file merely states says which import stated
    it.
    """
    words = str(GRADES[record.grade])
    if record.source_type != "import":
        return words
    if record.import_id is None:
        return str(_("%(grade)s（由导入的台账载明）", grade=words))
    told = _("%(grade)s（由导入的台账载明，导入编号 %(id)s）", grade=words, id=record.import_id)
    return str(told)


def origin(record: Any) -> str:
    """Return where a record of a list is from, if not from a check-in here."""
    words = ORIGINS.get(record.source_type)
    return str(words) if words else ""


def source(code: str) -> str:
    """Return what was scanned."""
    return str(SOURCES[code])

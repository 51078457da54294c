"""Refuses rows that say themselves that they do not count: absent people, what nobody approved."""

import re

from volunteer_service.workbooks.judging.taken_or_refused import N_, Reason
from volunteer_service.workbooks.reading.line import Line

#: Words in a column of presence or approval that say no; every other word says yes.
_NO = re.compile(
    r"[×✕✖✗✘❌xX]|no?|false|0|[否无未]|[未没不].*|.*[未不没]有?通过.*|缺.*|旷.*|.*假|待.*|暂.*|.*中|.*驳回.*|.*拒绝.*"
    r"|.*取消.*|.*撤[销回].*|.*作废.*|无效.*|.*失败|.*退[出回队].*|.*注销.*|.*离队.*|.*停用.*|.*黑名单.*"
    r"|.*(?:去世|死亡|身故).*",
    re.IGNORECASE,
)
_ABSENT = N_("这一行写着没有到场，不计时长。确实到了的，请改这一格；没有到的，删去这一行。")
_UNSAID = N_("这一列别的行写了是否到场，这一行没有写。请写“是”或“否”。")
_UNAPPROVED = N_("这一行写着没有通过或已经不算。确实要导入的，请改这一格；否则删去这一行。")


def check(line: Line) -> None:
    """Refuse a row whose column of presence or approval says no, or whose presence is not said."""
    if "present" in line.header.columns:
        word = line.text("present")
        if not word or _NO.fullmatch(word):
            raise Reason("not_present", "present", _ABSENT if word else _UNSAID)
    if _NO.fullmatch(line.text("approved")):
        raise Reason("not_approved", "approved", _UNAPPROVED)

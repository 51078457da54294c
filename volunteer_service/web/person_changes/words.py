"""What a change says, in words; and as lines of a workbook."""

from collections.abc import Iterable
from typing import IO, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_service import settings, wording
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.person_values import FIELD_WORDS, Value, told, was_and_now
from volunteer_service.web.shared import workbooks

STATES = {
    "waiting": (_l("等待批准"), "warn"),
    "done": (_l("已更改"), "ok"),
    "refused": (_l("没有批准"), "bad"),
    "withdrawn": (_l("已撤回"), ""),
}


def field(row: PersonChange) -> str:
    """Return what was changed."""
    return FIELD_WORDS[row.field].worded(wording.gettext)


def values(row: PersonChange) -> tuple[str, str]:
    """Return old and new, numbers masked."""
    was, now = was_and_now(row)
    return _told(row.field, was), _told(row.field, now)


def plain(row: PersonChange, pair: tuple[Value | None, Value | None]) -> tuple[str, str]:
    """Return old and new with their numbers."""
    was, now = (_plain(row.field, value) for value in pair)
    return was, now


def who(row: PersonChange) -> str:
    """Return who asked for it; nobody where the operator did."""
    return row.asked_by.name if row.asked_by else _("命令行")


def written(rows: Iterable[PersonChange]) -> IO[bytes]:
    """Return the workbook: who, what, from, to, why, by whom, agreed by whom; numbers masked."""
    headers = [
        *(_("编号"), _("志愿者编号"), _("姓名"), _("日期"), _("内容"), _("原来"), _("更改为")),
        *(_("原因"), _("提出人"), _("状态"), _("决定人"), _("说明")),
    ]
    return workbooks.written(_("资料更改"), headers, (_line(row) for row in rows))


def _line(row: PersonChange) -> list[object]:
    return [
        row.id,
        row.volunteer.number,
        row.volunteer.name,
        settings.local_day(row.asked_at).isoformat(),
        field(row),
        *values(row),
        row.reason,
        who(row),
        str(STATES[row.state][0]),
        row.decided_by.name if row.decided_by else "",
        row.answer or "",
    ]


def _told(name: str, value: Value | None) -> str:
    return told(name, value).worded(wording.gettext)


def _plain(name: str, value: Value | None) -> str:
    numbers: dict[str, Any] = value or {}
    bare = [str(numbers[key]) for key in ("phone", "identity") if numbers.get(key)]
    if name == "guardian" and value:
        bare = [value["guardian"], value["guardian_phone"] or ""]
    return " ".join(bare) or _told(name, value)

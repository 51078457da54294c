"""Service records as a workbook."""

from collections.abc import Iterable
from typing import IO

from flask_babel import gettext as _

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.web.shared import record_reasons, workbooks


def written(rows: Iterable[ServiceRecord]) -> IO[bytes]:
    """Return the workbook: who, when, what, how many minutes, and the state."""
    headers = [
        *(_("编号"), _("志愿者编号"), _("姓名"), _("日期"), _("活动"), _("地点")),
        *(_("认定分钟数"), _("状态"), _("认定方式")),
    ]
    return workbooks.written(_("服务记录"), headers, (_line(row) for row in rows))


def _line(row: ServiceRecord) -> list[object]:
    return [
        *(row.id, row.volunteer.number, row.volunteer.name, row.served_on.isoformat()),
        *(row.event_name, row.place, row.minutes),
        *(record_reasons.state(row)[0], record_reasons.grade(row)),
    ]

"""People as a workbook; phones stay masked."""

from collections.abc import Iterable
from typing import IO

from flask_babel import gettext as _

from volunteer_service.identifiers.masks import mask_phone
from volunteer_service.people.models import Volunteer
from volunteer_service.web.shared import workbooks


def written(rows: Iterable[Volunteer]) -> IO[bytes]:
    """The workbook: number, name, masked phone, since when, and how they stand."""
    headers = [_("志愿者编号"), _("姓名"), _("手机号"), _("登记日期"), _("状态")]
    return workbooks.written(_("志愿者"), headers, (_line(row) for row in rows))


def _line(row: Volunteer) -> list[object]:
    states = {"active": _("在册"), "left": _("已退出"), "disowned": _("非本人登记")}
    masked = mask_phone(row.phone) if row.phone else ""
    return [row.number, row.name, masked, row.registered_on.isoformat(), states[row.state]]

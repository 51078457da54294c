"""Entries of the ledger as a workbook, and what their kinds are called."""

from collections.abc import Iterable
from typing import IO

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_service import settings
from volunteer_service.scoring.points.entries import Entry
from volunteer_service.web.shared import workbooks

KINDS = {
    "earn": _l("服务获得"),
    "redeem": _l("兑换礼品"),
    "reverse": _l("冲正和撤销兑换"),
    "adjust": _l("调整"),
    "expire": _l("到期清零"),
    "debt": _l("记入待抵扣"),
    "repay": _l("抵扣"),
    "waive": _l("过期免扣"),
}


def written(rows: Iterable[Entry]) -> IO[bytes]:
    """The workbook: who, when, what for, how many points; the source by its number."""
    headers = [
        *(_("编号"), _("志愿者编号"), _("姓名"), _("日期"), _("种类"), _("说明"), _("积分")),
        *(_("服务记录"), _("订单")),
    ]
    return workbooks.written(_("积分流水"), headers, (_line(row) for row in rows))


def _line(row: Entry) -> list[object]:
    t = row.transfer
    return [
        t.id,
        row.volunteer.number,
        row.volunteer.name,
        settings.local_day(t.at).isoformat(),
        str(KINDS[t.kind]),
        t.reason or "",
        row.amount / 100,
        *(t.source_id if t.source_type == kind else "" for kind in ("record", "redemption")),
    ]

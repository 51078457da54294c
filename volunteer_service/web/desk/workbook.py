"""Closed desk days as a workbook, one line for each gift and day."""

from collections.abc import Iterable, Iterator
from typing import IO

from flask_babel import gettext as _

from volunteer_service.scoring.rewards import desk_days
from volunteer_service.scoring.rewards.models import DaySheet
from volunteer_service.web.shared import workbooks


def written(rows: Iterable[DaySheet]) -> IO[bytes]:
    """Return the workbook: day, desk, gift, its moves, the count, and the seal of the ledger."""
    headers = [
        *(_("日期"), _("领取点"), _("礼品"), _("期初"), _("入库"), _("退回"), _("发放")),
        *(_("报损"), _("盘点更正"), _("期末"), _("实际清点"), _("差异"), _("账本封印")),
    ]
    return workbooks.written(_("日结单"), headers, _lines(rows))


def _lines(rows: Iterable[DaySheet]) -> Iterator[list[object]]:
    for row in rows:
        for line in desk_days.lines_of(row):
            yield [
                *(row.day.isoformat(), row.area.name, line.name, line.opening, line.received),
                *(line.returned, line.handed_over, line.written_off, line.corrected),
                *(line.closing, line.counted, line.difference, row.seal_head or ""),
            ]

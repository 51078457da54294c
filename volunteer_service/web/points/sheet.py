"""Unspent points by their last day as a workbook."""

from collections.abc import Iterable
from datetime import date
from typing import IO

from flask_babel import gettext as _

from volunteer_service.web.shared import workbooks


def outstanding(rows: Iterable[tuple[date, int, int]]) -> IO[bytes]:
    """Return the workbook of what is not spent: the last day, the points, how many people have
    them.
    """
    lines = ([day.isoformat(), centi / 100, people] for day, centi, people in rows)
    return workbooks.written(_("到期日汇总"), [_("到期日"), _("积分"), _("人数")], lines)

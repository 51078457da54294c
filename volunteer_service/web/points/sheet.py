"""Entries of the ledger as a workbook, and what their kinds are called."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import IO

from flask_babel import gettext as _

from volunteer_service import settings
from volunteer_service.lists.declared import points
from volunteer_service.scoring.points.entries import Entry
from volunteer_service.web.points import sources
from volunteer_service.web.shared import workbooks

KINDS = {code: words for code, (words, _kind) in points.KINDS.items()}


def written(rows: Iterable[Entry]) -> IO[bytes]:
    """The workbook: who, when, what for, how many points; the source by its number."""
    headers = [
        *(_("编号"), _("志愿者编号"), _("姓名"), _("日期"), _("种类"), _("说明"), _("积分")),
        *(_("服务记录"), _("订单")),
    ]
    return workbooks.written(_("积分流水"), headers, _lines(rows))


def outstanding(rows: Iterable[tuple[date, int, int]]) -> IO[bytes]:
    """The workbook of what is not spent: the last day, the points, how many people have them."""
    lines = ([day.isoformat(), centi / 100, people] for day, centi, people in rows)
    return workbooks.written(_("到期日汇总"), [_("到期日"), _("积分"), _("人数")], lines)


def _lines(rows: Iterable[Entry]) -> Iterator[list[object]]:
    """The lines, their sources read for many at a time."""
    entries = iter(rows)
    while some := list(islice(entries, workbooks.BATCH)):
        found = sources.of(row.transfer for row in some)
        yield from (_line(row, found.get(row.transfer.id)) for row in some)


def _line(row: Entry, source: sources.Source | None) -> list[object]:
    t, (kind, source_id) = row.transfer, source or ("", 0)
    return [
        t.id,
        row.volunteer.number,
        row.volunteer.name,
        settings.local_day(t.at).isoformat(),
        str(KINDS[t.kind]),
        t.reason or "",
        row.amount / 100,
        *(source_id if kind == wanted else "" for wanted in ("record", "redemption")),
    ]

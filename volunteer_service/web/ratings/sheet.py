"""The people of a round as a workbook, written a row at a time."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from volunteer_service.scoring.ratings import results
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.web.shared.star_reasons import sentence
from volunteer_service.workbooks.reading.cells import harmless

#: Rows beyond what fits here go to a file on disk.
_IN_MEMORY = 8 * 1024 * 1024


def written(row: Round) -> IO[bytes]:
    """The workbook, ready to be read from its start."""
    book = Workbook(write_only=True)
    page = book.create_sheet(row.half_year)
    page.append([_("志愿者编号"), _("姓名"), _("星级"), _("确认时长（小时）"), _("说明")])
    for line in _lines(row):
        page.append([_cell(page, value) for value in line])
    out: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 sent, then closed
    book.save(out)
    out.seek(0)
    return out


def _lines(row: Round) -> Iterator[list[Any]]:
    for person, number, name in results.named_results(row.id):
        why = "；".join(sentence(Reason.from_dict(kept)) for kept in person.reasons)
        facts = person.effective
        yield [number, name, person.stars, round(facts.confirmed_minutes / 60, 2), why]


def _cell(page: Any, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, harmless(value))
    if isinstance(value, str):
        # Text stays text, whatever it begins with.
        cell.data_type = "s"
    return cell

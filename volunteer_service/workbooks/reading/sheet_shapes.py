"""In which other form a sheet that is no list of ours holds its people, where that can be seen.

A grid of days, two lists side by side, a form for each person or columns that were never parted are
read by nothing here; the preview says which it is and how it becomes a list.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from volunteer_service.workbooks.reading import cells, known_columns
from volunteer_service.workbooks.reading.grid import Row

#: Marks words for the translators, who look for this name.
N_ = str

#: By the name of the shape, what the preview says of it.
SHAPES = {
    "days_across": N_(
        "每天或每月一列的表不能导入。请改成每人每次一行：活动、日期、起止时间、时长。"
    ),
    "side_by_side": N_("左右并排着两份名单。请把右边的移到左边的下面，或放到另一张工作表。"),
    "one_form_each": N_("像一人一张的登记表。请照样表改成一人一行。"),
    "not_parted": N_("每行只有一格。请在 Excel 里用“数据”→“分列”把各列分开。"),
}
#: Columns of days, headers that stand twice, labels of a form, words in one cell: so many at least.
_DAYS, _TWICE, _LABELS, _WORDS = 2, 2, 4, 2
_DAY = re.compile(
    r"(?:\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?|\d{1,2}[日号]|(?:\d{4}年)?\d{1,2}月份?"
    r"|(?:星期|周)[一二三四五六日天]|第[\d一二三四五六七八九十]+[周次]"
)


def shape_of(words: Sequence[Any], rows: Sequence[Row]) -> str | None:
    """Return the name of the shape (:data:`SHAPES`) of a sheet; None where none can be seen.

    ``words`` are those of the row that comes nearest to a header, ``rows`` the first of the sheet.
    """
    if sum(map(_is_day, words)) >= _DAYS:
        return "days_across"
    known = [known_columns.bare(raw) for raw in words if known_columns.is_known(raw)]
    if len(known) - len(set(known)) >= _TWICE:
        return "side_by_side"
    if sum(map(_labels, rows)) >= _LABELS and len({row.number for row in rows if _labels(row)}) > 1:
        return "one_form_each"
    filled = [found for found in map(cells.text, words) if found]
    return "not_parted" if len(filled) == 1 and _unparted(filled[0]) >= _WORDS else None


def _is_day(raw: Any) -> bool:
    return cells.day(raw) is not None or _DAY.fullmatch(known_columns.bare(raw)) is not None


def _labels(row: Row) -> int:
    """Count the headers that have their value to the right of them."""
    typed = [raw for raw in row.own if cells.text(raw)]
    pairs = pairwise(typed)
    return sum(
        known_columns.is_known(label) and not known_columns.is_known(value)
        for label, value in pairs
    )


def _unparted(words: str) -> int:
    return sum(map(known_columns.is_known, re.split(r"[\s、]+", words)))

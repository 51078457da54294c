"""Finds the header of a sheet: one to three rows, below titles, with groups above columns.

«联系方式» that is merged over «手机» and «邮箱» is two columns, «服务时长» over «(小时)» is one.
Each column gets one text, which :mod:`known_columns` then understands as if the header had one row.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from volunteer_service.workbooks.reading import cells, known_columns
from volunteer_service.workbooks.reading.grid import Cells, Row

#: A header begins within the first rows, under titles and notes at most.
WITHIN = 30
_MOST_ROWS = 3
#: Rows that are searched, because a header may begin in the last of those above.
LOOKED_AT = WITHIN + _MOST_ROWS - 1
#: A group about somebody else: «姓名» under «监护人» is not the volunteer's.
_SOMEBODY_ELSE = re.compile(
    "监护|家长|父亲|母亲|配偶|紧急|推荐|介绍|负责|经办|填表|审核|带队|领队|队长"
)
_UNIT = re.compile(
    r"(?:单位)?(?:个?小时|分钟?|时|天|元|分|个|件|年([-/.]?)月\1日|时:?分|必填|选填|文本|h|min"
    r"|y{2,4}([-/.])m{1,2}\2d{1,2}|h{1,2}:m{1,2}|\d{2}位(?:数字?)?)?"
)
_WORD = re.compile(r"[^\d@=]{1,12}")

Understands = Callable[[Sequence[Any], int, str], known_columns.Header | None]


@dataclass(frozen=True)
class Found:
    """A header with the rows that it covers."""

    header: known_columns.Header
    rows: tuple[Row, ...]


def is_repeated(header: Sequence[Row], row: Row) -> bool:
    """Tell whether a row further down is one of the header's own: lists are pasted together."""
    return any(row.own == mine.own or row.cells == mine.cells for mine in header)


def find(rows: Sequence[Row], understands: Understands) -> Found | None:
    """Return the header in the first rows of a sheet: of several readings the one with most
    columns.
    """
    for start in range(min(WITHIN, len(rows))):
        found = [
            found
            for first in range(start, start + _MOST_ROWS)
            for last in range(first, start + _MOST_ROWS)
            if (found := _read(rows, first, last, understands)) is not None
        ]
        if any(one.rows[0] is rows[start] for one in found):
            best = max(found, key=lambda one: (len(one.header.columns), -len(one.rows)))
            return _with_rows_below(best, rows, understands)
    return None


def every(rows: Sequence[Row]) -> Iterator[tuple[tuple[Row, ...], Cells]]:
    """Yield every reading of the first rows of a sheet as a header: the rows, and a text
    a column.
    """
    for first in range(min(WITHIN, len(rows))):
        for last in range(first, first + _MOST_ROWS):
            if (found := _as_header(rows, first, last)) is not None:
                yield found


def _read(rows: Sequence[Row], first: int, last: int, understands: Understands) -> Found | None:
    found = _as_header(rows, first, last)
    if found is None:
        return None
    taken, words = found
    header = understands(words, taken[-1].number, title(rows[:first]))
    return Found(header, taken) if header else None


def _as_header(rows: Sequence[Row], first: int, last: int) -> tuple[tuple[Row, ...], Cells] | None:
    """Return these rows, both included, and one text a column; None if they do not belong
    together.
    """
    taken = tuple(rows[first : last + 1])
    if len(taken) <= last - first or taken[-1].number - taken[0].number >= _MOST_ROWS:
        return None
    return taken, taken[0].cells if len(taken) == 1 else _composed(taken)


def _with_rows_below(found: Found, rows: Sequence[Row], understands: Understands) -> Found:
    """Include the rows that continue the header, because a whole upper row may be above groups."""
    first = next(n for n, row in enumerate(rows) if row is found.rows[0])
    last = first + len(found.rows) - 1
    while last + 1 < min(len(rows), first + _MOST_ROWS) and _goes_on(found, rows[last + 1]):
        more = _read(rows, first, last + 1, understands)
        if more is None:
            break
        found, last = more, last + 1
    return found


def _goes_on(found: Found, row: Row) -> bool:
    """Tell whether a row belongs to the header: a column's header is merged down into it, or it has
    fewer cells, all of them short words and one a header, and none under what every row needs.
    """
    header = found.header
    above = found.rows[-1]
    for column in header.columns.values():
        below = _at(row.cells, column)
        if below and below == _at(above.cells, column) and not _at(row.own, column):
            return True
    typed = [cells.text(raw) for raw in row.own if cells.text(raw)]
    required = {field.name for field in header.kind.fields if field.required}
    # A tree of areas has a header of one row and no column that every row needs.
    needed = min((at for name, at in header.columns.items() if name in required), default=None)
    return (
        needed is not None
        and len(typed) < len(header.columns)
        and not _at(row.own, needed)
        and all(_WORD.fullmatch(word) for word in typed)
        and any(known_columns.is_known(word) or _is_unit(word) for word in typed)
    )


def title(above: Sequence[Row]) -> str:
    """Return the first words above a header."""
    words = (cells.text(raw) for row in above for raw in row.own)
    return next((found for found in words if found), "")


def _composed(rows: Sequence[Row]) -> Cells:
    """Return one text for each column, from the texts above each other."""
    width = max(len(row.cells) for row in rows)
    groups = [_carried_right(row, rows[-1], width) for row in rows[:-1]]
    return tuple(
        _one_text([*(group[column] for group in groups), _at(rows[-1].cells, column)])
        for column in range(width)
    )


def _carried_right(row: Row, lowest: Row, width: int) -> list[str]:
    """Return a group's name for the columns to its right without one, because not everybody merges
    cells.
    """
    carried: list[str] = []
    for column in range(width):
        here = _at(row.cells, column)
        if not here and carried and _at(lowest.cells, column):
            here = carried[-1]
        carried.append(here)
    return carried


def _one_text(stacked: Sequence[str]) -> str:
    """Return the name of a column within its group.

    Group and column together («监护人», «姓名»), else the column alone unless the group is about
    somebody else, else the group where only a unit stands below.
    """
    words = [text for n, text in enumerate(stacked) if text and text not in stacked[:n]]
    named = [text for text in words if not _is_unit(text)]
    units = "".join(f"({text.strip('()[]【】〔〕 ')})" for text in words if _is_unit(text))
    if not named:
        return "".join(words)
    for tail in range(len(named)):
        whole = "".join(named[tail:])
        is_hers = not any(_SOMEBODY_ELSE.search(group) for group in named[:tail])
        if known_columns.is_known(whole) and is_hers:
            return whole + units
    if (
        len(named) > 1
        and known_columns.bare(named[-1]) == "姓名"
        and known_columns.is_known(named[-2])
    ):
        return named[-2]
    return " ".join(named) + units


def _is_unit(words: str) -> bool:
    return _UNIT.fullmatch(known_columns.bare(words).lower()) is not None or bool(
        _UNIT.fullmatch(words.strip("()[]【】〔〕 ").lower())
    )


def _at(row: Cells, column: int) -> str:
    return cells.text(row[column]) if column < len(row) else ""

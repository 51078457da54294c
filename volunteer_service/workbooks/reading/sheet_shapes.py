"""Recognises other shapes of a sheet that is no list of ours.

A grid of days, two lists side by side, a form for each person or unsplit columns cannot be read;
the preview says which it is and how to make it a list.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from volunteer_service.workbooks.reading import cells, known_columns
from volunteer_service.workbooks.reading.grid import Row

#: Marks words for the translators, who look for this name.
N_ = str

#: The preview's text about each shape, by its name.
SHAPES = {
    "days_across": N_(
        "每天或每月一列的表不能导入。请改成每人每次一行：活动、日期、起止时间、时长。"
    ),
    "side_by_side": N_("左右并排着两份名单。请把右边的移到左边的下面，或放到另一张工作表。"),
    "one_form_each": N_("像一人一张的登记表。请照样表改成一人一行。"),
    "not_parted": N_("每行只有一格。请在 Excel 里用“数据”→“分列”把各列分开。"),
    "pivot": N_("像数据透视表或汇总表。请导入它所根据的明细表。"),
    "relay": N_("像群接龙的文字。请在接龙小程序里导出 Excel，或照样表把姓名、手机号分到各列。"),
    "pictures": N_("只有图片，图片里的字读不出来。请向对方要原来的表，或照样表录入。"),
    "sideways": N_(
        "行和列是反的：一人一列。请全选复制，用“选择性粘贴”→“转置”，变成一人一行后再导入。"
    ),
    "garbled": N_(
        "文字成了乱码或问号。请从原来的系统重新导出；CSV 文件请在 Excel 里用“数据”→“从文本”打开，"
        "编码选 UTF-8，另存为 .xlsx。"
    ),
    "no_header": N_(
        "第一行已经是内容，没有表头。请在最上面加一行表头，例如：姓名、身份证号、手机号。"
    ),
}
#: The least columns of days, double headers, labels of a form, and words in one cell.
_DAYS, _TWICE, _LABELS, _WORDS = 2, 2, 4, 2
#: Fewest days of a month side by side as bare numbers; fewest cells with two clock times or more.
_RUN, _PUNCHED = 5, 2
_DAY = re.compile(
    r"(?:\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?|\d{1,2}[日号]|(?:\d{4}年)?\d{1,2}月份?"
    r"|(?:星期|周)[一二三四五六日天]|第[\d一二三四五六七八九十]+[周次]"
)
_CLOCKS = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:[\s,;]+\d{1,2}:\d{2}(?::\d{2})?)+")
_PIVOT = re.compile(r"行标签|列标签|(?:求和|计数|平均值|最大值|最小值)项:.*")
_RELAY = re.compile(r"#\s*(?:群?接龙|Group Note)", re.IGNORECASE)
_QUESTION_MARKS = re.compile(r"\?{2,}")
#: Text that is no header: a phone, an identity number, a day.
_CONTENT = re.compile(r"1\d{10}|\d{17}[\dXx]")


def shape_of(words: Sequence[Any], rows: Sequence[Row]) -> str | None:
    """Return the name of the shape (:data:`SHAPES`) of a sheet; None where none can be seen.

    ``words`` are those of the row nearest to a header, ``rows`` the first of the sheet.
    """
    typed = [found for found in map(cells.text, words) if found]
    if any(_RELAY.match(cells.text(raw)) for row in rows for raw in row.own[:1]):
        return "relay"
    if any(map(_PIVOT.fullmatch, typed)):
        return "pivot"
    if typed and sum(map(_is_garbled, typed)) * 2 > len(typed):
        return "garbled"
    if sum(map(_is_day, words)) >= _DAYS or any(map(_is_of_days, rows)):
        return "days_across"
    return _of_labels(words, typed, rows)


def _of_labels(words: Sequence[Any], typed: Sequence[str], rows: Sequence[Row]) -> str | None:
    """Return the shape that shows in where the known headers stand, if any."""
    known = [known_columns.bare(raw) for raw in words if known_columns.is_known(raw)]
    if len(known) - len(set(known)) >= _TWICE:
        return "side_by_side"
    if sum(map(_labels, rows)) >= _LABELS and len({row.number for row in rows if _labels(row)}) > 1:
        return "one_form_each"
    if sum(map(_is_label_first, rows)) >= _LABELS and not any(map(_says_two_headers, rows)):
        return "sideways"
    if not known and any(_CONTENT.fullmatch(found) for found in typed):
        return "no_header"
    return "not_parted" if len(typed) == 1 and _unparted(typed[0]) >= _WORDS else None


def _is_day(raw: Any) -> bool:
    return cells.day(raw) is not None or _DAY.fullmatch(known_columns.bare(raw)) is not None


def _is_of_days(row: Row) -> bool:
    """Tell whether a row heads the days of a month (1, 2, 3 …), or holds clock times of some."""
    typed = [found for found in map(cells.text, row.own) if found]
    numbers = [int(found) if found.isdecimal() and len(found) < 3 else 0 for found in typed]
    following = sum(a + 1 == b and a > 0 for a, b in pairwise(numbers))
    return following >= _RUN - 1 or sum(map(_has_clocks, typed)) >= _PUNCHED


def _is_label_first(row: Row) -> bool:
    """Tell whether a row begins with a header and has its values beside it."""
    typed = [raw for raw in row.own if cells.text(raw)]
    return len(typed) > _TWICE and known_columns.is_known(typed[0])


def _says_two_headers(row: Row) -> bool:
    return sum(map(known_columns.is_known, filter(cells.text, row.own))) > 1


def _has_clocks(words: str) -> bool:
    return _CLOCKS.fullmatch(words) is not None


def _is_garbled(words: str) -> bool:
    """Tell whether UTF-8 was read as GB18030 («濮撳悕» for 姓名), or characters were lost."""
    if "\ufffd" in words or "锟斤拷" in words or _QUESTION_MARKS.fullmatch(words):
        return True
    once = words.encode("gb18030", "ignore").decode("utf-8", "ignore")
    return known_columns.is_known(once)


def _labels(row: Row) -> int:
    """Count the headers with their value to the right, if half of the cells are such headers."""
    typed = [raw for raw in row.own if cells.text(raw)]
    found = sum(
        known_columns.is_known(label) and not known_columns.is_known(value)
        for label, value in pairwise(typed)
    )
    return found if 2 * found >= len(typed) - 1 else 0


def _unparted(words: str) -> int:
    return sum(map(known_columns.is_known, re.split(r"[\s、]+", words)))

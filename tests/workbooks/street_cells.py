"""Days and numbers as other streets type them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

TODAY = date(2026, 11, 22)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
NOTATIONS: tuple[Callable[[date], Any], ...] = (
    lambda on: f"{on.year}/{on.month}/{on.day}",
    lambda on: f"{on.year}-{on.month:02}-{on.day:02}",
    lambda on: f"{on.year}.{on.month}.{on.day}",
    lambda on: f"{on.year}年{on.month}月{on.day}日",
    lambda on: f"{on:%Y%m%d}",
    lambda on: (on - date(1899, 12, 30)).days,
    lambda on: datetime(on.year, on.month, on.day),  # noqa: DTZ001  as a date cell is
)


def id_number(born_on: date, sex: str, serial: int) -> str:
    """An invented number that holds; region 98 does not exist."""
    odd = serial * 2 + (sex == "男")
    body = f"9801{serial % 90 + 10}{born_on:%Y%m%d}{odd % 1000:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def only(book: Workbook) -> Worksheet:
    """The one sheet of a new workbook."""
    page = book.active
    assert isinstance(page, Worksheet)
    return page

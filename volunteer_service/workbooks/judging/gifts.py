"""Judges the catalogue of gifts.

Order of checks: missing name, price in points (at most two decimals, above 0), stock and minimum
star (whole numbers), duplicate row.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar

from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.workbooks.judging.taken_or_refused import (
    DELETE_ROW,
    FILL_CELL,
    NAME,
    GiftRow,
    Reason,
    Taken,
    taken,
)
from volunteer_service.workbooks.judging.taken_so_far import Sofar
from volunteer_service.workbooks.reading import cells
from volunteer_service.workbooks.reading.line import Line

_MOST_STARS = 5
_NO_STAR = ("不限", "无要求", "不要求", "无限制")


class Judge:
    """Takes gifts, each name once."""

    #: Without this field a gift would be offered to everybody.
    needed: ClassVar[Collection[str]] = frozenset(("minimum_star",))
    #: The longest cell of each field; every other is a number, a date or a known name.
    longest: ClassVar[Mapping[str, int]] = {"name": NAME}

    def __init__(self, sofar: Sofar, today: date, policy: Policy) -> None:
        self._sofar = sofar

    def judge(self, line: Line) -> Taken:
        """Take one gift; raises :class:`Reason`."""
        name = line.name("name")
        if not name:
            raise Reason("missing_value", "name", FILL_CELL)
        points, stock = cells.centi(line.raw("points")), cells.count(line.raw("stock"))
        if not points:
            raise Reason("bad_number", "points", "积分要大于 0，最多两位小数。")
        if stock is None:
            raise Reason("bad_number", "stock", "数量要是整数。")
        star = _star(line)
        if cells.match_key(name) in self._sofar.gifts:
            raise Reason("duplicate_row", "name", DELETE_ROW)
        self._sofar.gifts.add(cells.match_key(name))
        is_new = not self._sofar.known.has_gift(name)
        row = GiftRow(name, points, stock, star)
        return taken(line, row, is_new)


def _star(line: Line) -> int | None:
    if "minimum_star" not in line.header.columns:
        return None
    words = line.text("minimum_star").removesuffix("星级").removesuffix("星")
    if words and not words.strip("★☆"):
        # Stars drawn as signs: the filled ones count.
        words = str(words.count("★"))
    if words in _NO_STAR:
        words = ""
    words = words.translate(str.maketrans("一二三四五无", "123450"))
    star = cells.count(words or 0)
    if star is None or star > _MOST_STARS:
        raise Reason("bad_number", "minimum_star", "星级写 1 到 5，没有要求就留空。")
    return star

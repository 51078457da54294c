"""Judges the catalogue of gifts.

Order of checks: missing name, price in points (at most two decimals, above 0), stock and minimum
star (whole numbers), duplicate row.
"""

from datetime import date

from volunteer_service.workbooks.judging import cures
from volunteer_service.workbooks.judging.known import Sofar
from volunteer_service.workbooks.judging.rows import GiftRow, Refusal, Taken
from volunteer_service.workbooks.reading import cells
from volunteer_service.workbooks.reading.sheets import Line

_MOST_STARS = 5


class Judge:
    """Takes gifts, each name once."""

    def __init__(self, sofar: Sofar, today: date) -> None:
        self._sofar = sofar

    def judge(self, line: Line) -> Taken:
        """Take one gift; raises :class:`Refusal`."""
        name = line.name("name")
        if not name:
            raise Refusal("missing_value", "name", cures.FILL)
        points, stock = cells.centi(line.raw("points")), cells.count(line.raw("stock"))
        if not points:
            raise Refusal("bad_number", "points", "积分要大于 0，最多两位小数。")
        if stock is None:
            raise Refusal("bad_number", "stock", "数量要是整数。")
        star = _star(line)
        if cells.match_key(name) in self._sofar.gifts:
            raise Refusal("duplicate_row", "name", cures.DELETE)
        self._sofar.gifts.add(cells.match_key(name))
        is_new = not self._sofar.known.has_gift(name)
        row = GiftRow(name, points, stock, star)
        return line.taken(row, is_new)


def _star(line: Line) -> int:
    words = line.text("minimum_star").removesuffix("星级").removesuffix("星")
    words = words.translate(str.maketrans("一二三四五无", "123450"))
    star = cells.count(words or 0)
    if star is None or star > _MOST_STARS:
        raise Refusal("bad_number", "minimum_star", "星级写 1 到 5，没有要求就留空。")
    return star

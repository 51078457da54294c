"""Judges the list of communities, grids and buildings.

Order of checks: missing value, duplicate row. A community or grid that was merged over several
rows stands only in the first of them, so it is carried down.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar

from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.workbooks.judging.taken_or_refused import (
    DELETE_ROW,
    FILL_CELL,
    NAME,
    AreaRow,
    Reason,
    Taken,
    taken,
)
from volunteer_service.workbooks.judging.taken_so_far import Sofar
from volunteer_service.workbooks.reading.sheets import Line

_STREET = re.compile(r"^(.{1,20}?(?:街道|镇|乡))(?!办)")


class Judge:
    """Remembers the last community and grid of the sheet."""

    #: Without it a building would come beneath another street.
    needed: ClassVar[Collection[str]] = frozenset(("street",))
    #: The longest cell of each field; every other is a number, a date or a known name.
    longest: ClassVar[Mapping[str, int]] = {
        "street": NAME,
        "community": NAME,
        "grid": NAME,
        "building": NAME,
    }

    def __init__(self, sofar: Sofar, today: date, policy: Policy) -> None:
        self._sofar = sofar
        self._sheet = ""
        self._community = ""
        self._grid = ""

    def judge(self, line: Line) -> Taken:
        """Take one building with its grid and community; raises :class:`Reason`."""
        community, grid = self._carried(line)
        building = line.name("building")
        path = (community, grid, building)
        for name, found in zip(("community", "grid", "building"), path, strict=True):
            if not found:
                raise Reason("missing_value", name, FILL_CELL)
        if path in self._sofar.areas:
            raise Reason("duplicate_row", "building", DELETE_ROW)
        is_new = not self._sofar.known.has_area(*path)
        if is_new:
            self._sofar.need_open(*path)
        self._sofar.areas.update((path, path[:2], path[:1]))
        row = AreaRow(street_of(line), *path)
        return taken(line, row, is_new)

    def _carried(self, line: Line) -> tuple[str, str]:
        if line.sheet != self._sheet:
            self._sheet, self._community, self._grid = line.sheet, "", ""
        community, grid = line.name("community"), line.name("grid")
        if community and community != self._community:
            self._community, self._grid = community, ""
        self._grid = grid or self._grid
        return self._community, self._grid


def street_of(line: Line) -> str:
    """The sub-district: its own column, or the first words of the sheet's title; else ""."""
    if named := line.name("street"):
        return named
    return street_in(line.header.title)


def street_in(title: str) -> str:
    """The sub-district that a title begins with, else ""."""
    found = _STREET.match(title.replace(" ", ""))
    return found[1] if found else ""

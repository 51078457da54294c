"""Judges the list of communities, grids and buildings.

Order of checks: below a building, missing value, a name that looks like another place's,
duplicate row. A community or grid that was merged over several rows is only in the first of them,
so it is repeated below.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar

from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.workbooks.judging.taken_or_refused import (
    BELOW_BUILDING,
    FILL_CELL,
    NAME,
    AreaRow,
    Reason,
    Taken,
    taken,
)
from volunteer_service.workbooks.judging.taken_so_far import Sofar
from volunteer_service.workbooks.reading import street_names
from volunteer_service.workbooks.reading.line import Line

#: «4、5、6号楼»; «1-3号楼» may be the name of one.
_SEVERAL = re.compile(r"\d\D{0,3}[、,;至到~]\s*\d")


class Judge:
    """Remembers the last community and grid of the sheet."""

    #: Without this field a building would be put below another street.
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
        self._streets = street_names.Streets()
        self._street = ""
        self._sheet = ""
        self._community = ""
        self._grid = ""

    def judge(self, line: Line) -> Taken | None:
        """Take one building with its grid and community; raises :class:`Reason`.

        None for the row of a street itself, above its communities.
        """
        street = self._streets.of(line)
        if street_names.heading_of(line):
            return None
        community, grid = self._carried(line, street)
        building = line.name("building")
        path = (community, grid, building)
        if line.raw("unit"):
            raise Reason("below_building", "node", BELOW_BUILDING)
        for name, found in zip(("community", "grid", "building"), path, strict=True):
            if not found:
                raise Reason("missing_value", name, FILL_CELL)
        if _SEVERAL.search(building):
            raise Reason("several_buildings", "building", "每栋楼写一行。")
        root = self._sofar.root_for(street)
        placed = self._sofar.alike.placed(root, path)
        is_new = self._sofar.take_area(root, placed, is_other_spelling=placed != path)
        return taken(line, AreaRow(root or street, *placed, is_elsewhere=bool(root)), is_new)

    def _carried(self, line: Line, street: str) -> tuple[str, str]:
        if (line.sheet, street) != (self._sheet, self._street):
            self._sheet, self._street = line.sheet, street
            self._community, self._grid = "", ""
        community, grid = line.name("community"), line.name("grid")
        if community and community != self._community:
            self._community, self._grid = community, ""
        self._grid = grid or self._grid
        return self._community, self._grid

"""One row of a list under its header."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from volunteer_service.workbooks.reading import cells, known_columns, written_dates
from volunteer_service.workbooks.reading.grid import Cells


@dataclass(frozen=True)
class Line:
    """One row under a header: its values by field, and its place."""

    header: known_columns.Header
    file: str
    sheet: str
    row_number: int
    cells: Cells
    epoch: datetime
    is_hidden: bool = False
    is_struck: bool = False
    #: What was typed into this row itself, without merged areas above it.
    own: Cells = ()
    #: The last row above it that is one cell merged over the columns: the caption of a part.
    caption: str = ""
    #: The code of the reason why its position shows that it is no row of this list.
    misplaced: str | None = None
    #: What no column of its own holds, by field: the place in a tree of areas, the team after which
    #: the sheet is named.
    placed: Mapping[str, str] | None = None

    def raw(self, name: str) -> Any:
        """Return the cell of a field, with codes and the platform's dates translated; None without
        a column.
        """
        if self.placed is not None and name in self.placed:
            return self.placed[name]
        column = self.header.columns.get(name)
        if column is None or column >= len(self.cells):
            return None
        raw = self.cells[column]
        if cells.is_nothing(raw):
            return None
        if name in self.header.codes:
            return self.header.codes[name].get(cells.text(raw), raw)
        if self.header.dates and name in written_dates.FIELDS:
            return written_dates.read(raw, self.header.dates)
        return raw

    def text(self, name: str) -> str:
        """Return the text of a field."""
        return cells.text(self.raw(name))

    def name(self, name: str) -> str:
        """Return a field that holds a name."""
        return cells.name(self.raw(name))

"""Which columns of a sheet of .xlsx are hidden, by hand or in a closed group."""

from typing import IO

from volunteer_service.workbooks.reading.xml_events import Attributes, BadXml, Events

_TRUE = ("1", "true", "on")


def read(source: IO[bytes], most: int) -> list[int]:
    """Return the hidden ones of the first ``most`` columns, counted from 0; nothing after the head
    of the sheet is read.
    """
    found = _Columns(most)
    try:
        found.read_all(source)
    except BadXml:
        # Reading the rows reports it.
        return []
    return sorted(found.hidden)


class _Columns(Events):
    def __init__(self, most: int) -> None:
        super().__init__(0)
        self.hidden: set[int] = set()
        self._most = most

    def start(self, name: str, attributes: Attributes) -> None:
        """Stop at the rows, because columns come before them."""
        if name == "sheetData":
            self.is_done = True
        elif name == "col" and (
            attributes.get("hidden") in _TRUE or attributes.get("width") == "0"
        ):
            first, last = (_whole(attributes.get(end, "")) for end in ("min", "max"))
            self.hidden.update(range(max(first, 1) - 1, min(last, self._most)))


def _whole(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0

"""The street of a row in a list of areas, from the text around it."""

import re

from volunteer_service.workbooks.reading import area_trees, cells
from volunteer_service.workbooks.reading.line import Line

_STREET = re.compile(r"^(.{1,20}?(?:街道|镇|乡))(?!办)")
#: The whole of a cell, perhaps after its number: «01 甲街道», «330106001 乙镇».
_ALONE = re.compile(r"[\d\s.、()-]*([^\d\s].{0,19}?(?:街道|镇|乡))(?:办事处|办|人民政府)?")

#: The digits of an area code that identify its street.
_DIGITS = 9


def street_in(title: str) -> str:
    """Return the sub-district at the beginning of a title, else ""."""
    found = _STREET.match(title.replace(" ", ""))
    return found[1] if found else ""


class Streets:
    """Follows the streets down the rows of one file; each instance reads one."""

    def __init__(self) -> None:
        self._sheet: tuple[str, str] | None = None
        #: Streets by the nine digits of their code.
        self._by_code: dict[str, str] = {}
        self._last = ""

    def of(self, line: Line) -> str:
        """Return the street of this row: its own column, the one above it, the sheet's; else ""."""
        if (line.file, line.sheet) != self._sheet:
            self._sheet, self._last = (line.file, line.sheet), ""
        heading = ""
        code = area_trees.code_of(line.raw("code"))[:_DIGITS]
        if named := bare(line.name("street")):
            self._last = named
        elif (heading := heading_of(line)) or (line.caption and (heading := alone(line.caption))):
            self._last = heading
        around = self._last or street_in(line.header.title) or street_in(line.sheet)
        return self._of_code(code, around, is_named=bool(named or heading)) or around

    def _of_code(self, code: str, around: str, *, is_named: bool) -> str:
        """Return the street whose rows have this code, wherever it was named.

        It is the code itself if other rows have another one and no row names this one.
        """
        if len(code) != _DIGITS:
            return ""
        if is_named or not self._by_code:
            self._by_code.setdefault(code, around)
        return self._by_code.get(code, code)


def is_code(street: str) -> bool:
    """Tell whether this is the code of an unnamed street."""
    return len(street) == _DIGITS and street.isdigit()


def heading_of(line: Line) -> str:
    """Return the street that a row of its own names, above its communities; else ""."""
    if all(map(line.text, ("community", "grid", "building"))):
        return ""
    typed = [words for words in map(cells.name, line.own) if words]
    return alone(typed[0]) if len(typed) == 1 else ""


def alone(words: str) -> str:
    """Return the street if these words contain nothing else, without its number; else ""."""
    found = _ALONE.fullmatch(words)
    return found[1] if found else ""


def bare(name: str) -> str:
    """Return the name of a street without its number before it."""
    return alone(name) or name

"""A workbook's data about its sheets: names, which are hidden, which styles mean a date."""

import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import IO, TypeVar

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.shared_strings import SharedStrings, Strings, is_on
from volunteer_service.workbooks.reading.xml_events import (
    Attributes,
    BadXml,
    Events,
    attribute,
)

#: The built-in numbers of date formats in Chinese Excel, which a file does not define.
_CHINESE = dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy-mm-dd")
#: The path of the first part, unless the root of the zip names another one.
_WORKBOOK = "xl/workbook.xml"
_ROOT = "_rels/.rels"
#: The most styles of Excel itself.
_MOST_LOOKS = 65_490
#: The most cells with a comment reported for one sheet.
MOST_COMMENTS = 1000
#: The last cell of a sheet is XFD1048576.
_LONGEST_CELL = 10

E = TypeVar("E", bound=Events)


class TooManyStrings(Exception):
    """A workbook has more different texts than lists; stays within this package."""


@dataclass(frozen=True)
class SheetPart:
    """One sheet: its name, whether it shows, and the member of the zip that holds it."""

    title: str
    is_visible: bool
    member: str


class Package:
    """The open zip of one workbook; ``sheets`` has at most one more than the limit."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._members = {name.lower(): name for name in archive.namelist()}
        root = self._read(_ROOT, _Relations(limits.members))
        workbook = self._member(root.target("officeDocument", _WORKBOOK), "/")
        workbook = workbook if workbook.lower() in self._members else _WORKBOOK
        self._folder, name = posixpath.split("/" + workbook)
        links = f"{self._folder}/_rels/{name}.rels".lstrip("/")
        self._relations = self._read(links, _Relations(limits.members))
        self._book = self._read(workbook, _Book(limits.sheets))
        looks = self._read(self._part("styles", "styles.xml"), _Looks())
        self.epoch = MAC_EPOCH if self._book.is_mac else WINDOWS_EPOCH
        #: Numbers of the styles that show a number as a day or a time, and as a span of time.
        self.dates, self.spans = looks.matching(is_date_format), looks.matching(is_timedelta_format)
        #: Numbers of the styles that strike a cell through.
        self.struck = looks.struck
        #: How far a style indents its cell, by the style's number.
        self.indents = looks.indents

    @property
    def sheets(self) -> list[SheetPart]:
        """Return the sheets with cells, from left to right."""
        found = []
        for title, state, key in self._book.sheets:
            kind, target = self._relations.found.get(key, ("", ""))
            if kind == "worksheet":
                member = self._member(target, self._folder)
                found.append(SheetPart(title, state == "visible", member))
        return found

    @cached_property
    def strings(self) -> Strings:
        """Return the texts to which cells refer by number."""
        shared = SharedStrings(self._limits.cell_length, self._limits.strings)
        self._read(self._part("sharedStrings", "sharedStrings.xml"), shared)
        if shared.is_too_many:
            raise TooManyStrings
        return shared.strings

    def open(self, part: SheetPart) -> IO[bytes]:
        """Return the bytes of a sheet."""
        if part.member.lower() not in self._members:
            raise BadXml
        return self._archive.open(self._members[part.member.lower()])

    def comments(self, part: SheetPart) -> list[str]:
        """Return the cells of a sheet with a comment («B3»), at most :data:`MOST_COMMENTS`.

        Unreadable comments are ignored, because the list does not depend on them.
        """
        folder = posixpath.dirname(part.member)
        try:
            targets = [target for kind, target in self._linked(part) if kind == "comments"]
            found = _Comments()
            for target in targets[:1]:
                self._read(self._member(target, "/" + folder), found)
        except BadXml:
            return []
        return found.cells

    def has_pictures(self, part: SheetPart) -> bool:
        """Tell whether a sheet has drawings; unreadable links of a sheet are ignored."""
        try:
            return any(kind == "drawing" for kind, _target in self._linked(part))
        except BadXml:
            return False

    def _linked(self, part: SheetPart) -> list[tuple[str, str]]:
        """Return kind and target of what belongs to a sheet."""
        folder, name = posixpath.split(part.member)
        links = self._read(f"{folder}/_rels/{name}.rels", _Relations(self._limits.members))
        return list(links.found.values())

    def _part(self, kind: str, usual: str) -> str:
        """Return the member that holds a part of the workbook."""
        return self._member(self._relations.target(kind, usual), self._folder)

    def _read(self, member: str, events: E) -> E:
        """Read a small part; ignore a missing one."""
        if member.lower() in self._members:
            with self._archive.open(self._members[member.lower()]) as source:
                events.read_all(source)
        return events

    @staticmethod
    def _member(target: str, folder: str) -> str:
        """Return where a target leads: from the root of the zip, or from the folder of the part
        that names it.
        """
        return posixpath.normpath(posixpath.join(folder, target.replace("\\", "/"))).lstrip("/")


class _Relations(Events):
    """Kind and target by id."""

    def __init__(self, most: int) -> None:
        super().__init__(0)
        self.found: dict[str, tuple[str, str]] = {}
        self._most = most

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and len(self.found) <= self._most:
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))

    def target(self, kind: str, usual: str) -> str:
        """Return the target of the first relation of a kind; ``usual`` where there is none."""
        targets = (target for found, target in self.found.values() if found == kind)
        return next(targets, usual)


class _Comments(Events):
    """The cells that have a comment."""

    def __init__(self) -> None:
        super().__init__(0)
        self.cells: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "comment" and len(self.cells) < MOST_COMMENTS:
            self.cells.append(attributes.get("ref", "")[:_LONGEST_CELL])


class _Book(Events):
    """Name, state and relation of each sheet."""

    def __init__(self, most: int) -> None:
        super().__init__(0)
        self.sheets: list[tuple[str, str, str]] = []
        self.is_mac = False
        self._most = most

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "workbookPr":
            self.is_mac = attributes.get("date1904") in ("1", "true", "on")
        elif name == "sheet" and len(self.sheets) <= self._most:
            key = attribute({k: v for k, v in attributes.items() if k != "sheetId"}, "id") or ""
            state = attributes.get("state", "visible")
            self.sheets.append((attributes.get("name", ""), state, key))


class _Looks(Events):
    """The number format and the font of each style of a cell."""

    def __init__(self) -> None:
        super().__init__(0)
        built_in = BUILTIN_FORMATS | _CHINESE
        self._codes: dict[str, str] = {str(n): code for n, code in built_in.items()}
        #: The number format and font of each style.
        self._looks: list[tuple[str, str]] = []
        self._struck_fonts: set[str] = set()
        self.indents: dict[str, int] = {}
        self._font = -1
        self._inside = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name in ("fonts", "cellXfs"):
            self._inside = name
        elif name == "numFmt" and len(self._codes) < _MOST_LOOKS:
            code = attributes.get("formatCode", "")
            self._codes[attributes.get("numFmtId", "")] = code
        elif self._inside == "fonts":
            self._hear_of_font(name, attributes)
        elif name == "alignment" and self._inside and attributes.get("indent", "0") != "0":
            self.indents[str(len(self._looks) - 1)] = _indent(attributes["indent"])
        elif name == "xf" and self._inside and len(self._looks) < _MOST_LOOKS:
            self._looks.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "0")))

    def end(self, name: str) -> None:
        if name == self._inside:
            self._inside = ""

    def _hear_of_font(self, name: str, attributes: Attributes) -> None:
        if name == "font":
            self._font += 1
        elif name == "strike" and is_on(attributes):
            # At most one for each font, of which the archive's limit holds few enough.
            self._struck_fonts.add(str(self._font))

    @property
    def struck(self) -> frozenset[str]:
        """Return the numbers of the styles whose font is struck through."""
        looks = enumerate(self._looks)
        return frozenset(str(n) for n, (_format, font) in looks if font in self._struck_fonts)

    def matching(self, is_so: Callable[[str], bool]) -> frozenset[str]:
        """Return the numbers of the styles with a matching format."""
        formats = {key for key, code in self._codes.items() if is_so(code)}
        looks = enumerate(self._looks)
        return frozenset(str(n) for n, (format_, _font) in looks if format_ in formats)


def _indent(said: str) -> int:
    """Return how far a cell is indented; Excel itself goes to 250."""
    return min(int(said), 250) if said.isascii() and said.isdigit() else 0

"""A street of another size: the example's roster and log with half the rows, or with many times.

Every further copy holds each person and each participation once more, with another phone and
identity number. Texts are stored as Excel stores them, each once in a part of their own.
"""

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from volunteer_service.identifiers import check_characters

_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_SIZED = ("volunteers.xlsx", "service_log.xlsx")
_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_ROW = re.compile(r"<row .*?</row>", re.DOTALL)
_NUMBERED = re.compile(r'(<row r="|<c r="[A-Z]+)\d+"')
#: Invented phones begin with 17000; those of a copy with 17100, 17200, which nobody has either.
_PHONE = re.compile(r"(?<=>)17000(\d{6})(?=<)")
_IDENTITY = re.compile(r"(?<=>)99(\d{15})[\dX](?=<)")
_INLINE = re.compile(r't="inlineStr"><is><t[^>]*>([^<]*)</t></is>')
#: Titles and header; and the line with the total.
_ABOVE, _BELOW = 2, 1


def write(programme: Path, folder: Path, times: float) -> None:
    """Write the workbooks of ``programme`` into ``folder``, with ``times`` the rows of people."""
    folder.mkdir()
    phones: set[str] = set()
    for path in sorted(programme.glob("*.xlsx"), key=lambda path: path.name not in _SIZED[:1]):
        with zipfile.ZipFile(path) as old:
            parts = {name: old.read(name).decode() for name in old.namelist()}
        if path.name in _SIZED:
            rows = _ROW.findall(parts[_SHEET])
            people = rows[_ABOVE:-_BELOW]
            if times < 1:
                people = [row for row in people if not phones or phones & _phones(row)]
                people = people if phones else people[: round(len(people) * times)]
                phones |= set().union(*map(_phones, people))
            _replace_rows(parts, [*rows[:_ABOVE], *_copies(people, times), *rows[-_BELOW:]])
        _share_texts(parts)
        with zipfile.ZipFile(folder / path.name, "w", zipfile.ZIP_DEFLATED) as new:
            for name, content in parts.items():
                new.writestr(name, content)


def _phones(row: str) -> set[str]:
    return set(_PHONE.findall(row))


def _copies(people: list[str], times: float) -> Iterator[str]:
    yield from people
    for copy in range(1, round(times)):
        for row in people:
            other = _PHONE.sub(rf"17{copy}00\1", row)
            yield _IDENTITY.sub(lambda found, n=copy: _identity(99 - n, found[1]), other)


def _identity(region: int, rest: str) -> str:
    digits = f"{region}{rest}"
    return digits + check_characters.check_character(digits)


def _replace_rows(parts: dict[str, str], rows: list[str]) -> None:
    numbered = (_NUMBERED.sub(rf'\g<1>{n}"', row) for n, row in enumerate(rows, 1))
    before, _, rest = parts[_SHEET].partition("<sheetData>")
    parts[_SHEET] = f"{before}<sheetData>{''.join(numbered)}{rest[rest.index('</sheetData>') :]}"


def _share_texts(parts: dict[str, str]) -> None:
    found: dict[str, int] = {}

    def number(cell: re.Match[str]) -> str:
        return f't="s"><v>{found.setdefault(cell[1], len(found))}</v>'

    parts[_SHEET] = _INLINE.sub(number, parts[_SHEET])
    texts = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in found)
    parts[_STRINGS] = f'<sst xmlns="{_NAMESPACE}">{texts}</sst>'
    _add(parts, "[Content_Types].xml", f'<Override PartName="/{_STRINGS}" ContentType="{_TYPE}"/>')
    relation = f'<Relationship Id="texts" Type="{_RELATION}" Target="/{_STRINGS}"/>'
    _add(parts, "xl/_rels/workbook.xml.rels", relation)


def _add(parts: dict[str, str], name: str, element: str) -> None:
    before, end, after = parts[name].rpartition("</")
    parts[name] = f"{before}{element}{end}{after}"


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))

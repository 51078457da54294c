"""A street twice as large: every person and every participation once more, with another phone."""

import re
from pathlib import Path

from openpyxl import load_workbook

from volunteer_service.scoring.rules import numbers

HEADER_ROWS = 3
#: Invented phones begin with 17000; those of the doubles with 17100, which nobody has either.
_PHONE = re.compile(r"^17000(?=\d{6}$)")
_IDENTITY = re.compile(r"^99\d{15}[\dX]$")
_DOUBLED = {"volunteers.xlsx", "service_log.xlsx"}


def write(programme: Path, folder: Path) -> None:
    """Write the workbooks of ``programme`` into ``folder``, roster and log with twice the rows."""
    folder.mkdir()
    for path in sorted(programme.glob("*.xlsx")):
        book = load_workbook(path)
        if path.name in _DOUBLED:
            sheet = book.active
            for row in list(sheet.iter_rows(min_row=HEADER_ROWS + 1, values_only=True)):
                sheet.append([_other(value) for value in row])
        book.save(folder / path.name)


def _other(value: object) -> object:
    """A person's phone and identity number become another person's; all else stays."""
    if not isinstance(value, str):
        return value
    if _IDENTITY.match(value) and numbers.checks(value):
        digits = f"97{value[2:17]}"
        return digits + numbers.check_character(digits)
    return _PHONE.sub("17100", value)

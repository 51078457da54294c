"""The sheets of an import as it stores them: how each is read, and how many rows it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from volunteer_service.workbooks.reading import known_columns, sheet_readings
from volunteer_service.workbooks.reading.sheet_readings import Reading
from volunteer_service.workbooks.reading.sheets import Workbook

#: The longest stored name of a sheet; Excel itself allows 31 characters.
NAME = 60


@dataclass(frozen=True)
class Sheet:
    """One sheet of an import, as the preview shows it."""

    #: Its place in the import, counted from 0 over all files.
    number: int
    file: str
    name: str
    reading: Reading
    #: Rows that are taken, that are refused, and those of a sheet that is not taken.
    taken: int
    refused: int
    waiting: int
    #: Cells with a comment («B3»); comments are not read.
    comments: tuple[str, ...] = ()
    #: Columns that are hidden in the file, counted from 0; they are read as others are.
    hidden: tuple[int, ...] = ()

    def told(self) -> dict[str, Any]:
        """Return the sheet as API and ``import --json`` show it; the keys never change."""
        return {
            "number": self.number,
            "file": self.file,
            "name": self.name,
            "state": self.reading.state,
            "kind": self.reading.kind,
            "because": self.reading.because,
            "said": self.reading.said,
            "header_row": self.reading.row_number,
            "taken": self.taken,
            "refused": self.refused,
            "waiting": self.waiting,
            "columns": {
                name: self.reading.header[column] for name, column in self.reading.columns.items()
            },
            "missing": list(self.reading.missing),
            "unused": self.reading.unused,
            "nameless": list(self.reading.nameless),
            "shape": self.reading.shape,
            "team": self.name if self.reading.is_team else None,
            "hidden_columns": self.hidden_columns,
            "comments": list(self.comments),
        }

    @property
    def hidden_columns(self) -> list[str]:
        """Return the headers of the columns that are read although they are hidden."""
        read = sorted(set(self.reading.columns.values()) & set(self.hidden))
        return [self.reading.header[column] for column in read]

    @property
    def is_taken(self) -> bool:
        """Tell whether it is read as a list."""
        return self.reading.state == "taken"

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for an answer; none of it is taken before."""
        return self.reading.state in ("asked", "unknown")


def facts(book: Workbook) -> list[dict[str, Any]]:
    """Return what an import stores of the sheets of a file."""
    return [
        {"name": name[:NAME], "comments": beside[0], "hidden": beside[1], **reading.facts()}
        for (name, reading), beside in zip(book.sheets, book.beside(), strict=True)
    ]


def readings(files: Sequence[Mapping[str, Any]]) -> list[list[Reading]] | None:
    """Return how each sheet of each file is read; None for an import from before this was
    stored.
    """
    if not all("state" in sheet for file in files for sheet in file["sheets"]):
        return None
    return [[sheet_readings.of_facts(sheet) for sheet in file["sheets"]] for file in files]


def sheets(files: Sequence[Mapping[str, Any]]) -> list[Sheet]:
    """List the sheets of all files of an import; none for an import from before this was stored."""
    if readings(files) is None:
        return []
    pairs = [(file, sheet) for file in files for sheet in file["sheets"]]
    return [_sheet(number, file["name"], kept) for number, (file, kept) in enumerate(pairs)]


def _sheet(number: int, file: str, kept: Mapping[str, Any]) -> Sheet:
    reading = sheet_readings.of_facts(kept)
    beside = tuple(kept.get("comments", ())), tuple(kept.get("hidden", ()))
    taken, refused, waiting = kept.get("rows", (0, 0, 0))
    return Sheet(number, file, kept["name"], reading, taken, refused, waiting, *beside)


def is_nothing_taken(found: Sequence[Sheet]) -> bool:
    """Tell whether none of these is a list; False for an import that stores nothing of its
    sheets.
    """
    return bool(found) and not any(sheet.is_taken for sheet in found)


def has_log(found: Sequence[Sheet]) -> bool:
    """Tell whether one of these is a service log; True for an import that stores nothing of its
    sheets.
    """
    log = known_columns.SERVICE_LOG.name
    return not found or any(sheet.is_taken and sheet.reading.kind == log for sheet in found)


def counted(
    files: Sequence[Mapping[str, Any]], rows: Mapping[tuple[str, str], Sequence[int]]
) -> list[dict[str, Any]]:
    """Return the files with the rows of each sheet as they were judged."""
    found = {(file, name[:NAME]): list(numbers) for (file, name), numbers in rows.items()}
    return [
        {
            **file,
            "sheets": [
                {**sheet, "rows": found.get((file["name"], sheet["name"]), [0, 0, 0])}
                for sheet in file["sheets"]
            ],
        }
        for file in files
    ]


def with_reading(
    files: Sequence[Mapping[str, Any]], number: int, reading: Reading
) -> list[dict[str, Any]]:
    """Return the files with another reading of one sheet."""
    place = 0
    found = []
    for file in files:
        kept = []
        for sheet in file["sheets"]:
            kept.append({**sheet, **reading.facts()} if place == number else sheet)
            place += 1
        found.append({**file, "sheets": kept})
    return found

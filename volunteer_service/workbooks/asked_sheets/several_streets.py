"""Several streets in one list of areas: each row is taken under its own street, or refused with a
reason.

A street is named by a column (also merged, or only in the first of its rows), by a row of its own
above its communities, by the title or the name of the sheet. Rows are taken for streets in which
the person who hands the list in may import; if they named one street, only for that one.
"""

from collections.abc import Sequence

from volunteer_service.errors import NotAllowed
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.workbooks import stored_files
from volunteer_service.workbooks.asked_sheets import import_sheets
from volunteer_service.workbooks.judging import street_roots
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.reading import known_columns, street_names
from volunteer_service.workbooks.reading.cells import match_key
from volunteer_service.workbooks.reading.sheets import Workbook

#: The most streets of one file; no office's list has more.
MOST = 20


def named(books: Sequence[Workbook]) -> list[str]:
    """Return the streets that the lists of areas name, in their order."""
    found: dict[str, str] = {}
    for book in books:
        streets = street_names.Streets()
        for line in book.lines(known_columns.AREAS):
            if street := streets.of(line):
                found.setdefault(match_key(street), street)
    return list(found.values())


def note(row: Import, streets: Sequence[str], by: Actor) -> None:
    """Store with an import the streets under which its rows may be taken."""
    if len(streets) < 2 and not any(map(street_names.is_code, streets)):
        row.streets = None
    else:
        known = [name for name in streets if not street_names.is_code(name)]
        others = [] if row.is_street_said else [name for name in known if _may(name, by)]
        names = {match_key(name): name for name in (row.sub_district, *others[:MOST])}
        row.streets = "\n".join(names.values())


def may_all(row: Import, by: Actor) -> bool:
    """Tell whether the actor may import in each of an import's streets."""
    home = match_key(row.sub_district)
    return all(_may(name, by) for key, name in (of(row) or {}).items() if key != home)


def need_all(row: Import, by: Actor) -> None:
    """Pass for an actor who may import in each of an import's streets; its own was checked
    before.
    """
    if not may_all(row, by):
        raise NotAllowed()


def _may(name: str, by: Actor) -> bool:
    root = street_roots.root_called(name)
    return rights.may(by, Right.IMPORT, area_path=root.path if root else "/")


def note_again(row: Import, by: Actor) -> None:
    """Store them again where a sheet turned out to be a list of areas."""
    readings = import_sheets.readings(row.files) or []
    paths = stored_files.paths_of(row.id, row.files)
    pairs = zip(paths, readings, strict=True)
    note(row, named([Workbook(path, readings=kept) for path, kept in pairs]), by)


def of(row: Import) -> dict[str, str] | None:
    """Return the streets under which rows may be taken, by their key; None if there is only one."""
    if row.streets is None:
        return None
    return {match_key(name): name for name in row.streets.split("\n")}

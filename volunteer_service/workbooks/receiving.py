"""The first steps of an import: its files are stored, then judged; nothing else is changed."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update

from volunteer_service import journal
from volunteer_service.areas.models import Area
from volunteer_service.areas.refusals import AreaClosed
from volunteer_service.db import after_commit, db, fetch
from volunteer_service.errors import NotAllowed, Refused
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.points.accounts import run
from volunteer_service.workbooks import change_values, problems, stored_files
from volunteer_service.workbooks.asked_sheets import (
    answers_in_advance,
    asked_areas,
    asked_rows,
    import_sheets,
    several_streets,
    sheet_memory,
)
from volunteer_service.workbooks.asked_sheets.answers_in_advance import Answers
from volunteer_service.workbooks.import_states import forget_rows, move
from volunteer_service.workbooks.judging.hand_in import Judged, in_chunks, judge
from volunteer_service.workbooks.judging.street_roots import root_called
from volunteer_service.workbooks.models import Import, ImportChange
from volunteer_service.workbooks.models import RefusedRow as RefusedRowKept
from volunteer_service.workbooks.reading import cells, street_names
from volunteer_service.workbooks.reading.sheet_readings import NOTHING_SAID
from volunteer_service.workbooks.reading.sheets import Workbook
from volunteer_service.workbooks.refusals import (
    ImportNotReady,
    NoFiles,
    NoSuchSubDistrict,
    SubDistrictNotYours,
    SubDistrictUnnamed,
    TooManyFiles,
)

MOST_FILES = 20
#: A hand-in that nobody applied is dropped after this: its files hold personal data.
KEPT_FOR = timedelta(days=7)
_UNDECIDED = {"decided_by_id": None, "decided_at": None}


def preview(
    files: Sequence[stored_files.Upload],
    *,
    area_id: int | None = None,
    sub_district: str | None = None,
    answers: Answers | None = None,
    by: Actor,
    at: datetime,
) -> Import:
    """Store and judge the files in one call: what would be taken, and what is refused and why."""
    row = receive(files, area_id=area_id, sub_district=sub_district, answers=answers, by=by, at=at)
    with stored_files.dropped_if_refused(row.id):
        judged = judge(row, at=at, tell=lambda step, done, total: None)
        previewed(row.id, judged)
    return row


def need_street(by: Actor) -> None:
    """Raise unless the actor may import somewhere, because files of others are not accepted."""
    paths, _teams = rights.places(by, Right.IMPORT)
    if not paths:
        raise NotAllowed()


def receive(
    files: Sequence[stored_files.Upload],
    *,
    area_id: int | None = None,
    sub_district: str | None = None,
    answers: Answers | None = None,
    by: Actor,
    at: datetime,
) -> Import:
    """Store the files and read their headers; a file that is no list is refused by its name.

    Everything belongs to the sub-district ``area_id`` or ``sub_district``, else to the one that the
    workbooks name, else to the only one of the actor.
    """
    need_street(by)
    if not files:
        raise NoFiles()
    if len(files) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    drop_old(at=at)
    row = Import(
        state="reading", sub_district="", account_id=by.account_id, files=[], created_at=at
    )
    db.session.add(row)
    db.session.flush()
    with stored_files.dropped_if_refused(row.id):
        paths = stored_files.save(row.id, files)
        books = [Workbook(path) for path in paths]
        row.is_street_said = area_id is not None or bool(cells.name(sub_district))
        row.area_id, row.sub_district = _root(area_id, sub_district, books, by)
        row.row_looks, row.alike_areas = _said_before(row.area_id)
        memory = sheet_memory.of_street(row.area_id)
        if memory != NOTHING_SAID:
            books = [Workbook(path, memory=memory) for path in paths]
        several_streets.note(row, several_streets.named(books), by)
        row.files = [_facts(book) for book in books]
        if answers is not None:
            answers_in_advance.give(row, answers, by=by, at=at)
    stored_files.tell(row.id, stored_files.Progress("reading", 0, 0))
    journal.record(
        "imports.receive", row, account_id=by.account_id, door=by.door, at=at, files=len(files)
    )
    db.session.flush()
    return row


def drop_old(*, at: datetime) -> int:
    """Drop the hand-ins that nobody applied within a week, with their files; return how many."""
    old = update(Import).where(
        Import.state.in_(("reading", "previewed", "asked", "failed")),
        Import.created_at < at - KEPT_FOR,
    )
    dropped = list(
        run(old.values(state="undone", undone_at=at, sealed=None).returning(Import.id)).scalars()
    )
    forget_rows(dropped)
    for import_id in dropped:
        after_commit(partial(stored_files.remove, import_id))
    return len(dropped)


def previewed(import_id: int, judged: Judged) -> Import:
    """Store the judgement; the import can be applied now."""
    if not move(import_id, "reading", state="previewed"):
        raise ImportNotReady(state=fetch(Import, import_id).state)
    row = fetch(Import, import_id)
    keep(row, judged)
    return row


def keep(row: Import, judged: Judged) -> None:
    """Keep counts and refused rows of a judgement in place of those of the one before.

    Agreements to changes stay if the same changes are shown.
    """
    totals, is_as_shown = judged.shares.totals(), row.shown == judged.shown
    row.counts, row.total, row.problem = judged.counts, judged.rows, None
    row.files = import_sheets.counted(row.files, judged.sheets)
    openings = judged.openings.figures()
    row.records, row.shown = totals.records, judged.shown
    row.figures = totals.figures() | ({"openings": openings} if openings["rows"] else {})
    row.concerned = judged.concerned.figures()
    row.sealed = json.dumps(judged.largest(), ensure_ascii=False)
    db.session.flush()
    run(delete(RefusedRowKept).where(RefusedRowKept.import_id == row.id))
    for chunk in in_chunks(_refused(row.id, judged)):
        run(insert(RefusedRowKept), chunk)
    if not is_as_shown:
        run(delete(ImportChange).where(ImportChange.import_id == row.id))
        for offered in in_chunks(_offered(row.id, judged)):
            run(insert(ImportChange), offered)


def stop(import_id: int, problem: Refused) -> None:
    """Set the import back to its state before the step, with the reason; drop unread files."""
    if move(import_id, "reading", state="failed", **problems.kept(problem)):
        after_commit(partial(stored_files.remove, import_id))
    back = "previewed" if fetch(Import, import_id).asked_by_id is None else "asked"
    move(import_id, "applying", state=back, **problems.kept(problem), **_UNDECIDED)


def show_again(import_id: int, judged: Judged, problem: Refused) -> None:
    """Reset the import to a preview of the present result of its files, which nobody has decided
    yet.
    """
    asked = {"asked_by_id": None, "asked_at": None}
    if move(import_id, "applying", state="previewed", **_UNDECIDED, **asked):
        row = fetch(Import, import_id)
        keep(row, judged)
        row.problem, row.trouble = problems.kept(problem).values()


def _refused(import_id: int, judged: Judged) -> Iterator[dict[str, Any]]:
    for outcome in judged.refused:
        yield {
            "import_id": import_id,
            "kind": outcome.kind,
            "file": outcome.file,
            "sheet": outcome.sheet[:60],
            "row_number": outcome.row_number,
            "cells": json.dumps(list(map(cells.kept, outcome.cells)), ensure_ascii=False),
            "reason": outcome.reason_code,
            "field": outcome.field,
            "cure": outcome.cure[:200] if outcome.cure else None,
        }


def _offered(import_id: int, judged: Judged) -> Iterator[dict[str, Any]]:
    for change in judged.offered:
        yield {
            "import_id": import_id,
            "kind": change.kind,
            "target_id": change.target_id,
            "field": change.field,
            "format": change_values.format_of(change.field),
            "was": change_values.written(change.was),
            "now": change_values.written(change.now),
            "file": change.file,
            "sheet": change.sheet[:60],
            "row_number": change.row_number,
            "state": "offered",
        }


def _said_before(area_id: int | None) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    return asked_rows.remembered(area_id), asked_areas.remembered(area_id)


def _facts(book: Workbook) -> dict[str, Any]:
    return stored_files.facts_of(Path(book.path)) | {"sheets": import_sheets.facts(book)}


def _root(
    area_id: int | None, name: str | None, books: list[Workbook], by: Actor
) -> tuple[int | None, str]:
    """Give id (None: this import makes it) and name of a sub-district the actor may import to."""
    if area_id is not None:
        area = fetch(Area, area_id)
        rights.need(by, Right.IMPORT, area_path=area.path)
        need_open(area)
        return area.id, area.name
    name = cells.name(name) or _named(books, by)
    found = root_called(name) if name else _only_one(by)
    if not rights.may(by, Right.IMPORT, area_path=found.path if found else "/"):
        if not name:
            raise SubDistrictUnnamed()
        raise (SubDistrictNotYours if found else NoSuchSubDistrict)(name=name)
    if found is None and not name:
        raise SubDistrictUnnamed()
    if found is not None:
        need_open(found)
    return (found.id, found.name) if found else (None, name[:60])


def need_open(street: Area) -> None:
    """Refuse a closed sub-district, which accepts nothing new."""
    if street.closed_at is not None:
        raise AreaClosed(field="sub_district")


def _named(books: list[Workbook], by: Actor) -> str:
    """Read the sub-district from the list of areas, else from any other sheet's title.

    Of several it is the first in which the actor may import.
    """
    streets = [one for one in several_streets.named(books) if not street_names.is_code(one)]
    for street in streets:
        root = root_called(street)
        if rights.may(by, Right.IMPORT, area_path=root.path if root else "/"):
            return street
    titles = [title for book in books for title in book.titles]
    titled = next(filter(None, map(street_names.street_in, titles)), "")
    return next(iter(streets), titled)


def _only_one(by: Actor) -> Area | None:
    """Find the sub-district in which the actor may import, if it is the only one."""
    roots = db.session.scalars(select(Area).where(Area.parent_id.is_(None))).all()
    mine = [root for root in roots if rights.may(by, Right.IMPORT, area_path=root.path)]
    return mine[0] if len(mine) == 1 else None

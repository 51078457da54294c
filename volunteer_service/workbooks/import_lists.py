"""What is read of imports: the list, where one stands, its refused rows and their workbook."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from sqlalchemy import or_, select

from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.paging import Page, Sorts, on_days, page
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.workbooks import refused_rows as refused
from volunteer_service.workbooks import storage
from volunteer_service.workbooks.applying import allowed
from volunteer_service.workbooks.judging import rows
from volunteer_service.workbooks.models import Import, RefusedRow

SORTS = Sorts(Import.id, "-created_at", created_at=Import.created_at)
REFUSED_SORTS = Sorts(RefusedRow.id, "id", kind=RefusedRow.kind, reason=RefusedRow.reason)

KINDS = ("areas", "teams", "volunteers", "service_log", "gifts")


@dataclass(frozen=True)
class Standing:
    """Where an import stands; ``state`` is that of now, ``is_cut_off`` when a step died."""

    row: Import
    state: str
    is_running: bool
    is_cut_off: bool
    step: str
    done: int
    total: int
    #: Rows by kind: (kind, accepted, of them new, refused).
    kinds: list[tuple[str, int, int, int]]


def standing(import_id: int, *, by: Actor, at: datetime) -> Standing:
    """The import and how far its running step is, for somebody who may import there."""
    return standing_of(allowed(import_id, by), at=at)


def standing_of(row: Import, *, at: datetime) -> Standing:
    """How far the running step of an import is.

    A step that died with its process left nothing behind: an import that was being applied is
    previewed (or asked for) again, one that was being read has failed.
    """
    is_working = row.state in ("reading", "applying")
    told = storage.told(row.id, at=at) if is_working else None
    is_cut_off = is_working and told is None
    back = {"reading": "failed", "applying": "asked" if row.asked_by_id else "previewed"}
    return Standing(
        row,
        back[row.state] if is_cut_off else row.state,
        is_working and not is_cut_off,
        is_cut_off,
        told.step if told else "",
        told.done if told else 0,
        told.total if told else row.total,
        _kinds(row),
    )


def imports(
    by: Actor,
    *,
    state: str | None = None,
    area_id: int | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Import]:
    """The imports of the sub-districts in which the actor may import, newest first."""
    paths, _teams = rights.places(by, Right.IMPORT)
    mine = [Area.path.startswith(path, autoescape=True) for path in paths]
    query = select(Import).outerjoin(Area, Area.id == Import.area_id)
    if "/" not in paths:
        query = query.where(or_(Import.id < 0, *mine))
    query = query.where(*on_days(Import.created_at, from_on, to_on))
    if state:
        query = query.where(Import.state == state)
    if area_id is not None:
        query = query.where(Import.area_id == area_id)
    return page(query, SORTS, sort=sort, cursor=cursor, limit=limit)


def refused_rows(
    import_id: int,
    *,
    by: Actor,
    kind: str | None = None,
    reason: str | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[RefusedRow]:
    """The rows that were not taken, in the order in which they were read."""
    row = allowed(import_id, by)
    query = select(RefusedRow).where(RefusedRow.import_id == row.id)
    if kind:
        query = query.where(RefusedRow.kind == kind)
    if reason:
        query = query.where(RefusedRow.reason == reason)
    return page(query, REFUSED_SORTS, sort=sort, cursor=cursor, limit=limit)


def refused_workbook(
    import_id: int, out: BinaryIO, *, by: Actor, words: Callable[[str], str] = str
) -> None:
    """Write the refused rows as the workbook they came in, with the reason beside each."""
    row = allowed(import_id, by)
    refused.write(out, _sheets(row), words)


def _sheets(row: Import) -> Iterator[refused.Sheet]:
    for file in row.files:
        for sheet in file["sheets"]:
            mine = (
                RefusedRow.import_id == row.id,
                RefusedRow.file == file["name"],
                RefusedRow.sheet == sheet["name"],
            )
            if db.session.scalar(select(RefusedRow.id).where(*mine).limit(1)) is not None:
                found = db.session.scalars(
                    select(RefusedRow).where(*mine).order_by(RefusedRow.id),
                    execution_options={"yield_per": 500},
                )
                yield refused.Sheet(
                    sheet["name"], sheet["title"], sheet["header"], map(_plain, found)
                )


def _plain(kept: RefusedRow) -> rows.RefusedRow:
    return rows.RefusedRow(
        kept.kind,
        kept.file,
        kept.sheet,
        kept.row_number,
        tuple(kept.cells),
        kept.reason,
        kept.field,
        kept.cure,
    )


def _kinds(row: Import) -> list[tuple[str, int, int, int]]:
    counts = row.counts.get("by_kind", {})
    return [(kind, *counts[kind]) for kind in KINDS if kind in counts]

"""Keep the paper behind a hand-entered sheet: its pages are proof for approvers and auditors.

The team's leader, approvers and auditors see the pages; the people on them do not, because the
pages show the others' names and signatures. Every look is told to all people on the sheet. The
pages stay as long as the records; after the first decision no page is added or removed.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, exists, func, select

from volunteer_service import journal
from volunteer_service.attendance.backfills import backfill_sheets
from volunteer_service.attendance.models import ServiceRecord, SheetPaper
from volunteer_service.db import db, fetch, insert_new
from volunteer_service.errors import NotFound, SignInNeeded
from volunteer_service.paper.uploaded_pages import MOST_PAGES, Page
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Account
from volunteer_service.people.personal_data import audit_looks, paper_refusals

#: The stored reason of a look that needs no reason of its own.
LOOKED = "查看纸质签到表"
#: How long pages of a sheet that was never entered are kept, and how many such pages one person may
#: have at once: three sheets.
ASIDE, MOST_ASIDE = timedelta(days=1), 3 * MOST_PAGES
#: Pages that are dropped in one transaction.
BATCH = 100
_KEY = re.compile(r"[0-9a-f]{32}")


def need_writer(by: Actor) -> None:
    """Refuse an actor who enters sheets nowhere, before any file is read."""
    if not any(rights.places(by, Right.RECORD_CONFIRM)):
        raise NotFound()


def keep_aside(key: str, pages: Sequence[Page], *, by: Actor, at: datetime) -> str:
    """Keep the pages of a sheet that is still being typed; return the key to enter it with.

    A new key replaces one that belongs to somebody else or to an existing sheet. Raises
    :class:`paper_refusals.PaperAsideFull` for more than :data:`MOST_ASIDE` pages of one person.
    """
    is_own = bool(_KEY.fullmatch(key)) and not _records(key) and not _of_others(key, by)
    key = key if is_own else uuid4().hex
    if by.account_id is not None:
        # Two forms at once are counted one after the other.
        fetch(Account, by.account_id, lock=True)
    mine = select(func.count(SheetPaper.id)).where(
        SheetPaper.added_by_id == by.account_id, _is_aside()
    )
    if pages and (db.session.scalar(mine) or 0) + len(pages) > MOST_ASIDE:
        raise paper_refusals.PaperAsideFull(field="paper", most=MOST_ASIDE)
    _keep(key, pages, by, at)
    return key


def drop_unused(*, at: datetime) -> int:
    """Drop pages of sheets that nobody entered within :data:`ASIDE`; return how many they were.

    At most :data:`BATCH` in one transaction: call again until it returns 0.
    """
    old = select(SheetPaper.id).where(SheetPaper.added_at < at - ASIDE, _is_aside())
    ids = db.session.scalars(old.order_by(SheetPaper.id).limit(BATCH)).all()
    # Whether the sheet was entered is asked again with the deletion: somebody may enter it now.
    gone = delete(SheetPaper).where(SheetPaper.id.in_(ids), _is_aside()).returning(SheetPaper.id)
    return len(db.session.scalars(gone).all()) if ids else 0


def add(key: str, pages: Sequence[Page], *, by: Actor, at: datetime) -> Sequence[SheetPaper]:
    """Add pages to a sheet that waits for its approval."""
    records = _sheet(key, by)
    rights.need(by, Right.RECORD_CONFIRM, **_place(records[0]))
    _need_waiting(records)
    if not pages:
        raise paper_refusals.PaperBroken(field="paper")
    _keep(key, pages, by, at)
    _journal("add_paper", records[0], by, at, sheet=key, pages=len(pages))
    return papers_of(key)


def take_out(key: str, paper_id: int, *, by: Actor, at: datetime) -> None:
    """Remove a wrong page, as the one who added it, while nothing of the sheet is decided."""
    records = _sheet(key, by)
    row = fetch(SheetPaper, paper_id, lock=True)
    if row.sheet_key != key or row.added_by_id != by.account_id:
        raise NotFound()
    _need_waiting(records)
    _journal("take_out_paper", records[0], by, at, sheet=key, sha256=row.sha256)
    db.session.delete(row)
    db.session.flush()


def papers_of(key: str) -> Sequence[SheetPaper]:
    """Return the pages of a sheet in order of arrival, without their pictures."""
    query = select(SheetPaper).where(SheetPaper.sheet_key == key).order_by(SheetPaper.id)
    return db.session.scalars(query).all()


def listed(key: str, *, by: Actor) -> Sequence[SheetPaper]:
    """Return the pages of a sheet, for an actor who may see them."""
    _sheet(key, by)
    return papers_of(key)


def aside(key: str, *, by: Actor) -> Sequence[SheetPaper]:
    """Return the pages that the actor handed in for a sheet that is still being typed."""
    rows = papers_of(key) if _KEY.fullmatch(key) else []
    return [row for row in rows if row.added_by_id == by.account_id]


def may_see(records: Sequence[ServiceRecord], *, by: Actor) -> bool:
    """Tell whether the actor sees the pages: team's leader, approver, auditor."""
    place = _place(records[0])
    return any(rights.may(by, right, **place) for right in (Right.RECORD_CONFIRM, Right.AUDIT))


def may_add(records: Sequence[ServiceRecord], *, by: Actor) -> bool:
    """Tell whether the actor may add pages now."""
    is_waiting = all(row.waits_for == "second" for row in records)
    return is_waiting and rights.may(by, Right.RECORD_CONFIRM, **_place(records[0]))


def picture(key: str, paper_id: int, *, by: Actor, at: datetime) -> bytes:
    """Return one page, for an actor who may see it; tell everybody on the sheet of the look."""
    row = fetch(SheetPaper, paper_id)
    if row.sheet_key != key:
        raise NotFound()
    records = _records(key)
    if not records:
        if row.added_by_id != by.account_id:
            raise NotFound()
        return row.jpeg
    records = _sheet(key, by)
    looked_at(records, by=by, at=at)
    return row.jpeg


def looked_at(records: Sequence[ServiceRecord], *, by: Actor, at: datetime) -> None:
    """Record that the actor looks at the paper, once a day for everybody on it."""
    is_auditor = not rights.may(by, Right.RECORD_CONFIRM, **_place(records[0]))
    if is_auditor and not by.purpose:
        raise audit_looks.PurposeMissing()
    if by.account_id is None:
        raise SignInNeeded()
    why = by.purpose if is_auditor else LOOKED
    people = {row.volunteer_id for row in records} - {by.volunteer_id}
    audit_looks.keep(people, "paper", why, account_id=by.account_id, at=at)


def _keep(key: str, pages: Sequence[Page], by: Actor, at: datetime) -> None:
    if by.account_id is None:
        raise SignInNeeded()
    for page in pages:
        values = {
            "sheet_key": key,
            "jpeg": page.jpeg,
            "sha256": hashlib.sha256(page.jpeg).hexdigest(),
            "width": page.width,
            "height": page.height,
            "added_at": at,
            "added_by_id": by.account_id,
        }
        # The same form sent twice adds nothing.
        db.session.execute(insert_new(SheetPaper).values(values).on_conflict_do_nothing())
    count = select(func.count(SheetPaper.id)).where(SheetPaper.sheet_key == key)
    if (db.session.scalar(count) or 0) > MOST_PAGES:
        raise paper_refusals.PaperPages(field="paper", most=MOST_PAGES)


def _is_aside() -> ColumnElement[bool]:
    """Return the WHERE for pages of a sheet that was not entered; each sheet has a first record."""
    return ~exists().where(
        ServiceRecord.source_type == "backfill",
        ServiceRecord.source_key == SheetPaper.sheet_key + backfill_sheets.FIRST,
    )


def _records(key: str) -> Sequence[ServiceRecord]:
    return backfill_sheets.records_of(key)


def _sheet(key: str, by: Actor) -> Sequence[ServiceRecord]:
    """Return the sheet's records, for an actor who may see its papers."""
    records = backfill_sheets.on_sheet(key, by=by)
    if not may_see(records, by=by):
        raise NotFound()
    return records


def _of_others(key: str, by: Actor) -> bool:
    query = select(SheetPaper.id).where(
        SheetPaper.sheet_key == key, SheetPaper.added_by_id != by.account_id
    )
    return db.session.scalar(query.limit(1)) is not None


def _need_waiting(records: Sequence[ServiceRecord]) -> None:
    if any(row.waits_for != "second" for row in records):
        raise paper_refusals.PaperSettled()


def _place(record: ServiceRecord) -> dict[str, Any]:
    return {"area_path": record.team.area.path, "team_id": record.team_id}


def _journal(verb: str, record: ServiceRecord, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(
        f"attendance.{verb}", record, account_id=by.account_id, door=by.door, at=at, **facts
    )

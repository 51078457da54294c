"""Begins, cancels and hands out exports that take longer than a request; deletes old ones.

An export belongs to the account that began it. Its file is in ``VAR_DIR/exports``, readable by
the service's own user only; ``writing_exports`` writes it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from flask_babel import get_locale
from sqlalchemy import func, select, update

from volunteer_service import bounds, settings
from volunteer_service import db as database
from volunteer_service.db import after_commit, db
from volunteer_service.errors import NotFound
from volunteer_service.lists import reading, registry
from volunteer_service.lists.asking import Asked
from volunteer_service.lists.exports.export_models import KINDS, ListExport
from volunteer_service.lists.exports.refusals import ExportNotReady, TooManyExports
from volunteer_service.lists.filters import Args
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.personal_data import audit_looks

KEPT_FOR = timedelta(days=3)
#: The name of the parameter with a role of the asker.
ROLE = "of role"
#: The most exports of one account that are written at the same time.
MOST_RUNNING = 2
#: An export without progress for so long was abandoned by its process.
LEFT_AFTER = timedelta(seconds=120)


def is_long(asked: Asked) -> bool:
    """Tell whether more rows match than one request writes (``EXPORT_ROWS_AT_ONCE``)."""
    return reading.are_more_than(asked, settings.current().export_rows_at_once)


def begin(asked: Asked, kind: str, args: Args, *, by: Actor, at: datetime) -> ListExport:
    """Begin to export what ``args`` asks of a list, with the columns and the order of ``asked``.

    An auditor gives a reason first. Raises :class:`TooManyExports`.
    """
    audit_looks.need_purpose(by)
    bounds.one_of(kind, _kinds(asked), "kind")
    account_id = _account_id(by)
    running = select(func.count()).select_from(ListExport)
    running = running.where(ListExport.account_id == account_id, ListExport.state == "running")
    if (db.session.scalar(running) or 0) >= MOST_RUNNING:
        raise TooManyExports(most=MOST_RUNNING)
    row = ListExport(
        account_id=account_id,
        list_name=asked.declared.name,
        kind=kind,
        language=str(get_locale()),
        asked=_text(_pairs(asked, args), by),
        state="running",
        total=reading.count(replace(asked, is_counted_whole=True)).count,
        created_at=at,
        moved_at=at,
        kept_until=at + KEPT_FOR,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _kinds(asked: Asked) -> Sequence[str]:
    """Return the kinds of files of a list: papers are of a batch, whose prints are noted."""
    has_papers = asked.declared.papers is not None and asked.value("batch") is not None
    return KINDS if has_papers else [each for each in KINDS if each != "pdf"]


def of(export_id: int, *, by: Actor, lock: bool = False) -> ListExport:
    """Return one of the actor's own exports."""
    row = database.fetch(ListExport, export_id, lock=lock)
    if row.account_id != by.account_id:
        raise NotFound()
    return row


def cancel(export_id: int, *, by: Actor, at: datetime) -> ListExport:
    """End a running export, or delete a finished one; nothing of it stays."""
    row = of(export_id, by=by, lock=True)
    if row.state not in ("running", "done"):
        raise ExportNotReady()
    row.state, row.asked, row.moved_at = "cancelled", None, at
    after_commit(lambda: remove_files(export_id))
    return row


def go_on(export_id: int, *, by: Actor, at: datetime) -> ListExport:
    """Begin again an export that its process abandoned."""
    row = of(export_id, by=by, lock=True)
    if not is_left(row, at=at):
        raise ExportNotReady()
    row.written, row.moved_at = 0, at
    pairs = [pair for pair in json.loads(row.asked or "[]") if pair[0] != ROLE]
    row.asked = _text(pairs, by)
    return row


def is_left(row: ListExport, *, at: datetime) -> bool:
    """Tell whether an export stands still, because its process ended."""
    return row.state == "running" and row.moved_at + LEFT_AFTER < at


def file_of(export_id: int, *, by: Actor, at: datetime) -> tuple[ListExport, Path]:
    """Return an export of one's own and its file; raise NotFound for an account that no longer
    reads the list, or lost one of the roles with which the file was written.

    Raises :class:`ExportNotReady` where there is no file.
    """
    row = of(export_id, by=by)
    registry.open_to(row.list_name, by=by)
    if not _roles_in(row) <= _roles_of(by):
        raise NotFound()
    path = path_of(row.id, row.kind)
    if row.state != "done" or row.kept_until <= at or not path.is_file():
        raise ExportNotReady()
    return row, path


def drop_old(*, at: datetime) -> int:
    """Delete files whose time is over, and unknown ones; return how many."""
    over = update(ListExport).where(ListExport.state == "done", ListExport.kept_until <= at)
    db.session.execute(over.values(state="expired", asked=None))
    left = update(ListExport).where(ListExport.state == "running", ListExport.kept_until <= at)
    db.session.execute(left.values(state="failed", asked=None))
    known = set(
        db.session.scalars(select(ListExport.id).where(ListExport.state.in_(("running", "done"))))
    )
    old = [path for path in _files("*") if int(path.name.split(".")[0]) not in known]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def folder() -> Path:
    """Return the folder of the files."""
    return settings.current().var_dir / "exports"


def path_of(export_id: int, kind: str) -> Path:
    """Return the path of a whole file."""
    return folder() / f"{export_id}.{kind}"


def remove_files(export_id: int) -> None:
    """Remove an export's file, whole or partial."""
    for path in _files(f"{export_id}.*"):
        path.unlink(missing_ok=True)


def _files(pattern: str) -> list[Path]:
    found = folder().glob(pattern) if folder().is_dir() else ()
    return [path for path in found if path.name.split(".")[0].isdecimal()]


def _pairs(asked: Asked, args: Args) -> list[tuple[str, str]]:
    keys = [key for each in asked.declared.filters for key in each.keys if key in args]
    pairs = [(key, args[key]) for key in keys]
    return [*pairs, ("sort", asked.sort), *(("col", each.name) for each in asked.columns)]


def _text(pairs: Iterable[Sequence[str]], by: Actor) -> str:
    """Return the parameters with the roles of the asker, because the file holds what these may
    see.
    """
    return json.dumps(
        [*pairs, *((ROLE, each) for each in sorted(_roles_of(by)))], ensure_ascii=False
    )


def _roles_of(by: Actor) -> set[str]:
    return {f"{held.role} {held.area_path} {held.team_id}" for held in by.grants}


def _roles_in(row: ListExport) -> set[str]:
    return {value for key, value in json.loads(row.asked or "[]") if key == ROLE}


def _account_id(by: Actor) -> int:
    if by.account_id is None:
        raise NotFound()
    return by.account_id

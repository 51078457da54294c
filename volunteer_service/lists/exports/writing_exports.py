"""Writes an export in a thread beside the request, row by row, to a private file.

Only some hundred rows are held in memory. Every :data:`STEP` rows the progress is written in a
transaction of its own, which also notices a cancellation; the file is then deleted. The journal has
the export from the moment at which its file exists.
"""

import json
import logging
import os
import secrets
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import update

from volunteer_service import clock, private_files, settings
from volunteer_service.db import after_commit, db, transaction
from volunteer_service.db.retry import again_on_conflict
from volunteer_service.lists import asking, exporting, registry
from volunteer_service.lists.asking import Asked
from volunteer_service.lists.exports import kept_exports
from volunteer_service.lists.exports.export_models import ListExport
from volunteer_service.people.authorization.actor import Actor

#: Rows between two notes of the progress; a paper takes some hundred times as long as a row.
STEP, PAPERS = 2000, 10

log = logging.getLogger(__name__)
_running: set[threading.Thread] = set()


class Cancelled(Exception):
    """Somebody ended the export."""


def go(row: ListExport, *, by: Actor) -> None:
    """Write the export once this transaction is safe: a short one before the answer, else in a
    thread.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    work = partial(_run, app, row.id, row.language, by)
    if row.total <= settings.current().export_rows_at_once:
        after_commit(work)
        return
    thread = threading.Thread(target=work, name=f"export-{row.id}", daemon=True)
    after_commit(partial(_begin, thread))


def wait() -> None:
    """Wait until every export of this process has ended."""
    for thread in list(_running):
        thread.join()


def _begin(thread: threading.Thread) -> None:
    _running.add(thread)
    thread.start()


def _run(app: Flask, export_id: int, language: str, by: Actor) -> None:
    # A request's context, because headings and codes are worded in the reader's language.
    asked = {"Accept-Language": language.replace("_", "-")}
    try:
        with app.test_request_context(headers=asked):
            try:
                write(export_id, by=by, at=clock.now())
            except Cancelled:
                kept_exports.remove_files(export_id)
            except Exception:
                log.exception("export %s failed", export_id)
                kept_exports.remove_files(export_id)
                _step(export_id, state="failed", asked=None)
            finally:
                db.session.remove()
    finally:
        _running.discard(threading.current_thread())


def write(export_id: int, *, by: Actor, at: datetime) -> None:
    """Write the file of an export that is running; :class:`Cancelled` where it is no longer."""
    private_files.folder(kept_exports.folder().parent)
    private_files.folder(kept_exports.folder(), is_ours=True)
    with transaction(write=False, on_disk=True):
        row = db.session.get(ListExport, export_id)
        if row is None or row.state != "running":
            raise Cancelled()
        asked, kind = _asked(row, by), row.kind
        path = kept_exports.path_of(export_id, kind)
        # A name of its own, because an abandoned thread may still write.
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        # First after the reading, so that somebody who cancels now has downloaded nothing.
        after_commit(partial(_finish, export_id, part, path))
        with open(part, "w+b", opener=_private) as out:
            exporting.write(asked, kind, out, lambda rows: _noted(export_id, rows, kind), at=at)


def _asked(row: ListExport, by: Actor) -> Asked:
    pairs: list[list[str]] = json.loads(row.asked or "[]")
    declared = registry.open_to(row.list_name, by=by)
    columns = [value for key, value in pairs if key == "col"]
    args = {key: value for key, value in pairs if key not in ("col", kept_exports.ROLE)}
    return asking.read(declared, args, columns, by=by)


def _noted(export_id: int, rows: Iterator[Any], kind: str) -> Iterator[Any]:
    every = PAPERS if kind == "pdf" else STEP
    for number, row in enumerate(rows, start=1):
        yield row
        if number % every == 0:
            _step(export_id, written=number)


def _step(export_id: int, **values: Any) -> None:
    """Update a running export, beside the transaction that reads."""

    def work() -> int:
        with current_app.app_context(), transaction():
            return _moved(export_id, **values)

    if not again_on_conflict(work):
        raise Cancelled()


def _finish(export_id: int, part: Path, path: Path) -> None:
    """Give the file its name and note that it is done, in one transaction."""
    if not _moved(export_id, state="done", written=ListExport.total):
        raise Cancelled()
    part.replace(path)


def _moved(export_id: int, **values: Any) -> int:
    query = update(ListExport).where(ListExport.id == export_id, ListExport.state == "running")
    moved = db.session.execute(query.values(moved_at=clock.now(), **values))
    return int(getattr(moved, "rowcount", 0))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

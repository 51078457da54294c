"""Runs the long steps of an import beside the request that asked for them.

A request begins a step. The step continues in a thread of the same process once that request is
committed, with transactions of its own, and its end commits together with its data. Its progress is
in a file, which readers in any process see at once; a row would be invisible, because the step's
transaction is not committed yet, and SQLite has one writer. If the process dies, nothing of the
step is committed and the file stops changing; after a minute the step may begin again.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Any

from volunteer_service.db import after_commit, db, fetch, transaction
from volunteer_service.db.retry import again_on_conflict
from volunteer_service.errors import Refused
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import applying, receiving, stored_files
from volunteer_service.workbooks.judging.hand_in import Judged, Tell, judge
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import ImportChanged, ImportCrashed

#: Opens an application context (``current_app.app_context``).
Opens = Callable[[], AbstractContextManager[Any]]
Step = Callable[[int, Actor, datetime, Tell], None]

#: Seconds between two notes of a step's progress.
_EVERY = 0.3

log = logging.getLogger(__name__)
_running: set[threading.Thread] = set()


def read(import_id: int, context: Opens, *, by: Actor, at: datetime) -> None:
    """Judge a received import once this transaction is committed."""
    _start(_read, import_id, context, by, at)


def apply(import_id: int, context: Opens, *, by: Actor, at: datetime) -> None:
    """Apply an import that was begun once this transaction is committed."""
    _start(_apply, import_id, context, by, at)


def wait() -> None:
    """Wait until every step of this process has ended."""
    for thread in list(_running):
        thread.join()


def _start(step: Step, import_id: int, context: Opens, by: Actor, at: datetime) -> None:
    thread = threading.Thread(
        target=_run, args=(step, import_id, context, by, at), name=f"import-{import_id}"
    )
    after_commit(partial(_begin, thread))


def _begin(thread: threading.Thread) -> None:
    # Not before, so that a request that is rolled back starts no thread and leaves none to wait
    # for.
    _running.add(thread)
    thread.start()


def _run(step: Step, import_id: int, context: Opens, by: Actor, at: datetime) -> None:
    try:
        with context():
            try:
                step(import_id, by, at, _teller(import_id))
            except Refused as refused:
                _stop(import_id, refused)
            except Exception:
                log.exception("import %s stopped", import_id)
                _stop(import_id, ImportCrashed())
            finally:
                db.session.remove()
    finally:
        _running.discard(threading.current_thread())


def _read(import_id: int, by: Actor, at: datetime, tell: Tell) -> None:
    with transaction(write=False):
        judged = judge(fetch(Import, import_id), at=at, tell=tell)
    with transaction():
        receiving.previewed(import_id, judged)


def _apply(import_id: int, by: Actor, at: datetime, tell: Tell) -> None:
    with transaction(write=False):
        judged = judge(fetch(Import, import_id), at=at, tell=tell)
    try:
        again_on_conflict(partial(_bring_in, import_id, judged, by=by, at=at, tell=tell))
    except ImportChanged as changed:
        with transaction():
            receiving.show_again(import_id, judged, changed)


def _bring_in(import_id: int, judged: Judged, *, by: Actor, at: datetime, tell: Tell) -> None:
    with transaction():
        applying.bring_in(import_id, judged, by=by, at=at, tell=tell)


def _stop(import_id: int, problem: Refused) -> None:
    with transaction():
        receiving.stop(import_id, problem)


def _teller(import_id: int) -> Tell:
    last = 0.0

    def tell(step: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            stored_files.tell(import_id, stored_files.Progress(step, done, total))

    return tell

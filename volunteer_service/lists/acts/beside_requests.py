"""Runs a batch: at once if it is short, else in a thread beside the request.

Each transaction is short, so that nobody waits for it; if the process dies, finished rows stay
done, and the batch's page continues from there. Each part is done with the roles that the account
holds at that time; nothing more is done once its sessions ended or it was disabled.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from volunteer_service import clock
from volunteer_service.db import after_commit, db, fetch, transaction
from volunteer_service.db.retry import again_on_conflict
from volunteer_service.lists.acts import batches
from volunteer_service.lists.acts.models import Batch
from volunteer_service.people.authentication import sessions
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account

Opens = Callable[[], AbstractContextManager[Any]]
#: A step without progress for so long was abandoned by its process.
LEFT_AFTER = timedelta(seconds=60)

log = logging.getLogger(__name__)
_running: set[threading.Thread] = set()


def go(batch: Batch, context: Opens, *, by: Actor, at: datetime) -> None:
    """Run a batch until its step ends."""
    if batch.total <= batches.AT_ONCE:
        while batches.advance(batch.id, by=by, at=at):
            pass
        return
    epoch = fetch(Account, batch.account_id).epoch
    thread = threading.Thread(
        target=_run, args=(batch.id, context, by, epoch), name=f"batch-{batch.id}", daemon=True
    )
    after_commit(partial(_begin, thread))


def is_left(batch: Batch, *, at: datetime) -> bool:
    """Tell whether a step stands still, because its process ended."""
    return batch.state in ("judging", "running", "undoing") and batch.moved_at + LEFT_AFTER < at


def wait() -> None:
    """Wait until every batch of this process has come to the end of its step."""
    for thread in list(_running):
        thread.join()


def _begin(thread: threading.Thread) -> None:
    _running.add(thread)
    thread.start()


def _run(batch_id: int, context: Opens, by: Actor, epoch: int) -> None:
    try:
        with context():
            try:
                while again_on_conflict(partial(_some, batch_id, by, epoch)):
                    pass
            except Exception:
                log.exception("batch %s stopped", batch_id)
            finally:
                db.session.remove()
    finally:
        _running.discard(threading.current_thread())


def _some(batch_id: int, by: Actor, epoch: int) -> bool:
    with transaction():
        account = fetch(Account, by.account_id or 0)
        if account.disabled_at is not None or account.epoch != epoch:
            return False
        now = sessions.actor_of(account, door=by.door)
        return batches.advance(batch_id, by=now, at=clock.now())

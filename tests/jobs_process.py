"""The jobs process in a thread, and a test that waits for what it does."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from volunteer_service.db import db
from volunteer_service.jobs import process

#: A process that has not done it by then will not (seconds).
LONGEST = 60


class Watched(process.Stopped):
    """Ends the process, and knows what it did: its words and its rounds of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.rounds = 0
        self._moved = threading.Event()
        self._looking = threading.get_ident()

    def say(self, word: str) -> None:
        """What the process tells."""
        self.said.append(word)
        self._moved.set()

    def wait(self, timeout: float | None = None) -> bool:
        """What the process does between two rounds."""
        self.rounds += 1
        self._moved.set()
        return super().wait(timeout)

    def gave_back(self, *_connection: Any) -> None:
        """A connection was given back: something may have been written. Who looks, writes not."""
        if threading.get_ident() != self._looking:
            self._moved.set()

    def until(self, is_so: Callable[[], bool]) -> bool:
        """Look again whenever the process did something; False when it is too late."""
        latest = time.monotonic() + LONGEST
        while not is_so():
            if not self._moved.wait(latest - time.monotonic()):
                return False
            self._moved.clear()
        return True


@contextmanager
def jobs_process(app: Flask) -> Iterator[Watched]:
    """One jobs process, ended on leaving."""
    watched = Watched()
    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkin", watched.gave_back)
    thread = threading.Thread(target=process.run, args=(app, watched, watched.say))
    thread.start()
    try:
        yield watched
    finally:
        watched.set()
        thread.join(LONGEST)
        event.remove(engine, "checkin", watched.gave_back)
    assert not thread.is_alive()

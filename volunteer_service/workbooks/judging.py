"""Reading a hand-in against what the service knows; the outcomes wait in a spool on disk.

Reading takes several times as long as writing, so it happens before the writing transaction: on
SQLite nobody else is kept waiting by it.
"""

import pickle
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Generic, TypeVar

from volunteer_service import policies, settings
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.people import contacts
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.workbooks import pages, storage
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.programme import Programme
from volunteer_service.workbooks.rows import RefusedRow, ServiceRow, Taken
from volunteer_service.workbooks.service_known import ServiceKnown

T = TypeVar("T")
#: Told the rows done and the rows in all (0: not known).
Tell = Callable[[str, int, int], None]

#: Rows in memory at a time, whatever the size of the hand-in. Each is a statement of some 25 values
#: a row, and SQLite's driver keeps the last 128 statements with their values.
CHUNK = 200
_TELL_EVERY = 250


class Spool(Generic[T]):
    """Outcomes in a nameless file that is gone with the process: memory stays flat."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed with the spool
        weakref.finalize(self, self._file.close)

    def add(self, outcome: T) -> None:
        """Put one at the end."""
        pickle.dump(outcome, self._file, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[T]:
        self._file.seek(0)
        while True:
            try:
                # Only this process ever wrote to this file.
                yield pickle.load(self._file)  # noqa: S301
            except EOFError:
                return


@dataclass
class Judged:
    """Every row's outcome, the counts, and the half-years of the records."""

    taken: Spool[Taken] = field(default_factory=Spool)
    refused: Spool[RefusedRow] = field(default_factory=Spool)
    counts: dict[str, Any] = field(default_factory=dict)
    rows: int = 0
    half_years: set[HalfYear] = field(default_factory=set)

    def add(self, outcome: Taken | RefusedRow) -> None:
        """Keep one row's outcome."""
        self.rows += 1
        if isinstance(outcome, RefusedRow):
            self.refused.add(outcome)
            return
        self.taken.add(outcome)
        if isinstance(outcome.row, ServiceRow):
            self.half_years.add(HalfYear.of(outcome.row.start.date()))


@pages.few()
def judge(row: Import, *, at: datetime, tell: Tell) -> Judged:
    """Judge every row of the stored files; writes nothing to the database."""
    root = db.session.get(Area, row.area_id) if row.area_id else None
    today = at.astimezone(settings.current().zone).date()
    paths = storage.paths_of(row.id, row.files)
    known, policy = ServiceKnown(root), policies.active()
    programme = Programme(paths, known, contacts.identity_key, today, policy)
    judged = Judged()
    for outcome in programme:
        judged.add(outcome)
        if judged.rows % _TELL_EVERY == 0:
            tell("reading", judged.rows, row.total)
    judged.counts = programme.tally.counts()
    return judged


def in_chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """Lists of at most :data:`CHUNK`."""
    left = iter(items)
    while chunk := list(islice(left, CHUNK)):
        yield chunk

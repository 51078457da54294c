"""Reading a hand-in against what the service knows; the outcomes wait in a spool on disk.

Reading takes several times as long as writing, so it happens before the writing transaction: on
SQLite nobody else is kept waiting by it.
"""

import hashlib
import pickle
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Generic, TypeVar

from volunteer_service import crypto, policies, settings
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.people import contact_numbers
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.workbooks import pages, storage
from volunteer_service.workbooks.judging.known_in_database import (
    Person,
    ServiceKnown,
    people_behind,
)
from volunteer_service.workbooks.judging.programme import Programme
from volunteer_service.workbooks.judging.rows import (
    RefusedRow,
    ServiceRow,
    Taken,
    VolunteerRow,
)
from volunteer_service.workbooks.judging.rows_about_importers import Concerned
from volunteer_service.workbooks.judging.shares_by_person import Shares
from volunteer_service.workbooks.models import Import

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
    """Every row's outcome, the counts, the half-years of the records, and who gets what."""

    shares: Shares
    concerned: Concerned
    taken: Spool[Taken] = field(default_factory=Spool)
    refused: Spool[RefusedRow] = field(default_factory=Spool)
    counts: dict[str, Any] = field(default_factory=dict)
    rows: int = 0
    half_years: set[HalfYear] = field(default_factory=set)
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, outcome: Taken | RefusedRow) -> None:
        """Keep one row's outcome."""
        self.rows += 1
        if isinstance(outcome, RefusedRow):
            self.refused.add(outcome)
            return
        self.taken.add(outcome)
        self.concerned.add(outcome)
        self._digest.update(f"{outcome.is_new}{outcome.row!r}".encode(errors="surrogatepass"))
        if isinstance(outcome.row, ServiceRow):
            self.half_years.add(HalfYear.of(outcome.row.start.date()))
            if outcome.is_new:
                self.shares.add(outcome.row)

    @property
    def shown(self) -> str:
        """A keyed hash of all that would be brought in, and of what it comes to.

        Equal hashes: what is applied is what was shown. Keyed, for a file may hold one row only.
        """
        whole = f"{self._digest.hexdigest()}|{self.shares.totals()}"
        return crypto.vault().key_of(whole, "imports.shown")

    def largest(self) -> list[dict[str, Any]]:
        """Who gets most: name, number (None for who is not registered yet), hours, points."""
        shares = self.shares.largest()
        known = people_behind({share.person for share in shares})
        missing = {share.person for share in shares} - known.keys()
        if missing:
            known |= self._on_roster(missing)
        return [asdict(known[share.person]) | share.figures() for share in shares]

    def _on_roster(self, people: set[str]) -> dict[str, Person]:
        """Whom the roster of this hand-in would register."""
        rows = (outcome.row for outcome in self.taken)
        return {
            row.id_key: Person(None, None, row.name)
            for row in rows
            if isinstance(row, VolunteerRow) and row.id_key in people
        }


@pages.few()
def judge(row: Import, *, at: datetime, tell: Tell) -> Judged:
    """Judge every row of the stored files; writes nothing to the database."""
    root = db.session.get(Area, row.area_id) if row.area_id else None
    today = settings.local_day(at)
    paths = storage.paths_of(row.id, row.files)
    known, policy = ServiceKnown(root), policies.active()
    programme = Programme(paths, known, contact_numbers.identity_key, today, policy)
    judged = Judged(Shares(policy, known.minutes_on), Concerned())
    # ``tell`` may end the import in the middle.
    with closing(iter(programme)) as outcomes:
        for outcome in outcomes:
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

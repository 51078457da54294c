"""Judges a hand-in: every row of its workbooks, list by list.

:class:`HandIn` is pure and streams, the same for preview and apply. Files may come in any order and
under any names; the lists are judged in the order in which they build on each other (areas, teams,
roster, log, gifts), so each row sees what earlier rows added.

:func:`judge` asks the database and keeps the outcomes in a spool on disk. Judging takes several
times as long as writing, so it happens before the writing transaction, and nobody else on SQLite
waits for it.
"""

import hashlib
import pickle
import tempfile
import weakref
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice, repeat
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from volunteer_service import crypto, policies, settings
from volunteer_service.areas.models import Area
from volunteer_service.db import db, page_cache
from volunteer_service.people.changes import contact_numbers
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.workbooks import stored_files
from volunteer_service.workbooks.asked_sheets import (
    asked_areas,
    asked_rows,
    import_sheets,
    several_streets,
)
from volunteer_service.workbooks.asked_sheets.asked_rows import RowLooks
from volunteer_service.workbooks.judging import (
    areas,
    changes,
    gifts,
    not_counted,
    openings,
    service_log,
    teams,
    volunteers,
)
from volunteer_service.workbooks.judging.existing_data import DatabaseKnown
from volunteer_service.workbooks.judging.known import Known
from volunteer_service.workbooks.judging.opening_sums import OpeningSums
from volunteer_service.workbooks.judging.person_keys import Person, people_behind
from volunteer_service.workbooks.judging.rows_about_importers import Concerned
from volunteer_service.workbooks.judging.taken_or_refused import (
    ANSWER_STRUCK,
    EXPLAIN_STATUS,
    MISPLACED,
    OpeningRow,
    Reason,
    RefusedRow,
    ServiceRow,
    Taken,
    VolunteerRow,
    refused,
    unreadable,
)
from volunteer_service.workbooks.judging.taken_so_far import Sofar
from volunteer_service.workbooks.judging.totals import Shares, Tally
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.reading import known_columns, profiles
from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.line import Line
from volunteer_service.workbooks.reading.sheet_readings import Reading
from volunteer_service.workbooks.reading.sheets import Workbook


class Judge(Protocol):
    """Judges the rows of one list; raises :class:`Reason` for a row that is refused."""

    #: The longest cell of each field.
    longest: ClassVar[Mapping[str, int]]
    #: Fields without a required column that must not count as empty when unreadable.
    needed: ClassVar[Collection[str]]

    def judge(self, line: Line) -> Taken | None:
        """Take the row or raise; None for the heading of a part."""


_JUDGES: dict[str, Callable[[Sofar, date, Policy], Judge]] = {
    "areas": areas.Judge,
    "teams": teams.Judge,
    "volunteers": volunteers.Judge,
    "service_log": service_log.Judge,
    "gifts": gifts.Judge,
    "open_points": openings.PointsJudge,
    "open_hours": openings.HoursJudge,
    "open_stars": openings.StarsJudge,
    "open_papers": openings.PapersJudge,
}


@dataclass
class HandIn:
    """One hand-in. Iterating (once) gives each row's outcome and fills ``tally``.

    A caller that may stop before the last row closes the iterator, which drops the keys of the run.
    """

    paths: Sequence[Path]
    known: Known
    key_of: Callable[[str], str]
    today: date
    #: The policy that holds on that day.
    policy: Policy
    limits: Limits = field(default_factory=Limits)
    #: The decided reading of each sheet of each file; None: decided now, by words alone.
    readings: Sequence[Sequence[Reading]] | None = None
    #: Whether rows that look as if they did not count are taken.
    looks: RowLooks = field(default_factory=RowLooks)
    #: The streets under which rows of areas may be put, by their key, and the one of all others.
    streets: Mapping[str, str] | None = None
    home: str = ""
    #: The answers about names of areas that look like one place, by the key of the place.
    alike: Mapping[str, str] = field(default_factory=dict)
    tally: Tally = field(init=False)
    #: The files, with the header of each sheet; a file that cannot be read is refused at once.
    books: list[Workbook] = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(self.policy)
        kept = self.readings or repeat(None)
        self.books = [
            Workbook(path, self.limits, readings=readings)
            for path, readings in zip(self.paths, kept, strict=False)
        ]

    def __iter__(self) -> Generator[Taken | RefusedRow, None, None]:
        with Sofar(self.known, self.key_of, self.streets, self.home, self.alike) as sofar:
            for kind in known_columns.KINDS:
                judge = _JUDGES[kind.name](sofar, self.today, self.policy)
                for book in self.books:
                    yield from self._judge(judge, book.lines(kind))
            self.tally.people_sharing_a_phone = sofar.sharing_a_phone()
            self.tally.people_with_hours = sofar.people_with_records()
            self.tally.alike_areas = sofar.alike.told()

    def _judge(self, judge: Judge, lines: Iterable[Line]) -> Iterator[Taken | RefusedRow]:
        for line in lines:
            outcome = _outcome(judge, line, self.looks)
            if outcome is None:
                continue
            self.tally.add(outcome)
            self.tally.hidden_rows += line.is_hidden
            self.tally.struck_rows += line.is_struck
            yield outcome


def _outcome(judge: Judge, line: Line, looks: RowLooks) -> Taken | RefusedRow | None:
    try:
        _check_place(line)
        _check_looks(line, looks)
        _check_status(line)
        _check_lengths(line, judge.longest)
        emptied = unreadable(line, judge.needed)
        found = judge.judge(line)
        return replace(found, emptied=emptied) if found and emptied else found
    except Reason as reason:
        return refused(line, reason)


T = TypeVar("T")
#: Called with the rows done and the rows in all (0: unknown).
Tell = Callable[[str, int, int], None]

#: Rows in memory at a time, whatever the size of the hand-in. A statement has some 25 values for
#: each row, and SQLite's driver keeps the last 128 statements with their values.
CHUNK = 200
_TELL_EVERY = 250


class Spool(Generic[T]):
    """Outcomes in a nameless file that ends with the process, so that memory stays constant."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed with the spool
        weakref.finalize(self, self._file.close)

    def add(self, outcome: T) -> None:
        """Append one outcome."""
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
    """Every row's outcome, the counts, the half-years of the records, and each person's share."""

    shares: Shares
    concerned: Concerned
    openings: OpeningSums = field(default_factory=OpeningSums)
    taken: Spool[Taken] = field(default_factory=Spool)
    refused: Spool[RefusedRow] = field(default_factory=Spool)
    counts: dict[str, Any] = field(default_factory=dict)
    rows: int = 0
    half_years: set[HalfYear] = field(default_factory=set)
    #: Rows by file and sheet: taken, refused, and those of a sheet that is not taken.
    sheets: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    #: The differences between the taken rows and the service.
    offered: Spool[changes.Change] = field(default_factory=Spool)
    changed: Counter[str] = field(default_factory=Counter)
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, outcome: Taken | RefusedRow) -> None:
        """Keep one row's outcome."""
        self.rows += 1
        rows = self.sheets.setdefault((outcome.file, outcome.sheet), [0, 0, 0])
        if isinstance(outcome, RefusedRow):
            rows[1] += 1
            self.refused.add(outcome)
            return
        rows[0] += 1
        self.taken.add(outcome)
        self.concerned.add(outcome)
        self._digest.update(f"{outcome.is_new}{outcome.row!r}".encode(errors="surrogatepass"))
        if isinstance(outcome.row, ServiceRow):
            self.half_years.add(HalfYear.of(outcome.row.start.date()))
            if outcome.is_new:
                self.shares.add(outcome.row)
        elif isinstance(outcome.row, OpeningRow):
            self.openings.add(outcome.row)

    def offer(self, change: changes.Change) -> None:
        """Keep one change that the coordinator may agree to."""
        self.offered.add(change)
        self.changed[change.field] += 1
        self._digest.update(repr(change).encode(errors="surrogatepass"))
        if change.kind == "volunteers":
            self.concerned.add_change(change)

    @property
    def shown(self) -> str:
        """Return a keyed hash of everything that would be applied, and of its totals.

        Equal hashes mean that what is applied is what was shown. It is keyed, because a file may
        have only one row.
        """
        whole = f"{self._digest.hexdigest()}|{self.shares.totals()}"
        return crypto.vault().key_of(whole, "imports.shown")

    def largest(self) -> list[dict[str, Any]]:
        """Return who gets most: name, number (None for who is not registered yet), hours, points.

        The order is by records, then by opening balances.
        """
        shares = [(share.person, share.figures()) for share in self.shares.largest()]
        shares += self.openings.largest()
        people = {person for person, _figures in shares}
        known = people_behind(people)
        if missing := people - known.keys():
            known |= self._on_roster(missing)
        return [asdict(known[person]) | figures for person, figures in shares]

    def _on_roster(self, people: set[str]) -> dict[str, Person]:
        """Return whom the roster of this hand-in would register."""
        rows = (outcome.row for outcome in self.taken)
        return {
            row.id_key: Person(None, None, row.name)
            for row in rows
            if isinstance(row, VolunteerRow) and row.id_key in people
        }


@page_cache.small()
def judge(row: Import, *, at: datetime, tell: Tell) -> Judged:
    """Judge every row of the stored files; writes nothing to the database."""
    root = db.session.get(Area, row.area_id) if row.area_id else None
    known, policy = DatabaseKnown(root), policies.active()
    hand_in = _hand_in(row, known, policy, settings.local_day(at))
    since = at - timedelta(days=policies.guarding(at).independence_days)
    judged = Judged(Shares(policy, known.minutes_on), Concerned(since))
    expected = sum(book.most_rows() for book in hand_in.books)
    # ``tell`` may stop the import in the middle.
    with closing(iter(hand_in)) as outcomes:
        for outcome in outcomes:
            judged.add(outcome)
            if judged.rows % _TELL_EVERY == 0:
                tell("reading", min(judged.rows, expected), expected)
    for change in changes.found(judged.taken, root, CHUNK):
        judged.offer(change)
    judged.counts = hand_in.tally.counts()
    for book in hand_in.books:
        for name, rows in book.rows_not_taken().items():
            judged.sheets[book.path.name, name] = [0, 0, rows]
    if judged.changed:
        judged.counts["changes"] = dict(sorted(judged.changed.items()))
    return judged


def _hand_in(row: Import, known: Known, policy: Policy, today: date) -> HandIn:
    return HandIn(
        stored_files.paths_of(row.id, row.files),
        known,
        contact_numbers.identity_key,
        today,
        policy,
        readings=import_sheets.readings(row.files),
        looks=asked_rows.looks_of(row),
        streets=several_streets.of(row),
        home=row.sub_district,
        alike=asked_areas.answers_of(row),
    )


def in_chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield lists of at most :data:`CHUNK`."""
    left = iter(items)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def _check_place(line: Line) -> None:
    """Refuse rows where this list has none: over its header, as the caption of a part, under the
    header of another list.
    """
    if line.misplaced is not None:
        raise Reason(line.misplaced, None, MISPLACED[line.misplaced])


def _check_looks(line: Line, looks: RowLooks) -> None:
    """Refuse a row that is hidden or struck through, if that was the answer or the question is
    open.
    """
    if line.is_hidden and looks.hidden == asked_rows.OUT:
        raise Reason("hidden_row")
    if line.is_struck and looks.struck == asked_rows.OUT:
        raise Reason("struck_row")
    if line.is_struck and looks.struck == asked_rows.ASKED:
        raise Reason("struck_row_asked", None, ANSWER_STRUCK)


def _check_status(line: Line) -> None:
    """Refuse a row whose status on the platform says that it does not count, or is unknown; or
    that says itself that it does not.
    """
    not_counted.check(line)
    if "status" not in line.header.codes:
        return
    status = line.text("status")
    if status == profiles.LEAVE:
        raise Reason("left_out_by_status", "status")
    if status != profiles.TAKE:
        raise Reason("unknown_status", "status", EXPLAIN_STATUS)


def _check_lengths(line: Line, longest: Mapping[str, int]) -> None:
    """Refuse a row with a cell that is too long for its column."""
    for name, most in longest.items():
        raw = line.raw(name)
        if isinstance(raw, str) and len(raw) > most and len(line.text(name)) > most:
            raise Reason("too_long", name, f"最多 {most} 个字，请写短一些。")

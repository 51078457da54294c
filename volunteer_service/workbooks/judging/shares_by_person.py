"""Who gets how many hours and points from a hand-in: what is told before it is applied.

The sums by person and by day lie in SQLite's private temporary database, which spills to disk and
is gone with the process: memory does not grow with the rows. A person is what the judges call
them, never a name.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.workbooks.judging.points_of_row import points_of
from volunteer_service.workbooks.judging.rows import ServiceRow

#: People whom a preview names: those who get most.
LARGEST = 10

_SCHEMA = """
CREATE TABLE day (person TEXT, day INT, records INT, minutes INT, points INT, before INT,
                  PRIMARY KEY (person, day)) WITHOUT ROWID;
"""
_ADD = """
INSERT INTO day VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT DO UPDATE SET
    records = records + 1, minutes = minutes + excluded.minutes, points = points + excluded.points
"""
_TOTAL = """
SELECT coalesce(sum(records), 0), count(DISTINCT person), coalesce(sum(minutes), 0),
       coalesce(sum(points), 0) FROM day
"""
_LONG = "SELECT count(*), coalesce(max(minutes + before), 0) FROM day WHERE minutes + before > ?"
_LONG_OF = "SELECT count(*) FROM day WHERE person = ? AND minutes + before > ?"
_LARGEST = """
SELECT person, sum(records), sum(minutes), sum(points) FROM day
GROUP BY person ORDER BY 3 DESC, 4 DESC, person LIMIT ?
"""

#: Minutes of a person's standing records of a local day, before this import.
Before = Callable[[str, date], int]


@dataclass(frozen=True)
class Totals:
    """What the new records of a hand-in come to; points in hundredths.

    ``long_days`` are local days on which one person has more than the policy's daily cap, what
    they had before included; ``longest_day`` is the longest of them, in minutes.
    """

    records: int
    people: int
    minutes: int
    points: int
    long_days: int
    longest_day: int

    def figures(self) -> dict[str, int]:
        """All but the number of records, which an import keeps in a column of its own."""
        return {name: n for name, n in asdict(self).items() if name != "records"}


@dataclass(frozen=True)
class Share:
    """What one person gets."""

    person: str
    records: int
    minutes: int
    points: int
    long_days: int

    def figures(self) -> dict[str, int]:
        """The numbers without the person."""
        return {name: n for name, n in asdict(self).items() if name != "person"}


class Shares:
    """Grows by one new record at a time."""

    def __init__(self, policy: Policy, before: Before) -> None:
        self._policy = policy
        self._before = before
        self._sums = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._sums.executescript(f"PRAGMA journal_mode = OFF; {_SCHEMA} BEGIN;")

    def add(self, row: ServiceRow) -> None:
        """Count a record that is not there yet."""
        on = row.start.date()
        earned = points_of(row, self._policy)
        before = self._before(row.person, on)
        self._sums.execute(_ADD, (row.person, on.toordinal(), row.minutes, earned, before))

    def totals(self) -> Totals:
        """All of them together."""
        cap = self._policy.day_cap_minutes
        return Totals(*self._sums.execute(_TOTAL).fetchone(), *self._one(_LONG, cap))

    def largest(self) -> list[Share]:
        """The people who get most minutes, at most :data:`LARGEST`."""
        cap = self._policy.day_cap_minutes
        rows = self._sums.execute(_LARGEST, (LARGEST,)).fetchall()
        return [Share(*row, *self._one(_LONG_OF, row[0], cap)) for row in rows]

    def _one(self, sql: str, *values: object) -> tuple[int, ...]:
        found: tuple[int, ...] = self._sums.execute(sql, values).fetchone()
        return found

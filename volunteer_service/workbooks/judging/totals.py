"""Totals of an import: rows taken and refused, minutes, points, and who gets most.

:class:`Tally` counts in the words of ``import --json``; :class:`Shares` sums by person. The sums by
person and by day are in SQLite's private temporary database, which spills to disk and ends with the
process, so memory does not grow with the rows. A person is the judges' key, never a name.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from volunteer_service.paper.faces import undrawn
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.record_value import points_for
from volunteer_service.workbooks.judging import private_sums
from volunteer_service.workbooks.judging.taken_or_refused import (
    AreaRow,
    RefusedRow,
    ServiceRow,
    Taken,
    TeamRow,
    VolunteerRow,
)


def points_of(row: ServiceRow, policy: Policy) -> int:
    """Return points (hundredths) of one record; a log names no post, so none weighs."""
    return points_for(row.minutes, policy.default_coefficient_centi, row.grade, policy)


#: The most characters without a font that a preview names.
MOST_UNDRAWN = 50
_NAMED = ("communities", "grids", "brands", "projects")
_PREFIX = {"volunteers": "refused", "service_log": "log_refused"}


@dataclass
class Tally:
    """Counts, and the names of areas, brands and projects; it grows by one outcome at a time."""

    #: The policy, for the worth of a minute.
    policy: Policy
    taken: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    tidied: Counter[str] = field(default_factory=Counter)
    #: Rows by character of a name that no font of ours draws.
    undrawn: Counter[str] = field(default_factory=Counter)
    minutes: int = 0
    points_centi: int = 0
    people_sharing_a_phone: int = 0
    people_with_hours: int = 0
    #: Rows that were hidden by a filter or by hand, and rows struck through.
    hidden_rows: int = 0
    struck_rows: int = 0
    #: Cells that could not be read and count as empty, by «kind:field».
    emptied: Counter[str] = field(default_factory=Counter)
    #: Places that are written in several ways (``alike_areas.Alike.told``).
    alike_areas: list[dict[str, Any]] = field(default_factory=list)
    _names: dict[str, set[tuple[str, ...]]] = field(
        default_factory=lambda: {plural: set() for plural in _NAMED}
    )

    def add(self, outcome: Taken | RefusedRow) -> None:
        """Count one row."""
        if isinstance(outcome, RefusedRow):
            self.refused[outcome.kind] += 1
            prefix = _PREFIX.get(outcome.kind, f"{outcome.kind}_refused")
            self.reasons[f"{prefix}:{outcome.reason_code}"] += 1
            return
        self.taken[outcome.kind] += 1
        self.new[outcome.kind] += outcome.is_new
        self.tidied.update(outcome.tidied)
        self.emptied.update(f"{outcome.kind}:{name}" for name in outcome.emptied)
        if isinstance(outcome.row, ServiceRow):
            row = outcome.row
            self.minutes += row.minutes
            self.points_centi += points_of(row, self.policy)
        else:
            self._name(outcome.row)
        if isinstance(outcome.row, VolunteerRow | TeamRow):
            self.undrawn.update(undrawn(outcome.row.name))

    def _name(self, row: Any) -> None:
        if isinstance(row, AreaRow):
            street = row.street if row.is_elsewhere else ""
            self._names["communities"].add((street, row.community))
            self._names["grids"].add((street, row.community, row.grid))
        elif isinstance(row, TeamRow):
            for plural, name in (("brands", row.brand), ("projects", row.project)):
                if name:
                    self._names[plural].add((name,))

    def counts(self) -> dict[str, Any]:
        """Return one object with the keys of ``expected.json`` that reading alone gives."""
        return {
            "areas": {
                "communities": len(self._names["communities"]),
                "grids": len(self._names["grids"]),
                "buildings": self.taken["areas"],
            },
            "teams": self.taken["teams"],
            "brands": len(self._names["brands"]),
            "projects": len(self._names["projects"]),
            **self._rows("volunteers", "volunteers", "refused_or_skipped"),
            **self._rows("service_log", "service", "refused"),
            "service_minutes": self.minutes,
            "points_centi_without_backfill": self.points_centi,
            "people_with_hours": self.people_with_hours,
            "gifts": self.taken["gifts"],
            "dirt": dict(sorted(self._dirt().items())),
            "new": {kind: self.new[kind] for kind in sorted(self.taken)},
            "by_kind": {
                kind: [self.taken[kind], self.new[kind], self.refused[kind]]
                for kind in sorted({*self.taken, *self.refused})
            },
            **self._looks(),
        }

    def _looks(self) -> dict[str, Any]:
        """Return what a file shows beside its values, if anything."""
        found = {
            "hidden_rows": self.hidden_rows,
            "struck_rows": self.struck_rows,
            "unreadable_cells": dict(sorted(self.emptied.items())),
            "alike_areas": self.alike_areas,
            "undrawn": dict(self.undrawn.most_common(MOST_UNDRAWN)),
        }
        return {name: told for name, told in found.items() if told}

    def _rows(self, kind: str, name: str, refused: str) -> dict[str, int]:
        return {
            f"{name}_rows": self.taken[kind] + self.refused[kind],
            f"{name}_accepted": self.taken[kind],
            f"{name}_{refused}": self.refused[kind],
        }

    def _dirt(self) -> dict[str, int]:
        shared = {"people_sharing_a_phone": self.people_sharing_a_phone}
        return {**self.reasons, **self.tidied, **({k: n for k, n in shared.items() if n})}


#: The most people whom a preview names: those who get most.
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

#: Minutes of a person's valid records of a local day, before this import.
Before = Callable[[str, date], int]


@dataclass(frozen=True)
class Totals:
    """The totals of the new records of a hand-in; points in hundredths.

    ``long_days`` are local days on which one person has more than the policy's daily cap, including
    earlier records; ``longest_day`` is the longest of them, in minutes.
    """

    records: int
    people: int
    minutes: int
    points: int
    long_days: int
    longest_day: int

    def figures(self) -> dict[str, int]:
        """Return all but the number of records, which an import keeps in a column of its own."""
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
        """Return the numbers without the person."""
        return {name: n for name, n in asdict(self).items() if name != "person"}


class Shares:
    """Shares by person, which grow by one new record at a time."""

    def __init__(self, policy: Policy, before: Before) -> None:
        self._policy = policy
        self._before = before
        self._sums = private_sums.opened(self, _SCHEMA)

    def add(self, row: ServiceRow) -> None:
        """Count a new record."""
        on = row.start.date()
        earned = points_of(row, self._policy)
        before = self._before(row.person, on)
        self._sums.execute(_ADD, (row.person, on.toordinal(), row.minutes, earned, before))

    def totals(self) -> Totals:
        """Return all of them together."""
        cap = self._policy.day_cap_minutes
        return Totals(*self._sums.execute(_TOTAL).fetchone(), *self._one(_LONG, cap))

    def largest(self) -> list[Share]:
        """Return the people who get most minutes, at most :data:`LARGEST`."""
        cap = self._policy.day_cap_minutes
        rows = self._sums.execute(_LARGEST, (LARGEST,)).fetchall()
        return [Share(*row, *self._one(_LONG_OF, row[0], cap)) for row in rows]

    def _one(self, sql: str, *values: object) -> tuple[int, ...]:
        found: tuple[int, ...] = self._sums.execute(sql, values).fetchone()
        return found

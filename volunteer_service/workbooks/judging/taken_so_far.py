"""The existing data, and what this import has taken so far.

The judges ask only :class:`Sofar`, which searches the rows taken in this run first and
:class:`known.Known` (the database) next. Its own keys are in SQLite's private temporary database,
which spills to disk and ends with the process, so memory does not grow with the rows; names and
phone numbers are in it only as hashes under a key of this run.
"""

import secrets
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import blake2b
from types import TracebackType
from typing import Self

from volunteer_service.workbooks.judging.alike_areas import Alike
from volunteer_service.workbooks.judging.known import Known
from volunteer_service.workbooks.judging.taken_or_refused import (
    DELETE_ROW,
    OPEN_AREA,
    OTHER_STREET,
    WHICH_STREET,
    Reason,
)
from volunteer_service.workbooks.reading import street_names
from volunteer_service.workbooks.reading.cells import match_key

#: The longest event in minutes, which bounds the search for overlaps.
LONGEST_EVENT = 24 * 60


_SCHEMA = """
CREATE TABLE person (id_key TEXT PRIMARY KEY, called BLOB, at BLOB) WITHOUT ROWID;
CREATE INDEX person_called ON person (called, at);
CREATE INDEX person_at ON person (at);
CREATE TABLE member (id_key TEXT, team BLOB, PRIMARY KEY (id_key, team)) WITHOUT ROWID;
CREATE TABLE slot (person TEXT, starts INT, ends INT, key TEXT);
CREATE INDEX slot_person ON slot (person, starts);
CREATE TABLE once (what BLOB PRIMARY KEY) WITHOUT ROWID;
"""


class Sofar:
    """The rows taken in this run, before those known earlier; closed by ``with``."""

    def __init__(
        self,
        known: Known,
        key_of: Callable[[str], str],
        streets: Mapping[str, str] | None = None,
        home: str = "",
        alike: Mapping[str, str] | None = None,
    ) -> None:
        self.known = known
        #: Names of areas that look like one place, and the answers about them.
        self.alike = Alike(known, alike or {})
        #: If the lists name several streets, those under which rows may be put, by their key;
        #: ``home`` is the one of everything else.
        self._streets = streets
        self._home = match_key(home)
        self._elsewhere: set[tuple[str, ...]] = set()
        #: The keyed hash of an ID number, by which the database finds people too.
        self.key_of = key_of
        self.areas: set[tuple[str, ...]] = set()
        self.teams: dict[str, str] = {}
        self.gifts: set[str] = set()
        self._salt = secrets.token_bytes(16)
        self._keys = sqlite3.connect("", isolation_level=None)
        self._keys.executescript(f"PRAGMA journal_mode = OFF; {_SCHEMA} BEGIN;")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drop the keys."""
        self._keys.close()

    def has_area(self, community: str, grid: str = "", building: str = "") -> bool:
        """Tell whether the path is in the tree, before this run or by it."""
        path = tuple(part for part in (community, grid, building) if part)
        return path in self.areas or self.known.has_area(community, grid, building)

    def root_for(self, street: str) -> str:
        """Return the other street of a row of areas; "" for the import's own.

        It refuses a row whose street is not among those of the import, or is not named.
        """
        if self._streets is None:
            return ""
        if not street or street_names.is_code(street):
            raise Reason("street_unclear", "street", WHICH_STREET)
        if match_key(street) not in self._streets:
            raise Reason("other_street", "street", OTHER_STREET)
        is_home = match_key(street) == self._home
        return "" if is_home else self._streets[match_key(street)]

    def take_area(
        self, street: str, path: tuple[str, str, str], *, is_other_spelling: bool = False
    ) -> bool:
        """Note that this path of a street ("": the import's own) is taken; return whether it is
        new.

        An existing one with another spelling is no second row of it.
        """
        if is_other_spelling and self.alike.is_there(street, path):
            return False
        self.alike.note(street, path)
        if street:
            return self._take_area_of(street, path)
        if path in self.areas:
            raise Reason("duplicate_row", "building", DELETE_ROW)
        is_new = not self.known.has_area(*path)
        if is_new:
            self.need_open(*path)
        self.areas.update((path, path[:2], path[:1]))
        return is_new

    def _take_area_of(self, street: str, path: tuple[str, str, str]) -> bool:
        if (street, *path) in self._elsewhere:
            raise Reason("duplicate_row", "building", DELETE_ROW)
        is_new = not self.known.has_area_of(street, path)
        if is_new and self.known.is_closed_of(street, path):
            raise Reason("area_closed", "community", OPEN_AREA)
        self._elsewhere.add((street, *path))
        return is_new

    def need_open(self, community: str, grid: str = "", building: str = "") -> None:
        """Refuse a row that would add something new to a closed area, as the pages do."""
        if self.known.is_closed(community, grid, building):
            raise Reason("area_closed", "community", OPEN_AREA)

    def communities(self) -> list[str]:
        """Return all community names."""
        return [path[0] for path in self.areas if len(path) == 1] + list(self.known.communities())

    def has_team(self, name: str) -> bool:
        """Tell whether the team exists, before this run or by it."""
        return match_key(name) in self.teams or self.known.has_team(name)

    def team_names(self) -> list[str]:
        """Return all team names."""
        return [*self.teams.values(), *self.known.team_names()]

    def remember_person(self, id_key: str, name: str, phone: str) -> None:
        """Note that this row of the roster was taken."""
        self._keys.execute(
            "INSERT INTO person VALUES (?, ?, ?)", (id_key, self._mask(name), self._mask(phone))
        )

    def remember_member(self, id_key: str, team: str) -> None:
        """Note that this person is in this team."""
        self._keys.execute(
            "INSERT INTO member VALUES (?, ?) ON CONFLICT DO NOTHING", (id_key, self._mask(team))
        )

    def is_no_member(self, id_key: str, team: str) -> bool:
        """Tell whether no row before says that this person is in this team."""
        found = self._keys.execute(
            "SELECT 1 FROM member WHERE id_key = ? AND team = ?", (id_key, self._mask(team))
        )
        return found.fetchone() is None

    def has_other_phone(self, id_key: str, phone: str) -> bool:
        """Tell whether the taken row of this person has another phone than this one."""
        found = self._keys.execute(
            "SELECT at IS NOT ? FROM person WHERE id_key = ?", (self._mask(phone), id_key)
        ).fetchone()
        return bool(phone and found and found[0])

    def taken_as(self, id_key: str, name: str) -> bool | None:
        """Return None if this run has not met the ID, True for this name, False for another one."""
        found = self._keys.execute(
            "SELECT called = ? FROM person WHERE id_key = ?", (self._mask(name), id_key)
        ).fetchone()
        return None if found is None else bool(found[0])

    def people_called(self, name: str, phone: str) -> set[str]:
        """Return ID hashes of everyone with this name and phone."""
        found = self._keys.execute(
            "SELECT id_key FROM person WHERE called = ? AND at = ?",
            (self._mask(name), self._mask(phone)),
        )
        return {row[0] for row in found} | set(self.known.people_called(name, phone))

    def sharing_a_phone(self) -> int:
        """Return how many people taken in this run have a phone that another one has too."""
        found = self._keys.execute(
            "SELECT coalesce(sum(n), 0) FROM"
            " (SELECT count(*) AS n FROM person WHERE at IS NOT NULL GROUP BY at HAVING n > 1)"
        ).fetchone()
        return int(found[0])

    def people_with_records(self) -> int:
        """Return how many people have a record that was taken in this run."""
        found = self._keys.execute("SELECT count(DISTINCT person) FROM slot").fetchone()
        return int(found[0])

    def near_miss(self, name: str, phone: str) -> str | None:
        """Tell whether this run's roster has the "name" (with another phone) or the "phone"."""
        if self._has("SELECT 1 FROM person WHERE called = ?", name):
            return "name"
        return "phone" if self._has("SELECT 1 FROM person WHERE at = ?", phone) else None

    def _has(self, sql: str, words: str) -> bool:
        return self._keys.execute(sql, (self._mask(words),)).fetchone() is not None

    def remember_record(self, key: str, person: str, start: datetime, end: datetime) -> None:
        """Note that this record was taken."""
        self._keys.execute(
            "INSERT INTO slot VALUES (?, ?, ?, ?)", (person, _minute(start), _minute(end), key)
        )

    def taken_between(self, person: str, start: datetime, end: datetime) -> set[str]:
        """Return keys of the person's records of this run that share a minute with these times."""
        found = self._keys.execute(
            "SELECT key FROM slot WHERE person = ? AND starts > ? AND starts < ? AND ends > ?",
            (person, _minute(start) - LONGEST_EVENT, _minute(end), _minute(start)),
        )
        return {row[0] for row in found}

    def take_once(self, what: str) -> bool:
        """Note one thing that is taken; False where this run took it before."""
        row = (self._mask(what),)
        return self._keys.execute("INSERT OR IGNORE INTO once VALUES (?)", row).rowcount > 0

    def _mask(self, words: str) -> bytes | None:
        """Return the mask of words, NULL without any, because two people without a phone do not
        share one.
        """
        if not words:
            return None
        return blake2b(match_key(words).encode(), digest_size=12, key=self._salt).digest()


def _minute(moment: datetime) -> int:
    return moment.toordinal() * 1440 + moment.hour * 60 + moment.minute

"""What comes out of the workbooks: rows that may be taken, and rows that may not.

Without slots: every row goes through the spool, and a frozen class with slots pickles slowly.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class AreaRow:
    """One building with the grid and community above it."""

    street: str
    community: str
    grid: str
    building: str


@dataclass(frozen=True)
class TeamRow:
    """A team, the community it belongs to and the unit that keeps its records."""

    name: str
    community: str
    recording_unit: str
    brand: str
    project: str
    founded_on: date | None


@dataclass(frozen=True)
class VolunteerRow:
    """A person of the roster; ``id_key`` is the keyed hash of the ID number."""

    name: str
    sex: str
    id_number: str
    id_key: str
    born_on: date
    phone: str
    community: str
    grid: str
    building: str
    team: str
    party: str
    employer: str
    skills: str
    guardian_name: str
    guardian_phone: str
    registered_on: date
    remark: str


@dataclass(frozen=True)
class ServiceRow:
    """One person's service at one event; ``start`` and ``end`` are local wall-clock times.

    ``person`` is the ``id_key`` of the volunteer, ``key`` the natural key of the record: the same
    person, event name, start and end give the same key in any file.
    """

    key: str
    person: str
    event: str
    start: datetime
    end: datetime
    place: str
    content: str
    minutes: int
    team: str
    leader: str
    grade: str


@dataclass(frozen=True)
class GiftRow:
    """A gift of the catalogue; ``points_centi`` is its price in hundredths of a point."""

    name: str
    points_centi: int
    stock: int
    minimum_star: int


Row = AreaRow | TeamRow | VolunteerRow | ServiceRow | GiftRow


@dataclass(frozen=True)
class Taken:
    """A row that may be taken. ``is_new`` is False where the service already holds it.

    ``tidied`` names what had to be read past: full-width digits, spaced phones and the like.
    """

    kind: str
    file: str
    sheet: str
    row_number: int
    row: Row
    is_new: bool
    tidied: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken: its raw cells, the reason, and the likely cure."""

    kind: str
    file: str
    sheet: str
    row_number: int
    cells: tuple[Any, ...]
    reason_code: str
    field: str | None
    cure: str | None


class Refusal(Exception):
    """Raised while a row is judged; never leaves this package (it becomes a RefusedRow)."""

    def __init__(self, reason_code: str, field: str | None = None, cure: str | None = None):
        super().__init__(reason_code)
        self.reason_code = reason_code
        self.field = field
        self.cure = cure

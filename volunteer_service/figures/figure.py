"""What a figure is: a code, a name, one defining sentence, a unit, and the rows that it counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Date, FromClause, case, func
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service.errors import Phrase
from volunteer_service.figures.periods import Period

#: Units and what one of them is called; minutes are written as hours, hundredths as points.
UNITS = {
    "persons": Phrase("人"),
    "participations": Phrase("人次"),
    "minutes": Phrase("小时"),
    "events": Phrase("场"),
    "teams": Phrase("支"),
    "records": Phrase("条"),
    "centi": Phrase("分"),
    "orders": Phrase("单"),
}

#: By what a figure can be broken down. ``area``: the areas directly below the one asked about.
DIMENSIONS = ("area", "brand", "project", "team", "grade", "stars", "month", "week", "expiry")

_Column = InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Asked:
    """The days that are counted, and the local day on which somebody asks."""

    period: Period
    today: date


@dataclass(frozen=True)
class Source:
    """Rows that several figures count, so that one statement computes all of them.

    ``rows`` are joined already and ``where`` says which of them count. ``area_id`` places a row,
    ``team_id`` is its team where it has one, ``keys`` are the columns of further dimensions.
    ``day`` is the local day or the instant of a row.

    ``counted`` says which days count: those ``within`` the period; all ``up_to`` its end, for what
    stands then; or ``now``, for what is only known of the moment, and ``where`` alone decides.
    """

    rows: Callable[[], FromClause]
    where: Callable[[Asked], list[ColumnElement[bool]]]
    area_id: _Column
    team_id: _Column | None = None
    day: _Column | None = None
    counted: Literal["within", "up_to", "now"] = "within"
    keys: Mapping[str, ColumnElement[Any] | _Column] = field(default_factory=dict)
    #: The list of staff that shows these rows, and the column of its ids.
    listed: tuple[str, _Column] | None = None

    @property
    def has_instants(self) -> bool:
        """True where ``day`` is an instant, false where it is a local day."""
        return self.day is not None and not isinstance(self.day.type, Date)

    def knows(self, dimension: str) -> bool:
        """Return whether its rows can be broken down by ``dimension``."""
        if dimension in ("month", "week"):
            return self.day is not None and self.counted == "within"
        if dimension == "team":
            return self.team_id is not None
        return dimension == "area" or dimension in self.keys


@dataclass(frozen=True)
class Figure:
    """One number of the programme.

    ``meaning`` is the sentence that defines it; a change of the count changes it too. ``only``:
    which rows of the source count. ``summed`` of them is added up, ``distinct`` of them is counted
    once; without either they are counted. ``listed`` where another list than the
    source's has its rows.
    """

    code: str
    name: Phrase
    meaning: Phrase
    unit: str
    source: Source
    only: Callable[[Asked], ColumnElement[bool]] | None = None
    summed: Any = None
    distinct: Any = None
    listed: tuple[str, _Column] | None = None

    @property
    def adds_up(self) -> bool:
        """True where parts of a breakdown sum up to the whole. People do not: one serves twice."""
        return self.distinct is None

    @property
    def behind(self) -> tuple[str, _Column] | None:
        """The list whose rows are those that are counted, and the column of its ids, if any is."""
        if self.distinct is not None:
            return self.listed
        return self.listed or self.source.listed

    def value(self, asked: Asked) -> ColumnElement[Any]:
        """Return the SQL of the value over the rows of the source."""
        only = self.only(asked) if self.only else None
        if self.distinct is not None:
            wanted = self.distinct if only is None else case((only, self.distinct))
            return func.count(wanted.distinct())
        if self.summed is None and only is None:
            return func.count()
        each = 1 if self.summed is None else self.summed
        return func.sum(each if only is None else case((only, each), else_=0))

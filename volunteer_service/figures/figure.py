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

#: The dimensions of a breakdown. ``area``: the areas directly below the one asked about.
DIMENSIONS = ("area", "brand", "project", "team", "grade", "stars", "month", "week", "expiry")

_Column = InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Asked:
    """The days that are counted, and the local day of the question."""

    period: Period
    today: date


@dataclass(frozen=True)
class Source:
    """Rows that several figures count, so that one statement computes all of them.

    ``rows`` are joined already, and ``where`` says which of them count. ``area_id`` is a row's
    area, ``team_id`` its team if it has one, ``keys`` are the columns of further dimensions.
    ``day`` is the local day or the instant of a row.

    ``counted`` says which days count: those ``within`` the period; all ``up_to`` its end, for the
    state at its end; or ``now``, for what is known only for the present, where ``where`` alone
    decides.
    """

    rows: Callable[[], FromClause]
    where: Callable[[Asked], list[ColumnElement[bool]]]
    area_id: _Column
    team_id: _Column | None = None
    day: _Column | None = None
    counted: Literal["within", "up_to", "now"] = "within"
    keys: Mapping[str, ColumnElement[Any] | _Column] = field(default_factory=dict)
    #: The staff list that shows these rows, and the column of its ids.
    listed: tuple[str, _Column] | None = None

    @property
    def has_instants(self) -> bool:
        """Tell whether ``day`` is an instant instead of a local day."""
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

    ``meaning`` is the sentence that defines it; a change of the count changes it too. ``only`` says
    which rows of the source count. ``summed`` is added up over them; each value of ``distinct`` is
    counted once; without either the rows are counted. ``listed`` is set if another list than the
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
        """Tell whether the parts of a breakdown add up to the whole. Counts of people do not,
        because one person may serve in two parts.
        """
        return self.distinct is None

    @property
    def behind(self) -> tuple[str, _Column] | None:
        """Return the list with the counted rows and the column of its ids, if there is one."""
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

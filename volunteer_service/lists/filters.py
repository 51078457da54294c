"""Kinds of filters: the value in an address, its WHERE, and the words of its chip.

An unreadable value is ignored, so that no address of a list ends in an error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from math import ceil, floor
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.paging import on_days
from volunteer_service.people.search import person_search
from volunteer_service.wording import gettext

Args = Mapping[str, str]
LARGEST_ID = 2**31
LONGEST_TEXT = 400
_LARGEST_AMOUNT = 10**9


class Filter(Protocol):
    """One filter of a list."""

    @property
    def name(self) -> str:
        """Return what distinguishes it from the list's other filters."""

    @property
    def label(self) -> Any:
        """Return its name for readers."""

    @property
    def control(self) -> str:
        """Return the control of the page that sets the filter."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the parameters of the address that it reads."""

    def read(self, args: Args) -> Any:
        """Return the value that is asked for, or None."""

    def where(self, value: Any) -> ColumnElement[bool]:
        """Return the rows that match."""

    def words(self, value: Any) -> str:
        """Return the value as its chip shows it."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """The search field: a name in any spelling, a number, a phone's tail, or a text of the rows."""

    label: Any
    person: InstrumentedAttribute[Any] | None = None
    texts: tuple[Any, ...] = ()
    name: str = "q"
    control: str = "search"

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, args: Args) -> str | None:
        return args.get(self.name, "").replace("\0", "").strip()[:LONGEST_TEXT] or None

    def where(self, value: str) -> ColumnElement[bool]:
        found = [text.contains(value, autoescape=True) for text in self.texts]
        if self.person is not None:
            found.append(and_(*person_search.by_text(value, self.person)))
        either: ColumnElement[bool] = found[0]
        for more in found[1:]:
            either = either | more
        return either

    def words(self, value: str) -> str:
        return value


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of a few codes; ``column`` holds the code, unless ``by`` gives the WHERE of each code."""

    name: str
    label: Any
    choices: Mapping[str, Any]
    column: Any = None
    by: Callable[[str], ColumnElement[bool]] | None = None
    #: The value where the address does not name the filter; an empty value removes it.
    default: str = ""
    control: str = "choice"

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, args: Args) -> str | None:
        value = args.get(self.name, self.default)
        return value if value in self.choices else None

    def where(self, value: str) -> ColumnElement[bool]:
        if self.by is not None:
            return self.by(value)
        equal: ColumnElement[bool] = self.column == value
        return equal

    def words(self, value: str) -> str:
        return str(self.choices[value])


@dataclass(frozen=True, kw_only=True)
class Flag:
    """A checkbox."""

    name: str
    label: Any
    matches: Callable[[], ColumnElement[bool]]
    control: str = "flag"

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, args: Args) -> bool | None:
        return True if args.get(self.name) else None

    def where(self, _value: bool) -> ColumnElement[bool]:
        return self.matches()

    def words(self, _value: bool) -> str:
        return ""


@dataclass(frozen=True, kw_only=True)
class Days:
    """Local days from and to, both included, on a column of instants or of days."""

    label: Any
    column: Any
    name: str = "on"
    is_instant: bool = False
    control: str = "days"

    @property
    def keys(self) -> tuple[str, ...]:
        if self.name == "on":
            return ("from_on", "to_on")
        return (f"{self.name}_from", f"{self.name}_to")

    def read(self, args: Args) -> tuple[date | None, date | None] | None:
        first, last = (_day(args.get(key, "")) for key in self.keys)
        return (first, last) if first or last else None

    def where(self, value: tuple[date | None, date | None]) -> ColumnElement[bool]:
        first, last = value
        if self.is_instant:
            return and_(*on_days(self.column, first, last))
        found = [self.column >= first] if first is not None else []
        found += [self.column <= last] if last is not None else []
        return and_(*found)

    def words(self, value: tuple[date | None, date | None]) -> str:
        first, last = value
        return f"{first.isoformat() if first else ''} – {last.isoformat() if last else ''}".strip()


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """Numbers from and to, both included. One typed unit is ``unit`` of the column's."""

    name: str
    label: Any
    column: Any
    unit: int = 1
    control: str = "amounts"

    @property
    def keys(self) -> tuple[str, ...]:
        return (f"{self.name}_from", f"{self.name}_to")

    def read(self, args: Args) -> tuple[Decimal | None, Decimal | None] | None:
        least, most = (_amount(args.get(key, "")) for key in self.keys)
        return None if least is None and most is None else (least, most)

    def where(self, value: tuple[Decimal | None, Decimal | None]) -> ColumnElement[bool]:
        least, most = value
        found = [self.column >= ceil(least * self.unit)] if least is not None else []
        found += [self.column <= floor(most * self.unit)] if most is not None else []
        return and_(*found)

    def words(self, value: tuple[Decimal | None, Decimal | None]) -> str:
        least, most = ("" if each is None else f"{each.normalize():f}" for each in value)
        return f"{least} – {most}".strip()


@dataclass(frozen=True, kw_only=True)
class Tree:
    """An area and everything below it; the page offers one level after another."""

    label: Any
    column: Any
    name: str = "area_id"
    control: str = "tree"

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, args: Args) -> Area | None:
        id_ = read_id(args.get(self.name, ""))
        return None if id_ is None else db.session.get(Area, id_)

    def where(self, value: Area) -> ColumnElement[bool]:
        return areas.within(self.column, [value.path])

    def words(self, value: Area) -> str:
        return value.name


@dataclass(frozen=True, kw_only=True)
class Named:
    """Rows of things whose name contains this text: a choice among thousands, by search.

    ``matching`` gives the WHERE from the WHERE of the named thing.
    """

    name: str
    label: Any
    named: InstrumentedAttribute[str]
    matching: Callable[[ColumnElement[bool]], ColumnElement[bool]]
    control: str = "text"

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, args: Args) -> str | None:
        return args.get(self.name, "").replace("\0", "").strip()[:60] or None

    def where(self, value: str) -> ColumnElement[bool]:
        return self.matching(self.named.contains(value, autoescape=True))

    def words(self, value: str) -> str:
        return value


@dataclass(frozen=True, kw_only=True)
class Exact:
    """One thing by its id, as other pages link to it; ``called`` gives its name for the chip."""

    name: str
    label: Any
    column: Any
    called: Callable[[int], Select[str]]
    control: str = "hidden"

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, args: Args) -> int | None:
        return read_id(args.get(self.name, ""))

    def where(self, value: int) -> ColumnElement[bool]:
        equal: ColumnElement[bool] = self.column == value
        return equal

    def words(self, value: int) -> str:
        return db.session.scalar(self.called(value)) or gettext("编号 %(id)s", id=value)


def called(
    name: InstrumentedAttribute[str], id_: InstrumentedAttribute[int]
) -> Callable[[int], Select[str]]:
    """Return the function with which an :class:`Exact` filter finds the name of its value."""
    return lambda value: select(name).where(id_ == value)


def named_by(name: str, label: Any, column: Any, model: Any) -> Named:
    """Return the filter of rows whose ``column`` is the id of a ``model`` of such a name."""
    return Named(
        name=name,
        label=label,
        named=model.name,
        matching=lambda named: ids_of(column, named, model.id),
    )


def words_of(codes: Mapping[str, tuple[Any, str]]) -> dict[str, Any]:
    """Return the choices of a column's codes: each code and its words."""
    return {code: words for code, (words, _kind) in codes.items()}


def ids_of(column: Any, matches: ColumnElement[bool], id_: Any) -> ColumnElement[bool]:
    """Return the WHERE of rows whose ``column`` is the id of something that matches."""
    found: ColumnElement[bool] = column.in_(select(id_).where(matches))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    if not text.isascii():
        return None
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found <= _LARGEST_AMOUNT else None


def read_id(text: str) -> int | None:
    """Return the id in an address; None if it is no id."""
    is_id = text.isascii() and text.isdecimal() and len(text) <= 10
    return int(text) if is_id and 0 < int(text) < LARGEST_ID else None

"""The declaration of a list: whose rows, which columns, filters and orders."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service.lists.filters import Filter
from volunteer_service.paging import Key, Sorts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right

#: A label from ``lazy_gettext``, which is translated when it is shown.
Words = Any
#: The words of a code, and the look of its badge.
Codes = Mapping[str, tuple[Words, str]]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: the expression that is read, and how its value is shown.

    ``kind`` is one of ``text``, ``day``, ``when``, ``hours``, ``points``, ``movement`` (points with
    their sign), ``number``, ``stars``, ``reasons`` (of stars), ``phone`` (masked), ``code`` (with
    ``codes``) and ``source`` (``record:7`` or ``order:7``: the source of points).
    """

    name: str
    label: Words
    sql: Any
    kind: str = "text"
    #: What a click on the heading sorts by: nothing, or keys for :class:`paging.Sorts`.
    sort: Key | tuple[Key, ...] | None = None
    #: Shown unless the reader chooses columns.
    is_first: bool = True
    #: Shown by default only to readers of more than one street.
    is_of_streets: bool = False
    #: Summed over all matching rows, on demand.
    is_summed: bool = False
    codes: Codes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StaffList:
    """A staff list. ``guard`` limits the rows to those that the reader may see, whatever is
    asked.
    """

    name: str
    title: Words
    #: Roles that read it, beside the admin.
    roles: tuple[str, ...]
    id_: InstrumentedAttribute[int]
    #: Joins the tables that filters and columns need to a query of ids.
    joined: Callable[[Select[Any]], Select[Any]]
    guard: Callable[[Actor], ColumnElement[bool]]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    #: The default order: a column's name, ``id``, or one of them with ``-``.
    order: str
    #: The right under which the reader's areas are offered.
    right: Right
    #: The area of a row, for the tree of areas.
    area: InstrumentedAttribute[Any] | None = None
    #: The person whose data a row holds, for the record of an auditor's download.
    whose: Any = None
    #: The key of the page to which a row leads, if that is not its id.
    lead: Any = None
    #: Writes the papers of a batch of this list as one PDF; None where a list has no papers.
    papers: Callable[..., int] | None = None
    #: True if everybody signed in reads it, whatever their roles.
    is_for_all: bool = False
    #: What an empty list says.
    empty: Words

    @cached_property
    def sorts(self) -> Sorts:
        """Return the orders that the headings offer."""
        keys = {each.name: each.sort for each in self.columns if each.sort is not None}
        return Sorts(self.id_, self.order, **keys)

    def column(self, name: str) -> Column:
        """Return the column of this name."""
        return next(each for each in self.columns if each.name == name)

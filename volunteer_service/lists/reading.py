"""Reads what was asked: a page of rows, how many match, sums, and all rows one after another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from volunteer_service.db import db
from volunteer_service.lists.asking import Asked
from volunteer_service.paging import ordered

#: Up to so many rows a count is always exact.
COUNTED = 10_000
#: The rows that a streamed export holds at a time.
_BATCH = 500


@dataclass(frozen=True)
class Row:
    """One row: its id, whose personal data it holds, and the values of the asked columns."""

    id: int
    person_id: int | None
    #: The key of the page to which it leads.
    lead: Any
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Found:
    """How many rows match; ``is_exact`` is false where there are more than were counted."""

    count: int
    is_exact: bool


def matching(asked: Asked) -> Select[int]:
    """Return the ids of all rows that the reader may see and the filters keep."""
    return seen(asked).where(*(each.where(value) for each, value in asked.filters))


def seen(asked: Asked) -> Select[int]:
    """Return the ids of all rows that the reader may see, whatever is filtered."""
    declared = asked.declared
    return declared.joined(select(declared.id_)).where(declared.guard(asked.by))


def count(asked: Asked) -> Found:
    """Return how many match: exactly up to :data:`COUNTED`, and beyond it where that is asked."""
    ids = matching(asked)
    if not asked.is_counted_whole:
        ids = ids.limit(COUNTED + 1)
    found = db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    if found > COUNTED and not asked.is_counted_whole:
        return Found(COUNTED, is_exact=False)
    return Found(found, is_exact=True)


def are_more_than(asked: Asked, most: int) -> bool:
    """Tell whether more rows match than ``most``; no more than these are counted."""
    ids = matching(asked).limit(most + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(ids)) or 0) > most


def rows(asked: Asked, *, first: ColumnElement[Any] | None = None) -> list[Row]:
    """Return the rows of the asked page; ``first`` is an order that comes before the requested one.

    Their ids are found first, so that a costly column is computed for these rows alone.
    """
    ids = matching(asked) if first is None else matching(asked).order_by(first)
    ids = ordered(ids, asked.declared.sorts, asked.sort)
    ids = ids.offset((asked.page - 1) * asked.size).limit(asked.size)
    return _these(asked, list(db.session.scalars(ids)))


def these(asked: Asked, ids: Sequence[int]) -> list[Row]:
    """Return the rows with these ids, as far as the reader may see them, whatever is filtered."""
    return _these(asked, list(db.session.scalars(seen(asked).where(asked.declared.id_.in_(ids)))))


def _these(asked: Asked, wanted: Sequence[int]) -> list[Row]:
    if not wanted:
        return []
    query = _with_columns(asked, asked.declared.joined(select(asked.declared.id_)))
    found = db.session.execute(query.where(asked.declared.id_.in_(wanted)))
    by_id = {each[0]: _row(asked, each) for each in found}
    return [by_id[id_] for id_ in wanted if id_ in by_id]


def every_row(asked: Asked) -> Iterator[Row]:
    """Yield all rows in their order from one statement, some in memory at a time."""
    query = ordered(_with_columns(asked, matching(asked)), asked.declared.sorts, asked.sort)
    # Closed with the generator, so that a reader who stops half-way leaves no cursor open.
    with db.session.execute(query, execution_options={"yield_per": _BATCH}) as found:
        for each in found:
            yield _row(asked, each)


def sums(asked: Asked) -> dict[str, int]:
    """Return the sums of the columns that are summed, over all rows that match."""
    summed = [each for each in asked.declared.columns if each.is_summed]
    if not summed:
        return {}
    within = matching(asked).add_columns(*(each.sql.label(each.name) for each in summed))
    of = within.subquery()
    query = select(*(func.coalesce(func.sum(of.c[each.name]), 0) for each in summed))
    totals: Sequence[Any] = db.session.execute(query).one()
    return {each.name: int(total) for each, total in zip(summed, totals, strict=True)}


def _with_columns(asked: Asked, query: Select[Any]) -> Select[Any]:
    person = asked.declared.whose
    whose = literal(None) if person is None else person
    lead = asked.declared.id_ if asked.declared.lead is None else asked.declared.lead
    # Two columns may read the same expression: labels keep both.
    return query.add_columns(
        whose.label("whose"),
        lead.label("lead"),
        *(each.sql.label(f"c_{each.name}") for each in asked.columns),
    )


def _row(asked: Asked, found: Any) -> Row:
    return Row(found[0], found[1], found[2], tuple(found[3 : 3 + len(asked.columns)]))

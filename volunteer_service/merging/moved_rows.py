"""Keeps every row that a merging changes: the old values, the new ones and the rest of its state.

Undoing writes the old values back where the row is still as the merging left it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Date, Table, bindparam, insert, select, update

from volunteer_service.db import Base, UtcDateTime, db
from volunteer_service.merging.teams.models import TeamMerging, TeamMergingMove
from volunteer_service.people.changes.change_models import Merging, MergingMove

Move = TypeVar("Move", MergingMove, TeamMergingMove)
#: The table of moves of each kind of merging.
_KEPT: dict[type[Any], type[Any]] = {Merging: MergingMove, TeamMerging: TeamMergingMove}

#: The name, in place of a table's, of a move that keeps how a record counted before its overlap was
#: refused.
OVERLAP = "overlap"
#: The same for the values that the two entries exchanged, by keyed hash.
EXCHANGED = "exchanged"
_OF_VERBS = (OVERLAP, EXCHANGED)


def move_all(
    merging: Merging, table: Table, where: ColumnElement[bool], *, stood: Iterable[str] = ()
) -> int:
    """Move the matching rows of the merged entry to the kept one; return how many."""
    guards = [table.c[name] for name in stood]
    found = db.session.execute(select(table.c.id, *guards).where(where)).all()
    before, after = {"volunteer_id": merging.merged_id}, {"volunteer_id": merging.kept_id}
    _keep(
        merging,
        [(table.name, row[0], before, after, _named(guards, row[1:])) for row in found],
    )
    if found:
        db.session.connection().execute(
            update(table).where(table.c.id == bindparam("row")).values(**after),
            [{"row": row[0]} for row in found],
        )
    return len(found)


def change(
    merging: Merging | TeamMerging,
    table: Table,
    row_id: int,
    values: Mapping[str, Any],
    *,
    stood: Iterable[str] = (),
) -> None:
    """Set columns of one row and keep their old values."""
    names = list(values)
    guards = list(stood)
    columns = [table.c[name] for name in (*names, *guards)]
    row = db.session.execute(select(*columns).where(table.c.id == row_id)).one()
    before = _named(columns[: len(names)], row[: len(names)])
    after = {name: _plain(value) for name, value in values.items()}
    _keep(
        merging,
        [(table.name, row_id, before, after, _named(columns[len(names) :], row[len(names) :]))],
    )
    db.session.execute(update(table).where(table.c.id == row_id).values(**values))


def note(
    merging: Merging, table_name: str, row_id: int, before: dict[str, Any], **stood: Any
) -> None:
    """Keep the old values of a row that another verb changed and will restore."""
    _keep(merging, [(table_name, row_id, before, {}, stood)])


def of(merging: Merging | TeamMerging, table_name: str | None = None) -> Sequence[Any]:
    """Return the moves of a merging, newest first."""
    kept = _KEPT[type(merging)]
    query = select(kept).where(kept.merging_id == merging.id)
    if table_name is not None:
        query = query.where(kept.table_name == table_name)
    return db.session.scalars(query.order_by(kept.id.desc())).all()


def changed_since(moves: Iterable[MergingMove]) -> Counter[str]:
    """Count, by table, the rows that changed after the merging; deleted rows do not count."""
    return Counter(move.table_name for move in changed(moves))


def changed(moves: Iterable[Move]) -> list[Move]:
    """Return the moves whose rows changed after the merging; deleted rows do not count."""
    found = []
    for move in moves:
        if move.table_name in _OF_VERBS:
            continue
        now = _now(move, {**move.after, **move.stood})
        if now is not None and now != {**move.after, **move.stood}:
            found.append(move)
    return found


def put_back(moves: Iterable[MergingMove | TeamMergingMove]) -> None:
    """Write the old values back."""
    for move in moves:
        if move.table_name in _OF_VERBS:
            continue
        table = Base.metadata.tables[move.table_name]
        values = {name: _typed(table, name, value) for name, value in move.before.items()}
        db.session.execute(update(table).where(table.c.id == move.row_id).values(**values))
    db.session.expire_all()


def _now(move: MergingMove | TeamMergingMove, names: Mapping[str, Any]) -> dict[str, Any] | None:
    table = Base.metadata.tables[move.table_name]
    columns = [table.c[name] for name in names]
    row = db.session.execute(select(*columns).where(table.c.id == move.row_id)).one_or_none()
    return None if row is None else _named(columns, row)


def _keep(merging: Merging | TeamMerging, rows: list[tuple[str, int, Any, Any, Any]]) -> None:
    if not rows:
        return
    names = ("table_name", "row_id", "before", "after", "stood")
    values = [{"merging_id": merging.id, **dict(zip(names, row, strict=True))} for row in rows]
    db.session.execute(insert(_KEPT[type(merging)]), values)


def _named(columns: Sequence[Any], values: Iterable[Any]) -> dict[str, Any]:
    pairs = zip(columns, values, strict=True)
    return {column.name: _plain(value) for column, value in pairs}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if value is None or not isinstance(kind, UtcDateTime | Date):
        return value
    return (date if isinstance(kind, Date) else datetime).fromisoformat(value)

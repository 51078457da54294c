"""Every row that a merging changes is kept: what was, what is, and how it stood otherwise.

Undoing writes back what was, where the row is still as the merging left it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Table, bindparam, insert, select, update

from volunteer_service.db import Base, UtcDateTime, db
from volunteer_service.people.change_models import Merging, MergingMove

#: A move that no table of this name has: how a record counted before its overlap was refused.
OVERLAP = "overlap"
#: The same: which values the two entries exchanged, by keyed hash.
EXCHANGED = "exchanged"
_OF_VERBS = (OVERLAP, EXCHANGED)


def move_all(
    merging: Merging, table: Table, where: ColumnElement[bool], *, stood: Iterable[str] = ()
) -> int:
    """Give the rows of the merged entry that fit to the kept one; how many they are."""
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
    merging: Merging,
    table: Table,
    row_id: int,
    values: Mapping[str, Any],
    *,
    stood: Iterable[str] = (),
) -> None:
    """Set columns of one row, and keep what they were."""
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
    """Keep what was of a row that a verb of its own changed and will restore."""
    _keep(merging, [(table_name, row_id, before, {}, stood)])


def of(merging: Merging, table_name: str | None = None) -> Sequence[MergingMove]:
    """The moves of a merging, the latest first."""
    query = select(MergingMove).where(MergingMove.merging_id == merging.id)
    if table_name is not None:
        query = query.where(MergingMove.table_name == table_name)
    return db.session.scalars(query.order_by(MergingMove.id.desc())).all()


def changed_since(moves: Iterable[MergingMove]) -> Counter[str]:
    """Count by table the rows that are no more as the merging left them; gone ones are none."""
    found: Counter[str] = Counter()
    for move in moves:
        if move.table_name in _OF_VERBS:
            continue
        now = _now(move, {**move.after, **move.stood})
        if now is not None and now != {**move.after, **move.stood}:
            found[move.table_name] += 1
    return found


def put_back(moves: Iterable[MergingMove]) -> None:
    """Write back what was."""
    for move in moves:
        if move.table_name in _OF_VERBS:
            continue
        table = Base.metadata.tables[move.table_name]
        values = {name: _typed(table, name, value) for name, value in move.before.items()}
        db.session.execute(update(table).where(table.c.id == move.row_id).values(**values))
    db.session.expire_all()


def _now(move: MergingMove, names: Mapping[str, Any]) -> dict[str, Any] | None:
    table = Base.metadata.tables[move.table_name]
    columns = [table.c[name] for name in names]
    row = db.session.execute(select(*columns).where(table.c.id == move.row_id)).one_or_none()
    return None if row is None else _named(columns, row)


def _keep(merging: Merging, rows: list[tuple[str, int, Any, Any, Any]]) -> None:
    if not rows:
        return
    names = ("table_name", "row_id", "before", "after", "stood")
    values = [{"merging_id": merging.id, **dict(zip(names, row, strict=True))} for row in rows]
    db.session.execute(insert(MergingMove), values)


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

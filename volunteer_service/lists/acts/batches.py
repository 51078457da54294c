"""Judges, does and undoes an act on many rows, some rows in each transaction.

The verb itself judges a row, in a savepoint that is rolled back, so the preview applies every rule
of the act. A batch belongs to the account that began it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from volunteer_service import db as database
from volunteer_service import journal, wording
from volunteer_service.db import db
from volunteer_service.errors import NotFound, Phrase, Refused
from volunteer_service.lists import reading
from volunteer_service.lists.acts import declared
from volunteer_service.lists.acts.declaration import Act
from volunteer_service.lists.acts.models import Batch, BatchRow
from volunteer_service.lists.acts.refusals import (
    ActNotUndone,
    BatchNotReady,
    NothingChosen,
    TooManyChosen,
)
from volunteer_service.lists.asking import Asked
from volunteer_service.people.authorization.actor import Actor

Values = dict[str, Any]
#: The most rows of one batch.
MOST = 20_000
#: The rows of one transaction.
CHUNK = 50
#: Up to so many rows a step is done within the request that begins it.
AT_ONCE = 200
#: The state in which a step begins, the rows it handles, and the state in which it ends.
_STEPS = {"judging": ("open", "judged"), "running": ("fit", "done"), "undoing": ("done", "undone")}


def begin(
    asked: Asked,
    act_name: str,
    values: dict[str, Any],
    *,
    chosen: Sequence[int] | None,
    by: Actor,
    at: datetime,
) -> Batch:
    """Begin to judge an act on the ``chosen`` rows, or on all that match; nothing is done yet.

    Rows that the actor does not see are left out. Raises :class:`NothingChosen` and
    :class:`TooManyChosen`.
    """
    act = _act(asked.declared.name, act_name, by)
    ids = _ids(asked, chosen, act.most or MOST)
    if act.need_room is not None:
        act.need_room(len(ids), by, at)
    settled = act.settled(values, by) if act.settled else values
    row = Batch(
        list_name=asked.declared.name,
        act=act.name,
        values=settled,
        account_id=_account_id(by),
        state="judging",
        total=len(ids),
        created_at=at,
        moved_at=at,
    )
    db.session.add(row)
    db.session.flush()
    for some in database.in_lists(ids):
        rows = [{"batch_id": row.id, "row_id": id_, "state": "open"} for id_ in some]
        db.session.execute(insert(BatchRow), rows)
    return row


def run(batch_id: int, *, by: Actor, at: datetime) -> Batch:
    """Begin to do what was judged and shown."""
    return _turn(batch_id, "judged", "running", by, at)


def undo(batch_id: int, *, by: Actor, at: datetime) -> Batch:
    """Begin to undo what a batch did, if its act can be undone; also for a stopped batch."""
    if act_of(of(batch_id, by=by)).undo is None:
        raise ActNotUndone()
    return _turn(batch_id, "done", "undoing", by, at)


def stop(batch_id: int, *, by: Actor, at: datetime) -> Batch:
    """Stop a batch: nothing stays of one that was only judged, and the rest is left out of one that
    is running.
    """
    row = of(batch_id, by=by, lock=True)
    if row.state not in ("judging", "judged", "running"):
        raise BatchNotReady()
    row.state, row.moved_at = "done" if row.state == "running" else "stopped", at
    return row


def advance(batch_id: int, *, by: Actor, at: datetime) -> bool:
    """Handle the next rows; tell whether more are left. The caller commits after each call."""
    batch = of(batch_id, by=by, lock=True)
    if batch.state not in _STEPS:
        return False
    wanted, ended = _STEPS[batch.state]
    take_on = _steps_of(batch, by, at)
    query = select(BatchRow.row_id, BatchRow.made_id).where(
        BatchRow.batch_id == batch_id, BatchRow.state == wanted
    )
    rows = db.session.execute(query.order_by(BatchRow.row_id).limit(CHUNK)).all()
    with journal.batch(batch_id):
        found = [(row_id, take_on(row_id, made_id)) for row_id, made_id in rows]
    for row_id, values in found:
        which = (BatchRow.batch_id == batch_id, BatchRow.row_id == row_id)
        db.session.execute(update(BatchRow).where(*which).values(**values))
    batch = of(batch_id, by=by)
    batch.moved_at = at
    if len(rows) < CHUNK:
        batch.state = ended
    db.session.flush()
    return len(rows) == CHUNK


def of(batch_id: int, *, by: Actor, lock: bool = False) -> Batch:
    """Return one of the actor's own batches."""
    row = database.fetch(Batch, batch_id, lock=lock)
    if row.account_id != by.account_id:
        raise NotFound()
    return row


def act_of(batch: Batch) -> Act:
    """Return the act of a batch."""
    return next(each for each in declared.ACTS[batch.list_name] if each.name == batch.act)


def counted(batch: Batch) -> dict[str, int]:
    """Return the number of rows by state."""
    query = select(BatchRow.state, func.count()).where(BatchRow.batch_id == batch.id)
    rows = db.session.execute(query.group_by(BatchRow.state)).all()
    return {row[0]: row[1] for row in rows}


def rows_of(batch: Batch, *states: str, limit: int) -> Sequence[BatchRow]:
    """Return the first rows in this state."""
    query = select(BatchRow).where(BatchRow.batch_id == batch.id, BatchRow.state.in_(states))
    return db.session.scalars(query.order_by(BatchRow.row_id).limit(limit)).all()


def done_of(batch: Batch) -> list[int]:
    """Return what was done: the id of what each row produced, or of the row itself."""
    made = func.coalesce(BatchRow.made_id, BatchRow.row_id)
    query = select(made).where(BatchRow.batch_id == batch.id, BatchRow.state == "done")
    return list(db.session.scalars(query.order_by(BatchRow.row_id)))


def _turn(batch_id: int, before: str, after: str, by: Actor, at: datetime) -> Batch:
    row = of(batch_id, by=by, lock=True)
    if row.state != before:
        raise BatchNotReady()
    row.state, row.moved_at = after, at
    return row


def _act(list_name: str, act_name: str, by: Actor) -> Act:
    found = [each for each in declared.offered(list_name, by=by) if each.name == act_name]
    if not found:
        raise NotFound()
    return found[0]


def _account_id(by: Actor) -> int:
    if by.account_id is None:
        raise NotFound()
    return by.account_id


def _ids(asked: Asked, chosen: Sequence[int] | None, most: int) -> list[int]:
    matching = reading.matching(asked)
    if chosen is None:
        ids = list(db.session.scalars(matching.limit(most + 1)))
    else:
        # Not by the filters, because ticked rows may have changed since the page was drawn.
        seen = reading.seen(asked)
        ids = [
            id_
            for some in database.in_lists(sorted(set(chosen))[: most + 1])
            for id_ in db.session.scalars(seen.where(asked.declared.id_.in_(some)))
        ]
    if not ids:
        raise NothingChosen()
    if len(ids) > most:
        raise TooManyChosen(most=most, count=f"{most}+")
    return sorted(set(ids))


def _steps_of(batch: Batch, by: Actor, at: datetime) -> Callable[[int, int | None], Values]:
    """Return the function of one step: it takes a row's id and what was made, and returns the row's
    columns.
    """
    act, values = act_of(batch), dict(batch.values)

    def work(row_id: int) -> tuple[int | None, Phrase | None]:
        made = act.work(row_id, values, by, at)
        return made, act.noted(made) if act.noted and made is not None else None

    def judge(row_id: int, _made_id: int | None) -> Values:
        tried, refused = _tried(lambda: work(row_id), keep=False)
        return _columns("unfit", refused) if refused else _columns("fit", tried[1])

    def do(row_id: int, _made_id: int | None) -> Values:
        tried, refused = _tried(lambda: work(row_id), keep=True)
        return _columns("refused", refused) if refused else _columns("done", tried[1], tried[0])

    def take_back(row_id: int, made_id: int | None) -> Values:
        undo_one = act.undo or _never
        _made, refused = _tried(lambda: undo_one(row_id, made_id, by, at), keep=True)
        return _columns("kept" if refused else "undone", refused, made_id)

    return {"judging": judge, "running": do, "undoing": take_back}[batch.state]


def _columns(state: str, said: Refused | Phrase | None, made_id: int | None = None) -> Values:
    trouble = wording.kept_phrase(said) if isinstance(said, Phrase) else said and wording.kept(said)
    return {"state": state, "trouble": trouble, "made_id": made_id}


def _never(*_args: object) -> None:
    raise ActNotUndone()


def _tried(work: Callable[[], Any], *, keep: bool) -> tuple[Any, Refused | None]:
    """Do one row in a savepoint; a refused or only judged row leaves nothing behind.

    The result of ``work`` is returned in either case.
    """
    point, info = db.session.begin_nested(), db.session().info
    before = {name: list(info.get(name, ())) for name in ("after_commit", "after_rollback")}
    made, refused = None, None
    try:
        made = work()
        db.session.flush()
    except Refused as error:
        refused = error
    if refused is None and keep:
        point.commit()
        return made, None
    point.rollback()
    # Objects read in between may come from a statement that is rolled back.
    db.session.expire_all()
    info.update(before)
    return made, refused

"""Seals of the ledger: a hash chain over the transfers, so that an edit or a removed end is
detected.

A seal keeps its format and is always computed again in it: a later column of transfers belongs to
the next format, not to existing seals.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from volunteer_service.db import db, insert_new
from volunteer_service.errors import WrittenByNewerProgram
from volunteer_service.scoring.points import accounts
from volunteer_service.scoring.points.models import Seal, Transfer

START = "0" * 64

#: The columns that are hashed, by format; formats are only ever added.
COLUMNS: dict[int, tuple[str, ...]] = {
    1: (
        "id",
        "debit_id",
        "credit_id",
        "amount",
        "kind",
        "source_type",
        "source_id",
        "expires_on",
        "reason",
        "reverses_id",
        "at",
        "account_id",
    ),
}


def seal(*, at: datetime) -> Seal | None:
    """Seal the transfers that no late commit can join any more; None if there are no new ones.

    Ids are not in commit order: on PostgreSQL a row may appear below one that is there already. So
    a seal covers transfers up to the mark of the seal before, once every transaction of that time
    has ended.
    """
    last = _last()
    return _seal(last, _highest() if accounts.is_sqlite() else _settled(last), at)


def seal_everything(*, at: datetime) -> str:
    """Seal every transfer that is there, this transaction's too; return the head to print.

    On PostgreSQL whoever writes one is waited for, and waits until this transaction ends.
    """
    if not accounts.is_sqlite():
        db.session.execute(text("LOCK TABLE transfers IN SHARE ROW EXCLUSIVE MODE"))
    _seal(_last(), _highest(), at)
    return head()


def _highest() -> int:
    return db.session.scalar(select(func.max(Transfer.id))) or 0


def _seal(last: Seal | None, upto: int | None, at: datetime) -> Seal | None:
    highest, mark_at = _highest(), last.mark_id if last else 0
    if upto is None or (upto == (last.upto_id if last else 0) and highest == mark_at):
        return None
    from_id = last.upto_id + 1 if last else 1
    format_ = max(COLUMNS)
    head, count = chain(last.head if last else START, from_id, upto, format_)
    row = {
        "previous_id": last.id if last else 0,
        "from_id": from_id,
        "upto_id": upto,
        "count": count,
        "head": head,
        "mark_id": highest,
        "mark_xid": None if accounts.is_sqlite() else _next_xid(),
        "at": at,
        "format": format_,
    }
    # If two jobs seal at once, the second seal has the same predecessor and is dropped.
    accounts.run(insert_new(Seal).on_conflict_do_nothing(), [row])
    return _last()


def head() -> str:
    """Return the head of the chain, printed on the desk's day sheet."""
    last = _last()
    return last.head if last else START


@dataclass(frozen=True)
class Since:
    """What a printed head covers, and what came after it: transfers, and their hundredths."""

    sealed_at: datetime
    upto_id: int
    transfers: int
    amount: int


def since(head_: str) -> Since | None:
    """Return what came since this head was printed; None where it is not in the chain.

    That the chain itself is unbroken is the doctor's question.
    """
    row = db.session.scalars(select(Seal).where(Seal.head == head_.strip().lower())).one_or_none()
    if row is None:
        return None
    later = select(func.count(), func.coalesce(func.sum(Transfer.amount), 0))
    transfers, amount = db.session.execute(later.where(Transfer.id > row.upto_id)).one()
    return Since(row.at, row.upto_id, transfers, int(amount))


def chain(start: str, from_id: int, upto_id: int, format_: int) -> tuple[str, int]:
    """Return the hash over these transfers in id order, starting from ``start``, and their number.

    Raises ``WrittenByNewerProgram`` for a format that is not known here.
    """
    WrittenByNewerProgram.unless(format_, known=max(COLUMNS))
    digest, count = start, 0
    for line in _lines(from_id, upto_id, COLUMNS[format_]):
        digest = hashlib.sha256(f"{digest}\n{line}".encode()).hexdigest()
        count += 1
    return digest, count


def _lines(from_id: int, upto_id: int, names: tuple[str, ...]) -> Iterator[str]:
    columns = [Transfer.__table__.columns[name] for name in names]
    query = select(*columns).where(Transfer.id.between(from_id, upto_id)).order_by(Transfer.id)
    for row in db.session.execute(query.execution_options(yield_per=5000)):
        yield "|".join(_plain(value) for value in row)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _last() -> Seal | None:
    return db.session.scalars(select(Seal).order_by(Seal.id.desc()).limit(1)).one_or_none()


def _settled(last: Seal | None) -> int | None:
    """Return the id up to which no transaction can still add a row; None while that is unknown."""
    if last is None:
        return 0
    oldest = db.session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text"))
    return last.mark_id if int(oldest or 0) >= (last.mark_xid or 0) else None


def _next_xid() -> int:
    newest = db.session.scalar(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))
    return int(newest or 0)

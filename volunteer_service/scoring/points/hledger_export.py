"""Exports the ledger in hledger's format, so that an independent program can check it."""

from collections.abc import Iterator

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.scoring.points.models import PointsAccount, Transfer

#: The format named in the first line; only the newest is written.
FORMAT = 1


def journal_export() -> Iterator[str]:
    """Yield lines of an hledger journal: every transfer, then every stored balance as an assertion.

    It is written in one pass with constant memory. Check it with ``hledger -f FILE check``.
    """
    names = {
        row.id: f"points:{row.system_name}" if row.system_name else f"members:{row.id}"
        for row in db.session.execute(select(PointsAccount.id, PointsAccount.system_name))
    }
    yield f"; volunteer_service points, format {FORMAT}"
    yield "commodity 1.00 P"
    yield ""
    last = None
    for row in db.session.execute(
        select(Transfer.__table__).order_by(Transfer.id).execution_options(yield_per=5000)
    ):
        last = max(last, row.at) if last else row.at
        day = settings.local_day(row.at)
        yield f"{day} ({row.id}) {row.kind} {row.source_type}/{row.source_id}"
        yield f"    {names[row.debit_id]}  {_amount(-row.amount)}"
        yield f"    {names[row.credit_id]}  {_amount(row.amount)}"
        yield ""
    if last is not None:
        yield f"{settings.local_day(last)} stored balances"
        query = select(PointsAccount.id, PointsAccount.posted).where(
            PointsAccount.system_name.is_(None)
        )
        for id_, posted in db.session.execute(query.order_by(PointsAccount.id)):
            yield f"    {names[id_]}  0.00 P = {_amount(posted)}"


def _amount(centi: int) -> str:
    sign = "-" if centi < 0 else ""
    return f"{sign}{abs(centi) // 100}.{abs(centi) % 100:02d} P"

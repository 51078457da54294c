"""Accounts of points: a member's row is the lock of everything that changes the member's points.

These tables are read and written by plain statements, never through mapped objects, because a row
that another transaction may change must be read when it is needed and not kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, Executable, select, update

from volunteer_service.db import db, in_lists, insert_new
from volunteer_service.scoring.points.models import SYSTEM_ACCOUNTS, PointsAccount
from volunteer_service.scoring.points.refusals import NotEnoughPoints


@dataclass(frozen=True)
class Member:
    """A member's account as it stood when it was locked (hundredths)."""

    id: int
    volunteer_id: int
    posted: int
    held: int
    debt: int


def run(statement: Executable, rows: Sequence[dict[str, Any]] | None = None) -> CursorResult[Any]:
    """Execute a writing statement without mapped objects; with ``rows`` once for each of them."""
    connection = db.session.connection()
    return connection.execute(statement, rows) if rows else connection.execute(statement)


def is_sqlite() -> bool:
    """Tell whether the database is the embedded one, where a writing transaction is alone
    anyway.
    """
    return db.engine.dialect.name == "sqlite"


def open_accounts(volunteer_ids: Iterable[int]) -> None:
    """Open an account for each of these volunteers without one."""
    rows = [{"volunteer_id": id_, "posted": 0} for id_ in sorted(set(volunteer_ids))]
    db.session.flush()
    if rows:
        run(insert_new(PointsAccount).on_conflict_do_nothing(), rows)


def lock(volunteer_ids: Iterable[int]) -> dict[int, Member]:
    """Lock these members' accounts until the commit, always in the same order (by volunteer)."""
    found: dict[int, Member] = {}
    for ids in in_lists(sorted(set(volunteer_ids))):
        query = (
            select(
                PointsAccount.id,
                PointsAccount.volunteer_id,
                PointsAccount.posted,
                PointsAccount.held,
                PointsAccount.debt,
            )
            .where(PointsAccount.volunteer_id.in_(ids))
            .order_by(PointsAccount.volunteer_id)
            .with_for_update()
        )
        for row in db.session.execute(query):
            member = Member(row.id, row.volunteer_id, row.posted, row.held, row.debt)
            found[member.volunteer_id] = member
    return found


def move(member_id: int, *, posted: int = 0, held: int = 0, debt: int = 0, steps: int = 1) -> None:
    """Change a stored balance by these amounts and raise its version by one, or raise
    :class:`NotEnoughPoints`.
    """
    changed = run(
        update(PointsAccount)
        .where(
            PointsAccount.id == member_id,
            PointsAccount.posted - PointsAccount.held + (posted - held) >= 0,
        )
        .values(
            posted=PointsAccount.posted + posted,
            held=PointsAccount.held + held,
            debt=PointsAccount.debt + debt,
            version=PointsAccount.version + steps,
        )
    ).rowcount
    if not changed:
        raise NotEnoughPoints(missing=_missing(member_id, held - posted))


def short_of(centi: int) -> NotEnoughPoints:
    """Return the refusal that names how many points are missing."""
    return NotEnoughPoints(missing=worded(centi))


def _missing(member_id: int, wanted: int) -> str:
    available = db.session.scalar(
        select(PointsAccount.posted - PointsAccount.held).where(PointsAccount.id == member_id)
    )
    return worded(wanted - (available or 0))


def worded(centi: int) -> str:
    """Return points (hundredths, not below 0) as a sentence shows them: ``12.50``."""
    return f"{centi // 100}.{centi % 100:02d}"


def system() -> dict[str, int]:
    """Return the ids of the system accounts by name, made on first use."""
    query = select(PointsAccount.system_name, PointsAccount.id).where(
        PointsAccount.system_name.in_(SYSTEM_ACCOUNTS)
    )
    found = {str(name): id_ for name, id_ in db.session.execute(query)}
    if len(found) < len(SYSTEM_ACCOUNTS):
        rows = [{"system_name": name} for name in SYSTEM_ACCOUNTS]
        run(insert_new(PointsAccount).on_conflict_do_nothing(), rows)
        found = {str(name): id_ for name, id_ in db.session.execute(query)}
    return found

"""Lists the entries of the ledger, for staff who check it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select

from volunteer_service.db import db
from volunteer_service.paging import Page, on_days, page
from volunteer_service.people import person_search
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points.balances import STATEMENT_SORTS
from volunteer_service.scoring.points.models import PointsAccount, Transfer


@dataclass(frozen=True)
class Entry:
    """One transfer as its member sees it: what came in (hundredths) or, negative, went out."""

    transfer: Transfer
    volunteer: Volunteer
    amount: int


def entries(
    *,
    by: Actor,
    q: str = "",
    kind: str | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Entry]:
    """Transfers of members who live where ``by`` sees points, newest first.

    ``q`` is a member's whole number or part of a name; days are local and both count.
    """
    members = _members(by, q.strip())
    query = select(Transfer).where(
        or_(Transfer.debit_id.in_(members), Transfer.credit_id.in_(members))
    )
    if kind is not None:
        query = query.where(Transfer.kind == kind)
    query = query.where(*on_days(Transfer.at, from_on, to_on))
    found = page(query, STATEMENT_SORTS, cursor=cursor, limit=limit)
    owners = _owners(found.items)
    return Page([_entry(row, owners) for row in found.items], found.next)


def _members(by: Actor, q: str) -> Select[int]:
    query = select(PointsAccount.id).join(Volunteer, Volunteer.id == PointsAccount.volunteer_id)
    query = query.where(living_under(by, Right.POINTS_SEE))
    return query.where(*person_search.by_text(q))


def _owners(transfers: Iterable[Transfer]) -> dict[int, Volunteer]:
    ids = {id_ for row in transfers for id_ in (row.debit_id, row.credit_id)}
    query = select(PointsAccount.id, Volunteer).join(
        Volunteer, Volunteer.id == PointsAccount.volunteer_id
    )
    rows = db.session.execute(query.where(PointsAccount.id.in_(ids))).all()
    return dict(rows)


def _entry(row: Transfer, owners: dict[int, Volunteer]) -> Entry:
    # The other side is always one of the programme's own accounts.
    if row.credit_id in owners:
        return Entry(row, owners[row.credit_id], row.amount)
    return Entry(row, owners[row.debit_id], -row.amount)

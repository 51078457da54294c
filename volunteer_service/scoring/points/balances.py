"""Reads a member's points: the balance, and the statement of credits and debits."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import aliased

from volunteer_service.db import db, fetch
from volunteer_service.openings.models import OPENING, OpeningPoints
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under, need_on_person
from volunteer_service.people.merged_entries import is_entry_of
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points.models import Lot, PointsAccount, Transfer

#: The one order in which each line's balance follows from the line before.
STATEMENT_SORTS = Sorts(Transfer.id, "-id")


@dataclass(frozen=True)
class Standing:
    """A member's points in hundredths, as of one local day."""

    available: int = 0
    #: Points of unconfirmed records; filled in by ``rewards.purse``, which reads records.
    waiting: int = 0
    held: int = 0
    debt: int = 0
    #: Available points by their last valid day, soonest first.
    expiring: list[tuple[date, int]] = field(default_factory=list)
    #: Everything that was credited, including what was taken over.
    earned: int = 0
    #: The part of it taken over from an earlier system and not taken back.
    opening: int = 0
    spent: int = 0
    expired: int = 0


@dataclass(frozen=True)
class Line:
    """One line of a statement: signed amount, and the balance after it."""

    transfer: Transfer
    amount: int
    balance: int


def need_sight(volunteer_id: int, *, by: Actor) -> Volunteer:
    """Pass for the owner of the points, and for anybody who holds ``points.see`` where the owner
    lives.
    """
    row = fetch(Volunteer, volunteer_id)
    if by.volunteer_id != row.id:
        need_on_person(by, Right.POINTS_SEE, row)
    return row


def standing(volunteer_id: int, on: date) -> Standing:
    """Return what a member can spend ``on`` a day, what is held, owed, ending, and the
    sums so far.
    """
    account = _account(volunteer_id)
    if account is None:
        return Standing()
    member_id, held, debt = account
    rows = db.session.execute(
        select(Lot.expires_on, Lot.remaining)
        .where(Lot.points_account_id == member_id, Lot.remaining > 0)
        .order_by(Lot.expires_on)
    ).all()
    live = [(day, remaining) for day, remaining in rows if day >= on]
    due = sum(remaining for day, remaining in rows if day < on)
    sums = _sums(member_id)
    return Standing(
        available=sum(remaining for _day, remaining in live),
        held=held,
        debt=debt,
        expiring=live,
        earned=sum(sums.get(way, 0) for way in ("earn", OPENING, "adjust", "taken_back")),
        opening=_opening(volunteer_id),
        spent=-sums.get("redeem", 0) - sums.get("given_back", 0),
        expired=due - sums.get("expire", 0) - sums.get("waive", 0),
    )


def statement(volunteer_id: int, *, cursor: str | None = None, limit: int = 50) -> Page[Line]:
    """Return the member's transfers, newest first, each with the balance after it."""
    account = _account(volunteer_id)
    if account is None:
        return Page([], None)
    member_id = account[0]
    found = page(_of(member_id), STATEMENT_SORTS, cursor=cursor, limit=limit)
    balance = _balance_at(member_id, found.items[0].id) if found.items else 0
    lines = []
    for transfer in found.items:
        amount = transfer.amount if transfer.credit_id == member_id else -transfer.amount
        lines.append(Line(transfer, amount, balance))
        balance -= amount
    return Page(lines, found.next)


def outstanding(
    *, from_on: date | None = None, to_on: date | None = None, by: Actor
) -> list[tuple[date, int, int]]:
    """Return unspent points of the actor's places by their last valid day: day, hundredths,
    members.
    """
    days = [Lot.expires_on >= from_on] if from_on else []
    days += [Lot.expires_on <= to_on] if to_on else []
    query = (
        select(Lot.expires_on, func.sum(Lot.remaining), func.count())
        .join(PointsAccount, PointsAccount.id == Lot.points_account_id)
        .join(Volunteer, Volunteer.id == PointsAccount.volunteer_id)
        .where(Lot.remaining > 0, living_under(by, Right.POINTS_SEE), *days)
        .group_by(Lot.expires_on)
        .order_by(Lot.expires_on)
    )
    return [(day, int(total), count) for day, total, count in db.session.execute(query)]


def _account(volunteer_id: int) -> tuple[int, int, int] | None:
    row = db.session.execute(
        select(PointsAccount.id, PointsAccount.held, PointsAccount.debt).where(
            PointsAccount.volunteer_id == volunteer_id
        )
    ).one_or_none()
    return None if row is None else (row.id, row.held, row.debt)


def _of(member_id: int) -> Select[Transfer]:
    return select(Transfer).where(
        or_(Transfer.debit_id == member_id, Transfer.credit_id == member_id)
    )


def _balance_at(member_id: int, upto_id: int) -> int:
    signed = case((Transfer.credit_id == member_id, Transfer.amount), else_=-Transfer.amount)
    query = select(func.coalesce(func.sum(signed), 0)).where(
        or_(Transfer.debit_id == member_id, Transfer.credit_id == member_id),
        Transfer.id <= upto_id,
    )
    return int(db.session.scalar(query) or 0)


def _opening(volunteer_id: int) -> int:
    """Return points that were taken over for any entry of this person and not taken back since."""
    reversal = aliased(Transfer)
    query = (
        select(func.coalesce(func.sum(Transfer.amount), 0))
        .join(OpeningPoints, OpeningPoints.id == Transfer.source_id)
        .outerjoin(reversal, reversal.reverses_id == Transfer.id)
        .where(
            Transfer.kind == OPENING,
            is_entry_of(OpeningPoints.volunteer_id, volunteer_id),
            reversal.id.is_(None),
        )
    )
    return int(db.session.scalar(query) or 0)


def _sums(member_id: int) -> dict[str, int]:
    """Return signed sums by kind; reversals are split by direction."""
    coming = Transfer.credit_id == member_id
    kind = case(
        ((Transfer.kind == "reverse") & coming, "given_back"),
        (Transfer.kind == "reverse", "taken_back"),
        else_=Transfer.kind,
    )
    signed = case((coming, Transfer.amount), else_=-Transfer.amount)
    query = (
        select(kind.label("way"), func.sum(signed))
        .where(or_(Transfer.debit_id == member_id, Transfer.credit_id == member_id))
        .group_by("way")
    )
    return {name: int(total) for name, total in db.session.execute(query)}

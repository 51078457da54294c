"""Lists of people and accounts for staff; always under the places where they hold the right."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import undefer

from volunteer_service import db as database
from volunteer_service.areas import lookup as areas
from volunteer_service.db import db
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people import merged_entries
from volunteer_service.people.authorization import account_scope, namesakes
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under, need_on_person
from volunteer_service.people.models import Account, Grant, Guardian, Volunteer
from volunteer_service.people.search import person_search

SORTS = Sorts(
    Volunteer.id,
    "name",
    name=Volunteer.name_order,
    number=Volunteer.number,
    registered_on=Volunteer.registered_on,
)


def lives_nowhere() -> ColumnElement[bool]:
    """Return the WHERE for people without a home."""
    return and_(Volunteer.area_id.is_(None), Volunteer.state == "active")


def volunteers(
    *,
    by: Actor,
    q: str = "",
    state: str | None = None,
    area_id: int | None = None,
    is_homeless: bool = False,
    from_on: date | None = None,
    to_on: date | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Volunteer]:
    """Return people whose home lies where ``by`` sees people; by name unless asked otherwise.

    With ``is_homeless`` only people without a home; days are those of registration, both included.
    """
    query = select(Volunteer).where(living_under(by, Right.PERSON_SEE))
    query = query.options(undefer(Volunteer.phone)).where(*person_search.by_text(q))
    if state:
        query = query.where(Volunteer.state == state)
    if area_id is not None:
        query = query.where(areas.within(Volunteer.area_id, [areas.path_of(area_id)]))
    if is_homeless:
        query = query.where(lives_nowhere())
    if from_on is not None:
        query = query.where(Volunteer.registered_on >= from_on)
    if to_on is not None:
        query = query.where(Volunteer.registered_on <= to_on)
    return page(query, SORTS, sort=sort, cursor=cursor, limit=limit)


def homeless(by: Actor) -> int:
    """Return how many people have no home area, for staff of every street; 0 for others."""
    if not account_scope.covers_service(by, Right.VOLUNTEER_EDIT):
        return 0
    return db.session.scalar(select(func.count(Volunteer.id)).where(lives_nowhere())) or 0


def volunteer(volunteer_id: int, *, by: Actor) -> Volunteer:
    """Return one person: oneself, or somebody who lives where ``by`` sees people."""
    found = database.fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.PERSON_SEE, found, own=True)
    return found


def guardian_of(volunteer_id: int) -> Guardian | None:
    """Return a minor's guardian, if any."""
    return db.session.scalars(
        select(Guardian).where(Guardian.volunteer_id == volunteer_id)
    ).one_or_none()


def guardians_of_entries(volunteer_id: int) -> Sequence[Guardian]:
    """Return the guardians of a person under any of their entries."""
    mine = merged_entries.is_entry_of(Guardian.volunteer_id, volunteer_id)
    return db.session.scalars(select(Guardian).where(mine).order_by(Guardian.id)).all()


def account_of(volunteer_id: int) -> Account | None:
    """Return the account with which this person signs in, if any."""
    return db.session.scalars(
        select(Account).where(Account.volunteer_id == volunteer_id)
    ).one_or_none()


def account_by_login(login: str, *, by: Actor) -> Account | None:
    """Return an account without a role in one's own streets by its whole login, to give it one."""
    query = select(Account).where(
        account_scope.visible(by), ~_of_staff(), Account.login == login.strip().lower()
    )
    return db.session.scalars(query).one_or_none()


def accounts_seen_by(by: Actor) -> ColumnElement[bool]:
    """Return the WHERE of the accounts of one's own streets: an admin sees all that belong there, a
    coordinator those of staff and leaders, whom she needs to give roles.
    """
    seen = account_scope.visible(by)
    return seen if by.has_role("admin") else and_(seen, _of_staff())


def _of_staff() -> ColumnElement[bool]:
    return Account.id.in_(select(Grant.account_id))


def unsettled(by: Actor) -> int:
    """Count the staff accounts that wait for an admin to record who is behind them; 0 for
    others.
    """
    if not by.has_role("admin"):
        return 0
    query = select(func.count(Account.id)).where(
        account_scope.visible(by), namesakes.is_unsettled()
    )
    return db.session.scalar(query) or 0

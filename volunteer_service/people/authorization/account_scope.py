"""Scope over accounts: which ones staff may see and change, and who acts for the whole service.

An account belongs where its roles lie and where its volunteer lives. A street's staff see the
accounts of their own streets; a street's admin changes those whose every role lies in them. Only an
admin of all streets changes what they share: the programme's numbers and the working days.
"""

from sqlalchemy import ColumnElement, Select, and_, column, exists, or_, select, table, true

from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.journal import Entry
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, places
from volunteer_service.people.models import Account, Grant, Volunteer

# Tables of higher packages, read only for their place.
_teams = table("teams", column("id"), column("area_id"))
_memberships = table("memberships", column("volunteer_id"), column("team_id"), column("state"))


class ForTheWholeService(NotAllowed):
    """Only an admin of every street changes what all streets share."""

    message = "这一项对所有街道都生效，只能由管理全部街道的系统管理员办理。"


class RolesElsewhere(NotAllowed):
    """The account has roles outside the admin's own streets."""

    message = "此账号在别的街道也有角色，只能由管理那里的系统管理员办理。"


def need_whole_service(by: Actor, right: Right) -> None:
    """Pass for an actor who holds ``right`` over every sub-district."""
    if not covers_service(by, right):
        raise ForTheWholeService()


def covers_service(by: Actor, right: Right) -> bool:
    """Tell whether ``right`` is held over the service itself or over each of its sub-districts."""
    paths, _team_ids = places(by, right)
    if not paths or "/" in paths:
        return bool(paths)
    roots = db.session.scalars(select(Area.path).where(Area.parent_id.is_(None))).all()
    return bool(roots) and set(roots) <= set(paths)


def visible(by: Actor, right: Right = Right.GRANT_EDIT) -> ColumnElement[bool]:
    """Return the WHERE for accounts that belong, by a role or their volunteer, where ``right`` is
    held.

    A new staff account belongs nowhere yet: those who give roles in its opener's street see it, and
    everybody who gives roles sees the ones that the operator opened.
    """
    if covers_service(by, right):
        return true()
    paths, team_ids = places(by, right)
    if not paths and not team_ids:
        return Account.id < 0
    is_new = and_(
        Account.volunteer_id.is_(None),
        ~exists().where(Grant.account_id == Account.id),
        ~_opened_elsewhere(paths),
    )
    return or_(
        is_new,
        Account.id.in_(_holders(paths, team_ids)),
        Account.volunteer_id.in_(_living(paths)),
    )


def is_visible(account: Account, by: Actor, right: Right = Right.GRANT_EDIT) -> bool:
    """Tell whether this account is among the :func:`visible` ones."""
    query = select(Account.id).where(Account.id == account.id, visible(by, right))
    return db.session.scalar(query) is not None


def need_over(account: Account, *, by: Actor) -> None:
    """Pass for an admin over every place where this account holds a role or lives.

    ``NotFound`` to everybody else, :class:`RolesElsewhere` to an admin over some of them.
    """
    paths, _team_ids = places(by, Right.ACCOUNT_EDIT)
    if not paths or not is_visible(account, by, Right.ACCOUNT_EDIT):
        raise NotFound()
    if not is_over(account, by=by):
        raise RolesElsewhere()


def is_over(account: Account, *, by: Actor) -> bool:
    """Tell whether ``by`` is admin over every place where this account holds a role or lives."""
    if covers_service(by, Right.ACCOUNT_EDIT):
        return True
    paths, _team_ids = places(by, Right.ACCOUNT_EDIT)
    return bool(paths) and all(
        any(spot.startswith(path) for path in paths) for spot in spots(account)
    )


def spots(account: Account) -> list[str]:
    """Return the paths of every place where the account holds a role or its volunteer lives."""
    direct = select(Area.path).join(Grant, Grant.area_id == Area.id)
    of_teams = (
        select(Area.path)
        .join(_teams, _teams.c.area_id == Area.id)
        .join(Grant, Grant.team_id == _teams.c.id)
    )
    found = [
        path
        for query in (direct, of_teams)
        for path in db.session.scalars(query.where(Grant.account_id == account.id))
    ]
    if account.volunteer_id is not None:
        home = select(Volunteer.area_id).where(Volunteer.id == account.volunteer_id)
        found.append(areas.path_of(db.session.scalar(home)))
    return found


def _opened_elsewhere(paths: list[str]) -> ColumnElement[bool]:
    """Tell whether the account was opened by somebody without a role in the streets of these
    places.
    """
    streets = sorted({areas.street_path(path) for path in paths})
    return exists().where(
        Entry.verb == "people.open_account",
        Entry.subject_type == Account.__tablename__,
        Entry.subject_id == Account.id,
        Entry.account_id.is_not(None),
        Entry.account_id.not_in(_holders(streets, [])),
    )


def _holders(paths: list[str], team_ids: list[int]) -> Select[int]:
    return (
        select(Grant.account_id)
        .outerjoin(_teams, _teams.c.id == Grant.team_id)
        .where(
            areas.within(Grant.area_id, paths)
            | areas.within(_teams.c.area_id, paths)
            | Grant.team_id.in_(team_ids)
        )
    )


def _living(paths: list[str]) -> Select[int]:
    serving = (
        select(_memberships.c.volunteer_id)
        .join(_teams, _teams.c.id == _memberships.c.team_id)
        .where(areas.within(_teams.c.area_id, paths), _memberships.c.state != "left")
    )
    home = areas.within(Volunteer.area_id, paths)
    return select(Volunteer.id).where(home | Volunteer.id.in_(serving))

"""Roles over areas and teams; they are given here because this package knows both kinds of
place.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.areas import lookup as areas
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotAllowed, NotFound, told_to
from volunteer_service.people.authentication import watchers
from volunteer_service.people.authorization import account_scope, conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.rights import (
    RIGHTS,
    Right,
    is_whole,
    may,
    need,
    places,
)
from volunteer_service.people.merged_entries import need_going_on
from volunteer_service.people.messages import messages
from volunteer_service.people.models import ROLES, Account, Grant
from volunteer_service.teams.membership import need_open
from volunteer_service.teams.models import Team


class MoreThanYours(NotAllowed):
    """Nobody can give more than they hold at that place."""

    message = "您不能授予自己在这里没有的权限。请由系统管理员办理。"


class WatchesYou(NotAllowed):
    """Somebody who oversees a place is appointed and dismissed from above, never by those
    overseen.
    """

    message = "这个角色负责监督您所在的范围，由上一级管理员或系统管理员授予和收回。"


def grant(
    account_id: int,
    role: str,
    *,
    area_id: int | None = None,
    team_id: int | None = None,
    is_deputy: bool = False,
    by: Actor,
    at: datetime,
) -> Grant:
    """Give a role on an area subtree or on one team; nobody gives more than they hold there.

    :func:`grantee` says to whom; an account that one cannot see gets no role by guessing its id.
    Nobody gives a role to themself (:class:`OwnCase`), to an account whose password or phone they
    set lately (:class:`SecondPersonNeeded`), or a role that oversees them (:class:`WatchesYou`). A
    role that two admins took needs two to give back (:class:`watchers.TwoAdminsNeeded`). A deputy
    is a leader of one team by another word; who leads it already becomes the other.
    """
    if role not in ROLES or (is_deputy and (role != "leader" or team_id is None)):
        raise Invalid(field="role", why="没有这个角色")
    # The table would accept the same role twice, because one of the two places is NULL.
    account = need_to_give(
        account_id, role, area_id=area_id, team_id=team_id, lock=True, by=by, at=at
    )
    existing = _held(account_id, role, area_id, team_id)
    if existing is not None and existing.is_deputy == is_deputy:
        return existing
    if existing is None:
        _need_open(role, area_id, team_id)
    watchers.need_two_to_grant(account, role, by=by, at=at)
    given = existing or Grant(account_id=account.id, role=role, area_id=area_id, team_id=team_id)
    given.is_deputy = is_deputy
    db.session.add(given)
    db.session.flush()
    _journal("teams.grant", given, by, at)
    _tell("role_granted", account, given, at)
    return given


def need_to_give(
    account_id: int,
    role: str,
    *,
    area_id: int | None = None,
    team_id: int | None = None,
    lock: bool = False,
    by: Actor,
    at: datetime,
) -> Account:
    """Refuse an actor who may not give this role at this place to this account; return it."""
    path = _path(area_id, team_id)
    _need_as_much(by, role, path, team_id)
    if role == "admin" and (team_id is not None or not is_whole(path)):
        # An admin opens, disables and re-keys any account, wherever it belongs.
        raise Invalid(field="area_id", why="系统管理员只能授予整个街道")
    _need_grantee(account_id, by)
    account = database.fetch(Account, account_id, lock=lock)
    conflicts.need_grantor(by, account, at=at, who=_others(account, path, team_id, at))
    _need_above(by, role, path, team_id)
    return account


def _need_grantee(account_id: int, by: Actor) -> None:
    """Refuse a stranger's account, because giving it a role would reveal whose it is."""
    account = grantee(account_id, by=by)
    if account.volunteer is not None:
        need_going_on(account.volunteer)


def _held(account_id: int, role: str, area_id: int | None, team_id: int | None) -> Grant | None:
    return db.session.scalars(
        select(Grant).where(
            Grant.account_id == account_id,
            Grant.role == role,
            Grant.area_id.is_not_distinct_from(area_id),
            Grant.team_id.is_not_distinct_from(team_id),
        )
    ).one_or_none()


def _need_open(role: str, area_id: int | None, team_id: int | None) -> None:
    """Refuse a closed team or area as the place of a new role.

    An admin of every street also keeps closed ones (``occupancy``).
    """
    with told_to(is_person=False):
        if team_id is not None:
            need_open(database.fetch(Team, team_id))
    if area_id is not None and role != "admin":
        areas.open_at(area_id)


def revoke_grant(grant_id: int, *, by: Actor, at: datetime) -> None:
    """Take a role back, as somebody who could have given it; never one's own.

    Nor a peer's, nor that of somebody who oversees the actor (:class:`WatchesYou`). An admin's and
    an auditor's role needs two admins (:class:`watchers.TwoAdminsNeeded`).
    """
    held = database.fetch(Grant, grant_id, lock=True)
    path = _path(held.area_id, held.team_id)
    _need_as_much(by, held.role, path, held.team_id)
    if held.account_id == by.account_id:
        # The last admin would lock everybody out.
        raise NotAllowed()
    _need_above(by, held.role, path, held.team_id)
    if held.role in watchers.WATCHERS:
        watchers.need_asked(held.account, "role", by=by, at=at)
    _journal("teams.revoke_grant", held, by, at)
    _tell("role_revoked", held.account, held, at)
    db.session.delete(held)
    db.session.flush()


def gives(by: Actor, role: str, path: str, team_id: int | None = None) -> bool:
    """Tell whether ``by`` may give this role at this place, and so may take it back."""
    has = all(may(by, right, area_path=path, team_id=team_id) for right in RIGHTS[role])
    return (
        has
        and may(by, Right.GRANT_EDIT, area_path=path, team_id=team_id)
        and (_is_above(by, role, path, team_id))
    )


def roles_given(by: Actor) -> list[str]:
    """Return the roles that ``by`` may give at some place, or within one: the choices of a form."""
    around = [each for path in places(by, Right.GRANT_EDIT)[0] for each in (path, f"{path}0/")]
    return [role for role in RIGHTS if any(gives(by, role, path) for path in around)]


def may_revoke(held: Grant, by: Actor) -> bool:
    """Tell, for a page, whether :func:`revoke_grant` would pass."""
    path = _path(held.area_id, held.team_id)
    return held.account_id != by.account_id and gives(by, held.role, path, held.team_id)


def grantee(account_id: int, *, by: Actor) -> Account:
    """Return an account that may get roles: it serves, lives or is new where ``by`` gives roles."""
    account = database.fetch(Account, account_id)
    if not account_scope.is_visible(account, by):
        raise NotFound()
    return account


def grants_of(account_id: int, *, by: Actor) -> list[Grant]:
    """Return the roles of an account: one's own, or those at places where ``by`` gives roles."""
    query = select(Grant).where(Grant.account_id == account_id).order_by(Grant.id)
    found = db.session.scalars(query).all()
    if by.account_id == account_id:
        return list(found)
    return [
        held
        for held in found
        if may(
            by,
            Right.GRANT_EDIT,
            area_path=_path(held.area_id, held.team_id),
            team_id=held.team_id,
        )
    ]


def _others(account: Account, path: str, team_id: int | None, at: datetime) -> Callable[[], Who]:
    def found() -> Who:
        own = [account.volunteer_id]
        return conflicts.who_may(
            Right.GRANT_EDIT, path, account.id, at=at, team_id=team_id, but=own
        )

    return found


def _tell(kind: str, account: Account, held: Grant, at: datetime) -> None:
    if held.team_id is not None:
        place = database.fetch(Team, held.team_id).name
    else:
        place = areas.of(held.area_id or 0).name
    word = "deputy" if held.is_deputy else held.role
    messages.tell_account(account.id, kind, at=at, role=word, place=place)


def _need_as_much(by: Actor, role: str, path: str, team_id: int | None) -> None:
    need(by, Right.GRANT_EDIT, area_path=path, team_id=team_id)
    if not all(may(by, right, area_path=path, team_id=team_id) for right in RIGHTS[role]):
        raise MoreThanYours()


def _need_above(by: Actor, role: str, path: str, team_id: int | None) -> None:
    if not _is_above(by, role, path, team_id):
        raise WatchesYou()


def _is_above(by: Actor, role: str, path: str, team_id: int | None) -> bool:
    """Tell whether ``by`` is an admin; for a coordinator's role also the coordinator of a larger
    area around the place.

    An auditor reads what everybody decides there, including coordinators of larger areas.
    """
    if role == "leader" or may(by, Right.ACCOUNT_EDIT, area_path=path, team_id=team_id):
        return True
    return role == "coordinator" and any(
        held.role == "coordinator"
        and held.area_path is not None
        and path.startswith(held.area_path)
        and (team_id is not None or path != held.area_path)
        for held in by.grants
    )


def _path(area_id: int | None, team_id: int | None) -> str:
    if (area_id is None) == (team_id is None):
        raise Invalid(field="area_id", why="请选一个区域或一支队伍（二选一）")
    if team_id is not None:
        return database.fetch(Team, team_id).area.path
    return areas.path_of(area_id)


def _journal(verb: str, held: Grant, by: Actor, at: datetime) -> None:
    journal.record(
        verb,
        held,
        account_id=by.account_id,
        door=by.door,
        at=at,
        role="deputy" if held.is_deputy else held.role,
        to=held.account_id,
        area_id=held.area_id,
        team_id=held.team_id,
    )

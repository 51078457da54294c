"""Rights of the roles: one table, read by every verb through :func:`may` and :func:`need`."""

from collections.abc import Sequence
from enum import StrEnum

from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.people.authorization.actor import Actor, Held


class Right(StrEnum):
    """A right that a role gives on a subtree or a team."""

    TEAM_SEE = "team.see"
    TEAM_EDIT = "team.edit"
    ROSTER_SEE = "roster.see"
    ROSTER_EDIT = "roster.edit"
    AREA_EDIT = "area.edit"
    PERSON_SEE = "person.see"
    VOLUNTEER_EDIT = "volunteer.edit"
    PERSONAL_SEE = "personal.see"
    EVENT_EDIT = "event.edit"
    RECORD_SEE = "record.see"
    RECORD_CONFIRM = "record.confirm"
    RECORD_DECIDE = "record.decide"
    RATING_SEE = "rating.see"
    RATING_RUN = "rating.run"
    CERTIFICATE_REVOKE = "certificate.revoke"
    IMPORT = "import"
    DESK = "desk"
    GIFT_EDIT = "gift.edit"
    POINTS_SEE = "points.see"
    POINTS_ADJUST = "points.adjust"
    AUDIT = "audit"
    GRANT_EDIT = "grant.edit"
    ACCOUNT_EDIT = "account.edit"
    SERVICE_EDIT = "service.edit"


_LEADER = frozenset(
    {
        Right.TEAM_SEE,
        Right.ROSTER_SEE,
        Right.ROSTER_EDIT,
        Right.EVENT_EDIT,
        Right.RECORD_SEE,
        Right.RECORD_CONFIRM,
    }
)
_DESK = frozenset({Right.DESK, Right.GIFT_EDIT})
_AUDITOR = frozenset(
    {
        Right.TEAM_SEE,
        Right.PERSON_SEE,
        Right.RECORD_SEE,
        Right.RATING_SEE,
        Right.POINTS_SEE,
        Right.AUDIT,
    }
)
_COORDINATOR = (
    _LEADER
    | _AUDITOR
    | {
        Right.AREA_EDIT,
        Right.TEAM_EDIT,
        Right.VOLUNTEER_EDIT,
        Right.PERSONAL_SEE,
        Right.GRANT_EDIT,
        Right.RECORD_DECIDE,
        Right.RATING_RUN,
        Right.CERTIFICATE_REVOKE,
        Right.IMPORT,
        Right.GIFT_EDIT,
        Right.POINTS_ADJUST,
    }
)

RIGHTS: dict[str, frozenset[Right]] = {
    "leader": _LEADER,
    "desk": _DESK,
    "auditor": _AUDITOR,
    "coordinator": _COORDINATOR,
    "admin": frozenset(Right),
}


def may(by: Actor, right: Right, *, area_path: str, team_id: int | None = None) -> bool:
    """Tell whether one of the actor's roles carries ``right`` over this place or team."""
    return any(
        right in RIGHTS[held.role] and _covers(held, area_path, team_id) for held in by.grants
    )


def need(by: Actor, right: Right, *, area_path: str, team_id: int | None = None) -> None:
    """Pass, or raise: ``NotFound`` to a stranger, ``NotAllowed`` to an actor with a role here.

    A stranger must not learn that the thing exists.
    """
    need_at_one(by, right, [(area_path, team_id)])


def need_at_one(by: Actor, right: Right, here: Sequence[tuple[str, int | None]]) -> int:
    """Return the index of the first of these places (area path, team) where ``right`` is held.

    Raises as :func:`need` does where it is held at none of them.
    """
    for n, (area_path, team_id) in enumerate(here):
        if may(by, right, area_path=area_path, team_id=team_id):
            return n
    if any(_covers(held, *place) for held in by.grants for place in here):
        raise NotAllowed()
    raise NotFound()


def is_whole(area_path: str) -> bool:
    """Tell whether a path is a sub-district's (``/1/``) or the service's own (``/``)."""
    return area_path.count("/") <= 2


def places(by: Actor, right: Right) -> tuple[list[str], list[int]]:
    """Return the area paths and team ids over which ``right`` is held, for the WHERE of
    every list.
    """
    held = [grant for grant in by.grants if right in RIGHTS[grant.role]]
    return (
        [grant.area_path for grant in held if grant.area_path is not None],
        [grant.team_id for grant in held if grant.team_id is not None],
    )


def _covers(held: Held, area_path: str, team_id: int | None) -> bool:
    if held.area_path is not None:
        return area_path.startswith(held.area_path)
    return team_id is not None and held.team_id == team_id

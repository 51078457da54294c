"""Obstacles to merging two entries now, each with what to do about it."""

from collections.abc import Callable

from sqlalchemy import or_, select

from volunteer_service.db import db
from volunteer_service.errors import Refused, refusal_of
from volunteer_service.merging import places, refusals
from volunteer_service.people.changes.change_models import Merging, PersonChange
from volunteer_service.people.merged_entries import need_going_on
from volunteer_service.people.models import Volunteer
from volunteer_service.people.search import people_lists
from volunteer_service.scoring.ratings.models import Round, RoundResult

#: A round from its freeze to its last signature.
_UNDER_WAY = ("frozen", "draft", "notice", "decided")


def found(kept: Volunteer, merged: Volunteer, *, but: int | None = None) -> list[Refused]:
    """Return every obstacle to merging the two; ``but`` is the waiting merging itself."""
    checks: list[Callable[[], None]] = [
        lambda: need_going_on(kept),
        lambda: need_going_on(merged),
        lambda: _registered(kept, merged),
        lambda: _roles(merged),
        lambda: _rounds(merged),
        lambda: _presences(kept, merged),
        lambda: _changes(kept, merged),
        lambda: _waiting(kept, merged, but or 0),
    ]
    return [refused for check in checks if (refused := refusal_of(check)) is not None]


def need_none(kept: Volunteer, merged: Volunteer) -> None:
    """Raise the first obstacle, if there is one."""
    for refused in found(kept, merged):
        raise refused


def _registered(kept: Volunteer, merged: Volunteer) -> None:
    for row in (kept, merged):
        if row.state == "disowned":
            raise refusals.NotTheirs(number=row.number)
    if kept.state != "active" and merged.state == "active":
        raise refusals.KeepTheActiveOne(number=kept.number)


def _roles(merged: Volunteer) -> None:
    account = people_lists.account_of(merged.id)
    if account is not None and account.grants:
        raise refusals.RolesFirst(number=merged.number)


def _rounds(merged: Volunteer) -> None:
    query = (
        select(Round)
        .join(RoundResult, RoundResult.round_id == Round.id)
        .where(RoundResult.volunteer_id == merged.id, Round.state.in_(_UNDER_WAY))
    )
    row = db.session.scalars(query.limit(1)).one_or_none()
    if row is not None:
        half_year = row.half_year
        raise refusals.RoundUnderWay(number=merged.number, area=row.area.name, half_year=half_year)


def _presences(kept: Volunteer, merged: Volunteer) -> None:
    title = places.both_came(kept.id, merged.id)
    if title is not None:
        raise refusals.BothCame(title=title)


def _changes(kept: Volunteer, merged: Volunteer) -> None:
    query = select(PersonChange.volunteer_id).where(
        PersonChange.state == "waiting", PersonChange.volunteer_id.in_((kept.id, merged.id))
    )
    whose = db.session.scalar(query.limit(1))
    if whose is not None:
        row = kept if whose == kept.id else merged
        raise refusals.ChangeWaits(number=row.number)


def _waiting(kept: Volunteer, merged: Volunteer, but: int) -> None:
    both = (kept.id, merged.id)
    query = select(Merging.id).where(
        Merging.state == "waiting",
        Merging.id != but,
        or_(Merging.kept_id.in_(both), Merging.merged_id.in_(both)),
    )
    if db.session.scalar(query.limit(1)) is not None:
        raise refusals.MergingWaits()

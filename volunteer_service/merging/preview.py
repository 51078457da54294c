"""Shows two entries side by side before they are merged, and exactly what would happen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from volunteer_service import settings
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import overlaps_in_merging
from volunteer_service.attendance.records.overlaps_in_merging import Overlap
from volunteer_service.db import Base, db, fetch
from volunteer_service.errors import Phrase, Refused, refusal_of
from volunteer_service.merging import approval, entries, obstacles, places, steps, words
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import Account, Guardian, Volunteer
from volunteer_service.people.search import people_lists
from volunteer_service.scoring.points import balances
from volunteer_service.scoring.points.balances import Standing
from volunteer_service.teams import team_lists
from volunteer_service.teams.models import Membership

#: What is counted side by side, by the table's name.
_COUNTED = (
    *("service_records", "sign_ups", "redemptions", "certificates", "consents", "complaints"),
    *("disputes", "adjustments", "messages"),
)


@dataclass(frozen=True)
class Entry:
    """The data that belong to one entry."""

    volunteer: Volunteer
    minutes: int
    points: Standing
    teams: Sequence[Membership]
    guardian: Guardian | None
    login: str | None
    #: By the words of what is counted.
    counts: dict[str, int]
    ratings: int


@dataclass(frozen=True)
class Preview:
    """Both entries, what would move and end, who must agree, and the obstacles."""

    kept: Entry
    merged: Entry
    #: Fields with two values, of which one stays, and fields that the kept entry takes because it
    #: has none.
    differing: list[str]
    missing: list[str]
    overlaps: list[Overlap]
    #: Sign-ups of both for one shift: one place stays.
    doubled: int
    second: list[Phrase]
    obstacles: list[Refused]
    #: Why this reader does not merge the two.
    refused: Refused | None


def preview(
    kept_id: int,
    merged_id: int,
    *,
    taken: Collection[str] = (),
    but: Merging | None = None,
    by: Actor,
    at: datetime,
) -> Preview:
    """Return what :func:`steps.merge` would do now, for an actor who may change both entries.

    ``but`` is the merging that is waiting.
    """
    kept, merged = steps.pair(kept_id, merged_id, by=by)
    missing = entries.missing(kept, merged)
    return Preview(
        kept=_entry(kept, at),
        merged=_entry(merged, at),
        differing=entries.differing(kept, merged),
        missing=sorted(missing),
        overlaps=overlaps_in_merging.overlaps(kept_id, merged_id),
        doubled=len(places.doubled(kept_id, merged_id)),
        second=approval.reasons(kept, merged, {*taken, *missing}, at=at),
        obstacles=obstacles.found(kept, merged, but=None if but is None else but.id),
        refused=refusal_of(lambda: steps.need_others(kept_id, merged_id, by=by, at=at)),
    )


def waiting(*, by: Actor) -> Sequence[Merging]:
    """List what waits for a second person in the areas of ``by``, mergings and undos of them."""
    query = (
        select(Merging)
        .join(Volunteer, Volunteer.id == Merging.kept_id)
        .where(
            or_(Merging.state == "waiting", Merging.is_undo_asked),
            living_under(by, Right.VOLUNTEER_EDIT),
        )
    )
    return db.session.scalars(query.order_by(Merging.id).limit(200)).all()


def merging(merging_id: int, *, by: Actor) -> Merging:
    """Return one merging, for an actor who may change both entries."""
    row = fetch(Merging, merging_id)
    steps.pair(row.kept_id, row.merged_id, by=by)
    return row


def names(row: Merging) -> dict[int, str]:
    """Return the names of the accounts that asked, decided and undid."""
    ids = (row.asked_by_id, row.decided_by_id, row.undone_by_id, row.undo_asked_by_id)
    query = select(Account.id, Account.name).where(Account.id.in_([id_ for id_ in ids if id_]))
    return {row[0]: row[1] for row in db.session.execute(query)}


def _entry(row: Volunteer, at: datetime) -> Entry:
    account = people_lists.account_of(row.id)
    tables = Base.metadata.tables
    ratings = tables["round_results"]
    return Entry(
        volunteer=row,
        minutes=approval.minutes_of(row.id),
        points=balances.standing(row.id, settings.local_day(at)),
        teams=team_lists.memberships_of(row.id),
        guardian=people_lists.guardian_of(row.id),
        login=account.login if account and account.disabled_at is None else None,
        counts={
            words.TABLES[name]: _count(name, tables[name].c.volunteer_id == row.id)
            for name in _COUNTED
        },
        ratings=_count(ratings.name, ratings.c.volunteer_id == row.id),
    )


def _count(name: str, which: ColumnElement[bool]) -> int:
    table = Base.metadata.tables[name]
    if name == ServiceRecord.__tablename__:
        which &= table.c.state.in_(("waiting", "confirmed"))
    return db.session.scalar(select(func.count()).select_from(table).where(which)) or 0

"""Puts people into teams, moves them and ends their place, from a given day; the people are told.

The day is local. A past day records when the change took place; a future day takes effect by itself
(:func:`begin_due`). Records stay with the team in which they were made.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal, settings
from volunteer_service.db import db
from volunteer_service.errors import NotFound, Refused, told_to
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.authorization.rights_over_people import may_on_person
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations import registration
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.people.search import people_lists
from volunteer_service.teams import findable
from volunteer_service.teams.membership import AlreadyInTeam, need_no_lead, need_open
from volunteer_service.teams.models import Membership, Team

#: The most people put into a team at once.
MOST_PEOPLE = 200
#: How far a day may be in the future.
FURTHEST_AHEAD = timedelta(days=366)
#: How many places begin or end in one transaction.
BATCH = 500


class LivesElsewhere(Refused):
    """The person lives in another street than the team."""

    status = 409
    message = "此人不住在这个街道，或还没有登记住处。请先由社区管理员登记住处，再加入队伍。"


class GuardianConsentMissing(Refused):
    """The person is under 18 and has no guardian's consent yet."""

    status = 409
    message = "此人未满 18 周岁，还没有监护人的同意。请先由社区管理员补登监护人，再加入队伍。"


class NobodyChosen(Refused):
    """Nobody was chosen, or more people than a team takes at once."""

    message = "请选 1 到 %(most)s 个人。"


class DayImpossible(Refused):
    """The day is before the person registered or joined, or too far ahead."""

    message = "日期要在 %(first)s（登记或入队的那天）到 %(last)s 之间。"


class SameTeam(Refused):
    """The person is already in the team they would move to."""

    message = "已经在这支队伍里。请选另一支队伍。"


def place(
    team_id: int,
    volunteer_ids: Sequence[int],
    *,
    since: date | None = None,
    by: Actor,
    at: datetime,
) -> list[Membership]:
    """Put these people into a team from a day (default today), all or none; this accepts open
    requests.

    The actor keeps the roster and never places themself. Raises :class:`AlreadyInTeam`,
    :class:`LivesElsewhere`, :class:`GuardianConsentMissing`, ``RegistrationEnded`` and
    :class:`DayImpossible`.
    """
    team = _kept(team_id, by)
    people = sorted(set(volunteer_ids))
    if not 0 < len(people) <= MOST_PEOPLE:
        raise NobodyChosen(field="names", most=MOST_PEOPLE)
    where = (Right.ROSTER_EDIT, team.area.path)
    who = conflicts.others(*where, people, at=at, team_id=team.id)
    conflicts.need_other(by, people, at=at, who=who)
    return [_place(team, person_id, since, by, at) for person_id in people]


def move(
    membership_id: int, to_team_id: int, *, since: date | None = None, by: Actor, at: datetime
) -> Membership:
    """Move a member to another team from a day, as keeper of both rosters; return the new place.

    The old place ends on that day and is kept.
    """
    old = _member(membership_id, by, at)
    team = _kept(to_team_id, by)
    if team.id == old.team_id:
        raise SameTeam(field="to_team_id")
    need_placeable(old.volunteer, team, by=by, at=at)
    _end(old, since, at)
    new = _enrol(team, old.volunteer, since, at)
    day = _local_day(since, at)
    messages.tell(old.volunteer_id, "team_moved", at=at, was=old.team.name, team=team.name, day=day)
    _journal("teams.move", new, by, at, day, from_team=old.team_id)
    _journal("teams.end_place", old, by, at, day, to_team=team.id)
    return new


def end_place(
    membership_id: int, *, since: date | None = None, by: Actor, at: datetime
) -> Membership:
    """End a member's place from a day; hours and records stay. A lead is handed on first."""
    row = _member(membership_id, by, at)
    _end(row, since, at)
    day = _local_day(since, at)
    messages.tell(row.volunteer_id, "team_left", at=at, team=row.team.name, day=day)
    _journal("teams.end_place", row, by, at, day)
    return row


def begin_due(*, at: datetime) -> dict[str, int]:
    """Begin and end the places whose day has come.

    A person who left meanwhile joins no team, and nobody joins one that was closed meanwhile.
    """
    coming = _due(Membership.state == "coming", Membership.joined_at <= at)
    for row in coming:
        is_open = row.volunteer.state == "active" and row.team.state == "active"
        row.state = "active" if is_open else "left"
        row.left_at = None if row.state == "active" else at
    leaving = _due(Membership.state == "active", Membership.left_at <= at)
    for row in leaving:
        row.state = "left"
    db.session.flush()
    return {"begun": len(coming), "ended": len(leaving)}


def need_placeable(person: Volunteer, team: Team, *, by: Actor, at: datetime) -> None:
    """Refuse, with the cure, a person who may not be put into this team now."""
    with told_to(is_person=False):
        need_open(team)
    if not findable.is_of_street(person, team):
        # An actor who may not know of the person learns nothing.
        raise LivesElsewhere() if may_on_person(by, Right.ROSTER_SEE, person) else NotFound()
    with told_to(is_person=False):
        need_registered(person.id, person.state)
        row = _between(team.id, person.id)
        if row is not None and row.state in ("active", "coming"):
            raise AlreadyInTeam()
    if registration.is_minor(person, at):
        guardian = people_lists.guardian_of(person.id)
        if guardian is None or guardian.consented_at is None:
            raise GuardianConsentMissing()


def _place(
    team: Team, volunteer_id: int, since: date | None, by: Actor, at: datetime
) -> Membership:
    person = database.fetch(Volunteer, volunteer_id, lock=True)
    need_placeable(person, team, by=by, at=at)
    row = _enrol(team, person, since, at)
    day = _local_day(since, at)
    messages.tell(person.id, "team_placed", at=at, team=team.name, day=day)
    _journal("teams.place", row, by, at, day)
    return row


def _enrol(team: Team, person: Volunteer, since: date | None, at: datetime) -> Membership:
    row = _between(team.id, person.id)
    begins = _instant(since, person.registered_on, at)
    if row is None:
        row = Membership(team_id=team.id, volunteer_id=person.id)
        db.session.add(row)
    row.state = "coming" if begins > at else "active"
    row.joined_at, row.left_at = begins, None
    db.session.flush()
    return row


def _end(row: Membership, since: date | None, at: datetime) -> None:
    with told_to(is_person=False):
        need_no_lead(row)
    if row.state == "coming":
        row.state, row.joined_at, row.left_at = "left", at, at
        return
    row.left_at = _instant(since, settings.local_day(row.joined_at), at)
    if row.left_at <= at:
        row.state = "left"
    db.session.flush()


def _member(membership_id: int, by: Actor, at: datetime) -> Membership:
    row = database.fetch(Membership, membership_id, lock=True)
    where = (Right.ROSTER_EDIT, row.team.area.path)
    need(by, where[0], area_path=where[1], team_id=row.team_id)
    who = conflicts.others(*where, [row.volunteer_id], at=at, team_id=row.team_id)
    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    if row.state not in ("active", "coming"):
        raise NotFound()
    return row


def _kept(team_id: int, by: Actor) -> Team:
    team = database.fetch(Team, team_id)
    need(by, Right.ROSTER_EDIT, area_path=team.area.path, team_id=team.id)
    return team


def _between(team_id: int, volunteer_id: int) -> Membership | None:
    found = select(Membership).where(
        Membership.team_id == team_id, Membership.volunteer_id == volunteer_id
    )
    return db.session.scalars(found.with_for_update()).one_or_none()


def _due(*conditions: object) -> Sequence[Membership]:
    query = select(Membership).where(*conditions).order_by(Membership.id).limit(BATCH)  # type: ignore[arg-type]
    return db.session.scalars(query.with_for_update()).all()


def _instant(since: date | None, first: date, at: datetime) -> datetime:
    """Return the beginning of the local day; for today return now, so that nothing of today is
    before it.
    """
    today = settings.local_day(at)
    last = today + FURTHEST_AHEAD
    day = since or today
    if not first <= day <= last:
        raise DayImpossible(field="since", first=first.isoformat(), last=last.isoformat())
    if day == today:
        return at
    return settings.day_begins(day)


def _local_day(since: date | None, at: datetime) -> str:
    return (since or settings.local_day(at)).isoformat()


def _journal(
    verb: str, row: Membership, by: Actor, at: datetime, day: str, **facts: object
) -> None:
    journal.record(
        verb,
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        team_id=row.team_id,
        since=day,
        **facts,
    )

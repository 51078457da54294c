"""Planning an event: plan, posts, shifts, publish, edit; ``cancelling`` cancels it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import select

from volunteer_service import journal
from volunteer_service.areas.desk_contacts import need_callable
from volunteer_service.bounds import MOST_PLACES, whole
from volunteer_service.db import db, fetch
from volunteer_service.errors import EditedSince, Invalid, told_to
from volunteer_service.events import change_messages, event_teams, planned_breaks, refusals
from volunteer_service.events.models import Event, Post, Shift
from volunteer_service.identifiers import base32
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.rules.recognised_minutes import Span
from volunteer_service.teams.membership import need_open
from volunteer_service.teams.models import Project, Team
from volunteer_service.visible_text import said


@dataclass(frozen=True, kw_only=True)
class EventPlan:
    """What an event is: the title, the work, the place and the time (aware instants)."""

    title: str
    content: str
    place: str
    starts_at: datetime
    ends_at: datetime
    project_id: int | None = None
    #: Whom to call; shown only to people who hold a place.
    contact_name: str | None = None
    contact_phone: str | None = None
    meeting_point: str | None = None
    bring: str | None = None
    #: ``all``, ``live`` (no poster), ``leader`` (only what a leader scans).
    accepted_codes: str = "all"


#: Which codes an event may accept; ``attendance.check_ins.accepted_codes`` says what they mean.
ACCEPTED_CODES = ("all", "live", "leader")
#: The fields of a plan that are texts.
_WORDS = (
    "plan.title",
    "plan.content",
    "plan.place",
    "plan.contact_name",
    "plan.contact_phone",
    "plan.meeting_point",
    "plan.bring",
)


@said(*_WORDS)
def create(plan: EventPlan, *, team_id: int, by: Actor, at: datetime) -> Event:
    """Make a draft of a team's event, led by the actor; nobody else sees it yet."""
    team = fetch(Team, team_id)
    rights.need(by, Right.EVENT_EDIT, area_path=team.area.path, team_id=team.id)
    need_team(team)
    _check(plan)
    if by.account_id is None:
        raise Invalid(field="leader", why="活动要有一位负责人")
    row = Event(
        team_id=team.id,
        leader_id=by.account_id,
        **vars(plan),
        code=new_code(),
        created_at=at,
    )
    db.session.add(row)
    db.session.flush()
    _record("create", row, by, at, team=team.id)
    return row


@said("name")
def add_post(
    event_id: int,
    *,
    name: str,
    coefficient_centi: int = 100,
    dangerous: bool = False,
    serves: bool = True,
    by: Actor,
    at: datetime,
) -> Post:
    """Add a post, a kind of work; its coefficient (hundredths, 0.10 to 10.00) weighs the points of
    an hour.

    People on a post that does not serve only take part: they sign up and scan as others do, but
    have neither records nor no-shows.
    """
    event = editable(event_id, by=by)
    whole(coefficient_centi, 10, 1000, "coefficient_centi")
    if any(post.name == name for post in event.posts):
        raise refusals.PostNameTaken(field="name")
    post = Post(
        event_id=event.id,
        name=name,
        coefficient_centi=coefficient_centi,
        dangerous=dangerous,
        serves=serves,
    )
    event.posts.append(post)
    db.session.flush()
    _record("add_post", event, by, at, post=post.id, coefficient_centi=coefficient_centi)
    return post


def add_shift(
    event_id: int,
    *,
    post_id: int,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    breaks: Sequence[Span] = (),
    by: Actor,
    at: datetime,
) -> Shift:
    """Add a shift: a span of time within the event, at one of its posts, with places for
    ``capacity`` people. Its planned ``breaks`` (beginning, end) give no minutes.
    """
    event = editable(event_id, by=by)
    whole(capacity, 1, MOST_PLACES, "capacity")
    if all(post.id != post_id for post in event.posts):
        raise Invalid(field="post_id", why="请选这个活动的岗位")
    if ends_at <= starts_at:
        raise refusals.EndsBeforeStart(field="ends_at")
    if starts_at < event.starts_at or ends_at > event.ends_at:
        raise refusals.ShiftOutsideEvent(field="starts_at")
    planned_breaks.need_possible(breaks, starts_at, ends_at)
    shift = Shift(
        event_id=event.id,
        post_id=post_id,
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=capacity,
        breaks=planned_breaks.kept(breaks),
    )
    event.shifts.append(shift)
    db.session.flush()
    _record("add_shift", event, by, at, shift=shift.id, capacity=capacity)
    return shift


def add_shift_at(
    event_id: int,
    *,
    post: str,
    coefficient_centi: int = 100,
    dangerous: bool = False,
    serves: bool = True,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    breaks: Sequence[Span] = (),
    by: Actor,
    at: datetime,
) -> Shift:
    """Add a shift at the post of this name; make the post if the event has none."""
    event = editable(event_id, by=by)
    found = next((row for row in event.posts if row.name == post), None) or add_post(
        event_id,
        name=post,
        coefficient_centi=coefficient_centi,
        dangerous=dangerous,
        serves=serves,
        by=by,
        at=at,
    )
    return add_shift(
        event_id,
        post_id=found.id,
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=capacity,
        breaks=breaks,
        by=by,
        at=at,
    )


@said(*_WORDS)
def edit(event_id: int, plan: EventPlan, *, version: int, by: Actor, at: datetime) -> Event:
    """Change the plan; refused where somebody else changed it since ``version`` was read."""
    event = editable(event_id, by=by)
    if event.version != version:
        now = {name: getattr(event, name) for name in vars(plan)}
        raise EditedSince(event.version, theirs=now, mine=vars(plan))
    _check(plan)
    if any(s.starts_at < plan.starts_at or s.ends_at > plan.ends_at for s in event.shifts):
        raise refusals.ShiftOutsideEvent(field="starts_at")
    changed = sorted(name for name, value in vars(plan).items() if getattr(event, name) != value)
    before = _told(event)
    for name in changed:
        setattr(event, name, getattr(plan, name))
    event.version += 1
    if event.state == "published" and {"place", "meeting_point"} & set(changed):
        change_messages.tell_place(event, at=at)
    values = journal.changes(before, _told(event))
    _record("edit", event, by, at, changed=changed, values=values)
    return event


def publish(event_id: int, *, by: Actor, at: datetime) -> Event:
    """Show the draft to everybody and open its sign-up; the event needs at least one shift."""
    event = editable(event_id, by=by)
    if event.state != "draft":
        raise refusals.EventNotDraft()
    need_team(event.team)
    if not event.shifts:
        raise refusals.NothingToSignUpFor()
    event.state, event.published_at = "published", at
    event.version += 1
    _record("publish", event, by, at)
    return event


def editable(event_id: int, *, by: Actor) -> Event:
    """Return the event, locked until the commit, for an actor who may change it; refused once it
    has ended.
    """
    event = led(event_id, by=by, lock=True)
    if event.state not in ("draft", "published"):
        raise refusals.EventNotEditable()
    return event


def need_team(team: Team) -> None:
    """Refuse a closed team, which plans no new event; one that was published before continues."""
    with told_to(is_person=False):
        need_open(team)


def led(event_id: int, *, by: Actor, lock: bool = False) -> Event:
    """Return the event, for an actor who may edit it."""
    event = fetch(Event, event_id, lock=lock)
    event_teams.need(by, Right.EVENT_EDIT, event)
    return event


def new_code() -> str:
    """Make a short code to type from the poster, without a check symbol that is awkward in an
    address.
    """
    codes = (base32.encode(secrets.randbits(base32.BITS)) for _ in count())
    return next(code for code in codes if code.isalnum())


def _check(plan: EventPlan) -> None:
    if plan.ends_at <= plan.starts_at:
        raise refusals.EndsBeforeStart(field="ends_at")
    need_callable(plan.contact_phone, "contact_phone")
    if plan.accepted_codes not in ACCEPTED_CODES:
        raise Invalid(field="accepted_codes", why="请选择签到方式")
    known = select(Project.id).where(Project.id == plan.project_id)
    if plan.project_id is not None and db.session.scalar(known) is None:
        raise Invalid(field="project_id", why="没有这个项目")


def _told(event: Event) -> dict[str, str | None]:
    """Return what the journal stores of an event, without the contact person, who is personal
    data.
    """
    return {
        "title": event.title,
        "place": event.place,
        "meeting_point": event.meeting_point,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "accepted_codes": event.accepted_codes,
    }


def _record(verb: str, event: Event, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(f"events.{verb}", event, account_id=by.account_id, door=by.door, at=at, **facts)

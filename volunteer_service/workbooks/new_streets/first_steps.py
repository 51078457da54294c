"""The first steps of a new street: what is done so far, counted from the data.

The steps are areas, teams, people, opening balances, gifts, staff and the first event. They are on
the first page of people who may import there until every needed step is done or set aside.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, Select, delete, func, or_, select

from volunteer_service import journal
from volunteer_service.areas.models import Area
from volunteer_service.bounds import one_of
from volunteer_service.db import db, fetch, insert_new
from volunteer_service.errors import NotFound
from volunteer_service.events.models import Event
from volunteer_service.openings.models import TABLES
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Grant, Volunteer
from volunteer_service.scoring.points.accounts import run
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams.models import Team
from volunteer_service.workbooks.import_states import OPENINGS
from volunteer_service.workbooks.models import StepAside

#: The key for setting the whole list aside at once.
ALL = "all"
#: The most streets on one first page.
MOST = 3


@dataclass(frozen=True)
class Step:
    """One step: its lists, the number that makes it done, and whether it may be missing."""

    name: str
    lists: tuple[str, ...] = ()
    needed: int = 1


STEPS = (
    Step("areas", ("areas",)),
    Step("teams", ("teams",)),
    Step("people", ("volunteers",)),
    # A street without an earlier system has none.
    Step("balances", OPENINGS, needed=0),
    Step("gifts", ("gifts",)),
    # Many of these need a second person.
    Step("staff", needed=2),
    Step("event"),
)
NAMES = tuple(step.name for step in STEPS)


@dataclass(frozen=True)
class Done:
    """A step of one street: how many there are, and whether somebody set it aside."""

    step: Step
    count: int
    is_aside: bool

    @property
    def is_done(self) -> bool:
        """Tell whether there is enough of it."""
        return self.count >= max(self.step.needed, 1)

    @property
    def is_open(self) -> bool:
        """Tell whether the step is needed, and neither done nor set aside."""
        return self.step.needed > 0 and not self.is_done and not self.is_aside


@dataclass(frozen=True)
class Street:
    """A street and its steps; ``area`` is None before there is any street."""

    area: Area | None
    steps: Sequence[Done]
    is_aside: bool

    @property
    def is_finished(self) -> bool:
        """Tell whether nothing is left to do."""
        return not any(each.is_open for each in self.steps)


def streets(*, by: Actor) -> list[Street]:
    """Return every street in which the actor may import, with its steps, by its name.

    Those with something left to do come first.
    """
    return sorted(_each(by), key=lambda street: street.is_finished)


def unfinished(*, by: Actor) -> list[Street]:
    """Return the streets whose list is on the actor's first page."""
    found = (each for each in _each(by) if not each.is_aside and not each.is_finished)
    return list(islice(found, MOST))


def street_of(root: Area) -> Street:
    """Count one street."""
    counts = dict(zip(NAMES, db.session.execute(_counts(root.path)).one(), strict=True))
    query = select(StepAside.step).where(StepAside.area_id == root.id)
    aside = set(db.session.scalars(query))
    steps = [Done(step, int(counts[step.name]), step.name in aside) for step in STEPS]
    return Street(root, steps, ALL in aside)


def set_step_aside(area_id: int, step: str, *, is_aside: bool, by: Actor, at: datetime) -> Street:
    """Set a step of a street (or ``all`` of them) aside, or take it up again."""
    one_of(step, (*NAMES, ALL), "step")
    root = fetch(Area, area_id)
    rights.need(by, Right.IMPORT, area_path=root.path)
    if root.parent_id is not None:
        raise NotFound()
    if is_aside:
        row = {"area_id": root.id, "step": step, "at": at, "account_id": by.account_id}
        run(insert_new(StepAside).on_conflict_do_nothing(), [row])
    else:
        run(delete(StepAside).where(StepAside.area_id == root.id, StepAside.step == step))
    journal.record(
        "first_steps.set_aside",
        root,
        account_id=by.account_id,
        door=by.door,
        at=at,
        step=step,
        is_aside=is_aside,
    )
    return street_of(root)


def _each(by: Actor) -> Iterator[Street]:
    """Yield the streets one by one: each is counted when it is asked for."""
    paths, _teams = rights.places(by, Right.IMPORT)
    if not paths:
        return
    roots = db.session.scalars(
        select(Area).where(Area.parent_id.is_(None)).order_by(Area.name_order, Area.id)
    ).all()
    mine = [root for root in roots if rights.may(by, Right.IMPORT, area_path=root.path)]
    if not mine and "/" in paths:
        yield Street(None, [Done(step, 0, False) for step in STEPS], False)
    yield from map(street_of, mine)


def _counts(path: str) -> Select[int]:
    """Return one row with a count for each step, in their order."""
    areas = select(Area.id).where(_below(path))
    below = select(func.count(Area.id)).where(_below(path), Area.parent_id.is_not(None))
    teams = select(Team.id).where(Team.area_id.in_(areas))
    people = select(Volunteer.id).where(Volunteer.area_id.in_(areas))
    balances = [
        select(func.count(table.id)).where(table.volunteer_id.in_(people)).scalar_subquery()
        for table in TABLES
    ]
    staff = or_(Grant.area_id.in_(areas), Grant.team_id.in_(teams))
    counted = (
        below,
        _counted(teams),
        _counted(people.where(Volunteer.state == "active")),
        sum(balances[1:], start=balances[0]),
        select(func.count(Gift.id)).where(Gift.area_id.in_(areas), Gift.state == "offered"),
        select(func.count(Grant.account_id.distinct())).where(staff),
        select(func.count(Event.id)).where(Event.team_id.in_(teams), Event.state != "draft"),
    )
    return select(*(one.scalar_subquery() if isinstance(one, Select) else one for one in counted))


def _counted(query: Select[int]) -> Select[int]:
    return select(func.count()).select_from(query.subquery())


def _below(path: str) -> ColumnElement[bool]:
    return Area.path.startswith(path, autoescape=True)

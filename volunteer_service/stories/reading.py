"""Reads the story of one thing: each act about it, who did it, what it was before and is now.

People who may see the thing read its story; an account with a role is named, and a volunteer's act
is shown without a name.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from volunteer_service import db as database
from volunteer_service.attendance.check_ins import rosters
from volunteer_service.attendance.models import Correction, Dispute, ServiceRecord
from volunteer_service.circulars.models import Circular
from volunteer_service.db import db
from volunteer_service.errors import Phrase
from volunteer_service.events import planning
from volunteer_service.events.models import Event
from volunteer_service.journal import Entry
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.models import Account, Consent, Grant, Volunteer
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.people.search import people_lists
from volunteer_service.scoring.ratings import results
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.stories.act_words import ACTS, OTHERWISE
from volunteer_service.stories.fact_words import CODES, FACTS
from volunteer_service.teams import role_grants
from volunteer_service.teams.models import Membership, Team

SORTS = Sorts(Entry.id, "-id")
_VOLUNTEER = Phrase("一位志愿者")
_SERVICE = Phrase("系统")


@dataclass(frozen=True)
class Fact:
    """One fact of an act; ``before`` is None if there was nothing before or it is not known."""

    name: str
    label: Phrase
    #: text, instant, minutes, points, hundredths, count, state, role or answer.
    unit: str
    before: Any
    value: Any


@dataclass(frozen=True)
class Act:
    """One row of a story; ``who`` is a name, or a phrase where no name is shown."""

    id: int
    at: datetime
    door: str
    words: Phrase
    who: str | Phrase
    facts: list[Fact]


@dataclass(frozen=True)
class Story:
    """The declaration of a story: how a reader who may see the thing finds it, and what belongs to
    it.
    """

    model: type[Any]
    #: Returns the name of the thing, or raises what its own page raises.
    seen: Callable[[int, Actor, datetime], str]
    #: By model, the ids of rows that belong to the thing and are shown with it.
    parts: Mapping[type[Any], Callable[[int], Select[int]]]


def _person(id_: int, by: Actor, at: datetime) -> str:
    person = people_lists.volunteer(id_, by=by)
    audit_looks.opened(person, "person", by=by, at=at)
    return person.name


def _team(id_: int, by: Actor, _at: datetime) -> str:
    team = database.fetch(Team, id_)
    need(by, Right.ROSTER_SEE, area_path=team.area.path, team_id=id_)
    return team.name


def _event(id_: int, by: Actor, _at: datetime) -> str:
    return planning.led(id_, by=by).title


def _record(id_: int, by: Actor, at: datetime) -> str:
    record = rosters.explain(id_, by=by).record
    audit_looks.opened(record.volunteer, "record", by=by, at=at)
    return record.event_name


def _gift(id_: int, by: Actor, _at: datetime) -> str:
    gift = database.fetch(Gift, id_)
    need(by, Right.GIFT_EDIT, area_path=gift.area.path)
    return gift.name


def _round(id_: int, by: Actor, _at: datetime) -> str:
    return results.round_of(id_, by).half_year


def _account(id_: int, by: Actor, _at: datetime) -> str:
    return role_grants.grantee(id_, by=by).name


STORIES = {
    "person": Story(
        Volunteer,
        _person,
        {
            Consent: lambda id_: select(Consent.id).where(Consent.volunteer_id == id_),
            Membership: lambda id_: select(Membership.id).where(Membership.volunteer_id == id_),
        },
    ),
    "team": Story(
        Team,
        _team,
        {Circular: lambda id_: select(Circular.id).where(Circular.team_id == id_)},
    ),
    "event": Story(
        Event,
        _event,
        {Circular: lambda id_: select(Circular.id).where(Circular.event_id == id_)},
    ),
    "record": Story(
        ServiceRecord,
        _record,
        {
            Correction: lambda id_: select(Correction.id).where(Correction.record_id == id_),
            Dispute: lambda id_: select(Dispute.id).where(Dispute.record_id == id_),
        },
    ),
    "gift": Story(Gift, _gift, {}),
    "round": Story(Round, _round, {}),
    "account": Story(
        Account,
        _account,
        {Grant: lambda id_: select(Grant.id).where(Grant.account_id == id_)},
    ),
}


def story(
    kind: str, id_: int, *, by: Actor, at: datetime, cursor: str | None = None, limit: int = 50
) -> tuple[str, Page[Act]]:
    """Return the name of a thing and the acts about it, newest first, for an actor who may see
    it.
    """
    declared = STORIES[kind]
    name = declared.seen(id_, by, at)
    query = select(Entry).where(_about(declared, id_))
    found = page(query, SORTS, cursor=cursor, limit=limit)
    names = _names({row.account_id for row in found.items if row.account_id is not None})
    return name, Page([_act(row, names) for row in found.items], found.next)


def _about(declared: Story, id_: int) -> ColumnElement[bool]:
    own = and_(Entry.subject_type == declared.model.__tablename__, Entry.subject_id == id_)
    parts = (
        and_(Entry.subject_type == model.__tablename__, Entry.subject_id.in_(ids(id_)))
        for model, ids in declared.parts.items()
    )
    return or_(own, *parts)


def _names(account_ids: set[int]) -> dict[int, str]:
    """Return the names of those accounts that are staff's."""
    has_role = exists().where(Grant.account_id == Account.id)
    query = select(Account.id, Account.name).where(
        Account.id.in_(account_ids), or_(has_role, Account.volunteer_id.is_(None))
    )
    return dict(db.session.execute(query).all())


def _act(row: Entry, names: Mapping[int, str]) -> Act:
    who = _SERVICE if row.account_id is None else names.get(row.account_id, _VOLUNTEER)
    words = ACTS.get(row.verb, OTHERWISE)
    return Act(row.id, row.at, row.door, words, who, list(_facts(row.facts)))


def _facts(facts: Mapping[str, Any]) -> Iterator[Fact]:
    """Return what changed, with the former values, and then the other facts that have words."""
    values = facts.get("values", {})
    for key, (before, value) in values.items():
        yield _fact(key, before, value)
    was, now = facts.get("was"), facts.get("now")
    if isinstance(was, str) and isinstance(now, str):
        yield _fact("name", was, now)
    for key, value in facts.items():
        if key in FACTS and value is not None and not ("values" in facts and key == "state"):
            is_time = key == "minutes" and isinstance(was, int)
            yield _fact(key, was if is_time else None, value)


def _fact(key: str, before: Any, value: Any) -> Fact:
    label, unit = FACTS[key]
    codes = CODES.get(unit, {})
    return Fact(key, label, unit, codes.get(str(before), before), codes.get(str(value), value))

"""Reads the story of one thing: each act about it, who did it, what it was before and is now.

People who may see the thing read its story; an account with a role is named, and a volunteer's act
is shown without a name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from volunteer_service.events.models import Event, SignUp
from volunteer_service.journal import Entry
from volunteer_service.merging.teams.models import TeamMerging
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import Account, Consent, Grant, Volunteer
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.people.search import people_lists
from volunteer_service.scoring.ratings import results
from volunteer_service.scoring.ratings.models import Objection, Round, RoundResult
from volunteer_service.scoring.rewards.models import Gift, Redemption
from volunteer_service.stories import changed_data, next_acts
from volunteer_service.stories.act_words import ACTS, OTHERWISE
from volunteer_service.stories.fact_words import FACTS, Fact, of_code
from volunteer_service.teams import role_grants
from volunteer_service.teams.models import Membership, Team

SORTS = Sorts(Entry.id, "-id")
_VOLUNTEER = Phrase("一位志愿者")
_SERVICE = Phrase("系统")


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
class Told:
    """A page of a story: the name of the thing, its acts, and what the reader may do next."""

    name: str
    acts: Page[Act]
    may: Sequence[next_acts.NextAct]


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
            Merging: lambda id_: select(Merging.id).where(
                or_(Merging.kept_id == id_, Merging.merged_id == id_)
            ),
            Redemption: lambda id_: select(Redemption.id).where(Redemption.volunteer_id == id_),
            SignUp: lambda id_: select(SignUp.id).where(SignUp.volunteer_id == id_),
        },
    ),
    "team": Story(
        Team,
        _team,
        {
            Circular: lambda id_: select(Circular.id).where(Circular.team_id == id_),
            Grant: lambda id_: select(Grant.id).where(Grant.team_id == id_),
            Membership: lambda id_: select(Membership.id).where(Membership.team_id == id_),
            TeamMerging: lambda id_: select(TeamMerging.id).where(
                or_(TeamMerging.kept_id == id_, TeamMerging.merged_id == id_)
            ),
        },
    ),
    "event": Story(
        Event,
        _event,
        {
            Circular: lambda id_: select(Circular.id).where(Circular.event_id == id_),
            SignUp: lambda id_: select(SignUp.id).where(SignUp.event_id == id_),
        },
    ),
    "record": Story(
        ServiceRecord,
        _record,
        {
            Correction: lambda id_: select(Correction.id).where(Correction.record_id == id_),
            Dispute: lambda id_: select(Dispute.id).where(Dispute.record_id == id_),
        },
    ),
    "gift": Story(
        Gift,
        _gift,
        {Redemption: lambda id_: select(Redemption.id).where(Redemption.gift_id == id_)},
    ),
    "round": Story(
        Round,
        _round,
        {
            Objection: lambda id_: (
                select(Objection.id).join(RoundResult).where(RoundResult.round_id == id_)
            )
        },
    ),
    "account": Story(
        Account,
        _account,
        {Grant: lambda id_: select(Grant.id).where(Grant.account_id == id_)},
    ),
}


def story(
    kind: str, id_: int, *, by: Actor, at: datetime, cursor: str | None = None, limit: int = 50
) -> Told:
    """Return the acts about a thing, newest first, for an actor who may see it."""
    declared = STORIES[kind]
    name = declared.seen(id_, by, at)
    query = select(Entry).where(_about(declared, id_))
    found = page(query, SORTS, cursor=cursor, limit=limit)
    names = _names({row.account_id for row in found.items if row.account_id is not None})
    changed = changed_data.facts(found.items, by=by) if kind == "person" else {}
    acts = [_act(row, names, changed.get(row.id, [])) for row in found.items]
    may = next_acts.of(kind, database.fetch(declared.model, id_), by=by, at=at)
    return Told(name, Page(acts, found.next), may)


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


def _act(row: Entry, names: Mapping[int, str], changed: Sequence[Fact]) -> Act:
    who = _SERVICE if row.account_id is None else names.get(row.account_id, _VOLUNTEER)
    words = ACTS.get(row.verb, OTHERWISE)
    return Act(
        row.id,
        row.at,
        row.door,
        words,
        who,
        [*changed, *(fact for fact in _facts(row) if not fact.is_empty)],
    )


def _facts(row: Entry) -> Iterator[Fact]:
    """Return what changed, with the former values, and then the other facts that have words."""
    facts = row.facts
    values = facts.get("values", {})
    for key, (before, value) in values.items():
        yield _fact(row, key, before, value)
    was, now = facts.get("was"), facts.get("now")
    if isinstance(was, str) and isinstance(now, str):
        yield _fact(row, "name", was, now)
    for key, value in facts.items():
        if key in FACTS and value is not None and not ("values" in facts and key == "state"):
            is_time = key == "minutes" and isinstance(was, int)
            yield _fact(row, key, was if is_time else None, value)


def _fact(row: Entry, key: str, before: Any, value: Any) -> Fact:
    label, unit = FACTS[key]
    told = (of_code(row.subject_type, unit, each) for each in (before, value))
    return Fact(key, label, unit, *told)

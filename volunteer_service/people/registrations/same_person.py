"""Decides whether a person being entered may already be registered: one rule for every caller.

Two entries match with the same name, and the same birthday and community as far as both are known,
where at least one of these is known. Different identity numbers mean different people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.people.models import SearchKey, Volunteer
from volunteer_service.people.search.name_spelling import LONGEST_SPELLING, letters
from volunteer_service.people.search.person_names import folded

#: The most people that a question names.
MOST_NAMED = 10
#: Parts of the path of a community: «/street/community/».
_OF_COMMUNITY = 2


@dataclass(frozen=True)
class Entry:
    """The known data of a person for comparing."""

    name: str
    born_on: date | None
    #: The path of the home; None where it is not known.
    home: str | None
    identity_key: str | None = None


class MaybeSamePerson(Refused):
    """A registered person has this name, and this birthday and community as far as known."""

    status = 409
    message = (
        "已有同名的人：%(who)s。是同一个人就不用再登记，请直接用已有的编号；"
        "确实是另一个人，请勾选“是另一个人”再提交。"
    )

    def __init__(self, people: Sequence[Volunteer]) -> None:
        named = [shown(person) for person in people[:MOST_NAMED]]
        words = "；".join(f"{each['number']} {each['told']}" for each in named)
        super().__init__(field="confirm_other", who=words)
        self.candidates = named

    @property
    def details(self) -> dict[str, Any]:
        """Return the people, for API clients."""
        return {"candidates": self.candidates}


def shown(person: Volunteer) -> dict[str, Any]:
    """Return what a question shows about a person: number, name, year of birth, community."""
    home = areas.of(person.area_id).name if person.area_id else None
    born = person.born_on.year if person.born_on else None
    told = "，".join(
        part for part in (person.name, f"{born}-…" if born else "", home or "") if part
    )
    return {
        "id": person.id,
        "number": person.number,
        "name": person.name,
        "born_in": born,
        "area": home,
        "told": told,
    }


def namesakes(entry: Entry, *, but: int | None = None) -> list[Volunteer]:
    """Return registered people who may be this person, earliest registered first."""
    key = letters(entry.name)[:LONGEST_SPELLING]
    named = select(SearchKey.volunteer_id).where(SearchKey.kind == "name", SearchKey.key == key)
    query = (
        select(Volunteer, Area.path)
        .outerjoin(Area, Area.id == Volunteer.area_id)
        .where(Volunteer.id.in_(named), Volunteer.state != "disowned", Volunteer.id != (but or 0))
        .order_by(Volunteer.id)
    )
    return [
        person
        for person, home in db.session.execute(query)
        if may_be_one(entry, Entry(person.name, person.born_on, home, person.identity_key))
    ]


def namesakes_of(person: Volunteer) -> list[Volunteer]:
    """Return others who may be the same as this registered person."""
    home = areas.path_of(person.area_id) if person.area_id else None
    entry = Entry(person.name, person.born_on, home, person.identity_key)
    return namesakes(entry, but=person.id)


def may_be_one(one: Entry, other: Entry) -> bool:
    """Apply the rule to two people."""
    if folded(one.name) != folded(other.name):
        return False
    if one.identity_key and other.identity_key and one.identity_key != other.identity_key:
        return False
    compared = [_same(one.born_on, other.born_on), _same_place(one.home, other.home)]
    return False not in compared and True in compared


def _same(one: date | None, other: date | None) -> bool | None:
    return None if one is None or other is None else one == other


def _same_place(one: str | None, other: str | None) -> bool | None:
    """Tell whether two homes are in one community; None if only the street of one is known."""
    if one is None or other is None:
        return None
    first, second = (path.strip("/").split("/")[:_OF_COMMUNITY] for path in (one, other))
    if first[0] != second[0]:
        return False
    return first == second if len(first) == len(second) == _OF_COMMUNITY else None

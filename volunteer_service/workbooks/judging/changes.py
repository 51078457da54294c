"""The differences between taken rows and the service, offered to the coordinator by field.

An empty cell changes nothing. Only people who live in the sub-district are compared. A move to
another team is offered if somebody is in only one team and the list does not name that one for
them; else the list adds a team, as before. A move of a building or grid is offered if its name
occurs once in the street (a building's: in its community), and the list no longer has it in the old
place; without agreement a new one of that name is made, as before.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any

from sqlalchemy import or_, select

from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.people.changes import contact_numbers, person_values
from volunteer_service.people.models import Guardian, Volunteer
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks import change_values
from volunteer_service.workbooks.change_values import Value
from volunteer_service.workbooks.judging import existing_data, person_keys
from volunteer_service.workbooks.judging.known import AreaHere
from volunteer_service.workbooks.judging.taken_or_refused import (
    AreaRow,
    GiftRow,
    Taken,
    TeamRow,
    VolunteerRow,
)
from volunteer_service.workbooks.reading.cells import match_key


@dataclass(frozen=True)
class Change:
    """One field of one thing: its value, the list's value, and the place in the list."""

    kind: str
    target_id: int
    field: str
    was: Value | None
    now: Value
    file: str
    sheet: str
    row_number: int


@dataclass
class Changes:
    """Compares taken rows of one sub-district, a chunk at a time."""

    root: Area
    _areas: dict[existing_data.Names, AreaHere] = field(init=False)
    #: The people whose only team the list names too, and the moves of the others.
    _staying: set[int] = field(default_factory=set)
    _moves: dict[int, Change] = field(default_factory=dict)
    _moved_twice: set[int] = field(default_factory=set)
    #: The differences already found for a person, because members of two teams have a row for each.
    _told: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._areas = existing_data.areas(self.root)
        self._teams = existing_data.teams(self.root)
        self._gifts = existing_data.gifts(self.root)

    def of(self, kind: str, rows: list[Taken]) -> Iterator[Change]:
        """Return the differences of some rows of one kind; people's teams come at the end."""
        if kind == "teams":
            yield from self._of_teams(rows)
        elif kind == "volunteers":
            yield from self._of_people(rows)
        elif kind == "gifts":
            yield from self._of_gifts(rows)

    def at_the_end(self) -> Iterator[Change]:
        """Return the moves from team to team, which only the whole list shows."""
        for person, move in self._moves.items():
            if person not in self._staying | self._moved_twice:
                yield move

    def of_areas(self, rows: list[Taken]) -> Iterator[Change]:
        """Return the moves of buildings and grids; ``rows`` are all that the list of areas has."""
        listed = {existing_data.key(*path) for one in rows for path in _paths(one.row)}
        homes = Counter(key[-1] for key in self._areas if len(key) == 2)
        moved: set[existing_data.Names] = set()
        for one in rows:
            for path in _paths(one.row)[1:]:
                key = existing_data.key(*path)
                if key in self._areas or key in moved:
                    continue
                moved.add(key)
                if (old := self._once_elsewhere(key, homes)) and old not in listed:
                    here = self._areas[old]
                    yield _change(one, here.id, "above", _area(here.id), {"place": path[:-1]})

    def _once_elsewhere(
        self, key: existing_data.Names, homes: Counter[str]
    ) -> existing_data.Names | None:
        if len(key) == 2:
            if homes[key[-1]] != 1:
                return None
            return next(one for one in self._areas if len(one) == 2 and one[-1] == key[-1])
        same = [
            one for one in self._areas if len(one) == 3 and (one[0], one[2]) == (key[0], key[2])
        ]
        return same[0] if len(same) == 1 else None

    def _of_teams(self, rows: list[Taken]) -> Iterator[Change]:
        for one in rows:
            here = self._teams.get(match_key(_team_row(one).name))
            team = db.session.get(Team, here.id) if here else None
            if team is not None:
                for name, now in self._said_of_team(_team_row(one), team):
                    was = change_values.present(team, name)
                    if was != now:
                        yield _change(one, team.id, name, was, now)

    def _said_of_team(self, row: TeamRow, team: Team) -> Iterator[tuple[str, Value]]:
        if not self._is_within(team.area.path, (row.community,)):
            yield "community", {"place": [row.community]}
        if row.recording_unit:
            yield "recording_unit", {"name": row.recording_unit}
        if row.brand:
            yield "brand", {"name": row.brand}
        if row.project:
            yield "project", {"name": row.project}
        if row.founded_on:
            yield "founded_on", {"day": str(row.founded_on)}

    def _of_gifts(self, rows: list[Taken]) -> Iterator[Change]:
        for one in rows:
            row: Any = one.row
            gift = self._gifts.get(match_key(row.name))
            if gift is None or existing_data.is_shell(gift):
                continue
            for name, now in _said_of_gift(row):
                was = change_values.present(gift, name)
                if was != now:
                    yield _change(one, gift.id, name, was, now)

    def _of_people(self, rows: list[Taken]) -> Iterator[Change]:
        found = self._people({_person_row(one).id_key for one in rows})
        teams = _teams_of([person.id for person in found.values()])
        guarded = _guarded([person.id for person in found.values()])
        for one in rows:
            row = _person_row(one)
            person = found.get(row.id_key)
            if person is None:
                continue
            self._look_at_team(one, person.id, teams.get(person.id, {}))
            for name, now in self._said_of_person(row, person, person.id in guarded):
                entry = db.session.get_one(Volunteer, person.id)
                was = change_values.present(entry, name)
                if was != now and (person.id, name) not in self._told:
                    self._told.add((person.id, name))
                    yield _change(one, person.id, name, was, now)

    def _said_of_person(
        self, row: VolunteerRow, person: Any, is_guarded: bool
    ) -> Iterator[tuple[str, Value]]:
        if contact_numbers.identity_key(row.id_number) != person.identity_key:
            born_on = row.born_on.isoformat()
            yield "identity", {"identity": row.id_number, "born_on": born_on, "sex": row.sex}
        yield "registered", {"registered": row.registered_on.isoformat()}
        for name in person_values.DETAILS:
            if said := getattr(row, name):
                yield name, {name: said}
        if row.phone and contact_numbers.phone_key(row.phone) != person.phone_key:
            yield "phone", {"phone": row.phone}
        if match_key(row.name) != match_key(person.name):
            yield "name", {"name": row.name}
        place = [name for name in (row.community, row.grid, row.building) if name]
        if place and not self._is_within(person.path, place):
            yield "home", {"place": place}
        if is_guarded and row.guardian_name and row.guardian_phone:
            yield "guardian", {"guardian": row.guardian_name, "guardian_phone": row.guardian_phone}

    def _look_at_team(self, one: Taken, person: int, teams: dict[str, tuple[int, str]]) -> None:
        team = match_key(_person_row(one).team)
        if not team or not teams:
            return
        if team in teams:
            self._staying.add(person)
        elif person in self._moves:
            self._moved_twice.add(person)
        elif len(teams) == 1:
            (number, name) = next(iter(teams.values()))
            was, now = {"team": number, "name": name}, {"name": _person_row(one).team}
            self._moves[person] = _change(one, person, "team", was, now)

    def _is_within(self, path: str, names: Any) -> bool:
        """Tell whether the place in a list contains this one, because a list may be coarser."""
        there = self._areas.get(existing_data.key(*names))
        return there is not None and path.startswith(there.path)

    def _people(self, keys: set[str]) -> dict[str, Any]:
        query = (
            select(
                Volunteer.id,
                Volunteer.identity_key,
                Volunteer.name,
                Volunteer.phone_key,
                Area.path,
            )
            .join(Area, Area.id == Volunteer.area_id)
            .where(
                or_(
                    Volunteer.identity_key.in_(keys),
                    Volunteer.id.in_(person_keys.row_ids(keys)),
                ),
                Volunteer.state == "active",
                Area.path.startswith(self.root.path),
            )
        )
        rows = db.session.execute(query)
        return {person_keys.person_of(row.identity_key, row.id): row for row in rows}


def found(taken: Any, root: Area | None, chunk: int) -> Iterator[Change]:
    """Return every difference between the taken rows and the service; none for a new
    sub-district.
    """
    if root is None:
        return
    changes = Changes(root)
    for kind, group in groupby(taken, key=lambda one: one.kind):
        known = (one for one in group if _is_looked_at(one))
        if kind == "areas":
            yield from changes.of_areas(list(known))
            continue
        while rows := list(islice(known, chunk)):
            yield from changes.of(kind, rows)
    yield from changes.at_the_end()


def _is_looked_at(one: Taken) -> bool:
    """Tell whether a row can differ from the stored data: new rows cannot, except areas of this
    street, which may have moved.
    """
    if isinstance(one.row, AreaRow):
        return not one.row.is_elsewhere
    return not one.is_new


def _paths(row: Any) -> list[tuple[str, ...]]:
    whole: AreaRow = row
    path = (whole.community, whole.grid, whole.building)
    return [path[:depth] for depth in (1, 2, 3)]


def _said_of_gift(row: GiftRow) -> Iterator[tuple[str, Value]]:
    yield "price", {"centi": row.points_centi}
    if row.minimum_star is not None:
        yield "stars", {"stars": row.minimum_star}
    yield "stock", {"pieces": row.stock}


def _team_row(one: Taken) -> TeamRow:
    row: TeamRow = one.row  # type: ignore[assignment]
    return row


def _person_row(one: Taken) -> VolunteerRow:
    row: VolunteerRow = one.row  # type: ignore[assignment]
    return row


def _area(area_id: int) -> Value | None:
    return change_values.present(db.session.get_one(Area, area_id), "above")


def _change(one: Taken, target_id: int, name: str, was: Value | None, now: Value) -> Change:
    where = one.file, one.sheet, one.row_number
    return Change(one.kind, target_id, name, was, now, *where)


def _teams_of(people: list[int]) -> dict[int, dict[str, tuple[int, str]]]:
    """Return the present teams of these people, by the key of their name."""
    query = (
        select(Membership.volunteer_id, Team.id, Team.name)
        .join(Team, Team.id == Membership.team_id)
        .where(Membership.volunteer_id.in_(people), Membership.state.in_(("active", "coming")))
    )
    teams: dict[int, dict[str, tuple[int, str]]] = {}
    for person, number, name in db.session.execute(query):
        teams.setdefault(person, {})[match_key(name)] = (number, name)
    return teams


def _guarded(people: list[int]) -> set[int]:
    query = select(Guardian.volunteer_id).where(Guardian.volunteer_id.in_(people))
    return set(db.session.scalars(query))

"""The existing data of a sub-district, for the judges and the writers.

The lists of areas, teams and gifts are short compared with those of people and records, so they are
held whole; people and records are queried row by row.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from volunteer_service import settings
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.changes import contact_numbers
from volunteer_service.people.merged_entries import going_on
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations import same_person
from volunteer_service.people.search.person_names import folded
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks.judging import opening_rows, person_keys
from volunteer_service.workbooks.judging.known import AreaHere
from volunteer_service.workbooks.judging.street_roots import root_called
from volunteer_service.workbooks.reading.cells import match_key

Names = tuple[str, ...]


class TeamHere(NamedTuple):
    """A team of the sub-district."""

    id: int
    area_id: int
    name: str
    recording_unit: str
    is_closed: bool = False


def key(*names: str) -> Names:
    """Return the key of an area: its names below the sub-district, without empty ones."""
    return tuple(match_key(name) for name in names if name)


def areas(root: Area) -> dict[Names, AreaHere]:
    """List every area below the root by its key; the root itself under ()."""
    query = (
        select(Area.id, Area.parent_id, Area.name, Area.path, Area.closed_at)
        .where(Area.path.startswith(root.path))
        .order_by(Area.id)
    )
    rows = {row.id: row for row in db.session.execute(query)}
    found: dict[Names, AreaHere] = {}
    for row in rows.values():
        names: list[str] = []
        step = row
        while step.id != root.id:
            names.append(step.name)
            step = rows[step.parent_id]
        found[key(*reversed(names))] = AreaHere(
            row.id, row.path, row.name, row.closed_at is not None
        )
    return found


def _areas_of(street: str) -> dict[Names, AreaHere]:
    root = root_called(street)
    return areas(root) if root is not None else {}


def _is_closed(found: Mapping[Names, AreaHere], names: Names) -> bool:
    above = (found.get(names[:depth]) for depth in range(len(names) + 1))
    return any(area is not None and area.is_closed for area in above)


def teams(root: Area) -> dict[str, TeamHere]:
    """List the sub-district's teams by the key of their name.

    Of two teams with one name the open one counts, of two open ones the older.
    """
    is_closed = Team.state != "active"
    query = (
        select(Team.id, Team.area_id, Team.name, Team.recording_unit, is_closed)
        .join(Area, Area.id == Team.area_id)
        .where(Area.path.startswith(root.path))
        .order_by(is_closed.desc(), Team.id.desc())
    )
    return {match_key(row.name): TeamHere(*row) for row in db.session.execute(query)}


def gifts(root: Area) -> dict[str, Gift]:
    """List the gifts of the sub-district's desk by the key of their name."""
    found = db.session.scalars(select(Gift).where(Gift.area_id == root.id))
    return {match_key(gift.name): gift for gift in found}


def is_shell(gift: Gift) -> bool:
    """Tell whether an undo left only the name, because stock moves are evidence and keep their
    gift.
    """
    return gift.state == "withdrawn" and gift.stock == 0


#: People whose answers are cached, because a log names the same ones again and again.
_REMEMBERED = 4096
#: The most other streets in one list of areas.
_STREETS = 20

#: Key, local start and end, the local day for which it counts, minutes.
Span = tuple[str, datetime, datetime, date, int]


class DatabaseKnown:
    """The judges' queries to the database; ``root`` is None for a new sub-district."""

    def __init__(self, root: Area | None) -> None:
        self._root = root
        self._areas = areas(root) if root else {}
        self._teams = teams(root) if root else {}
        self._gifts = gifts(root) if root else {}
        # A first import would query an empty table 17,000 times.
        self._has_people = db.session.scalar(select(Volunteer.id).limit(1)) is not None
        self._has_records = db.session.scalar(select(ServiceRecord.id).limit(1)) is not None
        self._without_identity = self._find_without_identity() if self._has_people else {}
        self._zone = settings.current().zone
        self._areas_of = lru_cache(_STREETS)(_areas_of)
        self._called = lru_cache(_REMEMBERED)(self._find_called)
        self._spans = lru_cache(_REMEMBERED)(self._find_spans)

    def has_area(self, community: str, grid: str, building: str) -> bool:
        """Tell whether the path is in the tree."""
        return key(community, grid, building) in self._areas

    def is_closed(self, community: str, grid: str, building: str) -> bool:
        """Tell whether the area, or one above it, is closed."""
        return _is_closed(self._areas, key(community, grid, building))

    def areas_of(self, street: str) -> Mapping[Names, AreaHere]:
        """Return the areas of a street by their key; "": those of the sub-district itself."""
        return self._areas_of(street) if street else self._areas

    def has_area_of(self, street: str, path: Names) -> bool:
        """Tell whether another street has this path in its tree."""
        return key(*path) in self._areas_of(street)

    def is_closed_of(self, street: str, path: Names) -> bool:
        """Tell whether the area of another street, or one above it, is closed."""
        return _is_closed(self._areas_of(street), key(*path))

    def communities(self) -> Collection[str]:
        """Return names of all communities."""
        return [area.name for names, area in self._areas.items() if len(names) == 1]

    def has_team(self, name: str) -> bool:
        """Tell whether the sub-district has a team of this name."""
        return match_key(name) in self._teams

    def team_names(self) -> Collection[str]:
        """Return names of all teams."""
        return [team.name for team in self._teams.values()]

    def would_join_closed(self, team: str, id_key: str) -> bool:
        """Tell whether the team is closed and the volunteer with this keyed ID hash is
        not in it.
        """
        found = self._teams.get(match_key(team))
        if found is None or not found.is_closed:
            return False
        query = (
            select(Membership.id)
            .join(Volunteer, going_on() == Membership.volunteer_id)
            .where(
                Membership.team_id == found.id,
                Membership.state.in_(("active", "coming")),
                person_keys.is_entry(id_key),
            )
        )
        return db.session.scalar(query.limit(1)) is None

    def would_move_into_closed(self, id_key: str, place: tuple[str, str, str]) -> bool:
        """Tell whether the place is closed and this volunteer of the sub-district lives
        elsewhere in it.
        """
        if self._root is None or not self.is_closed(*place):
            return False
        home = db.session.scalar(
            select(Area.path)
            .join(Volunteer, Volunteer.area_id == Area.id)
            .where(person_keys.is_entry(id_key), Area.path.startswith(self._root.path))
        )
        return home is not None and not self._holds(key(*place), home)

    def team_would_move_into_closed(self, team: str, community: str) -> bool:
        """Tell whether the community is closed and the team is in another one."""
        found = self._teams.get(match_key(team))
        if found is None or not self.is_closed(community, "", ""):
            return False
        return not self._holds(key(community), db.session.get_one(Area, found.area_id).path)

    def _holds(self, names: Names, path: str) -> bool:
        there = self._areas.get(names)
        return there is not None and path.startswith(there.path)

    def has_gift(self, name: str) -> bool:
        """Tell whether the desk has a gift of this name."""
        gift = self._gifts.get(match_key(name))
        return gift is not None and not is_shell(gift)

    def name_behind(self, id_key: str) -> str | None:
        """Return the name of the volunteer with this keyed ID hash, wherever they live."""
        if not self._has_people:
            return None
        return db.session.scalar(select(Volunteer.name).where(person_keys.is_entry(id_key)))

    def entry_here(self, name: str, phone: str) -> str | None:
        """Return the key of the one active volunteer at home here with this name and phone."""
        if self._root is None or not phone or not self._has_people:
            return None
        query = (
            select(Volunteer.id, Volunteer.identity_key, Volunteer.name)
            .join(Area, Area.id == Volunteer.area_id)
            .where(
                Volunteer.phone_key == contact_numbers.phone_key(phone),
                Volunteer.state == "active",
                Area.path.startswith(self._root.path),
            )
        )
        rows = db.session.execute(query)
        found = [row for row in rows if match_key(row.name) == match_key(name)]
        return (
            person_keys.person_of(found[0].identity_key, found[0].id) if len(found) == 1 else None
        )

    def is_reached_at(self, id_key: str, phone: str) -> bool:
        """Tell whether the volunteer with this keyed ID hash lives here and has this phone."""
        if self._root is None or not phone:
            return False
        query = (
            select(Volunteer.id)
            .join(Area, Area.id == Volunteer.area_id)
            .where(
                person_keys.is_entry(id_key),
                Volunteer.phone_key == contact_numbers.phone_key(phone),
                Area.path.startswith(self._root.path),
            )
        )
        return db.session.scalar(query) is not None

    def has_left(self, id_key: str) -> bool:
        """Tell whether this volunteer left, or said that the registration was never theirs."""
        if not self._has_people:
            return False
        heir = aliased(Volunteer)
        state = select(heir.state).join(Volunteer, heir.id == going_on())
        state = state.where(person_keys.is_entry(id_key))
        return db.session.scalar(state) not in (None, "active")

    def maybe_here(self, name: str, born_on: date, place: Names) -> str | None:
        """Return the number of a registered person without identity number who may be this one."""
        area = self._areas.get(key(*place)) or self._areas.get(())
        entry = same_person.Entry(name, born_on, area.path if area else None)
        for number, other in self._without_identity.get(folded(name), ()):
            if same_person.may_be_one(entry, other):
                return number
        return None

    def _find_without_identity(self) -> dict[str, list[tuple[str, same_person.Entry]]]:
        query = (
            select(Volunteer.number, Volunteer.name, Volunteer.born_on, Area.path)
            .outerjoin(Area, Area.id == Volunteer.area_id)
            .where(Volunteer.identity_key.is_(None), Volunteer.state != "disowned", self._is_here())
            .order_by(Volunteer.id)
        )
        found: dict[str, list[tuple[str, same_person.Entry]]] = {}
        for number, name, born_on, home in db.session.execute(query):
            entry = same_person.Entry(name, born_on, home)
            found.setdefault(folded(name), []).append((number, entry))
        return found

    def people_called(self, name: str, phone: str) -> Collection[str]:
        """Return the volunteers of the sub-district with this name and phone."""
        return self._called(match_key(name), phone) if self._has_people else ()

    def left_called(self, name: str, phone: str) -> bool:
        """Tell whether a volunteer of the sub-district with this name and phone left."""
        return self._has_people and bool(self._find_called(match_key(name), phone, has_left=True))

    def records_between(self, person: str, start: datetime, end: datetime) -> Iterable[str]:
        """Return keys of the person's records that share a minute with these local times."""
        if not self._has_records:
            return ()
        spans = self._spans(person)
        return [key for key, begun, over, _on, _minutes in spans if begun < end and over > start]

    def minutes_of(self, person: str, key: str) -> int | None:
        """Return minutes of the record with this key; None where there is none."""
        if not self._has_records:
            return None
        spans = self._spans(person)
        return next((minutes for one, _start, _end, _on, minutes in spans if one == key), None)

    def minutes_on(self, person: str, day: date) -> int:
        """Return minutes of the person's valid records of a local day."""
        if not self._has_records:
            return 0
        return sum(minutes for _key, _start, _end, on, minutes in self._spans(person) if on == day)

    def lives_elsewhere(self, person: str) -> bool:
        """Tell whether the person is registered at home outside the sub-district, or nowhere."""
        query = (
            select(Area.path).select_from(Volunteer).outerjoin(Area, Volunteer.area_id == Area.id)
        )
        found = db.session.execute(query.where(person_keys.is_person(person))).one_or_none()
        if found is None:
            return False
        return self._root is None or not (found.path or "").startswith(self._root.path)

    def taken_over(self, kind: str, person: str, what: str) -> str | None:
        """Return what was already taken over of this, in words."""
        ids = db.session.scalars(select(Volunteer.id).where(person_keys.is_person(person))).all()
        return opening_rows.standing(kind, ids[0] if ids else 0, what)

    def _find_called(self, name_key: str, phone: str, has_left: bool = False) -> tuple[str, ...]:
        # A merged entry is the person of the kept one, and both may have the same name.
        heir = aliased(Volunteer)
        is_active = heir.state == "active"
        query = select(Volunteer.id.label("entry"), heir.id, Volunteer.name, heir.identity_key)
        query = query.join(heir, heir.id == going_on()).where(
            Volunteer.phone_key == contact_numbers.phone_key(phone),
            ~is_active if has_left else is_active,
            self._is_here(),
        )
        # Sorted here, because for an order by id SQLite reads everybody without an area.
        rows = sorted(db.session.execute(query), key=lambda row: row.entry)
        found = (
            person_keys.person_of(row.identity_key, row.id)
            for row in rows
            if match_key(row.name) == name_key
        )
        return tuple(dict.fromkeys(found))

    def _is_here(self) -> ColumnElement[bool]:
        """Return the WHERE for people at home in the sub-district, in a team of it, or at home
        nowhere yet.
        """
        if self._root is None:
            return Volunteer.area_id.is_(None)
        below = select(Area.id).where(Area.path.startswith(self._root.path))
        members = (
            select(Membership.volunteer_id)
            .join(Team, Team.id == Membership.team_id)
            .where(Team.area_id.in_(below))
        )
        return or_(
            Volunteer.area_id.is_(None), Volunteer.area_id.in_(below), Volunteer.id.in_(members)
        )

    def _find_spans(self, person: str) -> list[Span]:
        query = (
            select(
                ServiceRecord.id,
                ServiceRecord.source_type,
                ServiceRecord.source_key,
                ServiceRecord.starts_at,
                ServiceRecord.ends_at,
                ServiceRecord.served_on,
                ServiceRecord.minutes,
            )
            .join(Volunteer, Volunteer.id == ServiceRecord.volunteer_id)
            .where(person_keys.is_person(person), ServiceRecord.state.in_(("confirmed", "waiting")))
        )
        return [
            (
                row.source_key if row.source_type == "import" else f"record {row.id}",
                self._local(row.starts_at),
                self._local(row.ends_at),
                row.served_on,
                row.minutes,
            )
            for row in db.session.execute(query)
        ]

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone).replace(tzinfo=None)

"""The rows of a hand-in about people who may import, or people tied to them; these rows need two
people.

:mod:`personal_ties` defines the ties: a phone, a guardian or ward, a household, one's own or that
of somebody who set one's password, phone or role lately. A catalogue has none of these rows: an
offered gift keeps its price, and a new one has neither stock nor orders.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, or_, select

from volunteer_service.db import db
from volunteer_service.people.authorization import personal_ties
from volunteer_service.people.authorization.rights import RIGHTS, Right
from volunteer_service.people.changes import contact_numbers
from volunteer_service.people.models import Account, Grant, Guardian, HouseholdTie, Volunteer
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks.judging.changes import Change
from volunteer_service.workbooks.judging.person_keys import person_of
from volunteer_service.workbooks.judging.taken_or_refused import (
    OpeningRow,
    ServiceRow,
    Taken,
    VolunteerRow,
)
from volunteer_service.workbooks.reading.cells import match_key

#: File, sheet and number of a row.
_Place = tuple[str, str, int]


class Concerned:
    """Counts rows that would change something, by the person concerned.

    A registered person is a volunteer's number. A new person is the phones that tie them to others,
    their own and their guardian's, as keyed hashes, which reveal a second entry of oneself, a child
    or a parent under another name. The number of statements does not depend on the rows.
    """

    def __init__(self, since: datetime) -> None:
        #: Rows by volunteer, and by the phones of new people.
        self.rows: Counter[int] = Counter()
        self.phones: Counter[str] = Counter()
        importers = set(db.session.scalars(_importers()))
        self._near = personal_ties.phones_around(importers, since)
        self._new: dict[str, frozenset[str]] = {}
        self._people = {
            person_of(row.identity_key, row.id): row.id
            for row in db.session.execute(_around(self._near))
        }
        self._people |= _wards(self._near)
        self._ids = frozenset(self._people.values())
        #: The counted rows of a roster, because several different fields of a person are one row.
        self._counted: set[tuple[int, _Place]] = set()

    def add(self, outcome: Taken) -> None:
        """Look at one row that was taken."""
        row = outcome.row
        if isinstance(row, VolunteerRow):
            self._add_entry(row, _place(outcome), is_new=outcome.is_new)
        elif isinstance(row, ServiceRow | OpeningRow) and outcome.is_new:
            self._count(row.person)

    def add_change(self, change: Change) -> None:
        """Count one change of a person that the list would make."""
        if change.target_id in self._ids:
            self._count_once(change.target_id, _place(change))

    def figures(self) -> dict[str, int]:
        """Return what an import stores of it: rows by volunteer's number, and by phone after a
        mark.
        """
        people = {str(id_): n for id_, n in self.rows.items()}
        return people | {f"{PHONE}{key}": n for key, n in self.phones.items()}

    def _add_entry(self, row: VolunteerRow, place: _Place, *, is_new: bool) -> None:
        if is_new:
            given = (row.phone, row.guardian_phone)
            keys = frozenset(contact_numbers.phone_key(phone) for phone in given if phone)
            if near := keys & self._near:
                self._new[row.id_key] = near
            self._count(row.id_key)
        elif (found := self._people.get(row.id_key)) and _would_join(found, row.team):
            self._count_once(found, place)

    def _count_once(self, volunteer_id: int, place: _Place) -> None:
        if (volunteer_id, place) not in self._counted:
            self._counted.add((volunteer_id, place))
            self.rows[volunteer_id] += 1

    def _count(self, person: str) -> None:
        if (found := self._people.get(person)) is not None:
            self.rows[found] += 1
        self.phones.update(self._new.get(person, ()))


#: The mark of a phone among the people of an import.
PHONE = "phone:"


def people_in(concerned: Iterable[str]) -> list[int]:
    """Return the volunteers among the people of an import."""
    return [int(name) for name in concerned if not name.startswith(PHONE)]


def phones_in(concerned: Iterable[str]) -> set[str]:
    """Return the phones of new people among the people of an import."""
    return {name.removeprefix(PHONE) for name in concerned if name.startswith(PHONE)}


def _place(one: Taken | Change) -> _Place:
    return one.file, one.sheet, one.row_number


def _importers() -> Select[int]:
    roles = [role for role, rights in RIGHTS.items() if Right.IMPORT in rights]
    return select(Grant.account_id).where(Grant.role.in_(roles))


def _around(phones: set[str]) -> Select[int, str | None]:
    """Return who may import, who has one of these phones, and everybody with a declared household.

    Their owners are compared when somebody applies the rows.
    """
    importers = select(Account.volunteer_id).where(
        Account.volunteer_id.is_not(None), Account.id.in_(_importers())
    )
    declared = (select(HouseholdTie.one_id), select(HouseholdTie.other_id))
    return select(Volunteer.id, Volunteer.identity_key).where(
        or_(
            Volunteer.phone_key.in_(phones),
            *(Volunteer.id.in_(ids) for ids in (importers, *declared)),
        )
    )


def _wards(phones: set[str]) -> dict[str, int]:
    """Return people whose guardian has one of these phones; each phone is decrypted to compare."""
    query = select(Guardian, Volunteer.identity_key).join(
        Volunteer, Volunteer.id == Guardian.volunteer_id
    )
    return {
        person_of(key, each.volunteer_id): each.volunteer_id
        for each, key in db.session.execute(query)
        if each.phone and contact_numbers.phone_key(each.phone) in phones
    }


def _would_join(volunteer_id: int, team: str) -> bool:
    """Tell whether a roster's row would make somebody a new member."""
    if not team:
        return False
    query = (
        select(Team.name)
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.volunteer_id == volunteer_id)
    )
    return match_key(team) not in map(match_key, db.session.scalars(query))

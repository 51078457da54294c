"""Which rows of a hand-in are about who may import, their household or phone: they take two people.

Of a catalogue there are none: a gift that is on offer keeps its price, and one that is offered
anew has neither stock nor orders.
"""

from collections import Counter

from sqlalchemy import Select, or_, select

from volunteer_service.db import db
from volunteer_service.people import contact_numbers
from volunteer_service.people.authorization.rights import RIGHTS, Right
from volunteer_service.people.models import Account, Grant, HouseholdTie, Volunteer
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks.judging.existing_data import person_of
from volunteer_service.workbooks.judging.taken_or_refused import ServiceRow, Taken, VolunteerRow
from volunteer_service.workbooks.reading.cells import match_key


class Concerned:
    """Counts rows that would change something, by the people of :func:`_holders`.

    They are told by identity number, and on a roster by name and phone too: a second entry of
    oneself under another number is about oneself all the same.
    """

    def __init__(self) -> None:
        self.rows: Counter[int] = Counter()
        self._people: dict[str, int] = {}
        self._called: dict[str, dict[str | None, int]] = {}
        for row in db.session.execute(_holders()):
            self._people[person_of(row.identity_key, row.id)] = row.id
            self._called.setdefault(match_key(row.name), {})[row.phone_key] = row.id

    def add(self, outcome: Taken) -> None:
        """Look at one row that was taken."""
        row = outcome.row
        if isinstance(row, ServiceRow):
            found = self._people.get(row.person) if outcome.is_new else None
        elif isinstance(row, VolunteerRow):
            found = self._on_roster(row)
            if found and not outcome.is_new and not _would_join(found, row.team):
                found = None
        else:
            return
        if found is not None:
            self.rows[found] += 1

    def _on_roster(self, row: VolunteerRow) -> int | None:
        known = self._people.get(row.id_key)
        if known is not None or not row.phone:
            return known
        called = self._called.get(match_key(row.name))
        return called.get(contact_numbers.phone_key(row.phone)) if called else None


def _holders() -> Select[int, str, str | None, str | None]:
    """Who may import, who has their phone, and everybody with a declared household.

    Whose phone or household it is, is asked later.
    """
    roles = [role for role, rights in RIGHTS.items() if Right.IMPORT in rights]
    importers = select(Account.volunteer_id).where(
        Account.volunteer_id.is_not(None),
        Account.id.in_(select(Grant.account_id).where(Grant.role.in_(roles))),
    )
    declared = (select(HouseholdTie.one_id), select(HouseholdTie.other_id))
    phones = select(Volunteer.phone_key).where(
        Volunteer.id.in_(importers), Volunteer.phone_key.is_not(None)
    )
    return select(Volunteer.id, Volunteer.name, Volunteer.identity_key, Volunteer.phone_key).where(
        or_(
            Volunteer.phone_key.in_(phones),
            *(Volunteer.id.in_(ids) for ids in (importers, *declared)),
        )
    )


def _would_join(volunteer_id: int, team: str) -> bool:
    """Whether a roster's row makes somebody a member who is none yet."""
    if not team:
        return False
    query = (
        select(Team.name)
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.volunteer_id == volunteer_id)
    )
    return match_key(team) not in map(match_key, db.session.scalars(query))

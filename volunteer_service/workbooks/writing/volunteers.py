"""Volunteers with their numbers, consents and guardians, and their places in teams."""

from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, update

from volunteer_service.db import insert_new
from volunteer_service.identifiers import check_characters
from volunteer_service.people.authentication import phone_confirmation
from volunteer_service.people.changes import contact_numbers
from volunteer_service.people.models import Consent, Guardian, SearchKey, Volunteer
from volunteer_service.people.search import search_keys
from volunteer_service.scoring.points.accounts import run
from volunteer_service.teams.models import Membership
from volunteer_service.workbooks.judging.hand_in import CHUNK
from volunteer_service.workbooks.judging.person_keys import ids_of
from volunteer_service.workbooks.judging.taken_or_refused import VolunteerRow
from volunteer_service.workbooks.judging.volunteers import is_minor
from volunteer_service.workbooks.writing.areas import Areas
from volunteer_service.workbooks.writing.changes import moving_people
from volunteer_service.workbooks.writing.context import Context
from volunteer_service.workbooks.writing.teams import Teams

_DETAILS = ("party", "employer", "skills", "remark")


class People:
    """Registers people; a registered person stays as they are and only joins the team."""

    def __init__(self, areas: Areas, teams: Teams, context: Context) -> None:
        self._areas = areas
        self._teams = teams
        self._context = context
        self._taken: set[str] = set()
        self._moving = moving_people(context.import_id)

    def bring(self, rows: list[VolunteerRow]) -> None:
        """Add missing people, and every membership."""
        ids = ids_of({row.id_key for row in rows}, CHUNK)
        # A member of two teams has two rows; the first registers them.
        new = {row.id_key: row for row in reversed(rows) if row.id_key not in ids}
        if new:
            first = list(reversed(new.values()))
            made = self._register(first)
            self._keep_consents(first, made)
            ids |= made
        self._join(rows, ids)

    def _register(self, rows: list[VolunteerRow]) -> dict[str, int]:
        self._taken = phone_confirmation.given_of({_key(row) for row in rows})
        statement = insert(Volunteer).returning(Volunteer.identity_key, Volunteer.id)
        found = run(statement, [self._values(row) for row in rows]).mappings()
        made: dict[str, int] = {row["identity_key"]: row["id"] for row in found}
        self._keep_search_keys(rows, made)
        run(
            update(Volunteer)
            .where(Volunteer.id == bindparam("serial"))
            .values(number=bindparam("shown")),
            [
                {"serial": id_, "shown": check_characters.volunteer_number(id_)}
                for id_ in made.values()
            ],
        )
        return made

    @staticmethod
    def _keep_search_keys(rows: list[VolunteerRow], ids: dict[str, int]) -> None:
        keys = (
            key
            for row in rows
            for key in search_keys.keys_of(
                ids[row.id_key],
                name=row.name,
                number=check_characters.volunteer_number(ids[row.id_key]),
                phone=row.phone or None,
            )
        )
        while chunk := list(islice(keys, CHUNK)):
            run(insert(SearchKey), chunk)

    def _values(self, row: VolunteerRow) -> dict[str, Any]:
        return {
            # The number follows from the row's own serial as soon as that is known.
            "number": f"~{uuid4().hex[:15]}",
            "name": row.name,
            "sex": row.sex,
            "born_on": row.born_on,
            "identity": row.id_number,
            "identity_key": row.id_key,
            "phone": row.phone or None,
            "phone_key": _key(row),
            "phone_confirmed_at": self._confirmed(_key(row)),
            "area_id": self._areas.at(row.community, row.grid, row.building).id,
            "details": {name: getattr(row, name) for name in _DETAILS if getattr(row, name)},
            "registered_on": row.registered_on,
            "import_id": self._context.import_id,
            "created_at": self._context.at,
        }

    def _confirmed(self, key: str | None) -> datetime | None:
        """Confirm the phone of the first of several people with it, for whom the roster vouches."""
        if key is None or key in self._taken:
            return None
        self._taken.add(key)
        return self._context.at

    def _keep_consents(self, rows: list[VolunteerRow], ids: dict[str, int]) -> None:
        """Record the consents: the street states that they agreed on paper; for minors the guardian
        did.
        """
        at = self._context.at
        minors = {row.id_key for row in rows if is_minor(row.born_on, self._context.today)}
        consents = [
            {
                "volunteer_id": ids[row.id_key],
                "purpose": "register",
                "how": "import",
                "by_guardian": row.id_key in minors,
                "given_at": at,
            }
            for row in rows
        ]
        run(insert(Consent), consents)
        guardians = [
            {
                "volunteer_id": ids[row.id_key],
                "name": row.guardian_name,
                "phone": row.guardian_phone,
                "consented_at": at,
            }
            for row in rows
            if row.id_key in minors
        ]
        if guardians:
            run(insert(Guardian), guardians)

    def _join(self, rows: list[VolunteerRow], ids: dict[str, int]) -> None:
        memberships = [
            {
                "team_id": self._teams.called(row.team).id,
                "volunteer_id": ids[row.id_key],
                "joined_at": self._context.at,
                "import_id": self._context.import_id,
            }
            for row in rows
            if row.team and ids[row.id_key] not in self._moving
        ]
        if memberships:
            run(insert_new(Membership).on_conflict_do_nothing(), memberships)


def _key(row: VolunteerRow) -> str | None:
    return contact_numbers.phone_key(row.phone) if row.phone else None

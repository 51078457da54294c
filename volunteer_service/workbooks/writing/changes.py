"""Makes the agreed changes, and undoes them, with the verbs of the pages.

Each change is independent: one that its verb refuses is kept with the refusal, and the others are
made.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from volunteer_service.areas import tree
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import NotFound, Refused
from volunteer_service.people import merged_entries
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import (
    person_change_steps,
    person_changes,
    person_values,
)
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points.accounts import run
from volunteer_service.scoring.rewards import gifts
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams import founding, placing
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks import change_values
from volunteer_service.workbooks.change_values import Value
from volunteer_service.workbooks.judging import existing_data
from volunteer_service.workbooks.models import ImportChange
from volunteer_service.workbooks.writing.areas import Areas
from volunteer_service.workbooks.writing.context import Context
from volunteer_service.workbooks.writing.teams import Teams

#: Marks words for the translators, who look for this name.
N_ = str

#: The reason of a change or its undo, before the import's number.
BY_LIST, TAKEN_BACK = "导入 #", "撤销导入 #"
#: Why a change stays when the import is undone.
CHANGED_SINCE = N_("之后又改过，保留现在的内容")


class Changes:
    """The changes of one import that were agreed to."""

    def __init__(self, root: Area, context: Context, by: Actor) -> None:
        self._root = root
        self._context = context
        self._by = by
        self._maker = _Maker(context.import_id, BY_LIST, by, context.at, context.handed_in_by)

    def move_areas(self) -> int:
        """Move the buildings and grids; return how many."""
        made = 0
        for row in _rows(self._context.import_id, "agreed", is_of_areas=True):
            names = (change_values.was_and_now(row)[1] or {})["place"]
            there = existing_data.areas(self._root).get(existing_data.key(*names))
            if there is not None:
                made += self._maker.make(row, {"area": there.id})
        return made

    def make_the_others(self, areas: Areas, teams: Teams) -> int:
        """Make the changes of teams, people and gifts, once all their places exist."""
        made = 0
        for row in _rows(self._context.import_id, "agreed", is_of_areas=False):
            value = dict(change_values.was_and_now(row)[1] or {})
            if "place" in value:
                value = {"area": areas.at(*value["place"]).id}
            if row.field == "team":
                value = {"team": teams.called(value["name"]).id}
            made += self._maker.make(row, value)
        return made


def moving_people(import_id: int) -> set[int]:
    """Return people who are offered a move to the team in the list, so that they do not also join
    it.
    """
    query = select(ImportChange.target_id).where(
        ImportChange.import_id == import_id, ImportChange.field == "team"
    )
    return set(db.session.scalars(query))


def take_back(import_id: int, *, by: Actor, at: datetime) -> None:
    """Undo the changes, last first; one that was changed since stays, with that reason."""
    maker = _Maker(import_id, TAKEN_BACK, by, at, None)
    for row in reversed(_rows(import_id, "waiting", is_of_areas=False)):
        _end_waiting(row, by, at)
    done = [*_rows(import_id, "done", is_of_areas=True)]
    done += _rows(import_id, "done", is_of_areas=False)
    for row in reversed(done):
        was, _made = change_values.was_and_now(row)
        if not is_as_made(row):
            row.state, row.problem = "kept", CHANGED_SINCE
        elif maker.make(row, was) and row.state == "done":
            row.state = "offered"
        elif row.state == "refused":
            row.state = "kept"
    # People who moved into an area of this import have left it again; only the words of it stay.
    mine = select(ImportChange.person_change_id).where(ImportChange.import_id == import_id)
    decided = PersonChange.id.in_(mine) & (PersonChange.state != "waiting")
    run(update(PersonChange).where(decided).values(area_id=None))
    db.session.flush()


def is_as_made(row: ImportChange) -> bool:
    """Tell whether the value of a change is still in force."""
    of = _target(row)
    _was, now = change_values.was_and_now(row)
    return of is not None and change_values.present(of, row.field) == now


class _Maker:
    """Makes one change after the other, each in a savepoint."""

    def __init__(
        self, import_id: int, why: str, by: Actor, at: datetime, handed_in_by: Actor | None
    ) -> None:
        self.import_id = import_id
        self.reason = f"{why}{import_id}"
        self.by = by
        self.at = at
        self.handed_in_by = handed_in_by

    def make(self, row: ImportChange, value: Value | None) -> bool:
        """Give the field this value; False where its verb refused, with the reason."""
        of = _target(row)
        try:
            with db.session.begin_nested():
                if of is None:
                    raise NotFound()
                change = _MAKE[row.field](self, of, row.field, value or {})
                db.session.flush()
        except Refused as refused:
            row.state, row.problem = "refused", str(refused)[:400]
            return False
        db.session.refresh(of)
        row.state = "waiting" if change is not None and change.state == "waiting" else "done"
        row.problem = None
        if change is not None:
            row.person_change_id = change.id
        if row.state == "done":
            row.now = change_values.written(change_values.present(of, row.field))
        return True

    def person(self, of: Any, field: str, value: Value) -> PersonChange:
        """Change a person; another home and another name wait for others."""
        edit = PersonEdit(
            field,
            self.reason,
            person_values.mark(of, field),
            name=value.get("name") if field == "name" else None,
            phone=value.get("phone"),
            identity=value.get("identity"),
            registered_on=_day(value.get("registered")),
            party=value.get("party"),
            employer=value.get("employer"),
            skills=value.get("skills"),
            remark=value.get("remark"),
            area_id=value.get("area"),
            guardian_name=value.get("guardian"),
            guardian_phone=value.get("guardian_phone"),
        )
        change = person_changes.change_person(of.id, edit, by=self.by, at=self.at)
        if field == "phone" and self.handed_in_by is not None:
            # The person who handed the list in chose the phone as much as the one who applied it.
            person_change_steps.record("change_phone", change, self.handed_in_by, self.at)
        return change

    def team_of_person(self, of: Any, _field: str, value: Value) -> None:
        """Move a person from their only team to another."""
        here = change_values.places_of_person(of.id)
        there = select(Membership.id).where(
            Membership.team_id == value["team"], Membership.volunteer_id == of.id
        )
        was_there = db.session.scalar(there) is not None
        row = placing.move(here[0].id, value["team"], by=self.by, at=self.at)
        if not was_there:
            row.import_id = self.import_id

    def team(self, of: Any, field: str, value: Value) -> None:
        """Change one field of a team."""
        name = {"community": "area_id"}.get(field, field)
        plan = {
            "name": of.name,
            "area_id": of.area_id,
            "recording_unit": of.recording_unit,
            "brand": of.brand.name if of.brand else None,
            "project": of.project.name if of.project else None,
            "founded_on": of.founded_on,
        }
        said = next(iter(value.values()), None)
        plan[name] = date.fromisoformat(said) if said and field == "founded_on" else said
        if field == "community":
            plan[name] = value["area"]
        whole = founding.TeamPlan(**plan)
        founding.edit(of.id, whole, state=of.state, version=of.version, by=self.by, at=self.at)

    def gift(self, of: Any, field: str, value: Value) -> None:
        """Change price or star of a gift."""
        terms = {"price_centi": of.price_centi, "minimum_stars": of.minimum_stars}
        terms |= {"price_centi": value["centi"]} if field == "price" else {}
        terms |= {"minimum_stars": value["stars"]} if field == "stars" else {}
        gifts.edit_gift(
            of.id,
            of.version,
            name=of.name,
            state=of.state,
            picture=of.picture,
            **terms,
            by=self.by,
            at=self.at,
            handed_in_by=self.handed_in_by,
        )

    def stock(self, of: Any, _field: str, value: Value) -> None:
        """Set the stock to the list's count."""
        gifts.count(of.id, value["pieces"], self.reason, by=self.by, at=self.at)

    def area(self, of: Any, _field: str, value: Value) -> None:
        """Move an area."""
        tree.move(of.id, value["area"], reason=self.reason, by=self.by, at=self.at)


_MAKE: Mapping[str, Callable[[_Maker, Any, str, Value], PersonChange | None]] = {
    **dict.fromkeys(change_values.PERSONAL, _Maker.person),
    "team": _Maker.team_of_person,
    **dict.fromkeys(("community", "recording_unit", "brand", "project", "founded_on"), _Maker.team),
    **dict.fromkeys(("price", "stars"), _Maker.gift),
    "stock": _Maker.stock,
    "above": _Maker.area,
}


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _rows(import_id: int, state: str, *, is_of_areas: bool) -> list[ImportChange]:
    kind = ImportChange.kind == "areas"
    query = select(ImportChange).where(
        ImportChange.import_id == import_id,
        ImportChange.state == state,
        kind if is_of_areas else ~kind,
    )
    return list(db.session.scalars(query.order_by(ImportChange.id)))


def _target(row: ImportChange) -> Area | Team | Volunteer | Gift | None:
    if row.kind != "volunteers":
        return change_values.target(row.kind, row.target_id)
    return db.session.get(Volunteer, merged_entries.heir_of(row.target_id))


def _end_waiting(row: ImportChange, by: Actor, at: datetime) -> None:
    """Withdraw a waiting change; undo one that was agreed to meanwhile."""
    change = db.session.get(PersonChange, row.person_change_id or 0)
    if change is not None and change.state == "waiting":
        person_changes.drop(change, by=by, at=at)
    if change is None or change.state in ("refused", "withdrawn"):
        row.state = "offered"
    elif change.state == "done":
        row.state = "done"
        row.now = change.now and change_values.written(person_values.was_and_now(change)[1])

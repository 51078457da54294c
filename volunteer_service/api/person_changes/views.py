"""Changes of people's registered data over the API."""

from collections.abc import Sequence
from typing import Any

from volunteer_service import clock
from volunteer_service.api.people.shapes import VolunteerOut
from volunteer_service.api.person_changes.shapes import (
    ChangeDecisionIn,
    LookIn,
    OwnGuardianIn,
    OwnHomeIn,
    OwnPhoneIn,
    PersonChangeIn,
    PersonChangeOut,
    PersonChangesOut,
    PlainChangeOut,
    WaitingChangesOut,
    WhyIn,
    plain,
)
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.people.changes import (
    own_changes,
    person_change_lists,
    person_changes,
    person_values,
    phone_passing,
)
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import Volunteer

bp = Blueprint(
    "api_person_changes", __name__, url_prefix="", description="Changes of what is registered"
)


@bp.get("/volunteers/<int:volunteer_id>/changes")
@guarded("read")
@bp.response(200, PersonChangesOut)
def list_changes(volunteer_id: int) -> dict[str, Any]:
    """List what was changed about a person and what waits; numbers are masked."""
    items = person_change_lists.changes_of(volunteer_id, by=actor(), at=clock.now())
    return {"items": items, "marks": person_values.marks(volunteer_id)}


@bp.post("/volunteers/<int:volunteer_id>/changes")
@guarded("write")
@bp.arguments(PersonChangeIn)
@bp.response(201, PersonChangeOut)
def change_person(body: dict[str, Any], volunteer_id: int) -> PersonChange:
    """Change one field, at once or when a second person (the staff of a new home) has agreed."""
    asked = PersonEdit(**body)
    return person_changes.change_person(volunteer_id, asked, by=actor(), at=clock.now())


@bp.post("/volunteers/<int:volunteer_id>/phone-passed-on")
@guarded("write")
@bp.arguments(WhyIn)
@bp.response(200, VolunteerOut)
def pass_phone_on(body: dict[str, Any], volunteer_id: int) -> Volunteer:
    """Give a phone number to the person in whose hand staff saw it; its former holder loses it."""
    return phone_passing.pass_phone_on(volunteer_id, **body, by=actor(), at=clock.now())


@bp.get("/person-changes")
@guarded("read")
@bp.response(200, WaitingChangesOut)
def list_waiting() -> dict[str, Sequence[PersonChange]]:
    """List what waits where the caller cares for people, or what the caller asked for."""
    return {"items": person_change_lists.waiting_changes(by=actor())}


@bp.post("/person-changes/<int:change_id>/decide")
@guarded("write")
@bp.arguments(ChangeDecisionIn)
@bp.response(200, PersonChangeOut)
def decide_change(body: dict[str, Any], change_id: int) -> PersonChange:
    """Agree to a change that waits, or refuse it with a reason; not by whoever asked."""
    return person_changes.decide_change(change_id, **body, by=actor(), at=clock.now())


@bp.post("/person-changes/<int:change_id>/withdraw")
@guarded("write")
@bp.response(200, PersonChangeOut)
def withdraw_change(change_id: int) -> PersonChange:
    """Take back what the caller asked for."""
    return person_changes.withdraw_change(change_id, by=actor(), at=clock.now())


@bp.post("/person-changes/<int:change_id>/reveal")
@guarded("write")
@bp.arguments(LookIn)
@bp.response(200, PlainChangeOut)
def reveal_change(body: dict[str, Any], change_id: int) -> dict[str, Any]:
    """Return old and new in plain; the look and its reason are logged."""
    at = clock.now()
    return plain(*person_change_lists.reveal_change(change_id, **body, by=actor(), at=at))


@bp.post("/accounts/me/phone")
@guarded("write")
@bp.arguments(OwnPhoneIn)
@bp.response(201, PersonChangeOut)
def change_own_phone(body: dict[str, Any]) -> PersonChange:
    """Register another phone for oneself; every session and token ends, this one too."""
    account_id = actor().account_id or 0
    return own_changes.change_own_phone(account_id, **body, by=actor(), at=clock.now())


@bp.post("/accounts/me/home")
@guarded("write")
@bp.arguments(OwnHomeIn)
@bp.response(201, PersonChangeOut)
def ask_to_move(body: dict[str, Any]) -> PersonChange:
    """Ask for another home for oneself; the staff there agree."""
    return own_changes.ask_to_move(**body, by=actor(), at=clock.now())


@bp.post("/accounts/me/guardian")
@guarded("write")
@bp.arguments(OwnGuardianIn)
@bp.response(201, PersonChangeOut)
def change_own_guardian(body: dict[str, Any]) -> PersonChange:
    """End one's guardianship once of age; under 18 ask for another guardian."""
    return own_changes.change_own_guardian(**body, by=actor(), at=clock.now())

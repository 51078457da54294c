"""Volunteers, consents, tokens and grants over the API."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.people.shapes import (
    CheckOut,
    ConsentIn,
    ConsentOut,
    ConsentsOut,
    DepartedIn,
    GrantIn,
    GrantOut,
    GrantQuery,
    GrantsOut,
    HouseholdIn,
    HouseholdOut,
    LiftBlockIn,
    MeOut,
    NeverSoIn,
    NewTokenOut,
    ReinstateIn,
    RevealIn,
    RevealOut,
    SecondAdminIn,
    SecondAdminOut,
    SettleIn,
    TokenIn,
    TokenOut,
    TokensOut,
    VolunteerIn,
    VolunteerOut,
    VolunteerQuery,
)
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.shapes import Query, page_of
from volunteer_service.events import sign_ups
from volunteer_service.paging import Page
from volunteer_service.people.authentication import api_tokens, phone_confirmation, watchers
from volunteer_service.people.authentication.watcher_requests import WatcherRequest
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes.change_models import RegistrationCheck
from volunteer_service.people.models import Consent, Grant, Token, Volunteer
from volunteer_service.people.personal_data import audit_looks, personal_data
from volunteer_service.people.registrations import (
    consents,
    departures,
    registration,
    registration_checks,
    registration_fields,
    reinstating,
)
from volunteer_service.people.search import people_lists
from volunteer_service.teams import role_grants

bp = Blueprint("api_people", __name__, url_prefix="", description="Volunteers, accounts and rights")


@bp.get("/volunteers")
@guarded("read")
@bp.arguments(VolunteerQuery, location="query")
@bp.response(200, page_of(VolunteerOut))
def list_volunteers(query: dict[str, Any]) -> Page[Volunteer]:
    """List the volunteers of the areas where the caller sees people, with phones masked."""
    return people_lists.volunteers(by=actor(), **query)


@bp.post("/volunteers")
@guarded("write")
@bp.arguments(VolunteerIn)
@bp.response(201, VolunteerOut)
def register_volunteer(body: dict[str, Any]) -> Volunteer:
    """Register a person who consented (a minor with the guardian) in the caller's areas.

    Where somebody of this name may be the same person, 409 names the candidates.
    """
    asked = registration_fields.RegisterIn(**{"phone": None} | body)
    return registration.register(asked, by=actor(), at=clock.now())


@bp.get("/registration-checks")
@guarded("read")
@bp.arguments(Query, location="query")
@bp.response(200, page_of(CheckOut))
def list_checks(query: dict[str, Any]) -> Page[RegistrationCheck]:
    """List the new entries that wait for the caller's check, newest first."""
    return registration_checks.waiting(by=actor(), **query)


@bp.post("/registration-checks/<int:check_id>/answer")
@guarded("write")
@bp.response(200, CheckOut)
def answer_check(check_id: int) -> RegistrationCheck:
    """State that the entry is another person, not a duplicate."""
    return registration_checks.answer_check(check_id, by=actor(), at=clock.now())


@bp.get("/volunteers/<int:volunteer_id>")
@guarded("read")
@bp.response(200, VolunteerOut)
def get_volunteer(volunteer_id: int) -> Volunteer:
    """Return one volunteer, with the phone masked; an auditor's look is logged."""
    person = people_lists.volunteer(volunteer_id, by=actor())
    audit_looks.opened(person, "person", by=actor(), at=clock.now())
    return person


@bp.post("/volunteers/<int:volunteer_id>/reveal")
@guarded("write")
@bp.arguments(RevealIn)
@bp.response(200, RevealOut)
def reveal(body: dict[str, Any], volunteer_id: int) -> dict[str, str]:
    """Return one personal field in plain; the look and its reason are logged."""
    value = personal_data.reveal(
        volunteer_id, body["field"], body["why"], by=actor(), at=clock.now()
    )
    return {"field": body["field"], "value": value}


@bp.post("/volunteers/<int:volunteer_id>/confirm-phone")
@guarded("write")
@bp.response(200, VolunteerOut)
def confirm_phone(volunteer_id: int) -> Volunteer:
    """Confirm that staff saw the person with the phone; from now on the phone number signs in by
    itself.
    """
    return phone_confirmation.confirm_phone(volunteer_id, by=actor(), at=clock.now())


@bp.post("/volunteers/<int:volunteer_id>/lift-block")
@guarded("write")
@bp.arguments(LiftBlockIn)
@bp.response(200, VolunteerOut)
def lift_block(body: dict[str, Any], volunteer_id: int) -> Volunteer:
    """Let a person, never oneself, sign up again after too many no-shows; they are told."""
    return sign_ups.lift_block(volunteer_id, body["reason"], by=actor(), at=clock.now())


@bp.post("/volunteers/<int:volunteer_id>/settle")
@guarded("write")
@bp.arguments(SettleIn)
@bp.response(200, VolunteerOut)
def settle(body: dict[str, Any], volunteer_id: int) -> Volunteer:
    """Set the home of somebody who has none yet, as that person or as staff of every street."""
    return registration.settle(volunteer_id, body["area_id"], by=actor(), at=clock.now())


@bp.post("/volunteers/<int:volunteer_id>/disown")
@guarded("write")
@bp.response(200, VolunteerOut)
def disown(volunteer_id: int) -> Volunteer:
    """«This was not me»: end the registration, its consents and its sign-in."""
    return registration.disown(volunteer_id, by=actor(), at=clock.now())


@bp.post("/volunteers/<int:volunteer_id>/reinstate")
@guarded("write")
@bp.arguments(ReinstateIn)
@bp.response(200, VolunteerOut)
def reinstate(body: dict[str, Any], volunteer_id: int) -> Volunteer:
    """Reinstate somebody who left and agreed anew on paper; the person is told."""
    return reinstating.reinstate(volunteer_id, reason=body["reason"], by=actor(), at=clock.now())


@bp.post("/volunteers/<int:volunteer_id>/departed")
@guarded("write")
@bp.arguments(DepartedIn)
@bp.response(200, VolunteerOut)
def mark_departed(body: dict[str, Any], volunteer_id: int) -> Volunteer:
    """Freeze somebody who died or moved away; what was earned stays."""
    return departures.mark_departed(volunteer_id, **body, by=actor(), at=clock.now())


@bp.post("/volunteers/<int:volunteer_id>/departed/take-back")
@guarded("write")
@bp.arguments(ReinstateIn)
@bp.response(200, VolunteerOut)
def take_back_departure(body: dict[str, Any], volunteer_id: int) -> Volunteer:
    """Take back a wrong mark; the person is registered as before, and told."""
    return departures.take_back_departure(volunteer_id, **body, by=actor(), at=clock.now())


@bp.get("/volunteers/<int:volunteer_id>/consents")
@guarded("read")
@bp.response(200, ConsentsOut)
def list_consents(volunteer_id: int) -> dict[str, list[Consent]]:
    """List what the person agreed to, and when; withdrawn consents too."""
    return {"items": consents.consents_of(volunteer_id, by=actor())}


@bp.post("/volunteers/<int:volunteer_id>/consents")
@guarded("write")
@bp.arguments(ConsentIn)
@bp.response(201, ConsentOut)
def give_consent(body: dict[str, Any], volunteer_id: int) -> Consent:
    """Record a consent; one that is already valid stays as it is."""
    return consents.give_consent(volunteer_id, **body, by=actor(), at=clock.now())


@bp.post("/volunteers/<int:volunteer_id>/consents/withdraw")
@guarded("write")
@bp.arguments(ConsentIn)
@bp.response(200, ConsentsOut)
def withdraw_consent(body: dict[str, Any], volunteer_id: int) -> dict[str, list[Consent]]:
    """End a consent from now on."""
    consents.withdraw_consent(volunteer_id, **body, by=actor(), at=clock.now())
    return {"items": consents.consents_of(volunteer_id, by=actor())}


@bp.get("/volunteers/<int:volunteer_id>/household")
@guarded("read")
@bp.response(200, HouseholdOut)
def household(volunteer_id: int) -> dict[str, Any]:
    """Return the household of a person; its members decide nothing about each other."""
    return {"items": household_declarations.household_of(volunteer_id, by=actor())}


@bp.post("/volunteers/<int:volunteer_id>/household")
@guarded("write")
@bp.arguments(HouseholdIn)
@bp.response(201, HouseholdOut)
def declare_household(body: dict[str, Any], volunteer_id: int) -> dict[str, Any]:
    """Declare somebody of the household, by number and name; both are told."""
    household_declarations.declare_household(volunteer_id, **body, by=actor(), at=clock.now())
    return {"items": household_declarations.household_of(volunteer_id, by=actor())}


@bp.post("/household-ties/<int:tie_id>/confirm")
@guarded("write")
@bp.response(204)
def confirm_household(tie_id: int) -> None:
    """Confirm a declared household, as the other person."""
    household_declarations.confirm_household(tie_id, by=actor(), at=clock.now())


@bp.post("/household-ties/<int:tie_id>/deny")
@guarded("write")
@bp.response(204)
def deny_household(tie_id: int) -> None:
    """Deny a declared household, as the other person; it counts for 30 days more (policy)."""
    household_declarations.deny_household(tie_id, by=actor(), at=clock.now())


@bp.post("/household-ties/<int:tie_id>/never-so")
@guarded("write")
@bp.arguments(NeverSoIn)
@bp.response(204)
def household_never_so(body: dict[str, Any], tie_id: int) -> None:
    """State as a third person that a declared household never was one; it ends at once."""
    household_declarations.household_never_so(tie_id, **body, by=actor(), at=clock.now())


@bp.delete("/household-ties/<int:tie_id>")
@guarded("write")
@bp.response(204)
def end_household(tie_id: int) -> None:
    """Take a declaration back as somebody else than the two; it counts for 30 days more
    (policy).
    """
    household_declarations.end_household(tie_id, by=actor(), at=clock.now())


@bp.get("/accounts/me")
@guarded("read")
@bp.response(200, MeOut)
def get_me() -> Actor:
    """Return whose token it is, and the roles of that account."""
    return actor()


@bp.get("/tokens")
@guarded("read")
@bp.response(200, TokensOut)
def list_tokens() -> dict[str, list[Token]]:
    """List the caller's tokens that were not revoked, without their text."""
    return {"items": api_tokens.tokens_of(actor())}


@bp.post("/tokens")
@guarded("admin")
@bp.arguments(TokenIn)
@bp.response(201, NewTokenOut)
def make_token(body: dict[str, Any]) -> dict[str, Any]:
    """Make a token for oneself; its text is in this answer and nowhere else."""
    token, plain = api_tokens.make_token(**body, by=actor(), at=clock.now())
    kept = {name: getattr(token, name) for name in TokenOut().fields}
    return kept | {"token": plain}


@bp.delete("/tokens/<int:token_id>")
@guarded("write")
@bp.response(200, TokenOut)
def revoke_token(token_id: int) -> Token:
    """End a token at once."""
    return api_tokens.revoke_token(token_id, by=actor(), at=clock.now())


@bp.post("/accounts/<int:account_id>/asks")
@guarded("write")
@bp.arguments(SecondAdminIn)
@bp.response(201, SecondAdminOut)
def ask_second_admin(body: dict[str, Any], account_id: int) -> WatcherRequest:
    """Ask a second admin to act on another admin or an auditor, who is told."""
    return watchers.ask_second_admin(account_id, **body, by=actor(), at=clock.now())


@bp.post("/accounts/asks/<int:ask_id>/withdraw")
@guarded("write")
@bp.response(200, SecondAdminOut)
def withdraw_ask(ask_id: int) -> WatcherRequest:
    """Withdraw one's request to a second admin; the person is told."""
    return watchers.withdraw_ask(ask_id, by=actor(), at=clock.now())


@bp.get("/grants")
@guarded("read")
@bp.arguments(GrantQuery, location="query")
@bp.response(200, GrantsOut)
def list_grants(query: dict[str, int]) -> dict[str, list[Grant]]:
    """List the roles of an account: one's own, or those at places where the caller gives roles."""
    return {"items": role_grants.grants_of(query["account_id"], by=actor())}


@bp.post("/grants")
@guarded("write")
@bp.arguments(GrantIn)
@bp.response(201, GrantOut)
def give_grant(body: dict[str, Any]) -> Grant:
    """Give a role on an area or a team; nobody gives more than they hold there."""
    return role_grants.grant(**body, by=actor(), at=clock.now())


@bp.delete("/grants/<int:grant_id>")
@guarded("write")
@bp.response(204)
def revoke_grant(grant_id: int) -> None:
    """Take a role back."""
    role_grants.revoke_grant(grant_id, by=actor(), at=clock.now())

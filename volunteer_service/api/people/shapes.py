"""Shapes of volunteers, consents, accounts, tokens and grants over the API."""

from typing import Any

from marshmallow import Schema, fields, validate

from volunteer_service.api.shared.auth import SCOPES
from volunteer_service.api.shared.shapes import (
    Day,
    In,
    Instant,
    Query,
    Sort,
    Text,
)
from volunteer_service.fields import LARGEST, Reason
from volunteer_service.identifiers.masks import mask_phone
from volunteer_service.paper import faces
from volunteer_service.people.authentication.watcher_requests import WATCHER_ACTS
from volunteer_service.people.changes.change_models import CHECKS
from volunteer_service.people.models import PURPOSES, ROLES
from volunteer_service.people.personal_data.personal_data import FIELDS
from volunteer_service.people.registrations.departures import DEPARTED
from volunteer_service.people.search.people_lists import SORTS

VOLUNTEER_STATES = ("active", "left", "disowned")


class Id(fields.Integer):
    """A row's id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(1, LARGEST), **kwargs)


class VolunteerIn(In):
    """A registration; ``consent`` says that the person, or a minor's guardian, agreed."""

    name = Text(60, required=True)
    phone = Text(20)
    consent = fields.Boolean(required=True)
    identity = Text(20)
    born_on = Day()
    area_id = Id()
    guardian_name = Text(60)
    guardian_phone = Text(20)
    confirm_other = fields.Boolean(
        metadata={
            "description": "After `maybe_same_person` (its `candidates` say who is here): this is"
            " another person."
        }
    )


class VolunteerQuery(Query):
    """Filters of the list of volunteers."""

    q = Text(
        400,
        metadata={"description": "Name, pinyin, initials; number, phone or their tails; or both."},
    )
    state = fields.String(validate=validate.OneOf(VOLUNTEER_STATES))
    area_id = fields.Integer(validate=validate.Range(1, LARGEST))
    sort = Sort(SORTS)


class VolunteerOut(Schema):
    """A volunteer with the phone masked; the number in plain is another operation, and logged."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    undrawn = fields.Function(
        lambda found: faces.undrawn(found.name),
        metadata={
            "type": "string",
            "description": "Characters of the name that no font here draws: on certificates and "
            "cards they are empty boxes. Empty: none.",
        },
    )
    sex = fields.String(allow_none=True)
    phone_masked = fields.Function(
        lambda found: mask_phone(found.phone), metadata={"type": "string"}
    )
    phone_confirmed_at = Instant(
        allow_none=True,
        metadata={"description": "When staff saw face to face that the phone is this person's."},
    )
    area_id = fields.Integer(allow_none=True)
    registered_on = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(VOLUNTEER_STATES))
    departed_as = fields.String(
        allow_none=True,
        validate=validate.OneOf(DEPARTED),
        metadata={"description": "Died or moved away: the state is `left`."},
    )
    departed_on = Day(allow_none=True)
    sign_up_blocked_at = Instant(
        attribute="no_show_blocked_at",
        allow_none=True,
        metadata={"description": "Since when too many no-shows keep the person from signing up."},
    )


class CheckOut(Schema):
    """A new entry that staff look at: a leader's newcomer, or somebody who may be here already."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(CHECKS))
    volunteer_id = fields.Integer(required=True)
    name = fields.String(required=True, attribute="volunteer.name")
    number = fields.String(required=True, attribute="volunteer.number")
    asked_at = Instant(required=True)
    asked_by_id = fields.Integer(allow_none=True)
    answered_at = Instant(allow_none=True)


class LiftBlockIn(In):
    """Why the person may sign up again."""

    reason = Reason(120, required=True)


class SettleIn(In):
    """Where somebody lives."""

    area_id = Id(required=True)


class ReinstateIn(In):
    """Why somebody who left is taken back."""

    reason = Reason(120, required=True)


class DepartedIn(In):
    """Whether somebody died or moved away, from which day on, and how that is known."""

    departed_as = fields.String(required=True, validate=validate.OneOf(DEPARTED))
    on = Day(required=True)
    reason = Reason(120, required=True)


class RevealIn(In):
    """Which field, and why; the reason is kept with the look."""

    field = fields.String(required=True, validate=validate.OneOf(FIELDS))
    why = Reason(120, required=True)


class RevealOut(Schema):
    """The field in plain; empty where nothing is held."""

    field = fields.String(required=True)
    value = fields.String(required=True)


class ConsentIn(In):
    """What the person agrees to; of what staff saw on paper, why."""

    purpose = fields.String(required=True, validate=validate.OneOf(PURPOSES))
    reason = Reason(200)


class ConsentOut(Schema):
    """A consent, standing or withdrawn."""

    id = fields.Integer(required=True)
    purpose = fields.String(required=True, validate=validate.OneOf(PURPOSES))
    how = fields.String(required=True)
    by_guardian = fields.Boolean(required=True)
    given_at = Instant(required=True)
    withdrawn_at = Instant(allow_none=True)


class HouseholdIn(In):
    """Number and name of somebody of the household."""

    housemate = Text(20, required=True)
    housemate_name = Text(60, required=True)


class HousemateOut(Schema):
    """Somebody who lives with the person, as declared."""

    tie_id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    name = fields.String(required=True)
    number = fields.String(required=True)
    declared_at = Instant(required=True)
    is_firm = fields.Boolean(required=True)
    waits_for_this = fields.Boolean(required=True)
    is_pending = fields.Boolean(required=True)


class NeverSoIn(In):
    """Why a declared household never was one."""

    reason = Reason(200, required=True)


class HouseholdOut(Schema):
    """Everybody of the household, the first declared first."""

    items = fields.List(fields.Nested(HousemateOut), required=True)


class HeldOut(Schema):
    """A role on an area subtree or a team."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    area_path = fields.String(allow_none=True)
    team_id = fields.Integer(allow_none=True)


class MeOut(Schema):
    """Whose token it is."""

    account_id = fields.Integer(required=True, allow_none=True)
    volunteer_id = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    grants = fields.List(fields.Nested(HeldOut), required=True)


class TokenIn(In):
    """A new token: its name, scopes, and the days it lives."""

    name = Text(60, required=True)
    scopes = fields.List(
        fields.String(validate=validate.OneOf(SCOPES)),
        load_default=lambda: ["read"],
        validate=validate.Length(1, len(SCOPES)),
    )
    days = fields.Integer(strict=True, load_default=90, validate=validate.Range(1, 365))


class TokenOut(Schema):
    """A token without its text."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    created_at = Instant(required=True)
    expires_at = Instant(required=True)
    revoked_at = Instant(allow_none=True)


class NewTokenOut(TokenOut):
    """A token with its text, which is shown this once."""

    token = fields.String(required=True)


class TokensOut(Schema):
    """One's own tokens."""

    items = fields.List(fields.Nested(TokenOut), required=True)


class ConsentsOut(Schema):
    """A person's consents, newest first."""

    items = fields.List(fields.Nested(ConsentOut), required=True)


class SecondAdminIn(In):
    """What a second admin is asked to do to an admin or auditor, and why."""

    act = fields.String(required=True, validate=validate.OneOf(WATCHER_ACTS))
    reason = Reason(200, required=True)


class SecondAdminOut(Schema):
    """What waits for a second admin."""

    id = fields.Integer(required=True)
    account_id = fields.Integer(required=True)
    act = fields.String(required=True, validate=validate.OneOf(WATCHER_ACTS))
    reason = fields.String(required=True)
    asked_at = Instant(required=True)


class GrantIn(In):
    """A role for an account, on an area or on a team."""

    account_id = Id(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    area_id = Id()
    team_id = Id()
    is_deputy = fields.Boolean(
        metadata={"description": "A leader of one team who stands second, with the same rights."}
    )


class GrantQuery(Schema):
    """Whose roles."""

    account_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))


class GrantOut(Schema):
    """A role that an account holds."""

    id = fields.Integer(required=True)
    account_id = fields.Integer(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    area_id = fields.Integer(allow_none=True)
    team_id = fields.Integer(allow_none=True)
    is_deputy = fields.Boolean(required=True)


class GrantsOut(Schema):
    """The roles of one account."""

    items = fields.List(fields.Nested(GrantOut), required=True)

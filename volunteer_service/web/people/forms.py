"""Shapes of the forms about people."""

from marshmallow import Schema, fields, validate

from volunteer_service.fields import (
    LARGEST,
    Day,
    Reason,
    Text,
    Whole,
)
from volunteer_service.people.authentication.watcher_requests import WATCHER_ACTS
from volunteer_service.people.models import ROLES
from volunteer_service.people.personal_data.personal_data import FIELDS
from volunteer_service.people.registrations.departures import DEPARTED


class RegisterForm(Schema):
    """A registration written down by staff from a signed paper."""

    name = Text(60, required=True)
    phone = Text(20, load_default=None)
    identity = Text(20)
    born_on = Day()
    area_id = Whole(required=True)
    guardian_name = Text(60)
    guardian_phone = Text(20)
    consent = fields.Boolean(load_default=False)
    confirm_other = fields.Boolean(load_default=False)


class RevealForm(Schema):
    """Which field, and why."""

    field = fields.String(required=True, validate=validate.OneOf(FIELDS))
    why = Reason(120, load_default="")


class PurposeForm(Schema):
    """Why an auditor reads, and where they were going."""

    why = Reason(120, load_default="")
    next = fields.String(load_default="/")


class LiftBlockForm(Schema):
    """Why somebody may sign up again."""

    lift_reason = Reason(120, required=True)


class SettleForm(Schema):
    """Where somebody lives."""

    area_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))


class ReinstateForm(Schema):
    """Why somebody who left is taken back."""

    back_reason = Reason(120, required=True)


class DepartedForm(Schema):
    """Whether somebody died or moved away, from which day on, and how that is known."""

    departed_as = fields.String(required=True, validate=validate.OneOf(DEPARTED))
    departed_on = Day(required=True)
    departed_reason = Reason(120, required=True)


class DepartureBackForm(Schema):
    """Why a mark was wrong."""

    departure_reason = Reason(120, required=True)


class ComplaintForm(Schema):
    """What somebody complains about, and the day it happened."""

    happened_on = Day(required=True)
    words = Reason(1000, required=True)


class ReplyForm(Schema):
    """What a volunteer says to a complaint."""

    reply = Reason(2000, required=True)


class HouseholdForm(Schema):
    """Number and name of a household member."""

    housemate = Text(20, required=True)
    housemate_name = Text(60, required=True)


class NeverSoForm(Schema):
    """Why a declared household never was one."""

    reason = Reason(200, required=True)


class AccountForm(Schema):
    """A new account of a member of staff."""

    login = Text(60, required=True)
    name = Text(60, required=True)
    number = Text(20, load_default=None)
    is_nobody = fields.Boolean(load_default=False)


class LinkForm(Schema):
    """Which volunteer an account's person is, and how that is known."""

    number = Text(20, required=True)
    reason = Reason(200, required=True, data_key="link_reason")


class ApartForm(Schema):
    """Which namesake is another person, and how that is known."""

    volunteer_id = Whole(required=True)
    reason = Reason(200, required=True, data_key="apart_reason")


class ApartAccountForm(Schema):
    """Which account of the same name is another person's, and how that is known."""

    other_account_id = Whole(required=True)
    reason = Reason(200, required=True, data_key="other_reason")


class UnlinkForm(Schema):
    """Why a link is wrong."""

    reason = Reason(200, required=True, data_key="unlink_reason")


class SecondAdminForm(Schema):
    """What a second admin is asked to do, and why."""

    act = fields.String(required=True, validate=validate.OneOf(WATCHER_ACTS))
    reason = Reason(200, required=True)


class GrantForm(Schema):
    """A role over an area."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    area_id = Whole(load_default=None)
    team_id = Whole(load_default=None)

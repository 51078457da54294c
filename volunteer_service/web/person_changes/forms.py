"""Shapes of the forms that change a person's registered data."""

from marshmallow import Schema, fields, validate

from volunteer_service.fields import LARGEST, Day, Reason, Text
from volunteer_service.people.authentication.passwords import LONGEST
from volunteer_service.people.changes.person_edits import FIELDS
from volunteer_service.people.models import PURPOSES
from volunteer_service.people.registrations.consents import UNUSED


class Seen(fields.String):
    """The mark of the values on the page; a page without one is stale."""

    def __init__(self) -> None:
        super().__init__(load_default="", validate=validate.Length(max=16))


class EditForm(Schema):
    """One field as it should be, why, and what was there when the page was opened."""

    field = fields.String(required=True, validate=validate.OneOf(FIELDS))
    seen = Seen()
    reason = Reason(200, required=True)
    name = Text(60)
    phone = Text(20)
    identity = Text(20)
    born_on = Day()
    sex = fields.String(validate=validate.OneOf(("f", "m")))
    area_id = fields.Integer(validate=validate.Range(0, LARGEST))
    guardian_name = Text(60)
    guardian_phone = Text(20)
    registered_on = Day()
    party = Text(60)
    employer = Text(500)
    skills = Text(500)
    remark = Text(500)
    in_hand = fields.Boolean(load_default=False)


class PaperForm(Schema):
    """A consent given or withdrawn on paper, and what was seen."""

    purpose = fields.String(
        required=True, validate=validate.OneOf([each for each in PURPOSES if each not in UNUSED])
    )
    is_given = fields.Boolean(required=True)
    paper_reason = Reason(200, required=True)


class PassedOnForm(Schema):
    """Why a phone is taken from the person who had it before."""

    passed_reason = Reason(200, required=True)


class DecisionForm(Schema):
    """A second person's decision; refused, why."""

    approve = fields.Boolean(required=True)
    answer = Reason(200)


class LookForm(Schema):
    """Why numbers are read in plain."""

    why = Reason(120, required=True)


class OwnPhoneForm(Schema):
    """Another phone, and the present password."""

    phone = Text(20, required=True)
    present = fields.String(required=True, validate=validate.Length(1, LONGEST))
    seen = Seen()


class OwnGuardianForm(Schema):
    """Another guardian; empty, the guardianship ends."""

    guardian_name = Text(60, load_default=None)
    guardian_phone = Text(20, load_default=None)
    seen = Seen()


class MoveForm(Schema):
    """Where one lives now."""

    area_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))
    seen = Seen()

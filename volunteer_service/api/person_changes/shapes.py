"""Shapes of changes of what is registered about people."""

from typing import Any

from marshmallow import Schema, fields, validate

from volunteer_service.api.shared.shapes import Day, In, Instant, Text
from volunteer_service.errors import Phrase
from volunteer_service.fields import LARGEST, Reason
from volunteer_service.people.authentication.passwords import LONGEST
from volunteer_service.people.changes.change_models import CHANGED_FIELDS, PersonChange
from volunteer_service.people.changes.person_edits import FIELDS
from volunteer_service.people.changes.person_values import told, was_and_now
from volunteer_service.wording import gettext

STATES = ("waiting", "done", "refused", "withdrawn")
_MARK = {"description": "`marks[field]` of the person's changes: what was there when it was read."}


def worded(phrase: Phrase) -> str:
    """Return a value in the caller's language."""
    return phrase.worded(gettext)


class PersonChangeOut(Schema):
    """One change, old and new in words with numbers masked."""

    id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    field = fields.String(required=True, validate=validate.OneOf(CHANGED_FIELDS))
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    was = fields.Function(lambda row: _told(row, 0), metadata={"type": "string"})
    now = fields.Function(lambda row: _told(row, 1), metadata={"type": "string"})
    reason = fields.String(required=True)
    asked_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)


def _told(row: PersonChange, which: int) -> str:
    return worded(told(row.field, was_and_now(row)[which]))


class PersonChangesOut(Schema):
    """The changes of a person, newest first, and the marks of what is there now, by field."""

    items = fields.List(fields.Nested(PersonChangeOut), required=True)
    marks = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class WaitingChangesOut(Schema):
    """What waits for somebody's agreement, oldest first."""

    items = fields.List(fields.Nested(PersonChangeOut), required=True)


class PersonChangeIn(In):
    """One field as it should be; the others are left out. A birth date may bring a guardian."""

    field = fields.String(required=True, validate=validate.OneOf(FIELDS))
    reason = Reason(200, required=True)
    seen = Text(16, required=True, metadata=_MARK)
    name = Text(60)
    phone = Text(20, allow_none=True)
    identity = Text(20, allow_none=True)
    born_on = Day()
    sex = fields.String(validate=validate.OneOf(("f", "m")))
    area_id = fields.Integer(strict=True, validate=validate.Range(1, LARGEST))
    guardian_name = Text(60)
    guardian_phone = Text(20)
    registered_on = Day()
    party = Text(60, allow_none=True)
    employer = Text(500, allow_none=True)
    skills = Text(500, allow_none=True)
    remark = Text(500, allow_none=True)
    in_hand = fields.Boolean(metadata={"description": "Staff saw the phone in the person's hand."})


class ChangeDecisionIn(In):
    """Agree, or refuse and say why."""

    approve = fields.Boolean(required=True)
    answer = Reason(200)


class WhyIn(In):
    """The reason; it is kept."""

    reason = Reason(200, required=True)


class LookIn(In):
    """Why the numbers are read in plain; the reason is logged with the look."""

    why = Reason(120, required=True)


class PlainChangeOut(Schema):
    """Old and new in plain."""

    was = fields.Dict(required=True, allow_none=True)
    now = fields.Dict(required=True, allow_none=True)


class OwnPhoneIn(In):
    """Another phone for oneself, with the present password."""

    phone = Text(20, required=True)
    present = fields.String(required=True, validate=validate.Length(1, LONGEST))
    seen = Text(16, required=True, metadata=_MARK)


class OwnHomeIn(In):
    """Another home for oneself."""

    area_id = fields.Integer(strict=True, required=True, validate=validate.Range(1, LARGEST))
    seen = Text(16, required=True, metadata=_MARK)


class OwnGuardianIn(In):
    """Another guardian for oneself; without name and phone the guardianship ends."""

    guardian_name = Text(60, load_default=None, allow_none=True)
    guardian_phone = Text(20, load_default=None, allow_none=True)
    seen = Text(16, required=True, metadata=_MARK)


def plain(was: Any, now: Any) -> dict[str, Any]:
    """Return the answer to a look."""
    return {"was": was, "now": now}

"""Shapes of the account forms."""

from marshmallow import Schema, fields, validate

from volunteer_service.fields import LARGEST, Day, Text
from volunteer_service.people.authentication.passwords import LONGEST


class SignInForm(Schema):
    """Login and password; the login may be a user name, a volunteer number or a phone.

    The name distinguishes people with the same phone.
    """

    login = Text(60, required=True)
    name = Text(60, load_default="")
    # Not trimmed: a blank may be part of it.
    password = fields.String(required=True, validate=validate.Length(1, LONGEST))
    next = fields.String(load_default="/", validate=validate.Length(max=600))


class JoinForm(Schema):
    """A newcomer: name, phone, password, consent; a minor's birth date and guardian as well."""

    name = Text(60, required=True)
    phone = Text(20, required=True)
    password = fields.String(required=True, validate=validate.Length(1, LONGEST))
    consent = fields.Boolean(load_default=False)
    born_on = Day()
    guardian_name = Text(60)
    guardian_phone = Text(20)
    #: 0: the person does not know; staff set it.
    area_id = fields.Integer(load_default=0, validate=validate.Range(0, LARGEST))
    next = fields.String(load_default="/", validate=validate.Length(max=600))
    minor = fields.Boolean(load_default=False)


class AskGuardianForm(Schema):
    """A child, and the guardian who is to agree on a phone of their own."""

    name = Text(60, required=True)
    phone = Text(20, required=True)
    born_on = Day(required=True)
    guardian_name = Text(60, required=True)
    guardian_phone = Text(20, required=True)
    area_id = fields.Integer(load_default=0, validate=validate.Range(0, LARGEST))
    next = fields.String(load_default="/", validate=validate.Length(max=600))


class GuardianForm(Schema):
    """A guardian agrees, and sets the password with which the child signs in."""

    password = fields.String(required=True, validate=validate.Length(1, LONGEST))
    consent = fields.Boolean(load_default=False)


class ClaimForm(Schema):
    """Somebody registered on paper: the data that must match, and the new password."""

    name = Text(60, required=True)
    phone = Text(20, required=True)
    identity = Text(20, required=True)
    password = fields.String(required=True, validate=validate.Length(1, LONGEST))
    next = fields.String(load_default="/", validate=validate.Length(max=600))


class CodeForm(Schema):
    """A one-time code, its owner, and the new password."""

    login = Text(60, required=True)
    code = Text(20, required=True)
    password = fields.String(required=True, validate=validate.Length(1, LONGEST))


class ForgotForm(Schema):
    """The login of the forgotten password."""

    login = Text(60, required=True)


class ResetForm(Schema):
    """The new password."""

    password = fields.String(required=True, validate=validate.Length(1, LONGEST))


class PasswordForm(Schema):
    """The present password and the new one."""

    present = fields.String(required=True, validate=validate.Length(1, LONGEST))
    password = fields.String(required=True, validate=validate.Length(1, LONGEST))


class TokenForm(Schema):
    """A token's name, its days and whether it may write."""

    name = Text(60, required=True)
    days = fields.Integer(load_default=90, validate=validate.Range(1, 365))
    level = fields.String(
        load_default="read", validate=validate.OneOf(("read", "write", "desk", "admin"))
    )


class FactorCodeForm(Schema):
    """A code of the authenticator or a recovery code; whether this device is trusted."""

    code = Text(20, required=True)
    trust = fields.Boolean(load_default=False)


class FactorBeginForm(Schema):
    """The present password, and a code if there is an authenticator already."""

    present = fields.String(required=True, validate=validate.Length(1, LONGEST))
    code = Text(20, load_default="")


class FactorProofForm(Schema):
    """The present password and a code."""

    present = fields.String(required=True, validate=validate.Length(1, LONGEST))
    code = Text(20, required=True)

"""Shapes of the forms of certificates."""

from marshmallow import Schema, fields

from volunteer_service.shapes import Text


class PeriodForm(Schema):
    """The local days that a service record certificate covers."""

    begins_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class RevokeForm(Schema):
    """Why a certificate is taken back."""

    reason = Text(200, required=True)

"""Shapes of the forms of certificates."""

from marshmallow import Schema

from volunteer_service.fields import Day, Reason


class PeriodForm(Schema):
    """The local days that a service record certificate covers."""

    begins_on = Day(required=True)
    ends_on = Day(required=True)


class PrintForm(Schema):
    """Why a paper is printed a second time."""

    reason = Reason(120)


class RevokeForm(Schema):
    """Why a certificate is taken back."""

    reason = Reason(200, required=True)

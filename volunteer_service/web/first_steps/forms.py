"""Shapes of the form that sets a step aside."""

from marshmallow import Schema, fields, validate

from volunteer_service.workbooks.new_streets.first_steps import ALL, NAMES


class AsideForm(Schema):
    """Which step, and whether it is set aside or taken up again."""

    step = fields.String(required=True, validate=validate.OneOf((*NAMES, ALL)))
    is_aside = fields.Boolean(required=True)

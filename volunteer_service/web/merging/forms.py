"""Shapes of the forms of merging."""

from marshmallow import Schema, fields, validate

from volunteer_service.fields import LARGEST, Reason


class MergeForm(Schema):
    """The entry that ends, which of its values stay, and why."""

    merged_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))
    take_name = fields.Boolean(load_default=False)
    take_phone = fields.Boolean(load_default=False)
    take_identity = fields.Boolean(load_default=False)
    take_born_on = fields.Boolean(load_default=False)
    take_sex = fields.Boolean(load_default=False)
    take_area_id = fields.Boolean(load_default=False)
    merge_reason = Reason(200, required=True)


class RefuseForm(Schema):
    """Why a second person does not agree."""

    answer = Reason(200, required=True)


class UndoForm(Schema):
    """Why a merging is taken back."""

    undo_reason = Reason(200, required=True)


class UndoReasonForm(Schema):
    """Why a second person is asked to take a merging back."""

    reason = Reason(200, required=True)

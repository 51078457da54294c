"""The first steps of a new street over the API: what is done, what comes next, and samples."""

from io import BytesIO
from typing import Any

from flask import Response, send_file
from marshmallow import Schema, fields, validate

from volunteer_service import clock, settings
from volunteer_service.api.imports.views import XLSX, bp
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.workbooks import receiving
from volunteer_service.workbooks.new_streets import first_steps, papers


class FirstStepOut(Schema):
    """One step of a new street."""

    step = fields.String(required=True, validate=validate.OneOf(first_steps.NAMES))
    samples = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Its samples: `GET /first-steps/samples/{kind}`."},
    )
    count = fields.Integer(required=True, metadata={"description": "How many there are."})
    needed = fields.Integer(
        required=True, metadata={"description": "How many make it done; 0: it may be missing."}
    )
    is_done = fields.Boolean(required=True)
    is_aside = fields.Boolean(required=True, metadata={"description": "Somebody set it aside."})


class FirstStepsOut(Schema):
    """The steps of one street, in their order."""

    area_id = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Null: there is no street yet."}
    )
    area = fields.String(required=True, allow_none=True)
    steps = fields.List(fields.Nested(FirstStepOut), required=True)
    next = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(first_steps.NAMES),
        metadata={"description": "The first step that is open; null: nothing is left to do."},
    )
    is_aside = fields.Boolean(required=True, metadata={"description": "The whole list is aside."})


@bp.get("/first-steps")
@guarded("read")
@bp.response(200, FirstStepsOut(many=True))
def list_first_steps() -> list[dict[str, Any]]:
    """List the streets in which the caller may import, with what is done and what comes next."""
    receiving.need_street(actor())
    return [_shown(street) for street in first_steps.streets(by=actor())]


@bp.get("/first-steps/samples/<kind>")
@guarded("read")
@bp.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
def first_step_sample(kind: str) -> Response:
    """Return the sample workbook of a list: headers, one example row, a sheet of notes."""
    receiving.need_street(actor())
    out = BytesIO()
    papers.write_any(kind, out, today=settings.local_day(clock.now()))
    out.seek(0)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=f"{kind}.xlsx")


def _shown(street: first_steps.Street) -> dict[str, Any]:
    return {
        "area_id": street.area.id if street.area else None,
        "area": street.area.name if street.area else None,
        "steps": [_shown_step(each) for each in street.steps],
        "next": next((each.step.name for each in street.steps if each.is_open), None),
        "is_aside": street.is_aside,
    }


def _shown_step(done: first_steps.Done) -> dict[str, Any]:
    return {
        "step": done.step.name,
        "samples": list(done.step.lists) or [done.step.name],
        "count": done.count,
        "needed": done.step.needed,
        "is_done": done.is_done,
        "is_aside": done.is_aside,
    }

"""Shapes of merging."""

from typing import Any

from marshmallow import Schema, fields, validate

from volunteer_service.api.people.shapes import Id, VolunteerOut
from volunteer_service.api.shared.shapes import In, Instant
from volunteer_service.fields import LARGEST, Reason
from volunteer_service.merging.entries import FIELDS
from volunteer_service.wording import gettext, refusal

_FIELD = validate.OneOf(tuple(FIELDS))
_STATES = ("waiting", "done", "refused", "undone")


class MergingIn(In):
    """The entry that is kept, the one that ends, and which of its values are kept."""

    kept_id = Id(required=True)
    merged_id = Id(required=True)
    taken = fields.List(fields.String(validate=_FIELD), load_default=[])
    reason = Reason(200, required=True)


class MergingDecisionIn(In):
    """Whether a second person agrees; why not."""

    approve = fields.Boolean(required=True)
    answer = Reason(200)


class MergingUndoIn(In):
    """Why it is taken back; of one that another asked to undo, the reason is theirs."""

    reason = Reason(200)


class PreviewQuery(Schema):
    """Which two entries."""

    kept_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))
    merged_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))


class EntryOut(Schema):
    """What belongs to one entry."""

    volunteer = fields.Nested(VolunteerOut, required=True)
    minutes = fields.Integer(required=True, metadata={"description": "Confirmed minutes."})
    available_centi = fields.Integer(attribute="points.available", required=True)
    held_centi = fields.Integer(attribute="points.held", required=True)
    debt_centi = fields.Integer(attribute="points.debt", required=True)
    ratings = fields.Integer(required=True, metadata={"description": "Results of rounds; stay."})


class PreviewOut(Schema):
    """What merging the two would do now."""

    kept = fields.Nested(EntryOut, required=True)
    merged = fields.Nested(EntryOut, required=True)
    differing = fields.List(fields.String(), required=True)
    missing = fields.List(
        fields.String(), required=True, metadata={"description": "Taken from the merged entry."}
    )
    refused_record_ids = fields.Method(
        "_refused",
        metadata={
            "type": "array",
            "items": {"type": "integer"},
            "description": "Records over the time of a better one: they count no more.",
        },
    )
    second = fields.Method(
        "_second",
        metadata={
            "type": "array",
            "items": {"type": "string"},
            "description": "Why a second person confirms; empty where one person merges alone.",
        },
    )
    in_the_way = fields.Method(
        "_in_the_way", metadata={"type": "array", "items": {"type": "string"}}
    )

    def _refused(self, found: Any) -> list[int]:
        return [pair.refused.id for pair in found.overlaps]

    def _second(self, found: Any) -> list[str]:
        return [reason.worded(gettext) for reason in found.second]

    def _in_the_way(self, found: Any) -> list[str]:
        return [refusal(each) for each in (*found.obstacles, found.refused) if each]


class MergingOut(Schema):
    """A merging and what became of it."""

    id = fields.Integer(required=True)
    kept_id = fields.Integer(required=True)
    merged_id = fields.Integer(required=True)
    taken = fields.List(fields.String(), required=True)
    minutes = fields.Integer(
        required=True, metadata={"description": "Confirmed minutes of the merged entry."}
    )
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES))
    asked_at = Instant(required=True)
    decided_at = Instant(allow_none=True)
    answer = fields.String(allow_none=True)
    done_at = Instant(allow_none=True)
    undone_at = Instant(allow_none=True)
    undo_reason = fields.String(allow_none=True)
    undo_asked_at = Instant(allow_none=True)
    undo_decided_at = Instant(allow_none=True)
    undo_answer = fields.String(
        allow_none=True, metadata={"description": "Why a second person let it stand."}
    )


class MergingsOut(Schema):
    """Mergings that wait for a second person."""

    items = fields.List(fields.Nested(MergingOut), required=True)

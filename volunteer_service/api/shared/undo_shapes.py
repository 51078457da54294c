"""Shapes of an undo that may take two people."""

from typing import Any

from marshmallow import Schema, fields, validate

from volunteer_service.api.shared.shapes import In
from volunteer_service.fields import Reason
from volunteer_service.people.authorization import undo_requests
from volunteer_service.wording import gettext, refusal


class UndoStandingOut(Schema):
    """Whether an undo takes two people, who asked, who may decide, and what the caller may do."""

    why_two = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why the undo takes two people; null where one is enough."},
    )
    asked_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Who asked for it, while it waits."},
    )
    who_may = fields.List(fields.String(), required=True)
    why_not = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why the caller may not undo what was asked for."},
    )
    may = fields.List(
        fields.String(validate=validate.OneOf(undo_requests.ACTS)),
        required=True,
        metadata={"description": "What the caller may do now; `decide` is undo or refuse."},
    )


class UndoAnswerIn(In):
    """Why an undo is refused; the person who asked reads it."""

    answer = Reason(200, required=True)


class UndoReasonIn(In):
    """Why something is to be undone; the second person reads it."""

    reason = Reason(200, required=True)


def told(standing: undo_requests.Standing) -> dict[str, Any]:
    """Return a standing as :class:`UndoStandingOut` shows it."""
    return {
        "why_two": standing.why_two.worded(gettext) if standing.why_two else None,
        "asked_by": standing.asked_by,
        "who_may": list(standing.who.names) if standing.who else [],
        "why_not": refusal(standing.why_not) if standing.why_not else None,
        "may": sorted(standing.may),
    }

"""Mergings of two teams over the API: previewed, carried out, read, undone."""

from typing import Any

from marshmallow import Schema, fields, validate

from volunteer_service import clock
from volunteer_service.api.merging.views import bp
from volunteer_service.api.people.shapes import Id
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.api.shared.shapes import In, Instant
from volunteer_service.fields import LARGEST, Reason
from volunteer_service.merging.teams import steps
from volunteer_service.merging.teams.models import TeamMerging


class IntoQuery(Schema):
    """The team that the merged one goes on in."""

    into_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))


class TeamMergeIn(In):
    """The team that the merged one goes on in, and the reason."""

    into_id = Id(required=True)
    reason = Reason(200, required=True)


class TeamUndoIn(In):
    """The reason for undoing it."""

    reason = Reason(200, required=True)


class TeamPreviewOut(Schema):
    """What a merging of the team would do now."""

    kept_id = fields.Integer(attribute="kept.id", required=True)
    merged_id = fields.Integer(attribute="merged.id", required=True)
    members = fields.Integer(required=True, metadata={"description": "Who come along."})
    coming = fields.Integer(required=True)
    asked = fields.Integer(required=True)
    in_both = fields.Integer(required=True)
    events = fields.List(fields.String(), required=True)
    begun = fields.List(
        fields.String(), required=True, metadata={"description": "Open events that stay."}
    )
    deputies = fields.Method("_deputies", metadata={"type": "array", "items": {"type": "string"}})
    records = fields.Integer(required=True, metadata={"description": "Confirmed ones; they stay."})
    minutes = fields.Integer(required=True)

    def _deputies(self, found: steps.Preview) -> list[str]:
        return [lead.name for lead in found.leads if lead.refused is None]


class TeamMergingOut(Schema):
    """A merging of two teams and what it moved."""

    id = fields.Integer(required=True)
    kept_id = fields.Integer(required=True)
    merged_id = fields.Integer(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("done", "undone")))
    counts = fields.Dict(keys=fields.String(), required=True)
    done_at = Instant(required=True)
    undone_at = Instant(allow_none=True)
    undo_reason = fields.String(allow_none=True)


@bp.get("/teams/<int:team_id>/merge")
@guarded("read")
@bp.arguments(IntoQuery, location="query")
@bp.response(200, TeamPreviewOut)
def preview_team_merging(query: dict[str, int], team_id: int) -> steps.Preview:
    """Return what a merging would move and what would stay, to staff who keep both teams."""
    return steps.preview_teams(query["into_id"], team_id, by=actor(), at=clock.now())


@bp.post("/teams/<int:team_id>/merge")
@guarded("write")
@idempotent
@bp.arguments(TeamMergeIn)
@bp.response(201, TeamMergingOut)
def merge_team(body: dict[str, Any], team_id: int) -> TeamMerging:
    """Merge the team into another one of its street."""
    return steps.merge_teams(
        body["into_id"], team_id, reason=body["reason"], by=actor(), at=clock.now()
    )


@bp.get("/team-mergings/<int:team_merging_id>")
@guarded("read")
@bp.response(200, TeamMergingOut)
def show_team_merging(team_merging_id: int) -> TeamMerging:
    """Return one merging, to staff who keep both teams."""
    return steps.team_merging(team_merging_id, by=actor())


@bp.post("/team-mergings/<int:team_merging_id>/undo")
@guarded("write")
@idempotent
@bp.arguments(TeamUndoIn)
@bp.response(200, TeamMergingOut)
def undo_team_merging(body: dict[str, str], team_merging_id: int) -> TeamMerging:
    """Undo a merging within the policy's days; rows that changed since stay where they are."""
    return steps.undo_team_merging(team_merging_id, **body, by=actor(), at=clock.now())

"""What happened to one thing over the API, newest first."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.shapes import Query
from volunteer_service.api.stories.shapes import STORY
from volunteer_service.stories import reading

bp = Blueprint("api_stories", __name__, url_prefix="", description="What happened to a thing")


@bp.get("/volunteers/<int:volunteer_id>/story")
@guarded("read")
@bp.arguments(Query, location="query")
@bp.response(200, STORY)
def person_story(query: dict[str, Any], volunteer_id: int) -> dict[str, Any]:
    """Return what happened to a person, for a caller who may see it."""
    return _told("person", volunteer_id, query)


@bp.get("/teams/<int:team_id>/story")
@guarded("read")
@bp.arguments(Query, location="query")
@bp.response(200, STORY)
def team_story(query: dict[str, Any], team_id: int) -> dict[str, Any]:
    """Return what happened to a team, for a caller who may see it."""
    return _told("team", team_id, query)


@bp.get("/events/<int:event_id>/story")
@guarded("read")
@bp.arguments(Query, location="query")
@bp.response(200, STORY)
def event_story(query: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Return what happened to an event, for a caller who may see it."""
    return _told("event", event_id, query)


@bp.get("/records/<int:record_id>/story")
@guarded("read")
@bp.arguments(Query, location="query")
@bp.response(200, STORY)
def record_story(query: dict[str, Any], record_id: int) -> dict[str, Any]:
    """Return what happened to a record, for a caller who may see it."""
    return _told("record", record_id, query)


@bp.get("/gifts/<int:gift_id>/story")
@guarded("read")
@bp.arguments(Query, location="query")
@bp.response(200, STORY)
def gift_story(query: dict[str, Any], gift_id: int) -> dict[str, Any]:
    """Return what happened to a gift, for a caller who may see it."""
    return _told("gift", gift_id, query)


@bp.get("/rounds/<int:round_id>/story")
@guarded("read")
@bp.arguments(Query, location="query")
@bp.response(200, STORY)
def round_story(query: dict[str, Any], round_id: int) -> dict[str, Any]:
    """Return what happened to a round, for a caller who may see it."""
    return _told("round", round_id, query)


@bp.get("/accounts/<int:account_id>/story")
@guarded("read")
@bp.arguments(Query, location="query")
@bp.response(200, STORY)
def account_story(query: dict[str, Any], account_id: int) -> dict[str, Any]:
    """Return what happened to an account, for a caller who may see it."""
    return _told("account", account_id, query)


def _told(kind: str, id_: int, query: dict[str, Any]) -> dict[str, Any]:
    told = reading.story(kind, id_, by=actor(), at=clock.now(), **query)
    return {"items": told.acts.items, "next": told.acts.next, "may": told.may}

"""The story of a person, team, event, record, gift, round or account: one page for all."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from volunteer_service import clock
from volunteer_service.stories import reading
from volunteer_service.web.shared.guard import actor, signed_in, staff

bp = Blueprint("stories", __name__)

#: A page holds so many acts.
PAGE = 50


@bp.get("/people/<int:volunteer_id>/story")
@staff("coordinator", "auditor")
def person(volunteer_id: int) -> str:
    """What happened to a person."""
    return _told("person", volunteer_id, url_for("people.show", volunteer_id=volunteer_id))


@bp.get("/teams/<int:team_id>/story")
@staff("leader", "coordinator", "auditor")
def team(team_id: int) -> str:
    """What happened to a team."""
    return _told("team", team_id, url_for("teams.show", team_id=team_id))


@bp.get("/e/<int:event_id>/story")
@staff("leader", "coordinator")
def event(event_id: int) -> str:
    """What happened to an event."""
    return _told("event", event_id, url_for("events.manage", event_id=event_id))


@bp.get("/records/<int:record_id>/story")
@signed_in
def record(record_id: int) -> str:
    """What happened to a record."""
    return _told("record", record_id, url_for("records.of", record_id=record_id))


@bp.get("/gifts/<int:gift_id>/story")
@staff("desk", "coordinator")
def gift(gift_id: int) -> str:
    """What happened to a gift."""
    return _told("gift", gift_id, url_for("gifts.edit", gift_id=gift_id))


@bp.get("/ratings/<int:round_id>/story")
@staff("coordinator", "auditor")
def of_round(round_id: int) -> str:
    """What happened to a round."""
    return _told("round", round_id, url_for("ratings.show", round_id=round_id))


@bp.get("/accounts/<int:account_id>/story")
@staff("coordinator")
def account(account_id: int) -> str:
    """What happened to an account."""
    return _told("account", account_id, url_for("people.account", account_id=account_id))


def _told(kind: str, id_: int, thing_url: str) -> str:
    cursor = request.args.get("cursor")
    name, found = reading.story(kind, id_, by=actor(), at=clock.now(), cursor=cursor, limit=PAGE)
    facts: dict[str, Any] = {"acts": found.items, "next": found.next, "paged": cursor is not None}
    return render_template("stories/story.html", name=name, thing_url=thing_url, **facts)

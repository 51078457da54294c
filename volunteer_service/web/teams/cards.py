"""Cards for a team: whom to print one for, and the sheets."""

from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.teams import member_cards
from volunteer_service.web.shared import forms, row_ids, typed
from volunteer_service.web.shared.card_files import PrintForm, card_file
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.web.teams.views import bp


@bp.get("/teams/<int:team_id>/cards")
@staff("leader", "coordinator")
def cards(team_id: int) -> str:
    """Show the members; those without a card are ticked."""
    return _cards(team_id, {}, {})


@bp.post("/teams/<int:team_id>/cards")
@staff("leader", "coordinator")
def print_cards(team_id: int) -> Response:
    """Print the sheets of the ticked members, ten cards a page."""
    chosen = row_ids.read_all(request.form.getlist("member"))

    def work(values: dict[str, Any]) -> FlaskResponse:
        key = values["idempotency_key"]
        made = member_cards.print_cards(team_id, chosen, print_key=key, by=actor(), at=clock.now())
        return card_file(made)

    return forms.show(PrintForm, work, lambda raw, bad: _cards(team_id, raw, bad))


def _cards(team_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    team, holders = member_cards.holders(team_id, by=actor())
    without = {str(each.person.id) for each in holders if each.since is None}
    return render_template(
        "teams/cards.html",
        team=team,
        holders=holders,
        ticked=typed.chosen("member", without),
        values=values,
        errors=errors,
    )

"""The card of one person: printed and ended by staff, and the page for somebody who finds it."""

from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.people.search import people_lists
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.people.volunteers import shown
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.card_files import PrintForm, card_file
from volunteer_service.web.shared.guard import actor, public, staff


@bp.get("/k/<card>")
@bp.get("/K/<card>")
@public
def found_card(card: str) -> str:
    """Show a found card: where to return it, and nothing about its owner."""
    return render_template("people/found_card.html")


@bp.post("/people/<int:volunteer_id>/card")
@staff("coordinator")
def print_card(volunteer_id: int) -> Response:
    """Print one card on a sheet; the one before ends."""

    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> FlaskResponse:
        key = values["idempotency_key"]
        made = volunteer_cards.print_one(volunteer_id, print_key=key, by=actor(), at=clock.now())
        return card_file([made])

    return forms.show(PrintForm, work, lambda _raw, bad: shown(person, errors=bad))


@bp.post("/people/<int:volunteer_id>/card/end")
@staff("coordinator")
def end_card(volunteer_id: int) -> Response:
    """End the card in use: lost, or handed back."""

    def work() -> str:
        volunteer_cards.end_card(volunteer_id, by=actor(), at=clock.now())
        page = url_for("people.show", volunteer_id=volunteer_id)
        return forms.done(_("这张卡已作废。"), page)

    return forms.act(work, by=actor())

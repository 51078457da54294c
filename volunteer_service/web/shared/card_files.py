"""Printed cards as the file that a browser opens or saves."""

from collections.abc import Sequence

from flask import Response
from flask_babel import gettext as _
from marshmallow import Schema, fields, validate

from volunteer_service import clock
from volunteer_service.paper import pdf
from volunteer_service.paper.volunteer_card import CardFace, card_sheets
from volunteer_service.people.cards.volunteer_cards import PrintedCard


class PrintForm(Schema):
    """Cards to print: the form's own key, so that a second tap prints the same."""

    idempotency_key = fields.String(required=True, validate=validate.Length(8, 64))


def card_file(made: Sequence[PrintedCard]) -> Response:
    """Return the PDF, which is the only place with the codes of these cards."""
    faces = [CardFace(card.name, card.number, card.community, card.url) for card in made]
    painted = pdf.paint(card_sheets(faces), title=_("志愿者卡"), made_at=clock.now())
    answer = Response(painted, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "attachment; filename=volunteer-cards.pdf"
    answer.headers["Cache-Control"] = "no-store"
    return answer

"""Answering for a place that is kept for a person of the waiting list, and giving one as a
leader.
"""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.events import place_offers
from volunteer_service.web.events.views import bp, told_place
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, signed_in, staff


@bp.post("/sign-ups/<int:sign_up_id>/accept-offer")
@signed_in
def accept_offer(sign_up_id: int) -> Response:
    """Take the place."""

    def work() -> str:
        row = place_offers.accept(sign_up_id, by=actor(), at=clock.now())
        return told_place(row)

    return forms.act(work, by=actor())


@bp.post("/sign-ups/<int:sign_up_id>/decline-offer")
@signed_in
def decline_offer(sign_up_id: int) -> Response:
    """Leave it to the next one."""

    def work() -> str:
        row = place_offers.decline(sign_up_id, by=actor(), at=clock.now())
        told = _("名额让给下一位了，谢谢您告诉我们。")
        return forms.done(told, url_for("events.show", event_id=row.event_id))

    return forms.act(work, by=actor())


@bp.post("/sign-ups/<int:sign_up_id>/give-place")
@staff("leader", "coordinator")
def give_place(sign_up_id: int) -> Response:
    """Give a free place to a person who waits."""

    def work() -> str:
        row = place_offers.give(sign_up_id, by=actor(), at=clock.now())
        told = _("名额给了%(name)s，已告诉本人。", name=row.volunteer.name)
        return forms.done(told, url_for("events.manage", event_id=row.event_id))

    return forms.act(work, by=actor())

"""Links in e-mails: they work without signing in, and a GET changes nothing."""

from flask import render_template

from volunteer_service import clock
from volunteer_service.events import place_offers
from volunteer_service.events.models import SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import message_choices
from volunteer_service.web.messages.blueprint import bp
from volunteer_service.web.shared import signed_links
from volunteer_service.web.shared.guard import public
from volunteer_service.web.shared.security import csrf


@bp.get("/mail/leave/<token>")
@public
def leave(token: str) -> str:
    """Show the button that stops all e-mail, because programs that follow links press no button."""
    signed_links.who_leaves(token)
    return render_template("messages/leave.html", token=token)


@bp.post("/mail/leave/<token>")
@csrf.exempt
@public
def do_leave(token: str) -> str:
    """Stop all e-mail, by the button or by the mail program's own (RFC 8058)."""
    message_choices.leave_mail(signed_links.who_leaves(token), at=clock.now())
    return render_template("messages/left.html")


@bp.get("/mail/confirm/<token>")
@public
def confirm(token: str) -> str:
    """Show the button that confirms an address."""
    signed_links.who_confirms(token)
    return render_template("messages/confirm.html", token=token)


@bp.post("/mail/confirm/<token>")
@public
def do_confirm(token: str) -> str:
    """Record that the address is its reader's."""
    message_choices.confirm_email(*signed_links.who_confirms(token), at=clock.now())
    return render_template("messages/confirmed.html")


@bp.get("/mail/place/<token>")
@public
def place(token: str) -> str:
    """Show the place that is kept, and the two answers."""
    return render_template("messages/place.html", token=token, place=_asked(token))


@bp.post("/mail/place/<token>/accept")
@public
def accept_place(token: str) -> str:
    """Take the place, as its reader."""
    row = _asked(token)
    place_offers.accept(row.id, by=_reader(row), at=clock.now())
    return render_template("messages/place_answered.html", place=row)


@bp.post("/mail/place/<token>/decline")
@public
def decline_place(token: str) -> str:
    """Leave the place to the next person, as its reader."""
    row = _asked(token)
    place_offers.decline(row.id, by=_reader(row), at=clock.now())
    return render_template("messages/place_answered.html", place=row)


def _asked(token: str) -> SignUp:
    return place_offers.asked(*signed_links.what_is_answered(token))


def _reader(row: SignUp) -> Actor:
    """Return the volunteer to whom the e-mail went; the link answers only this offer."""
    return Actor(None, row.volunteer_id, row.volunteer.name, "page")

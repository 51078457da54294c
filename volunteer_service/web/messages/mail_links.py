"""Links in letters: they work without signing in, and a GET changes nothing."""

from flask import render_template

from volunteer_service import clock
from volunteer_service.people.messages import message_choices
from volunteer_service.web.messages.blueprint import bp
from volunteer_service.web.shared import signed_links
from volunteer_service.web.shared.guard import public
from volunteer_service.web.shared.security import csrf


@bp.get("/mail/leave/<token>")
@public
def leave(token: str) -> str:
    """Show the button that leaves all e-mail; programs that follow links press none."""
    signed_links.who_leaves(token)
    return render_template("messages/leave.html", token=token)


@bp.post("/mail/leave/<token>")
@csrf.exempt
@public
def do_leave(token: str) -> str:
    """Leave all e-mail: by the button, or by the mail program's own (RFC 8058)."""
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
    """Keep that the address is its reader's."""
    message_choices.confirm_email(*signed_links.who_confirms(token), at=clock.now())
    return render_template("messages/confirmed.html")

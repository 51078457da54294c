"""API tokens of oneself: made, shown once, listed, revoked."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.people.authentication import api_tokens
from volunteer_service.people.authentication.api_tokens import SCOPES
from volunteer_service.web.account.blueprint import bp
from volunteer_service.web.account.forms import TokenForm
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, signed_in

#: The scopes of each level of the form; a higher one includes reading.
LEVELS = {
    "read": ("read",),
    "write": ("read", "write"),
    "desk": ("read", "write", "desk"),
    "admin": ("admin",),
}


@bp.get("/me/tokens")
@signed_in
def tokens() -> str:
    """Show one's own tokens."""
    return _page({}, {})


@bp.post("/me/tokens")
@signed_in
def make_token() -> Response:
    """Make a token and show its text once."""

    def work(values: dict[str, Any]) -> str:
        scopes = LEVELS[values.pop("level")]
        token, plain = api_tokens.make_token(**values, scopes=scopes, by=actor(), at=clock.now())
        return _page({}, {}, fresh=token, plain=plain)

    return forms.show(TokenForm, work, _page)


@bp.post("/me/tokens/<int:token_id>/revoke")
@signed_in
def revoke_token(token_id: int) -> Response:
    """End a token at once."""

    def work() -> str:
        api_tokens.revoke_token(token_id, by=actor(), at=clock.now())
        return forms.done(_("令牌已撤销。"), url_for("account.tokens"))

    return forms.act(work, by=actor())


def _page(values: dict[str, Any], errors: dict[str, Any], **fresh: Any) -> str:
    by = actor()
    levels = [
        level
        for level, scopes in LEVELS.items()
        if all(not SCOPES[scope] or by.has_role(*SCOPES[scope]) for scope in scopes)
    ]
    listed = api_tokens.tokens_of(by)
    return render_template(
        "account/tokens.html", tokens=listed, levels=levels, now=clock.now(), errors=errors, **fresh
    )

"""Sessions of the pages, and the guard that every page carries.

The session cookie is signed and says account, volunteer, name and epoch. Roles are read from the
database; the hot pages (check-in) trust the cookie for a few minutes instead.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from volunteer_service import clock
from volunteer_service.errors import NotFound, SignInNeeded
from volunteer_service.people import sessions
from volunteer_service.people.actor import Actor
from volunteer_service.people.models import Account

View = TypeVar("View", bound=Callable[..., Any])

#: Seconds that a light page trusts the cookie before it looks at the account again. A cookie
#: older than that is signed anew by the next page, so that the session of whoever comes stays.
TRUST_SECONDS = 300


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookies; the signer is made once, not at every request."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Signs and reads the cookies of the one app that this is the interface of."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


def sign_in(account: Account) -> None:
    """Begin a session in this browser; language and type size are kept in cookies of their own."""
    session.clear()
    session.permanent = True
    session.update(
        account=account.id,
        volunteer=account.volunteer_id,
        name=account.name,
        epoch=account.epoch,
        seen=_seconds(),
    )


def sign_out() -> None:
    """End the session in this browser."""
    session.clear()


def public(view: View) -> View:
    """Say out loud that anyone may open this page."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Let in whoever is signed in, with their roles; others sign in first and come back."""
    return _guard(view, "signed_in", _current)


def signed_in_light(view: View) -> View:
    """As :func:`signed_in` without roles, and without a query while the cookie is fresh."""
    return _guard(view, "signed_in_light", _light)


def staff(*roles: str) -> Callable[[View], View]:
    """Let in who holds one of these roles somewhere; the verb still checks the place."""

    def wrap(view: View) -> View:
        def current() -> Actor | None:
            found = _current()
            if found is not None and not found.has_role("admin", *roles):
                raise NotFound()
            return found

        return _guard(view, f"staff:{','.join(roles)}", current)

    return wrap


def actor() -> Actor:
    """Who looks at this page; only inside a guarded view."""
    return cast(Actor, g.actor)


def maybe_actor() -> Actor | None:
    """Who looks, if signed in: for the layout and for public pages."""
    if "actor" not in g:
        g.actor = _current()
    return cast(Actor | None, g.actor)


def _guard(view: View, name: str, find: Callable[[], Actor | None]) -> View:
    @wraps(view)
    def guard(*args: Any, **kwargs: Any) -> Any:
        found = find()
        if found is None:
            back = request.full_path.rstrip("?") if request.method == "GET" else None
            return redirect(url_for("account.sign_in", next=back))
        g.actor = found
        return view(*args, **kwargs)

    guard.guard = name  # type: ignore[attr-defined]
    return cast(View, guard)


def _current() -> Actor | None:
    if "account" not in session:
        return None
    try:
        found = sessions.resume(session["account"], session["epoch"], door="page")
    except SignInNeeded:
        session.clear()
        return None
    if not _is_fresh():
        session["seen"] = _seconds()
    return found


def _light() -> Actor | None:
    if "account" in session and _is_fresh():
        return Actor(session["account"], session["volunteer"], session["name"], "page")
    return _current()


def _is_fresh() -> bool:
    age: int = _seconds() - session.get("seen", 0)
    return 0 <= age < TRUST_SECONDS


def _seconds() -> int:
    return int(clock.now().timestamp())

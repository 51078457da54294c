"""Sessions of the pages, and the guard that every page carries.

The session cookie is signed; its key names a session that the database keeps, and ending that
session ends the cookie. Roles are read from the database. The hot page (check-in) makes no query of
its own for a few minutes: the verb checks in its own query whether the session is alive.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Request, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.crypto import token_hash
from volunteer_service.errors import NotFound, SignInNeeded
from volunteer_service.people.authentication import sessions
from volunteer_service.people.authentication.required_factors import SecondFactorNeeded
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account
from volunteer_service.rate_limits import VENUE
from volunteer_service.web.shared import browser, device_names, errors, kept_forms
from volunteer_service.web.shared.scanned_codes import GRANT

View = TypeVar("View", bound=Callable[..., Any])

#: Seconds in which a light page leaves the check of the session to the verb. The next page signs an
#: older cookie again, so that the session of an active person stays.
TRUST_SECONDS = 300
#: The key in the cookie of the reason why an auditor reads.
PURPOSE = "purpose"


#: By how many seconds the clock that signed a cookie may be ahead of the one that reads it: two
#: servers differ, and a clock is set back.
AHEAD_SECONDS = 300


class CookieSigner(TimestampSigner):
    """Reads cookies that a clock a little ahead of ours signed; to itsdangerous they are expired,
    and everybody who opened a page a moment ago were signed out.
    """

    def unsign(self, signed_value: str | bytes, *args: Any, **options: Any) -> Any:
        """Return the value; refuse what is too old, or signed too far ahead."""
        try:
            return super().unsign(signed_value, *args, **options)
        except SignatureExpired as error:
            at = error.date_signed
            now = clock.now()
            if at is None or not now < at <= now + timedelta(seconds=AHEAD_SECONDS):
                raise
        return super().unsign(signed_value, **options | {"max_age": None})


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookies; the signer is made once, not at every request.

    A page that is made within another request (``kept_forms``) shares its session.
    """

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Signs and reads the cookies of the one app that this is the interface of."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
            if self._signer is not None:
                self._signer.signer = CookieSigner
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie, except for a request within another one."""
        return request.environ.get(kept_forms.SESSION) or super().open_session(app, request)


def sign_in(account: Account) -> str:
    """Begin a session in this browser, which the account knows from now on; return its hash.

    Language and type size are kept in cookies of their own.
    """
    known = browser.key() or browser.new_key()
    browser.set_key(known)
    here = token_hash(known)
    opened = sessions.begin(
        account, device=device_names.device_of(request), browser=here, at=clock.now()
    )
    keep(opened, account)
    return here


def keep(key: str, account: Account) -> None:
    """Put the session with this key into the cookie, with what a light page needs to know."""
    scanned = {name: session[name] for name in (GRANT, VENUE) if name in session}
    session.clear()
    session.permanent = True
    session.update(
        scanned,
        key=key,
        account=account.id,
        volunteer=account.volunteer_id,
        name=account.name,
        seen=_seconds(),
    )


def sign_out() -> None:
    """End the session in this browser and on the server, so that a copy of the cookie is dead."""
    if "key" in session:
        sessions.end(session["key"], at=clock.now())
    session.clear()


def this_session() -> str:
    """Return the hash of this browser's session, to tell it from the others of a list."""
    return token_hash(session.get("key", ""))


def public(view: View) -> View:
    """Declare that anyone may open this page."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Let in anybody who is signed in, with their roles; others sign in first and come back."""
    return _guard(view, "signed_in", _current)


def signed_in_light(view: View) -> View:
    """Guard as :func:`signed_in` does, without roles, and without a query while the cookie is
    fresh.

    The verb must ask whether the session lives (``Actor.unproven``); nothing else is done or read
    in the name of such an actor.
    """

    @wraps(view)
    def guard(*args: Any, **kwargs: Any) -> Any:
        found = _light()
        if found is None:
            return _to_sign_in()
        g.unproven = found
        try:
            return view(*args, **kwargs)
        except SignInNeeded:
            session.clear()
            return _to_sign_in()

    guard.guard = "signed_in_light"  # type: ignore[attr-defined]
    return cast(View, guard)


def staff(*roles: str) -> Callable[[View], View]:
    """Let in anybody who holds one of these roles somewhere; the verb still checks the place."""

    def wrap(view: View) -> View:
        def current() -> Actor | None:
            found = _current()
            if found is not None and not found.has_role("admin", *roles):
                raise SecondFactorNeeded() if found.waiting_roles else NotFound()
            return found

        return _guard(view, f"staff:{','.join(roles)}", current)

    return wrap


def actor() -> Actor:
    """Return the actor who looks at this page; only inside a guarded view."""
    return cast(Actor, g.unproven if "unproven" in g else g.actor)


def maybe_actor() -> Actor | None:
    """Return the actor, if signed in, for the layout and for public pages."""
    if "actor" not in g:
        g.actor = _current()
    return cast(Actor | None, g.actor)


def _guard(view: View, name: str, find: Callable[[], Actor | None]) -> View:
    def enter() -> Response | None:
        found = find()
        if found is None:
            return _to_sign_in()
        g.actor = found
        return None

    @wraps(view)
    def guard(*args: Any, **kwargs: Any) -> Any:
        refusal = enter()
        return view(*args, **kwargs) if refusal is None else refusal

    guard.guard = name  # type: ignore[attr-defined]
    guard.enter = enter  # type: ignore[attr-defined]
    return cast(View, guard)


def _to_sign_in() -> Response:
    """Redirect to the sign-in, and from there back to the page, or to the form with what was
    typed.
    """
    is_scan = request.method == "POST" and request.endpoint == "attendance.scan"
    back = request.full_path.rstrip("?") if request.method == "GET" or is_scan else None
    return errors.to_sign_in(back)


def _current() -> Actor | None:
    if "key" not in session:
        return None
    try:
        found = sessions.resume(session["key"], door="page", at=clock.now())
    except SignInNeeded:
        session.clear()
        return None
    if not _is_fresh():
        session["seen"] = _seconds()
    return replace(found, purpose=session.get(PURPOSE, ""))


def _light() -> Actor | None:
    if "key" in session and _is_fresh():
        return Actor(
            session["account"],
            session["volunteer"],
            session["name"],
            "page",
            unproven=this_session(),
        )
    return _current()


def _is_fresh() -> bool:
    age: int = _seconds() - session.get("seen", 0)
    return 0 <= age < TRUST_SECONDS


def _seconds() -> int:
    return int(clock.now().timestamp())

"""Bearer tokens at the API's door, and the guard that every operation carries."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request

from volunteer_service import clock
from volunteer_service.errors import Refused, SignInNeeded
from volunteer_service.people.authentication import sessions
from volunteer_service.people.authorization.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])

#: The reason that is logged for what an auditor's program reads.
PURPOSE = "通过接口读取"
SCOPES = ("read", "write", "desk", "admin")


class ScopeMissing(Refused):
    """The token was made without the scope that this operation needs."""

    status = 403
    message = "这个令牌没有 %(scope)s 权限范围。请用有此范围的令牌。"


def guarded(scope: str) -> Callable[[View], View]:
    """Let in only a live bearer token with ``scope``; :func:`actor` then says whose."""

    def wrap(view: View) -> View:
        def enter() -> None:
            g.actor = _actor(scope)

        @wraps(view)
        def guard(*args: Any, **kwargs: Any) -> Any:
            enter()
            return view(*args, **kwargs)

        guard.guard = f"scope:{scope}"  # type: ignore[attr-defined]
        guard.enter = enter  # type: ignore[attr-defined]
        return cast(View, guard)

    return wrap


def public(view: View) -> View:
    """Declare that anyone may call this operation."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def actor() -> Actor:
    """Return who calls; only inside a guarded operation."""
    return cast(Actor, g.actor)


def _actor(scope: str) -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise SignInNeeded()
    found, scopes = sessions.bearer(token.strip(), at=clock.now())
    if scope not in scopes and "admin" not in scopes:
        raise ScopeMissing(scope=scope)
    return replace(found, purpose=PURPOSE)

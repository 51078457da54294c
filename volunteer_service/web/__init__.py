"""The HTML rim: reads a request, calls one verb, shows a page. Works without script."""

from importlib import import_module

from flask import Flask

from volunteer_service.web import errors, guard, nav, security
from volunteer_service.web.frame import init_frame
from volunteer_service.web.security import OwnHost, csrf

#: One module a domain; each has ``bp``, a Blueprint without prefix surprises.
DOMAINS = (
    "home",
    "account",
    "people",
    "teams",
    "events",
    "attendance",
    "records",
    "points",
    "gifts",
    "desk",
    "ratings",
    "certificates",
    "imports",
    "ops",
)


def init_web(app: Flask) -> None:
    """Register pages, layout, sign-in, CSRF, headers and limits."""
    app.session_interface = guard.Sessions()
    init_frame(app)
    security.init_security(app)
    app.context_processor(nav.context)
    for name in DOMAINS:
        app.register_blueprint(import_module(f"volunteer_service.web.{name}").bp)


__all__ = ["OwnHost", "csrf", "errors", "init_web"]

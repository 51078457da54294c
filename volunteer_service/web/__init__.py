"""The HTML pages: reads a request, calls one verb, shows a page. Works without script."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask

from volunteer_service.web.shared import (
    errors,
    guard,
    kept_forms,
    nav,
    security,
)
from volunteer_service.web.shared.frame import init_frame
from volunteer_service.web.shared.security import OwnHost, csrf

#: The folder that all themes share is no theme itself.
SHARED = "shared"


def init_web(app: Flask) -> None:
    """Register pages, layout, sign-in, CSRF, headers and limits."""
    app.session_interface = guard.Sessions()
    init_frame(app)
    app.jinja_env.globals["page_of_forms"] = kept_forms.page_of_forms
    security.init_security(app)
    app.context_processor(nav.context)
    for name in themes():
        app.register_blueprint(import_module(f"{__name__}.{name}").bp)


def themes() -> list[str]:
    """Return the folders of this package, one for each theme; each has ``bp``, a Blueprint."""
    return [found.name for found in iter_modules(__path__) if found.ispkg and found.name != SHARED]


__all__ = ["OwnHost", "csrf", "errors", "init_web"]

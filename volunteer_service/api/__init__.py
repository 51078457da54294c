"""The JSON API, ``/api/v1``: reads a request, calls one verb, answers."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from flask import Flask
from flask_smorest import Api

from volunteer_service.api.shared import document, problems

#: The folder that all themes share is no theme itself.
SHARED = "shared"

#: The document lists these first, in this order; all others follow by name.
FIRST = (
    "people",
    "teams",
    "events",
    "attendance",
    "records",
    "complaints",
    "points",
    "rewards",
    "ratings",
    "certificates",
    "imports",
    "messages",
)


def init_api(app: Flask, *, exempt: Callable[[Any], Any]) -> None:
    """Register every domain and the OpenAPI document.

    Operations answer to bearer tokens only, never to cookies, so they are ``exempt`` from CSRF.
    """
    app.config.update(document.CONFIG)
    api = Api(app)
    document.describe(api)
    for name in themes():
        module = import_module(f"{__name__}.{name}")
        exempt(module.bp)
        api.register_blueprint(module.bp, url_prefix=f"/api/v1{module.bp.url_prefix or ''}")
    document.finish(app, api)


def themes() -> list[str]:
    """Return the folders of this package, one for each theme; each has ``bp``, a flask-smorest
    Blueprint.
    """
    found = {each.name for each in iter_modules(__path__) if each.ispkg} - {SHARED}
    return [name for name in FIRST if name in found] + sorted(found - set(FIRST))


__all__ = ["init_api", "problems"]

"""The JSON rim, ``/api/v1``: reads a request, calls one verb, answers."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import Flask
from flask_smorest import Api

from volunteer_service.api import document, problems

#: One module a domain; each has ``bp``, a flask-smorest Blueprint.
DOMAINS = (
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
    for name in DOMAINS:
        module = import_module(f"volunteer_service.api.{name}")
        exempt(module.bp)
        api.register_blueprint(module.bp, url_prefix=f"/api/v1{module.bp.url_prefix or ''}")
    document.finish(app, api)


__all__ = ["init_api", "problems"]

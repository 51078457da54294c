"""The application factory: settings in, a Flask application out. All wiring between packages is
here.
"""

import os
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Request, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, RequestRedirect

from volunteer_service import (
    api,
    models,
    private_files,
    request_bodies,
    web,
)
from volunteer_service.certificates import superseding
from volunteer_service.crypto import Vault
from volunteer_service.db import db, engine, transaction
from volunteer_service.db.retry import again_on_conflict, is_away
from volunteer_service.errors import Away, Refused, TooMany
from volunteer_service.events import age_limits, freed_places, post_requirements
from volunteer_service.monitoring import logs
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.people.search import person_search
from volunteer_service.scoring.ratings import results, sign_off
from volunteer_service.scoring.rewards import pick_up_codes
from volunteer_service.settings import Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Id(IntegerConverter):
    """``<int:...>`` in an address: a number that no database can hold becomes an id that no row
    has.

    Refusing it here would answer 405 where two methods share an address, instead of 404.
    """

    def to_python(self, value: str) -> int:
        """Return the number, at most the largest of a 64-bit column."""
        # int() refuses some thousand digits.
        return min(int(super().to_python(value[:20])), 2**63 - 1)


class App(Flask):
    """Flask, with the transaction at its edge: answering commits, raising rolls back."""

    json_provider_class = request_bodies.Json

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function itself: no view or hook is a coroutine, so requests need no check."""
        return func

    def raise_routing_exception(self, request: Request) -> NoReturn:
        """Redirect ``//teams//1`` to ``/teams/1`` without naming a host, which would be the
        caller's.
        """
        found = request.routing_exception
        if isinstance(found, RequestRedirect):
            parts = urlsplit(found.new_url)
            found.new_url = urlunsplit(("", "", f"/{parts.path.lstrip('/')}", parts.query, ""))
        super().raise_routing_exception(request)

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view inside one transaction; only unsafe methods may write.

        The body is read before: a slow caller keeps neither the write turn nor a connection.
        Where the database could not order two transactions, the whole one runs again.
        """
        endpoint = request.endpoint or ""
        if endpoint == "static" or endpoint.endswith(".static"):
            return super().dispatch_request()
        if request.routing_exception is None:
            request_bodies.take()
            request_bodies.read_papers()
        return again_on_conflict(self._dispatch_once)

    def _dispatch_once(self) -> Response:
        with transaction(write=request.method not in SAFE):
            answer = super().dispatch_request()
            # A template may still read; render and make the response before the commit.
            return self.make_response(answer)


def create_app(settings: Settings | None = None, *, serves_api: bool = True) -> Flask:
    """Build the application from ``settings`` (default: the environment).

    A command serves nobody: without the API and its document it starts in half the time.
    """
    settings = settings or Settings.from_env(os.environ)
    private_files.from_now_on()
    app = App("volunteer_service", template_folder="web/templates", static_folder="web/static")
    app.config.from_mapping(settings.flask(), **_engine_config(settings))
    app.extensions["settings"] = settings
    app.extensions["vault"] = Vault(settings.personal_data_key)
    app.wsgi_app = web.OwnHost(app.wsgi_app, settings.hosts)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    app.url_map.converters["int"] = Id
    age_limits.watch()
    post_requirements.stars_from(results.latest_stars)
    sign_off.followed_by(superseding.supersede)
    freed_places.follow_registrations()
    person_search.read_by("pick_up_code", pick_up_codes.owner_of)
    person_search.read_by("card", volunteer_cards.owner_of)
    logs.init_logs(app, settings.log_level)
    db.init_app(app)
    with app.app_context():
        engine.prepare(db.engine)
    web.init_web(app)
    if serves_api:
        api.init_api(app, exempt=web.csrf.exempt)
    _answer_errors(app)
    return app


def _answer_errors(app: Flask) -> None:
    """Answer refusals and errors: a problem document under ``/api/``, a page everywhere else."""
    for exception, renderer in (
        (Refused, "refused"),
        (HTTPException, "http"),
        (Exception, "crashed"),
    ):
        app.register_error_handler(exception, _by_path(renderer))


def _by_path(renderer: str) -> Callable[[Any], ResponseReturnValue]:
    def answer(error: Any) -> ResponseReturnValue:
        pages, how = api.problems if request.path.startswith("/api/") else web.errors, renderer
        if is_away(getattr(error, "original_exception", None) or error):
            error, how = Away(), "refused"
        if isinstance(error, Refused):
            logs.refused(error.code())
        try:
            # The page of a refusal reads from the database too (who is signed in).
            with transaction(write=False):
                rendered: Response = getattr(pages, how)(error)
        except DBAPIError:
            error = Away()
            rendered = pages.refused(error)
        if isinstance(error, TooMany | Away):
            rendered.headers["Retry-After"] = str(error.seconds)
        return rendered

    return answer


def _engine_config(settings: Settings) -> dict[str, Any]:
    return {"SQLALCHEMY_ENGINE_OPTIONS": engine.options(settings.is_sqlite)}


__all__ = ["create_app", "models"]

"""CSRF, headers, rate limits and request ids: common to every answer of every page."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from flask import Flask, Response, abort, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from volunteer_service.db import transaction
from volunteer_service.errors import Refused
from volunteer_service.monitoring import logs
from volunteer_service.rate_limits import limiter
from volunteer_service.request_bodies import admit_files
from volunteer_service.settings.hosts import Hosts
from volunteer_service.web.shared import errors

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

csrf = CSRFProtect()

Headers = list[tuple[str, str]]

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

#: Where a view puts another policy for its own page (:func:`let_decode`).
POLICY = "volunteer_service.content_policy"
_HEADERS: Headers = [
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
]
_HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000")


#: Paths that machines request, under whatever host name.
_UNDER_ANY_NAME = frozenset({"/healthz", "/readyz", "/metrics"})
_FOREIGN = "volunteer_service.foreign_host"


class ForeignHost(Refused):
    """The request names another host than ours: a forged address, or BASE_URL is wrong."""

    status = 400
    message = "这个网址不是本服务的。请从 %(own)s 打开；管理员可用 BASE_URL 更改网址。"


class FormExpired(Refused):
    """The form came without its CSRF token: cookies are off, or it was open for very long."""

    status = 400
    message = "这个表单已失效。请返回上一页，刷新后再提交。"


def let_decode() -> None:
    """Let this page run the decoder of camera pictures, which is WebAssembly."""
    request.environ[POLICY] = f"{_POLICY}; script-src 'self' 'wasm-unsafe-eval'"


def init_security(app: Flask) -> None:
    """Switch everything on."""
    # First, so that refusals by the others name the request too.
    app.before_request(_begin)
    limiter.init_app(app)
    # The check of a form reads it, so what may be read is settled before.
    app.before_request(admit_files)
    csrf.init_app(app)
    app.after_request(_headers)
    https = app.extensions["settings"].base_url.startswith("https://")
    app.wsgi_app = SameHeaders(app.wsgi_app, https=https)  # type: ignore[method-assign]
    app.register_error_handler(CSRFError, _expired)


def _expired(_error: Exception) -> ResponseReturnValue:
    # Its page is shown again, and that reads.
    with transaction(write=False):
        answer = errors.expired(FormExpired())
    logs.refused(FormExpired.code())
    return answer


def _begin() -> None:
    # The id of a proxy would let a caller write into our logs, so we make our own.
    g.request_id = uuid4().hex
    g.began = time.perf_counter()
    if _FOREIGN in request.environ:
        raise ForeignHost(own=request.environ[_FOREIGN])
    if b"%00" in request.query_string or "\0" in request.path:
        # PostgreSQL cannot look for it, and nobody types it.
        abort(400)


class OwnHost:
    """Replaces the caller's host with that of ``BASE_URL``, so that no address contains theirs.

    A foreign host is marked; the first hook refuses it, with words, a log line and a figure.
    """

    def __init__(self, inner: "WSGIApplication", own: Hosts) -> None:
        self._inner = inner
        self._own = own

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Return the inner application's answer to the request with our own host."""
        asked = environ.get("HTTP_HOST", "")
        if not self._own.knows(asked) and environ.get("PATH_INFO") not in _UNDER_ANY_NAME:
            environ[_FOREIGN] = self._own.base_url
        environ["HTTP_HOST"] = self._own.netloc
        return self._inner(environ, start_response)


class SameHeaders:
    """Adds the constant headers to every answer of the WSGI application.

    Here they are one list, put at the end; set one by one on a response, each is looked for first.
    """

    def __init__(self, inner: "WSGIApplication", *, https: bool) -> None:
        self._inner = inner
        self._headers = [*_HEADERS, _HTTPS_ONLY] if https else list(_HEADERS)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Return the inner application's answer with these headers."""

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            same = self._headers
            if policy := environ.get(POLICY):
                same = [("Content-Security-Policy", policy), *same[1:]]
            return start_response(status, headers + same, exc_info)

        return self._inner(environ, start)


def _headers(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-Id"] = g.get("request_id", "")
    is_file = request.endpoint == "static" and response.status_code < 400
    if not is_file:
        # A shared computer must not show the last person's pages, nor keep a workbook of names.
        headers["Cache-Control"] = "no-store"
    return response

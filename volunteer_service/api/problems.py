"""Every refusal as problem+json (RFC 9457): a stable code, a sentence, the field and the cure."""

from typing import Any

from flask import Response, current_app, g, jsonify
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from volunteer_service.errors import Refused


def refused(error: Refused) -> Response:
    """A rule said no."""
    return problem(error.status, error.code(), words(error), field=error.field)


def body_of(error: Refused) -> dict[str, Any]:
    """The JSON body alone, for the store of idempotent answers."""
    return _body(error.status, error.code(), words(error), field=error.field)


def words(error: Refused) -> str:
    """The refusal in the reader's language."""
    return gettext(error.message, **error.numbers) if error.numbers else gettext(error.message)


def http(error: HTTPException) -> Response:
    """A malformed request, an unknown path or method; field errors of a schema by name."""
    data = getattr(error, "data", None) or {}
    status = error.code or 500
    code = (error.name or "error").lower().replace(" ", "_").replace("'", "")
    answer = problem(status, code, error.description or code, errors=data.get("messages"))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            answer.headers[name] = value
    for name, value in (data.get("headers") or {}).items():
        answer.headers[name] = value
    return answer


def crashed(error: Exception) -> Response:
    """Our own fault: logged with the request id, told without details."""
    current_app.logger.exception("unhandled", exc_info=error)
    return problem(500, "internal_error", gettext("服务出错了，已记录。请稍后再试。"))


def problem(status: int, code: str, detail: str, **extra: Any) -> Response:
    """One problem document."""
    answer = jsonify(_body(status, code, detail, **extra))
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="volunteer_service"'
    return answer


def _body(status: int, code: str, detail: str, **extra: Any) -> dict[str, Any]:
    body = {
        "type": "about:blank",
        "title": code,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": g.get("request_id"),
    }
    return body | {name: value for name, value in extra.items() if value is not None}

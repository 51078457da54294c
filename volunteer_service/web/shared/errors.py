"""Every refusal as a page: the same words as the API, what to do, and a way back."""

from flask import (
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from volunteer_service.errors import Away, Refused, SignInNeeded
from volunteer_service.wording import refusal as words


def refused(error: Refused) -> WerkzeugResponse:
    """A rule said no: one sentence that says what to do."""
    if isinstance(error, Away):
        return _down(503)
    if isinstance(error, SignInNeeded):
        return redirect(url_for("account.sign_in"))
    return _page(error.status, words(error), error.code())


def http(error: HTTPException) -> WerkzeugResponse:
    """An unknown address, an expired form, a too large file; the template has the words."""
    if error.code is not None and 300 <= error.code < 400:
        return error.get_response(request.environ)
    answer = _page(error.code or 500, "", f"http_{error.code}")
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    return answer


def crashed(error: Exception) -> WerkzeugResponse:
    """Our own fault: logged with the request id, told without details or a database."""
    current_app.logger.error("unhandled", exc_info=error)
    return _down(500)


def _down(status: int) -> Response:
    # No session, no rights, no words of a reader: nothing that would ask the database.
    page = current_app.jinja_env.get_template("errors/down.html")
    return make_response(page.render(request_id=g.get("request_id")), status)


def _page(status: int, message: str, code: str) -> Response:
    page = render_template(
        "errors/problem.html", status=status, message=message, code=code, request_id=g.request_id
    )
    return make_response(page, status)

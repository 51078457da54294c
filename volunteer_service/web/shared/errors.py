"""Every refusal in words: the same as the API's, what to do, and a way back.

What a button asked for is refused on the page with the button, so that nobody loses it. Where
that page is not known, or the thing is not for this person, the refusal is a page of its own.
"""

from urllib.parse import unquote, urlsplit

from flask import (
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from volunteer_service import settings
from volunteer_service.errors import Away, NotFound, Refused, SignInNeeded, TooMany
from volunteer_service.people.audit_looks import PurposeMissing
from volunteer_service.web.shared.frame import local_path
from volunteer_service.wording import refusal as words


def refused(error: Refused) -> WerkzeugResponse:
    """A rule said no: one sentence that says what to do."""
    if isinstance(error, Away):
        return _down(503)
    if isinstance(error, SignInNeeded):
        return redirect(url_for("account.sign_in"))
    if isinstance(error, PurposeMissing):
        here = request.full_path.removesuffix("?")
        return redirect(url_for("people.purpose", next=here))
    back = page_before()
    if request.method == "POST" and back is not None and _is_told_there(error):
        flash(words(error), "bad")
        return redirect(back, 303)
    return _page(error.status, words(error), error.code(), back)


def page_before() -> str | None:
    """The address of the page that sent this request, if it is one of ours and another one."""
    try:
        came_from = urlsplit(request.referrer or "")
        if not settings.current().hosts.knows(came_from.netloc):
            return None
        # An address that answers a POST only would be a second dead end.
        current_app.url_map.bind("").match(unquote(came_from.path), method="GET")
    except (ValueError, HTTPException):
        return None
    query = f"?{came_from.query}" if came_from.query else ""
    found = local_path(came_from.path + query)
    is_here = request.method == "GET" and found == request.full_path.removesuffix("?")
    return None if is_here else found


def _is_told_there(error: Refused) -> bool:
    # Who waits or guesses is told by the status too; a browser without cookies keeps no sentence.
    return not (type(error) is NotFound or isinstance(error, TooMany) or error.status == 400)


def http(error: HTTPException) -> WerkzeugResponse:
    """An unknown address, an expired form, a too large file; the template has the words."""
    if error.code is not None and 300 <= error.code < 400:
        return error.get_response(request.environ)
    answer = _page(error.code or 500, "", f"http_{error.code}", page_before())
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


def _page(status: int, message: str, code: str, back: str | None) -> Response:
    page = render_template(
        "errors/problem.html",
        status=status,
        message=message,
        code=code,
        request_id=g.request_id,
        back_url=back,
        back_label=_("回到刚才的页面") if back else "",
    )
    return make_response(page, status)

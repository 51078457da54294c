"""Every refusal in words: the same as the API's, what to do, and a link back.

A button's refusal is shown on the page with the button, so that nobody loses it, or what was typed
beside it. Where that page is not known, or the thing is not for this person, the refusal is a page
of its own. A form that did not reach its view is shown again with what was typed (``kept_forms``).
"""

from flask import (
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from volunteer_service import request_bodies
from volunteer_service.errors import Away, NotAllowed, NotFound, Refused, SignInNeeded, TooMany
from volunteer_service.people.authentication.required_factors import SecondFactorNeeded
from volunteer_service.people.personal_data.audit_looks import PurposeMissing
from volunteer_service.web.shared import kept_forms
from volunteer_service.web.shared.kept_forms import KeptForm, page_before
from volunteer_service.wording import refusal as words


def refused(error: Refused) -> WerkzeugResponse:
    """Answer a refusal of a rule with one sentence that says what to do."""
    if isinstance(error, Away):
        return _down(503)
    if isinstance(error, SignInNeeded):
        return to_sign_in(None)
    if isinstance(error, PurposeMissing):
        here = request.full_path.removesuffix("?")
        return redirect(url_for("people.purpose", next=here))
    if isinstance(error, SecondFactorNeeded):
        flash(words(error), "warn")
        return redirect(url_for("account.second_factor"), 303)
    back = page_before()
    if request.method == "POST" and back is not None and _is_told_there(error):
        flash(words(error), "bad")
        return _with_what_was_typed(error) or redirect(back, 303)
    if isinstance(error, TooMany):
        return _kept(error.status, words(error), error.code())
    return _page(error.status, words(error), error.code(), back)


def expired(error: Refused) -> WerkzeugResponse:
    """Show a page that was open for too long again, with what was typed."""
    kept = kept_forms.form_that_came()
    if kept is not None and kept_forms.is_of_another(kept):
        return to_sign_in(None)
    if kept is None:
        return _page(error.status, words(error), error.code(), page_before())
    return _kept(error.status, _("这一页放得太久，刚才没有提交。"), error.code())


def to_sign_in(back: str | None) -> WerkzeugResponse:
    """Redirect to the sign-in, and from there to ``back``, or to the form that was sent, as it was
    typed.
    """
    kept = kept_forms.form_that_came() if back is None else None
    if kept is not None and (page := _sign_in_with(kept)) is not None:
        return page
    if back is None and request.method == "POST" and (back := page_before()) is not None:
        request_bodies.keep_fields()
        flash(_("请重新登录。刚才没有提交，填的内容没能留住，登录后请重新填写。"), "warn")
    return redirect(url_for("account.sign_in", next=back))


def _sign_in_with(kept: KeptForm) -> Response | None:
    before = list(session.get("_flashes", ()))
    if request.mimetype == "multipart/form-data":
        flash(_("请重新登录。您填的内容还在，登录后把文件重新选上，再提交一次。"), "warn")
    else:
        flash(_("请重新登录。您填的内容还在，登录后再提交一次。"), "warn")
    if (page := kept_forms.sign_in_page(kept)) is None:
        session["_flashes"] = before
    return page


def _with_what_was_typed(error: Refused) -> WerkzeugResponse | None:
    """Return the page of a button with typed words, such as a reason, and show the words again."""
    kept = kept_forms.form_that_came()
    if kept is None or kept_forms.is_of_another(kept):
        return None
    status = error.status if isinstance(error, NotAllowed) else 422
    about = {error.field: [words(error)]} if error.field else {}
    return kept_forms.typed_again(kept, status, about)


def _kept(status: int, message: str, code: str) -> WerkzeugResponse:
    """Return the page of the form that came, with what was typed; else a page that sends it
    again.
    """
    kept = kept_forms.form_that_came()
    if kept is None:
        return _page(status, message, code, page_before())
    before = list(session.get("_flashes", ()))
    flash(" ".join((message, _still_there(kept))), "bad")
    if (page := kept_forms.shown_again(kept, status)) is not None:
        return page
    session["_flashes"] = before
    return _page(status, message, code, kept.page or None, kept)


def _still_there(kept: KeptForm) -> str:
    whole = _("您填的内容还在，请再提交一次。")
    part = _("您填的内容还在，请把密码、代码和文件补上，再提交一次。")
    return str(whole if kept.is_whole else part)


def _is_told_there(error: Refused) -> bool:
    # Somebody who waits or guesses sees it by the status too; a browser without cookies keeps no
    # sentence.
    return not (type(error) is NotFound or isinstance(error, TooMany) or error.status == 400)


def http(error: HTTPException) -> WerkzeugResponse:
    """Answer an unknown address, an expired form, a too large file; the template has the words."""
    if error.code is not None and 300 <= error.code < 400:
        return error.get_response(request.environ)
    answer = _too_large() if error.code == 413 else None
    answer = answer or _page(error.code or 500, "", f"http_{error.code}", page_before())
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    return answer


def _too_large() -> Response | None:
    """Show the page with the form; its fields are empty if the body was not read."""
    back = page_before()
    if request.method != "POST" or back is None:
        return None
    came, before = kept_forms.form_that_came(), list(session.get("_flashes", ()))
    if came is None or kept_forms.is_of_another(came):
        came = None
        flash(_("发送的内容或文件太大，刚才没有提交。请换小一些的文件，重新填写后提交。"), "bad")
    else:
        flash(_("文件太大，刚才没有提交。您填的内容还在，请换小一些的文件再提交。"), "bad")
    kept = came or kept_forms.unread_form(back)
    if (page := kept_forms.shown_again(kept, 413)) is None:
        session["_flashes"] = before
    return page


def crashed(error: Exception) -> WerkzeugResponse:
    """Answer our own fault: log it with the request id, show no details, use no database."""
    current_app.logger.error("unhandled", exc_info=error)
    return _down(500)


def _down(status: int) -> Response:
    # No rights and no language of a reader, so that nothing queries the database.
    page = current_app.jinja_env.get_template("errors/down.html")
    kept = _sendable(kept_forms.form_that_came())
    facts = {"kept": kept, "csrf_token": generate_csrf if kept else None}
    return make_response(page.render(request_id=g.get("request_id"), **facts), status)


def _sendable(kept: KeptForm | None) -> KeptForm | None:
    """Return a form that can be sent again unchanged: nothing is missing, and nothing must stay off
    a page.
    """
    return kept if kept is not None and kept.is_whole and not kept.is_private else None


def _page(
    status: int, message: str, code: str, back: str | None, kept: KeptForm | None = None
) -> Response:
    page = render_template(
        "errors/problem.html",
        status=status,
        message=message,
        code=code,
        request_id=g.request_id,
        back_url=back,
        back_label=_("回到刚才的页面") if back else "",
        kept=_sendable(kept),
    )
    return make_response(page, status)

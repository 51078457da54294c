"""Pages of certificates: the volunteer's own, pictures and PDF, the public check, revoking."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from volunteer_service import clock, settings
from volunteer_service.certificates import (
    issuing,
    paper_keys,
    printing,
    register,
    rendering,
    revoking,
    service_record_papers,
    verifying,
)
from volunteer_service.certificates.rendering import FULL_DPI, PREVIEW_DPI
from volunteer_service.errors import NotFound
from volunteer_service.openings import taken_over
from volunteer_service.people.authorization.rights import Right
from volunteer_service.rate_limits import verifications
from volunteer_service.web.certificates.forms import PeriodForm, PrintForm, RevokeForm
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import (
    actor,
    public,
    signed_in,
    staff,
)

bp = Blueprint("certificates", __name__)


@bp.get("/my/certificates")
@signed_in
def mine() -> str:
    """Show the reader's certificates, and the form for a service record certificate."""
    return _mine({}, {})


@bp.post("/my/certificates")
@signed_in
def certify_service() -> Answer:
    """State the reader's confirmed records of a period."""

    def work(values: dict[str, Any]) -> str:
        made = service_record_papers.certify_service(
            _volunteer_id(), values["begins_on"], values["ends_on"], by=actor(), at=clock.now()
        )
        return url_for("certificates.show", number=made.number)

    return forms.submit(PeriodForm, work, _mine, by=actor())


@bp.get("/certificates/<number>")
@signed_in
def show(number: str) -> str:
    """Show one certificate, for its owner and for staff."""
    return _show(number, {})


@bp.get("/certificates/<number>.png")
@signed_in
def picture(number: str) -> Response:
    """Show the first page as a picture."""
    return _png(number, FULL_DPI)


@bp.get("/certificates/<number>/preview.png")
@signed_in
def preview(number: str) -> Response:
    """Show the same, small."""
    return _png(number, PREVIEW_DPI)


@bp.get("/certificates/<number>/phone.png")
@signed_in
def phone(number: str) -> Response:
    """Show an honour certificate laid out for a phone."""
    found = register.readable(number, actor())
    return Response(rendering.phone_png(found), mimetype="image/png")


@bp.get("/certificates/<number>.pdf")
@signed_in
def paper(number: str) -> Response:
    """Show all pages, to print."""
    found = register.readable(number, actor())
    answer = Response(rendering.pdf(found), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer


@bp.post("/certificates/<number>/print")
@staff("coordinator")
def print_paper(number: str) -> Answer:
    """Note a print and show the pages; a second print has a reason."""

    def work(values: dict[str, Any]) -> str:
        found = register.readable(number, actor())
        printing.print_paper(found.id, by=actor(), at=clock.now(), **values)
        return url_for("certificates.paper", number=number)

    return forms.submit(PrintForm, work, lambda _raw, errors: _show(number, errors), by=actor())


@bp.post("/certificates/<number>/revoke")
@staff("coordinator")
def revoke(number: str) -> Answer:
    """Take a certificate back."""

    def work(values: dict[str, Any]) -> str:
        revoking.revoke(number, reason=values["reason"], by=actor(), at=clock.now())
        return forms.done(_("证书已撤销。"), url_for("certificates.show", number=number))

    return forms.submit(RevokeForm, work, lambda _raw, errors: _show(number, errors), by=actor())


@bp.post("/certificates/results/<int:result_id>/issue")
@staff("coordinator")
def issue(result_id: int) -> Answer:
    """Issue the certificate of a result, or the replacement of a revoked one."""

    def work() -> str:
        made = issuing.issue(result_id, by=actor(), at=clock.now())
        return forms.done(_("证书已发放。"), url_for("certificates.show", number=made.number))

    return forms.act(work, by=actor())


@bp.get("/v")
@public
def check() -> str | Answer:
    """Show where the number beneath a certificate's code is typed."""
    typed = "".join(request.args.get("token", "").split())[:80]
    if not typed:
        return render_template("certificates/check.html")
    return redirect(url_for("certificates.verify", token=typed), 303)


@bp.get("/v/<token>")
@public
@verifications
def verify(token: str) -> str:
    """Show whether a certificate is ours and valid, to anyone who scans its code."""
    found = verifying.verify(token)
    return render_template("certificates/verify.html", found=found, token=token[:80])


@bp.get("/v/keys")
@public
def published() -> str:
    """Show every public key of papers, for anybody who checks a paper without this service."""
    return render_template("certificates/keys.html", keys=paper_keys.document()["keys"])


@bp.get("/v/keys.json")
@public
def keys_file() -> Response:
    """Send the same as a file to keep."""
    return jsonify(paper_keys.document())


def _volunteer_id() -> int:
    found = actor().volunteer_id
    if found is None:
        raise NotFound()
    return found


def _png(number: str, dpi: int) -> Response:
    found = register.readable(number, actor())
    return Response(rendering.png(found, dpi=dpi), mimetype="image/png")


def _show(number: str, errors: dict[str, Any]) -> str:
    found = register.readable(number, actor())
    return render_template(
        "certificates/show.html",
        certificate=found,
        verify_url=rendering.verify_url(found),
        own=actor().volunteer_id == found.volunteer_id,
        prints=printing.prints_of(found.id),
        revokes=register.is_in_care(found, Right.CERTIFICATE_REVOKE, by=actor()),
        errors=errors,
    )


def _mine(raw: dict[str, Any], errors: dict[str, Any]) -> str:
    return render_template(
        "certificates/mine.html",
        found=register.of_volunteer(_volunteer_id()),
        taken_over=taken_over.papers_of(_volunteer_id()),
        today=settings.local_day(clock.now()),
        raw=raw,
        errors=errors,
    )

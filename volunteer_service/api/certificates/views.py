"""Certificates over the API."""

from typing import Any

from flask import Response

from volunteer_service import clock
from volunteer_service.api.certificates import shapes
from volunteer_service.api.shared.auth import actor, guarded, public
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.api.shared.shapes import page_of, place_in
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
from volunteer_service.certificates.models import Certificate
from volunteer_service.paging import Page
from volunteer_service.rate_limits import verifications

bp = Blueprint("api_certificates", __name__, url_prefix="", description="Certificates")

BINARY = {"type": "string", "format": "binary"}


@bp.get("/certificates")
@guarded("read")
@bp.arguments(shapes.CertificateQuery, location="query")
@bp.response(200, page_of(shapes.CertificateOut))
def list_certificates(query: dict[str, Any]) -> Page[Certificate]:
    """List the caller's own certificates and those of the caller's areas, newest first."""
    place = place_in(query)
    return register.listed(actor(), register.CertificateFilter(**query), **place)


@bp.post("/certificates")
@guarded("write")
@idempotent
@bp.arguments(shapes.CertificateIssueIn)
@bp.response(201, shapes.CertificateOut)
def issue(body: dict[str, Any]) -> Certificate:
    """Issue the honour certificate of a final result or, after a revocation, its replacement."""
    return issuing.issue(body["result_id"], by=actor(), at=clock.now())


@bp.post("/rounds/<int:round_id>/certificates")
@guarded("write")
@idempotent
@bp.response(200, shapes.CertificatesIssuedOut)
def issue_round(round_id: int) -> dict[str, int]:
    """Issue what is missing for one to five stars of a final round."""
    return {"issued": issuing.issue_round(round_id, by=actor(), at=clock.now())}


@bp.post("/certificates/service")
@guarded("write")
@idempotent
@bp.arguments(shapes.ServiceCertificateIn)
@bp.response(201, shapes.CertificateOut)
def certify_service(body: dict[str, Any]) -> Certificate:
    """State the confirmed records of a period: a service record certificate, free."""
    return service_record_papers.certify_service(**body, by=actor(), at=clock.now())


@bp.get("/certificates/verify/<token>")
@public
@verifications
@bp.response(200, shapes.VerifiedOut)
def verify(token: str) -> verifying.Verified:
    """Tell whether a certificate is ours and valid, from what its QR code says; names are
    masked.
    """
    return verifying.verify(token)


@bp.get("/certificates/keys")
@public
@bp.response(200, shapes.KeysOut)
def list_keys() -> dict[str, Any]:
    """Return every public key that ever signed a paper; a check without network needs them."""
    return paper_keys.document()


@bp.get("/certificates/<number>")
@guarded("read")
@bp.response(200, shapes.CertificateOut)
def get_certificate(number: str) -> Certificate:
    """Return one certificate."""
    return register.readable(number, actor())


@bp.get("/certificates/<number>/png")
@guarded("read")
@bp.response(200, BINARY, content_type="image/png")
def get_png(number: str) -> Response:
    """Return the first page as a picture."""
    found = register.readable(number, actor())
    return Response(rendering.png(found), mimetype="image/png")


@bp.get("/certificates/<number>/phone")
@guarded("read")
@bp.response(200, BINARY, content_type="image/png")
def get_phone(number: str) -> Response:
    """Return an honour certificate laid out for a phone, 1080 x 1440 pixels."""
    found = register.readable(number, actor())
    return Response(rendering.phone_png(found), mimetype="image/png")


@bp.get("/certificates/<number>/pdf")
@guarded("read")
@bp.response(200, BINARY, content_type="application/pdf")
def get_pdf(number: str) -> Response:
    """Return all pages, to print."""
    found = register.readable(number, actor())
    return Response(rendering.pdf(found), mimetype="application/pdf")


@bp.post("/certificates/<number>/print")
@guarded("write")
@idempotent
@bp.arguments(shapes.CertificatePrintIn)
@bp.response(200, shapes.CertificateOut)
def print_paper(body: dict[str, Any], number: str) -> Certificate:
    """Note that staff print a paper, before its PDF is fetched; a second print has a `reason`."""
    found = register.readable(number, actor())
    return printing.print_paper(found.id, by=actor(), at=clock.now(), **body)


@bp.post("/certificates/<number>/revoke")
@guarded("write")
@idempotent
@bp.arguments(shapes.CertificateRevokeIn)
@bp.response(200, shapes.CertificateOut)
def revoke(body: dict[str, Any], number: str) -> Certificate:
    """Take a certificate back with a reason; it shows as revoked from now on."""
    return revoking.revoke(number, reason=body["reason"], by=actor(), at=clock.now())

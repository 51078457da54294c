"""How a phone in the network is told to trust this machine, so that it allows camera and
storage.
"""

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Blueprint, Response, render_template

from volunteer_service import settings
from volunteer_service.buffering_proxy import local_certificates
from volunteer_service.errors import NotFound
from volunteer_service.web.shared.guard import public

bp = Blueprint("local_https", __name__)


@bp.get("/trust")
@public
def trust() -> str:
    """Show the steps on each kind of phone, with the code that opens this page there."""
    authority = _authority()
    return render_template(
        "local_https/trust.html",
        name=authority.subject.rfc4514_string().removeprefix("CN="),
        fingerprint=local_certificates.fingerprint(authority),
        ends_on=authority.not_valid_after_utc.date(),
        here=f"{settings.current().base_url}/trust",
        https=settings.current().local_https,
    )


@bp.get("/trust/authority.cer")
@public
def authority_file() -> Response:
    """Show the authority's certificate, as phones install it."""
    return Response(
        _authority().public_bytes(Encoding.DER), content_type="application/x-x509-ca-cert"
    )


def _authority() -> x509.Certificate:
    """Return the authority of this machine; NotFound where the service serves no https itself."""
    found = settings.current()
    known = local_certificates.authority_of(found.local_certificates) if found.local_https else None
    if known is None:
        raise NotFound()
    return known

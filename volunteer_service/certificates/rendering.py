"""Certificates as pictures and PDF, drawn from their frozen words alone."""

from datetime import date
from typing import Any

from volunteer_service import settings
from volunteer_service.certificates import signing
from volunteer_service.certificates.models import Certificate
from volunteer_service.certificates.refusals import CertificateRevoked
from volunteer_service.paper import honour_phone
from volunteer_service.paper import pdf as pdfs
from volunteer_service.paper import png as pngs
from volunteer_service.paper.honour import Honour, honour_sheet
from volunteer_service.paper.service_record import Line, ServiceRecord, service_record_sheets
from volunteer_service.paper.sheet import Sheet

#: A preview some 540 pixels wide, and a page that prints sharply.
PREVIEW_DPI = 46
FULL_DPI = 150


def verify_url(certificate: Certificate) -> str:
    """Return the public page that confirms the certificate: what the QR code holds."""
    return f"{settings.current().base_url}/v/{_token(certificate)}"


def png(certificate: Certificate, *, dpi: int = FULL_DPI) -> bytes:
    """Return the first page as a picture; ``CertificateRevoked`` for a revoked one."""
    return pngs.paint(sheets(certificate)[0], dpi)


def phone_png(certificate: Certificate) -> bytes:
    """Return an honour certificate laid out for a phone, 1080 x 1440 pixels; the first page of any
    other. ``CertificateRevoked`` for a revoked one.
    """
    if certificate.kind != "honour":
        return png(certificate)
    _need_valid(certificate)
    return pngs.paint(honour_phone.phone_sheet(_honour(certificate)), honour_phone.DPI)


def pdf(certificate: Certificate) -> bytes:
    """Return all pages as a PDF, the same bytes every time; ``CertificateRevoked`` for a revoked
    one.
    """
    return pdfs.paint(
        sheets(certificate),
        title=certificate.number,
        made_at=certificate.issued_at,
        facts=_facts(certificate),
    )


def _facts(certificate: Certificate) -> dict[str, Any] | None:
    """Return the facts that a check without network reads from the PDF; papers without a code carry
    none.
    """
    code = signing.code_of(certificate)
    if code is None:
        return None
    return {"code": code, "number": certificate.number, "words": certificate.words}


def sheets(certificate: Certificate) -> list[Sheet]:
    """Return the pages as they are laid out; ``CertificateRevoked`` for a revoked one."""
    _need_valid(certificate)
    if certificate.kind == "honour":
        return [honour_sheet(_honour(certificate))]
    return service_record_sheets(_service_record(certificate))


def _need_valid(certificate: Certificate) -> None:
    if certificate.revoked_at is not None:
        raise CertificateRevoked()


def _honour(certificate: Certificate) -> Honour:
    return Honour(**_common(certificate))


def _service_record(certificate: Certificate) -> ServiceRecord:
    words = _common(certificate)
    lines = [Line(**line | {"on": date.fromisoformat(line["on"])}) for line in words["lines"]]
    return ServiceRecord(**words | {"lines": lines})


def _common(certificate: Certificate) -> dict[str, Any]:
    words = signing.read(certificate.words)
    days = {name: date.fromisoformat(words[name]) for name in ("begins_on", "ends_on", "issued_on")}
    return {
        **words,
        **days,
        # With its check part, because the number alone verifies nothing.
        "number": _token(certificate),
        "verify_url": verify_url(certificate),
        "code": signing.code_of(certificate),
        "key": certificate.key_id if certificate.key_id else None,
    }


def _token(certificate: Certificate) -> str:
    return signing.token_of(certificate.number, certificate.signature)

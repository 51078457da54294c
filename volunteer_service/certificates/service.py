"""Certificates; used as ``certificates.issue(...)``: numbered, signed, verifiable, revocable."""

from volunteer_service.certificates.issuing import issue, issue_round, still_missing
from volunteer_service.certificates.register import (
    CertificateFilter,
    listed,
    of_results,
    of_volunteer,
    readable,
)
from volunteer_service.certificates.rendering import pdf, png, verify_url
from volunteer_service.certificates.revoking import revoke
from volunteer_service.certificates.service_record_papers import certify_service
from volunteer_service.certificates.verifying import Verified, verify

__all__ = [
    "CertificateFilter",
    "Verified",
    "certify_service",
    "issue",
    "issue_round",
    "listed",
    "of_results",
    "of_volunteer",
    "pdf",
    "png",
    "readable",
    "revoke",
    "still_missing",
    "verify",
    "verify_url",
]

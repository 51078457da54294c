"""Shapes of certificates over the API."""

from typing import get_args

from marshmallow import Schema, fields, validate

from volunteer_service.api.shared.shapes import (
    Day,
    Half,
    In,
    Instant,
    Query,
    Sort,
)
from volunteer_service.certificates import register, rendering, verifying
from volunteer_service.fields import LARGEST, Reason

KINDS = ("honour", "service")


class CertificateQuery(Query):
    """Filters of the list of certificates, by the local day on which they were issued."""

    kind = fields.String(validate=validate.OneOf(KINDS))
    state = fields.String(validate=validate.OneOf(("valid", "revoked")))
    round_id = fields.Integer(validate=validate.Range(1, LARGEST))
    half_year = Half()
    volunteer_id = fields.Integer(validate=validate.Range(1, LARGEST))
    from_on = Day(data_key="from")
    to_on = Day(data_key="to")
    mine = fields.Boolean(load_default=False)
    sort = Sort(register.SORTS)


class CertificateOut(Schema):
    """A certificate; ``words`` is what the paper says, frozen at issue."""

    number = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    volunteer_id = fields.Integer(required=True)
    result_id = fields.Integer(allow_none=True)
    issue = fields.Integer(required=True)
    words = fields.Dict(required=True)
    verify_url = fields.Function(rendering.verify_url, metadata={"type": "string"})
    issued_at = Instant(required=True)
    revoked_at = Instant(allow_none=True)
    revoke_reason = fields.String(allow_none=True)
    replaced_by = fields.String(attribute="replaced_by.number", dump_default=None, allow_none=True)


class CertificateIssueIn(In):
    """The result that a certificate is for."""

    result_id = fields.Integer(strict=True, required=True, validate=validate.Range(1, LARGEST))


class CertificatesIssuedOut(Schema):
    """How many certificates were new."""

    issued = fields.Integer(required=True)


class ServiceCertificateIn(In):
    """The local days that a service record certificate covers."""

    volunteer_id = fields.Integer(strict=True, required=True, validate=validate.Range(1, LARGEST))
    begins_on = Day(required=True)
    ends_on = Day(required=True)


class CertificatePrintIn(In):
    """Why a paper is printed a second time."""

    reason = Reason(120, load_default=None)


class CertificateRevokeIn(In):
    """Why it is taken back."""

    reason = Reason(200, required=True)


class VerifiedOut(Schema):
    """What the public is told; an unknown certificate has only its state.

    ``incomplete``: the eight characters behind the number are missing.
    """

    state = fields.String(
        required=True,
        validate=validate.OneOf(get_args(verifying.State)),
    )
    number = fields.String(required=True)
    kind = fields.String(allow_none=True)
    masked_name = fields.String(allow_none=True)
    stars = fields.Integer(allow_none=True)
    minutes = fields.Integer(allow_none=True)
    begins_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    issuer = fields.String(allow_none=True)
    issued_on = fields.Date(allow_none=True)
    revoked_at = Instant(allow_none=True)
    replaced_by = fields.String(allow_none=True)
    key = fields.Integer(allow_none=True)
    key_revoked_from = Instant(allow_none=True)


class KeyOut(Schema):
    """A public key: 32 bytes in base 64; the keys of an earlier program have none."""

    number = fields.Integer(required=True)
    algorithm = fields.String(required=True)
    public_key = fields.String(allow_none=True)
    signs_from = fields.String(required=True)
    retired_on = fields.String(allow_none=True)
    revoked_from = fields.String(allow_none=True)
    revoke_reason = fields.String(allow_none=True)


class KeysOut(Schema):
    """All of them, by number, as ``certificates verify --key`` reads the file."""

    format = fields.Integer(required=True)
    service = fields.String(required=True)
    keys = fields.List(fields.Nested(KeyOut), required=True)

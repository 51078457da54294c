"""The public keys of papers as a file that anybody may keep; checks without network read it."""

from base64 import b64encode
from datetime import datetime
from typing import Any

from volunteer_service import settings
from volunteer_service.certificates import paper_keys
from volunteer_service.certificates.models import PaperKey

FORMAT = 1
ALGORITHMS = {"ed25519": "Ed25519", "hmac": "HMAC-SHA256"}


def document() -> dict[str, Any]:
    """Return every key that ever existed, by number; for keys without a public half, only that
    fact.
    """
    return {
        "format": FORMAT,
        "service": settings.current().base_url,
        "keys": [entry(key) for key in paper_keys.published()],
    }


def _day(at: datetime | None) -> str | None:
    return settings.local_day(at).isoformat() if at else None


def entry(key: PaperKey) -> dict[str, Any]:
    """Return one key as it is published; days are local."""
    return {
        "number": key.id,
        "algorithm": ALGORITHMS[key.algorithm],
        "public_key": b64encode(bytes.fromhex(key.public_key)).decode() if key.public_key else None,
        "signs_from": _day(key.made_at),
        "retired_on": _day(key.retired_at),
        "revoked_from": _day(key.revoked_from),
        "revoke_reason": key.revoke_reason,
    }

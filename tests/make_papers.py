"""Papers as the programs before the ring of keys kept and signed them."""

import hashlib
import hmac
import json

from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db


def secret_of(master: str) -> bytes:
    """The key that those programs made of ``SECRET_KEY``."""
    return hmac.digest(master.encode(), b"volunteer_service/certificates", hashlib.sha256)


def hmac_signed(certificate: Certificate, master: str, *, format_: int = 2) -> Certificate:
    """The paper in format 1 or 2, signed with HMAC; no key of the ring is known of it."""
    words = {name: word for name, word in certificate.words.items() if name != "format"}
    certificate.words = words if format_ == 1 else {"format": format_, **words}
    certificate.key_id = None
    said = json.dumps(certificate.words, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    signed = f"{certificate.number}\n{said}".encode()
    certificate.signature = hmac.digest(secret_of(master), signed, hashlib.sha256).hex()
    db.session.flush()
    db.session.expire(certificate)
    return certificate

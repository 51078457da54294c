"""The ring of keys that sign papers: made, retired and revoked here, published and kept for ever.

A key is sealed under ``PERSONAL_DATA_KEY`` and has nothing to do with ``SECRET_KEY``.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from volunteer_service import journal, settings
from volunteer_service.certificates import signing
from volunteer_service.certificates.models import Certificate, PaperKey
from volunteer_service.certificates.refusals import KeyAlreadyRevoked, RevokedInFuture
from volunteer_service.db import db, fetch
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.visible_text import said

#: Papers read at a time.
CHUNK = 1000
#: Format of the published file.
FORMAT = 1
ALGORITHMS = {"ed25519": "Ed25519", "hmac": "HMAC-SHA256"}


def published() -> Sequence[PaperKey]:
    """Return every key that ever signed a paper, by number."""
    return db.session.scalars(select(PaperKey).order_by(PaperKey.id)).all()


def document() -> dict[str, Any]:
    """Return the file of public keys that anybody may keep; checks without network read it.

    Of a key without a public half it says only that it existed.
    """
    return {
        "format": FORMAT,
        "service": settings.current().base_url,
        "keys": [_entry(key) for key in published()],
    }


def _entry(key: PaperKey) -> dict[str, Any]:
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


def _day(at: datetime | None) -> str | None:
    return settings.local_day(at).isoformat() if at else None


def signing_key(at: datetime) -> PaperKey:
    """Return the key that signs now, held until the commit; the first one is made here."""
    found = _signing()
    if found is None:
        found = _add(at)
    return found


def rotate(*, by: Actor, at: datetime) -> PaperKey:
    """Retire the key that signs, whose private half is deleted, and make the next one.

    Papers of the retired key stay valid.
    """
    rights.need(by, Right.SERVICE_EDIT, area_path="/")
    old = _signing()
    if old is not None:
        _retire(old, at)
    new = _add(at)
    journal.record(
        "certificates.rotate_key", new, account_id=by.account_id, door=by.door, at=at,
        retired=old.id if old else None,
    )  # fmt: skip
    return new


@said("reason")
def revoke_key(
    number: int, revoked_from: datetime, *, reason: str, by: Actor, at: datetime
) -> PaperKey:
    """Revoke everything that this key signed from an instant on: it was stolen, or may have been.

    Papers issued before stay valid. If the key is the one that signs now, the next one is made.
    """
    rights.need(by, Right.SERVICE_EDIT, area_path="/")
    key = fetch(PaperKey, number, lock=True)
    if key.revoked_from is not None:
        raise KeyAlreadyRevoked(number=key.id)
    if revoked_from > at:
        raise RevokedInFuture(field="from")
    signs = key.retired_at is None
    if signs:
        _retire(key, at)
    key.revoked_from, key.revoke_reason = revoked_from, reason
    db.session.flush()
    if signs:
        _add(at)
    journal.record(
        "certificates.revoke_key", key, account_id=by.account_id, door=by.door, at=at,
        revoked_from=revoked_from.isoformat(), reason=reason,
    )  # fmt: skip
    return key


def adopt_hmac(secret_key: str, *, by: Actor, at: datetime) -> int:
    """Take an old ``SECRET_KEY`` into the ring, to verify only; return how many papers it signed.

    If it signed none, the ring stays unchanged.
    """
    rights.need(by, Right.SERVICE_EDIT, area_path="/")
    secret = hmac.digest(secret_key.encode(), b"volunteer_service/certificates", hashlib.sha256)
    query = select(Certificate).where(Certificate.key_id.is_(None)).order_by(Certificate.id)
    papers = db.session.execute(query.execution_options(yield_per=CHUNK)).scalars()
    ids = [each.id for each in papers if signing.fits_hmac(secret, each)]
    if not ids:
        return 0
    key = PaperKey(algorithm="hmac", secret=secret, made_at=at, retired_at=at)
    db.session.add(key)
    db.session.flush()
    for start in range(0, len(ids), CHUNK):
        batch = Certificate.id.in_(ids[start : start + CHUNK])
        db.session.execute(update(Certificate).where(batch).values(key_id=key.id))
    journal.record(
        "certificates.adopt_key", key, account_id=by.account_id, door=by.door, at=at,
        papers=len(ids),
    )  # fmt: skip
    return len(ids)


def _signing() -> PaperKey | None:
    # Issuers share the lock; a rotation waits for them, and they wait for a rotation.
    query = select(PaperKey).where(PaperKey.algorithm == "ed25519", PaperKey.retired_at.is_(None))
    return db.session.scalars(query.with_for_update(read=True)).one_or_none()


def _add(at: datetime) -> PaperKey:
    private = Ed25519PrivateKey.generate()
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    key = PaperKey(
        algorithm="ed25519",
        public_key=private.public_key().public_bytes(*raw).hex(),
        secret=private.private_bytes_raw(),
        made_at=at,
    )
    db.session.add(key)
    db.session.flush()
    return key


def _retire(key: PaperKey, at: datetime) -> None:
    key.secret, key.retired_at = None, at
    db.session.flush()

"""Writes deliveries into the outbox, in the transaction of their act."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from volunteer_service import crypto
from volunteer_service.db import db, insert_new
from volunteer_service.outbox.models import Delivery

#: The purpose to which the sealed address of a replaced mailbox is bound.
REPLACED = "delivery.replaced"


def queue_messages(found: Sequence[tuple[int, str]], *, at: datetime) -> None:
    """Write one delivery for each (message id, door)."""
    if found:
        rows = [
            _row("message", door, at) | {"message_id": message_id} for message_id, door in found
        ]
        db.session.execute(insert(Delivery), rows)


def queue_confirmation(settings_id: int, *, at: datetime) -> None:
    """Write the e-mail with the link that confirms an address."""
    row = _row("confirm", "email", at) | {"settings_id": settings_id}
    db.session.execute(insert(Delivery).values(row))


def queue_replaced(settings_id: int, email: str, *, at: datetime) -> None:
    """Write the last e-mail to a replaced mailbox; its address is sealed in the facts."""
    sealed = b64encode(crypto.vault().seal(email, REPLACED)).decode()
    row = _row("confirm", "email", at) | {"settings_id": settings_id}
    row |= {"once_key": f"replaced {uuid4()}", "facts": {"replaced": sealed}}
    db.session.execute(insert(Delivery).values(row))


def replaced_address(delivery: Delivery) -> str | None:
    """Return the mailbox of the last letter; None for any other delivery."""
    sealed = delivery.facts.get("replaced")
    return crypto.vault().unseal(b64decode(sealed), REPLACED) if sealed else None


def queue_once(key: str, door: str, facts: dict[str, Any], *, at: datetime) -> bool:
    """Write a digest; tell whether it is new (the same key again writes nothing)."""
    row = _row("digest", door, at) | {"once_key": key, "facts": facts}
    written = insert_new(Delivery).values(row).on_conflict_do_nothing(index_elements=["once_key"])
    return db.session.scalar(written.returning(Delivery.id)) is not None


def _row(purpose: str, door: str, at: datetime) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "door": door,
        "state": "waiting",
        "facts": {},
        "tries": 0,
        "unsure": 0,
        "created_at": at,
        "next_at": at,
    }

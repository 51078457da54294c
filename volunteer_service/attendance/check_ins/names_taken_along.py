"""The names that a leader's phone takes to a gate without network: only its card opens each of
them.

The phone gets SHA-256(card id) -> masked name, sealed with AES-256-GCM under a key that HKDF
derives from the card id. A lost phone reveals no name without the card.
"""

import os
from base64 import b64encode

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from volunteer_service.attendance.check_ins import door_screen
from volunteer_service.db import db
from volunteer_service.events.models import Shift, SignUp
from volunteer_service.identifiers.masks import mask_name
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.cards.card_models import VolunteerCard
from volunteer_service.people.models import Volunteer

_NONCE = 12
#: Every sealed name has this length, so that the length reveals nothing either.
_BYTES = 64


def sealed_names(event_id: int, *, by: Actor) -> dict[str, str]:
    """Return, for everybody expected at the event with a card in use, the SHA-256 of the card's id
    in hexadecimal, and nonce and sealed name in base 64.

    Cards that were printed before their names could be sealed are left out.
    """
    door_screen.opened(event_id, by)
    query = (
        select(VolunteerCard.secret_hash, VolunteerCard.name_key, Volunteer.name)
        .join(Volunteer, Volunteer.id == VolunteerCard.volunteer_id)
        .join(SignUp, SignUp.volunteer_id == Volunteer.id)
        .join(Shift, Shift.id == SignUp.shift_id)
        .where(Shift.event_id == event_id, SignUp.state == "confirmed")
        .where(VolunteerCard.ended_at.is_(None), VolunteerCard.name_key.is_not(None))
    )
    rows = db.session.execute(query).all()
    return {hashed: _sealed(mask_name(name), key) for hashed, key, name in rows if key}


def _sealed(name: str, key: bytes) -> str:
    nonce = os.urandom(_NONCE)
    plain = name.encode()[:_BYTES].decode(errors="ignore").encode().ljust(_BYTES)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, plain, None)).decode()

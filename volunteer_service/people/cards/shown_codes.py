"""What a volunteer shows to a leader's scanner: the printed card, or the code on their phone."""

from dataclasses import dataclass
from datetime import datetime

from volunteer_service.people.cards import personal_codes, volunteer_cards


@dataclass(frozen=True)
class Shown:
    """Whose it is, as the entry that goes on, and what it was (``Scan.source``)."""

    volunteer_id: int
    source: str


def is_shown(text: str) -> bool:
    """Tell whether a text has the shape of a card's code or of a phone's, in use or not."""
    return volunteer_cards.is_card(text) or personal_codes.is_personal(text)


def read_shown(text: str, at: datetime) -> Shown | None:
    """Return whose code was scanned at ``at``; None of a card that has ended and of codes not ours.

    Raises:
        PersonalCodeLapsed: The code of a phone, of another half-minute.
    """
    if volunteer_cards.is_card(text):
        owner, source = volunteer_cards.owner_of(text), "card"
    else:
        owner, source = personal_codes.owner_of_code(text, at), "personal"
    return None if owner is None else Shown(owner, source)

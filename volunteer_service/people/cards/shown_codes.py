"""The codes that a volunteer shows to a leader's scanner: the printed card's, or the phone's."""

from dataclasses import dataclass
from datetime import datetime

from volunteer_service.people.cards import personal_codes, volunteer_cards


@dataclass(frozen=True)
class Shown:
    """The owner of a code, as the kept entry, and its kind (``Scan.source``)."""

    volunteer_id: int
    source: str


def is_shown(text: str) -> bool:
    """Tell whether a text has the shape of a card's code or of a phone's, in use or not."""
    return volunteer_cards.is_card(text) or personal_codes.is_personal(text)


def read_shown(text: str, at: datetime) -> Shown | None:
    """Return whose code was scanned at ``at``; None for an ended card and for codes that are not
    ours.

    Raises:
        PersonalCodeLapsed: It is a phone's code, but of another half-minute.
    """
    if volunteer_cards.is_card(text):
        owner, source = volunteer_cards.owner_of(text), "card"
    else:
        owner, source = personal_codes.owner_of_code(text, at), "personal"
    return None if owner is None else Shown(owner, source)

"""Cards of many people: printed as one batch, whose sheets can be fetched again."""

import secrets
from datetime import datetime
from typing import Any

from volunteer_service.db import fetch
from volunteer_service.lists.acts.declaration import Values
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.teams.models import Membership

#: The most cards of one batch: fifty sheets.
MOST = 500


def drawn(_values: Values, _by: Actor) -> dict[str, Any]:
    """Return the key from which, with the service's own, the codes of a batch derive."""
    return {"print_key": secrets.token_hex(16)}


def print_card(id_: int, values: Values, by: Actor, at: datetime) -> None:
    """Print a person's card; the one before ends."""
    volunteer_cards.print_one(id_, print_key=values["print_key"], by=by, at=at)


def print_member(id_: int, values: Values, by: Actor, at: datetime) -> int:
    """Print the card of a membership's person; return the person's id."""
    person_id = fetch(Membership, id_).volunteer_id
    print_card(person_id, values, by, at)
    return person_id


def end_card(id_: int, made_id: int | None, by: Actor, at: datetime) -> None:
    """End the card that was printed."""
    volunteer_cards.end_card(made_id or id_, by=by, at=at)

"""What was typed or scanned at the counter: a code, a card, or a name with four digits."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rewards import gift_pictures, hand_overs, pick_up_codes
from volunteer_service.scoring.rewards.models import Redemption


@dataclass(frozen=True)
class Found:
    """One order, or people; a miss when something was asked and nothing found."""

    order: Redemption | None = None
    picture: str = ""
    people: Sequence[Volunteer] = field(default=())
    orders: Sequence[Redemption] = field(default=())
    is_miss: bool = False


def find(text: str, last4: str, *, by: Actor) -> Found:
    """Look for an order by its code, else for people."""
    if not text:
        return Found()
    if pick_up_codes.read(text):
        return _by_code(text, by)
    people = hand_overs.find_people(text, by=by, last4=last4)
    if len(people) != 1:
        return Found(people=people, is_miss=not people)
    return Found(people=people, orders=hand_overs.open_orders_of(people[0].id, by=by))


def _by_code(text: str, by: Actor) -> Found:
    row = hand_overs.seek(text, by=by)
    if row is None:
        return Found(is_miss=True)
    return Found(order=row, picture=gift_pictures.picture_of(row.gift.name, row.gift.picture))

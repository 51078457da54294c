"""What follows where a person leaves the register: other packages end what they held.

``app`` names who follows; the records of the person stay.
"""

from collections.abc import Callable
from datetime import datetime

from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer

#: Ends what somebody who left may hold no more.
Follow = Callable[[Volunteer, Actor, datetime], None]
_FOLLOWERS: dict[str, Follow] = {}


def followed_by(name: str, follow: Follow) -> None:
    """Have a higher package end what somebody holds who leaves the register."""
    _FOLLOWERS[name] = follow


def tell_followers(volunteer: Volunteer, *, by: Actor, at: datetime) -> None:
    """Have everything ended that this person held."""
    for follow in _FOLLOWERS.values():
        follow(volunteer, by, at)

"""Consequences of leaving the register: other packages end what the person held.

``app`` registers these packages; the person's records stay. Leaving itself is withdrawing the
consent ``register`` (``consents.withdraw_consent``).
"""

from collections.abc import Callable
from datetime import datetime

from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer

#: A function that ends what a person who left may no longer hold.
Follow = Callable[[Volunteer, Actor, datetime], None]
_FOLLOWERS: dict[str, Follow] = {}


def followed_by(name: str, follow: Follow) -> None:
    """Register a function of a higher package that ends what a leaving person holds."""
    _FOLLOWERS[name] = follow


def tell_followers(volunteer: Volunteer, *, by: Actor, at: datetime) -> None:
    """Call the registered functions to end everything that this person held."""
    for follow in _FOLLOWERS.values():
        follow(volunteer, by, at)

"""Suspends the roles that require a second factor while the account has none.

The account signs in and acts without these roles; every page and the API then say what to do. So no
verb has to check it, and a token can do no more than a page.
"""

from dataclasses import replace

from volunteer_service import settings
from volunteer_service.errors import Refused
from volunteer_service.people.authorization.actor import Actor

#: Roles that need a second factor: they see personal data, decide, or hand out gifts.
NEEDED_BY = frozenset({"coordinator", "desk", "admin"})


class SecondFactorNeeded(Refused):
    """The role needs a second factor, and the account has none yet."""

    status = 403
    message = "您的角色要用登录验证器。请先在“我的资料”的“登录验证器”里设好，再办理。"


def is_required_of(actor: Actor) -> bool:
    """Tell whether this actor's roles need a second factor in this service."""
    return settings.current().second_factor == "required" and actor.has_role(*NEEDED_BY)


def as_far_as_proven(actor: Actor, *, has_factor: bool) -> Actor:
    """Return the actor, without the roles that need a second factor if the account has none."""
    if has_factor or not is_required_of(actor):
        return actor
    kept = tuple(held for held in actor.grants if held.role not in NEEDED_BY)
    waiting = sorted({held.role for held in actor.grants} & NEEDED_BY)
    return replace(actor, grants=kept, waiting_roles=tuple(waiting))

"""Signing in, joining, and what belongs to oneself: data, consents, password, tokens."""

from volunteer_service.web.account import (
    codes,
    devices,
    entrance,
    guardians,
    me,
    messages,
    newcomers,
    resets,
    second_factor,
    second_step,
    tokens,
)
from volunteer_service.web.account.blueprint import bp

__all__ = [
    "bp",
    "codes",
    "devices",
    "entrance",
    "guardians",
    "me",
    "messages",
    "newcomers",
    "resets",
    "second_factor",
    "second_step",
    "tokens",
]

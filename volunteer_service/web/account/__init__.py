"""Signing in, joining, and what belongs to oneself: data, consents, password, tokens."""

from volunteer_service.web.account import entrance, me, messages, newcomers, tokens
from volunteer_service.web.account.blueprint import bp

__all__ = ["bp", "entrance", "me", "messages", "newcomers", "tokens"]

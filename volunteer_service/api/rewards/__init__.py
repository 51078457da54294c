"""Gifts, orders, stock and the desk's day over the API."""

from volunteer_service.api.rewards.views import bp

__all__ = ["bp"]

"""Policies, rating rounds, results, objections and notices over the API."""

from volunteer_service.api.ratings.views import bp

__all__ = ["bp"]

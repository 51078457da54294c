"""Pages of the rating: the coordinator's round, the public notice, the volunteer's own star."""

from volunteer_service.web.ratings import people, policies, rounds, stars
from volunteer_service.web.ratings.blueprint import bp

__all__ = ["bp", "people", "policies", "rounds", "stars"]

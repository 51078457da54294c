"""The one blueprint of lists over the API."""

from volunteer_service.api.shared.blueprint import Blueprint

bp = Blueprint("api_lists", __name__, url_prefix="", description="Lists")

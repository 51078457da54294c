"""Staff lists without a page of their own, every list as a file, and acts on many rows."""

from volunteer_service.web.lists import acts, exports, find, kept_views, street, views
from volunteer_service.web.lists.blueprint import bp

__all__ = ["acts", "bp", "exports", "find", "kept_views", "street", "views"]

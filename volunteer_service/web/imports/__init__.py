"""Imports: upload, preview, apply with a progress bar, the result, and the undo."""

from volunteer_service.web.imports import sheet_views, undo_views, upload_views
from volunteer_service.web.imports.views import bp

__all__ = ["bp", "sheet_views", "undo_views", "upload_views"]

"""Imports over the API: hand workbooks in, preview, apply, undo."""

from volunteer_service.api.imports import first_steps, sheets, undoing, uploads
from volunteer_service.api.imports.views import bp

__all__ = ["bp", "first_steps", "sheets", "undoing", "uploads"]

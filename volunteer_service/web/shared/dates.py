"""Reads the days of a list's filter from the address; invalid days are no filter. How dates are
worded: ``words``.
"""

from datetime import date
from typing import Any

from flask import request


def asked() -> dict[str, Any]:
    """``from_on`` and ``to_on`` of this request."""
    return {name: _day(request.args.get(name, "")) for name in ("from_on", "to_on")}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

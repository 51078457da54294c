"""The days in the address of a list; unreadable days are ignored.

How a date is worded is in ``words``.
"""

from datetime import date
from typing import Any

from flask import request


def of_request() -> dict[str, Any]:
    """``from_on`` and ``to_on`` of this request."""
    return {name: _day(request.args.get(name, "")) for name in ("from_on", "to_on")}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""The only place that reads the clock; verbs get the instant as ``at=``."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(UTC)

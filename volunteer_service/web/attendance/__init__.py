"""The phone at the poster (one address, one big button), and the leader's ticks and close."""

from volunteer_service.web.attendance import (
    anomalies,
    gate,
    my_code,
    roster_sheets,
    scanner,
    screen,
)
from volunteer_service.web.attendance.views import bp

__all__ = ["anomalies", "bp", "gate", "my_code", "roster_sheets", "scanner", "screen"]

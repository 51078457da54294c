"""What the outbox needs to send: channels, the text of letters, whom to tell."""

from volunteer_service import clock, settings
from volunteer_service.outbox.doors import doors_of
from volunteer_service.outbox.sending import Office
from volunteer_service.people.messages import stuck_deliveries
from volunteer_service.teams import team_robots
from volunteer_service.web.shared import letters


def office() -> Office:
    """Return the office of the running application."""
    return Office(
        doors=doors_of(settings.current().doors),
        compose=letters.compose,
        tell_paused=stuck_deliveries.tell_paused,
        own_address=team_robots.answered,
        now=clock.now,
    )

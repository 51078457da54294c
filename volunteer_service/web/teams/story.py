"""What was done about a place in a team, in words."""

from datetime import date

from volunteer_service.people.authorization.actor import Actor
from volunteer_service.stories.act_words import ACTS, OTHERWISE
from volunteer_service.teams import team_lists
from volunteer_service.teams.models import Membership
from volunteer_service.web.shared import frame
from volunteer_service.wording import gettext


def story(row: Membership, *, by: Actor) -> list[tuple[str, str]]:
    """Return each act with its day and who did it, oldest first."""
    found = []
    for entry, name in team_lists.story_of(row.id, by=by):
        since = entry.facts.get("since")
        day = date.fromisoformat(since) if since else entry.at
        note = frame.FILTERS["day"](day)
        found.append(
            (ACTS.get(entry.verb, OTHERWISE).worded(gettext), f"{note} · {name}" if name else note)
        )
    return found

"""What was done about a place in a team, in words."""

from datetime import date

from flask_babel import lazy_gettext as _l

from volunteer_service.people.authorization.actor import Actor
from volunteer_service.teams import team_lists
from volunteer_service.teams.models import Membership
from volunteer_service.web.shared import frame

_WORDS = {
    "teams.join": _l("申请加入"),
    "teams.accept": _l("同意加入"),
    "teams.refuse": _l("没有同意，或移出"),
    "teams.leave": _l("自己退出"),
    "teams.place": _l("加入"),
    "teams.move": _l("从别的队伍转来"),
    "teams.end_place": _l("移出或转走"),
}


def story(row: Membership, *, by: Actor) -> list[tuple[str, str]]:
    """Each act with its day and who did it, oldest first."""
    found = []
    for entry, name in team_lists.story_of(row.id, by=by):
        since = entry.facts.get("since")
        day = date.fromisoformat(since) if since else entry.at
        note = frame.FILTERS["day"](day)
        found.append(
            (str(_WORDS.get(entry.verb, entry.verb)), f"{note} · {name}" if name else note)
        )
    return found

"""Answers that came with a list of names: the person chosen for each line, and who was ticked."""

from collections.abc import Mapping
from typing import Any

from flask import request, session

from volunteer_service.attendance.check_ins import check_in
from volunteer_service.rate_limits import count_finds
from volunteer_service.teams import pasted_names
from volunteer_service.teams.models import Team
from volunteer_service.web.shared import row_ids
from volunteer_service.web.shared.guard import actor


def picks() -> dict[str, int | None]:
    """Return the person chosen for each line: ``typed-N`` beside ``who-N``; «out» leaves it out."""
    found: dict[str, int | None] = {}
    for name, typed in request.form.items():
        who = request.form.get(f"who-{name.removeprefix('typed-')}", "")
        person = row_ids.read(who)
        if name.startswith("typed-") and (who == "out" or person is not None):
            found[typed] = person
    return found


def ticked() -> list[int]:
    """Return the people ticked in a list."""
    return row_ids.read_all(request.form.getlist("member"))


def count_looked_for(values: Mapping[str, Any], team: Team, *, is_joining: bool = False) -> None:
    """Count a list within the limit of searches, once a request, before anybody is looked for."""
    text = str(values.get("names", ""))
    names = pasted_names.count_looked_for(text, team, is_joining=is_joining, by=actor())
    count_finds(names, account=f"account:{session.get('account')}", team_id=team.id)


def numbered(typed: str, **place: int) -> int:
    """Return whose number was typed from a card; each counts within the limit of searches."""
    count_finds(1, account=f"account:{session.get('account')}", **place)
    return check_in.numbered(typed)

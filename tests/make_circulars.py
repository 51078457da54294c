"""Circulars of a team's leader: one that waits for its sending, one that was read."""

from datetime import datetime

from tests.make import Cast, acting
from volunteer_service.circulars import writing
from volunteer_service.db import db

WORDS = "周六改到东门集合，请带水。"


def written(cast: Cast, *, at: datetime) -> int:
    """One of the volunteer's own to the team, of when they led it; not yet sent."""
    row = writing.write_to_team(cast.team.id, text=WORDS, by=acting(cast.li_mei), at=at)
    row.account_id = cast.wang_account.id
    db.session.flush()
    return row.id


def sent(cast: Cast, *, at: datetime) -> int:
    """One that the members of the team got."""
    by = acting(cast.li_mei)
    row = writing.write_to_team(cast.team.id, text=WORDS, by=by, at=at)
    return writing.send(row.id, by=by, at=at).id

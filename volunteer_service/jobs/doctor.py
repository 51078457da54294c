"""The doctor over every room that stores figures: ledger, shelves, final rounds."""

from sqlalchemy import select

from volunteer_service.db import db
from volunteer_service.scoring.points import service as points
from volunteer_service.scoring.points.doctor import Difference
from volunteer_service.scoring.ratings import service as ratings
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rewards import service as rewards


def doctor() -> list[Difference]:
    """Compute every stored figure again and name what differs; mends nothing."""
    return points.doctor() + rewards.doctor() + _rounds()


def _rounds() -> list[Difference]:
    name = "a final round replays to the same stars"
    final = db.session.scalars(select(Round).where(Round.state == "final").order_by(Round.id))
    replays = [(row, ratings.replay(row)) for row in final.all()]
    return [
        Difference(name, f"rounds/{row.id}", "as signed off", f"{found.different} people differ")
        for row, found in replays
        if not found.equal
    ]

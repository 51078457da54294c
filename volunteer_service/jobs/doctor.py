"""The doctor over every package that stores figures: ledger, shelves, hours, papers, final rounds,
mergings.
"""

from sqlalchemy import select

from volunteer_service.attendance.records import doctor as hours_doctor
from volunteer_service.certificates import doctor as papers_doctor
from volunteer_service.db import db
from volunteer_service.merging import doctor as merging_doctor
from volunteer_service.scoring.points import doctor as points_doctor
from volunteer_service.scoring.points.doctor import Difference
from volunteer_service.scoring.ratings import doctor as ratings_doctor
from volunteer_service.scoring.ratings import replays as ratings_replays
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rewards import doctor as rewards_doctor


def doctor() -> list[Difference]:
    """Compute every stored figure again and report differences; repair nothing."""
    found = points_doctor.doctor() + rewards_doctor.doctor() + merging_doctor.doctor()
    found += hours_doctor.doctor() + papers_doctor.doctor()
    return found + ratings_doctor.doctor() + _rounds()


def _rounds() -> list[Difference]:
    name = "a final round replays to the same stars"
    final = db.session.scalars(select(Round).where(Round.state == "final").order_by(Round.id))
    replays = [(row, ratings_replays.replay(row)) for row in final.all()]
    return [
        Difference(name, f"rounds/{row.id}", "as signed off", f"{found.different} people differ")
        for row, found in replays
        if not found.equal
    ]

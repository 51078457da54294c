"""Service records, and the points that they are worth."""

from typing import Any

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import record_points
from volunteer_service.db import insert_new
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import earnings
from volunteer_service.scoring.points.accounts import run
from volunteer_service.workbooks.judging.hand_in import CHUNK
from volunteer_service.workbooks.judging.person_keys import ids_of
from volunteer_service.workbooks.judging.taken_or_refused import ServiceRow
from volunteer_service.workbooks.writing.context import Context
from volunteer_service.workbooks.writing.teams import Teams


class Records:
    """Imported records are confirmed, because the recording unit vouches for its own log."""

    def __init__(self, teams: Teams, context: Context, by: Actor) -> None:
        self._teams = teams
        self._context = context
        self._by = by

    def bring(self, rows: list[ServiceRow]) -> None:
        """Add the records with a new natural key, and grant their points once."""
        ids = ids_of({row.person for row in rows}, CHUNK)
        statement = (
            insert_new(ServiceRecord)
            .on_conflict_do_nothing()
            .returning(ServiceRecord.source_key, ServiceRecord.id)
        )
        found = run(statement, [self._values(row, ids) for row in rows]).mappings()
        made: dict[str, int] = {row["source_key"]: row["id"] for row in found}
        # Earned on the day of the service, so that an old log brings no fresh points.
        records = [
            ServiceRecord(**self._values(row, ids), id=made[row.key])
            for row in rows
            if row.key in made
        ]
        grants = record_points.earned_by(records)
        earnings.grant_many(grants, at=self._context.at, account_id=self._by.account_id)

    def _values(self, row: ServiceRow, ids: dict[str, int]) -> dict[str, Any]:
        team, policy = self._teams.called(row.team), self._context.policy
        return {
            "volunteer_id": ids[row.person],
            "team_id": team.id,
            "event_name": row.event,
            "served_on": row.start.date(),
            "starts_at": row.start.replace(tzinfo=self._context.zone),
            "ends_at": row.end.replace(tzinfo=self._context.zone),
            "place": row.place,
            "content": row.content,
            "minutes": row.minutes,
            "organising_unit": team.name,
            "leader_name": row.leader,
            "recording_unit": team.recording_unit,
            "recorder": self._by.name[:60],
            "grade": row.grade,
            "coefficient_centi": policy.default_coefficient_centi,
            "state": "confirmed",
            "policy_version": policy.version,
            "source_type": "import",
            "source_key": row.key,
            "import_id": self._context.import_id,
            "created_at": self._context.at,
            "confirmed_at": self._context.at,
            "confirmed_by_id": self._by.account_id,
        }

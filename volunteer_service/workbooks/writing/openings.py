"""Opening balances: a row for each line of a list, and a transfer for the points among them."""

from typing import Any

from volunteer_service.db import insert_new
from volunteer_service.openings import taken_over
from volunteer_service.openings.models import (
    OPENING,
    OpeningHours,
    OpeningPaper,
    OpeningPoints,
    OpeningStar,
)
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import earnings
from volunteer_service.scoring.points.accounts import run
from volunteer_service.workbooks.judging.hand_in import CHUNK
from volunteer_service.workbooks.judging.person_keys import ids_of
from volunteer_service.workbooks.judging.taken_or_refused import OpeningRow
from volunteer_service.workbooks.writing.context import Context


class Openings:
    """Takes over what is new; two hand-ins at once take it over once."""

    def __init__(self, context: Context, by: Actor) -> None:
        self._context = context
        self._by = by

    def bring_points(self, rows: list[OpeningRow]) -> None:
        """Store the points of each day, and pay them from the account of openings."""
        statement = insert_new(OpeningPoints).on_conflict_do_nothing()
        columns = OpeningPoints.id, OpeningPoints.volunteer_id, OpeningPoints.amount
        ids = self._ids(rows)
        made = run(
            statement.returning(*columns, OpeningPoints.expires_on, OpeningPoints.source),
            [self._of(row, ids) | {"amount": row.amount, "expires_on": row.on} for row in rows],
        )
        grants = [
            earnings.Grant(
                row.volunteer_id, row.amount, row.expires_on, OPENING, row.id, row.source, OPENING
            )
            for row in made
        ]
        earnings.grant_many(grants, at=self._context.at, account_id=self._by.account_id)

    def bring_hours(self, rows: list[OpeningRow]) -> None:
        """Store the minutes of each year."""
        ids = self._ids(rows)
        values = [self._of(row, ids) | {"year": row.year, "minutes": row.minutes} for row in rows]
        run(insert_new(OpeningHours).on_conflict_do_nothing(), values)

    def bring_stars(self, rows: list[OpeningRow]) -> None:
        """Store the star of each half-year."""
        ids = self._ids(rows)
        values = [self._of(row, ids) | {"half_year": row.half, "stars": row.stars} for row in rows]
        run(insert_new(OpeningStar).on_conflict_do_nothing(), values)

    def bring_papers(self, rows: list[OpeningRow]) -> None:
        """Store the numbers of certificates."""
        ids = self._ids(rows)
        values = [
            self._of(row, ids)
            | {
                "number": row.number,
                "compared": taken_over.compared(row.number),
                "title": row.title,
                "issued_on": row.on,
            }
            for row in rows
        ]
        run(insert_new(OpeningPaper).on_conflict_do_nothing(), values)

    def _ids(self, rows: list[OpeningRow]) -> dict[str, int]:
        return ids_of({row.person for row in rows}, CHUNK)

    def _of(self, row: OpeningRow, ids: dict[str, int]) -> dict[str, Any]:
        whom = {"volunteer_id": ids[row.person], "source": row.source}
        return whom | {"import_id": self._context.import_id}

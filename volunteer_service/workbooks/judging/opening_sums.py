"""Totals of the opening balances of an import, and who gets most.

The sums by person are in a database of their own, as those of records are (:mod:`private_sums`).
"""

from volunteer_service.workbooks.judging import private_sums
from volunteer_service.workbooks.judging.taken_or_refused import OpeningRow
from volunteer_service.workbooks.judging.totals import LARGEST

_SCHEMA = """
CREATE TABLE sums (person TEXT PRIMARY KEY, points INT, minutes INT, stars INT, papers INT,
                   rows INT) WITHOUT ROWID;
"""
_ADD = """
INSERT INTO sums VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET
    points = points + excluded.points, minutes = minutes + excluded.minutes,
    stars = stars + excluded.stars, papers = papers + excluded.papers, rows = rows + 1
"""
_TOTAL = """
SELECT coalesce(sum(rows), 0), count(*), coalesce(sum(points), 0), coalesce(sum(minutes), 0),
       coalesce(sum(stars), 0), coalesce(sum(papers), 0) FROM sums
"""
_LARGEST = "SELECT person, points, minutes FROM sums ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?"
_NAMES = ("rows", "people", "points", "minutes", "stars", "papers")


class OpeningSums:
    """Sums that grow by one row at a time."""

    def __init__(self) -> None:
        self._sums = private_sums.opened(self, _SCHEMA)

    def add(self, row: OpeningRow) -> None:
        """Count one row that would be taken over."""
        values = (row.person, row.amount, row.minutes, bool(row.stars), bool(row.number))
        self._sums.execute(_ADD, values)

    def figures(self) -> dict[str, int]:
        """Return rows, people, points (hundredths), minutes, half-years' stars, certificates."""
        return dict(zip(_NAMES, self._sums.execute(_TOTAL).fetchone(), strict=True))

    def largest(self) -> list[tuple[str, dict[str, int]]]:
        """Return the people who get most points, then hours, at most ``LARGEST``, with their
        figures.
        """
        nothing = dict.fromkeys(("records", "minutes", "points", "long_days"), 0)
        return [
            (person, nothing | {"opening_points": points, "opening_minutes": minutes})
            for person, points, minutes in self._sums.execute(_LARGEST, (LARGEST,))
            if points or minutes
        ]

"""Judges the list of teams.

Order of checks: missing value (name, community, recording unit), unknown community, impossible
founding date, duplicate row.
"""

from datetime import date

from volunteer_service.workbooks.judging import cures
from volunteer_service.workbooks.judging.known import Sofar
from volunteer_service.workbooks.judging.rows import Refusal, Taken, TeamRow
from volunteer_service.workbooks.reading import cells
from volunteer_service.workbooks.reading.sheets import Line


class Judge:
    """Takes teams of communities that are known by now."""

    def __init__(self, sofar: Sofar, today: date) -> None:
        self._sofar = sofar

    def judge(self, line: Line) -> Taken:
        """Take one team; raises :class:`Refusal`."""
        name, community, unit = (
            self._filled(line, field) for field in ("name", "community", "recording_unit")
        )
        if not self._sofar.has_area(community):
            cure = cures.did_you_mean(community, self._sofar.communities(), cures.COMMUNITY)
            raise Refusal("unknown_area", "community", cure)
        founded_on = None
        if line.text("founded_on"):
            founded_on = cells.day(line.raw("founded_on"), line.epoch)
            if founded_on is None:
                raise Refusal("impossible_date", "founded_on", cures.DATE)
        if cells.match_key(name) in self._sofar.teams:
            raise Refusal("duplicate_row", "name", cures.DELETE)
        is_new = not self._sofar.known.has_team(name)
        self._sofar.teams[cells.match_key(name)] = name
        brand, project = line.name("brand"), line.name("project")
        row = TeamRow(name, community, unit, brand, project, founded_on)
        return line.taken(row, is_new)

    @staticmethod
    def _filled(line: Line, field: str) -> str:
        found = line.name(field)
        if not found:
            raise Refusal("missing_value", field, cures.FILL)
        return found

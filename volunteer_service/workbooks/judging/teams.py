"""Judges the list of teams.

Order of checks: missing value (name, community, recording unit), a community that looks like
another's name, unknown community, impossible
founding date, duplicate row.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar

from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.workbooks.judging.taken_or_refused import (
    CHECK_COMMUNITY,
    DELETE_ROW,
    FILL_CELL,
    NAME,
    Reason,
    Taken,
    TeamRow,
    date_cure,
    did_you_mean,
    taken,
)
from volunteer_service.workbooks.judging.taken_so_far import Sofar
from volunteer_service.workbooks.reading import cells
from volunteer_service.workbooks.reading.line import Line


class Judge:
    """Takes teams of known communities."""

    needed: ClassVar[Collection[str]] = frozenset()
    #: The longest cell of each field; every other is a number, a date or a known name.
    longest: ClassVar[Mapping[str, int]] = {
        "name": NAME,
        "community": NAME,
        "recording_unit": NAME,
        "brand": NAME,
        "project": NAME,
    }

    def __init__(self, sofar: Sofar, today: date, policy: Policy) -> None:
        self._sofar = sofar

    def judge(self, line: Line) -> Taken:
        """Take one team; raises :class:`Reason`."""
        name, community, unit = (
            self._filled(line, field) for field in ("name", "community", "recording_unit")
        )
        community, _grid, _building = self._sofar.alike.placed("", (community, "", ""))
        if not self._sofar.has_area(community):
            cure = did_you_mean(community, self._sofar.communities(), CHECK_COMMUNITY)
            raise Reason("unknown_area", "community", cure)
        founded_on = None
        if line.text("founded_on"):
            founded_on = cells.day(line.raw("founded_on"), line.epoch)
            if founded_on is None:
                raise Reason("impossible_date", "founded_on", date_cure(line.raw("founded_on")))
        if cells.match_key(name) in self._sofar.teams:
            raise Reason("duplicate_row", "name", DELETE_ROW)
        is_new = not self._sofar.known.has_team(name)
        if is_new or self._sofar.known.team_would_move_into_closed(name, community):
            self._sofar.need_open(community)
        self._sofar.teams[cells.match_key(name)] = name
        brand, project = line.name("brand"), line.name("project")
        row = TeamRow(name, community, unit, brand, project, founded_on)
        return taken(line, row, is_new)

    @staticmethod
    def _filled(line: Line, field: str) -> str:
        found = line.name(field)
        if not found:
            raise Reason("missing_value", field, FILL_CELL)
        return found

"""Writes the teams that are missing, with the brands and projects that they name."""

from typing import Any

from sqlalchemy import insert, select

from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.scoring.points.accounts import run
from volunteer_service.teams.models import Brand, Project, Team
from volunteer_service.workbooks.judging import existing_data
from volunteer_service.workbooks.judging.taken_or_refused import TeamRow
from volunteer_service.workbooks.reading.cells import match_key
from volunteer_service.workbooks.writing.areas import Areas
from volunteer_service.workbooks.writing.context import Context


class Teams:
    """The sub-district's teams."""

    def __init__(self, root: Area, areas: Areas, context: Context) -> None:
        self._areas = areas
        self._context = context
        self._found = existing_data.teams(root)

    def called(self, name: str) -> existing_data.TeamHere:
        """Return the team of this name."""
        return self._found[match_key(name)]

    def bring(self, rows: list[TeamRow]) -> None:
        """Add the teams that are missing, with their brands and projects."""
        new = [row for row in rows if match_key(row.name) not in self._found]
        if not new:
            return
        brands = self._named(Brand, {row.brand for row in new})
        projects = self._named(Project, {row.project for row in new})
        run(insert(Team), [self._values(row, brands, projects) for row in new])
        query = select(Team.id, Team.area_id, Team.name, Team.recording_unit).where(
            Team.import_id == self._context.import_id
        )
        for found in db.session.execute(query):
            self._found[match_key(found.name)] = existing_data.TeamHere(*found)

    def _values(
        self, row: TeamRow, brands: dict[str, int], projects: dict[str, int]
    ) -> dict[str, Any]:
        return {
            "name": row.name,
            "area_id": self._areas.at(row.community).id,
            "recording_unit": row.recording_unit,
            "brand_id": brands.get(row.brand),
            "project_id": projects.get(row.project),
            "founded_on": row.founded_on,
            "import_id": self._context.import_id,
        }

    def _named(self, model: type[Brand] | type[Project], names: set[str]) -> dict[str, int]:
        """Return ids by name, and add the missing ones."""
        query = select(model.name, model.id).where(model.name.in_(names))
        found = {row.name: row.id for row in db.session.execute(query)}
        missing = sorted(names - found.keys() - {""})
        if missing:
            rows = [{"name": name, "import_id": self._context.import_id} for name in missing]
            run(insert(model), rows)
            found = {row.name: row.id for row in db.session.execute(query)}
        return found

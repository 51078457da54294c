"""Areas and teams, with the brands and projects that teams name."""

from typing import Any

from sqlalchemy import bindparam, insert, select, update

from volunteer_service.areas.models import KINDS, Area
from volunteer_service.db import db
from volunteer_service.scoring.points.accounts import run
from volunteer_service.teams.models import Brand, Project, Team
from volunteer_service.workbooks.judging import sub_district_tree
from volunteer_service.workbooks.judging.rows import AreaRow, TeamRow
from volunteer_service.workbooks.reading.cells import match_key
from volunteer_service.workbooks.writing.context import Context


class Places:
    """The sub-district's tree, growing from the top."""

    def __init__(self, root: Area, context: Context) -> None:
        self._context = context
        self._found = sub_district_tree.places(root)

    def at(self, *names: str) -> sub_district_tree.Place:
        """The place with these names below the root."""
        return self._found[sub_district_tree.key(*names)]

    def bring(self, rows: list[AreaRow]) -> None:
        """Add the places that are missing: communities, then grids, then buildings."""
        for depth, kind in enumerate(KINDS[1:], 1):
            new: dict[sub_district_tree.Names, str] = {}
            for row in rows:
                names = (row.community, row.grid, row.building)[:depth]
                if sub_district_tree.key(*names) not in self._found:
                    new.setdefault(sub_district_tree.key(*names), names[-1])
            if new:
                self._add(kind, new)

    def _add(self, kind: str, new: dict[sub_district_tree.Names, str]) -> None:
        rows = [
            {
                "parent_id": self._found[key[:-1]].id,
                "kind": kind,
                "name": name,
                "path": "",
                "import_id": self._context.import_id,
            }
            for key, name in new.items()
        ]
        keys = {(row["parent_id"], row["name"]): key for row, key in zip(rows, new, strict=True)}
        statement = insert(Area).returning(Area.id, Area.parent_id, Area.name)
        for made in run(statement, rows).mappings():
            key = keys[made["parent_id"], made["name"]]
            path = f"{self._found[key[:-1]].path}{made['id']}/"
            self._found[key] = sub_district_tree.Place(made["id"], path, made["name"])
        run(
            update(Area).where(Area.id == bindparam("area")).values(path=bindparam("below")),
            [{"area": self._found[key].id, "below": self._found[key].path} for key in new],
        )


class Teams:
    """The sub-district's teams."""

    def __init__(self, root: Area, places: Places, context: Context) -> None:
        self._places = places
        self._context = context
        self._found = sub_district_tree.teams(root)

    def called(self, name: str) -> sub_district_tree.TeamHere:
        """The team of this name."""
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
            self._found[match_key(found.name)] = sub_district_tree.TeamHere(*found)

    def _values(
        self, row: TeamRow, brands: dict[str, int], projects: dict[str, int]
    ) -> dict[str, Any]:
        return {
            "name": row.name,
            "area_id": self._places.at(row.community).id,
            "recording_unit": row.recording_unit,
            "brand_id": brands.get(row.brand),
            "project_id": projects.get(row.project),
            "founded_on": row.founded_on,
            "import_id": self._context.import_id,
        }

    def _named(self, model: type[Brand] | type[Project], names: set[str]) -> dict[str, int]:
        """Ids by name; those that are missing are added."""
        query = select(model.name, model.id).where(model.name.in_(names))
        found = {row.name: row.id for row in db.session.execute(query)}
        missing = sorted(names - found.keys() - {""})
        if missing:
            rows = [{"name": name, "import_id": self._context.import_id} for name in missing]
            run(insert(model), rows)
            found = {row.name: row.id for row in db.session.execute(query)}
        return found

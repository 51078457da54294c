"""Writes the areas of a sub-district that are missing."""

from sqlalchemy import bindparam, insert, update

from volunteer_service.areas.models import KINDS, Area
from volunteer_service.db import db
from volunteer_service.scoring.points.accounts import run
from volunteer_service.workbooks.judging import existing_data
from volunteer_service.workbooks.judging.known import AreaHere
from volunteer_service.workbooks.judging.street_roots import root_called
from volunteer_service.workbooks.judging.taken_or_refused import AreaRow
from volunteer_service.workbooks.writing.context import Context


class Areas:
    """The sub-district's tree, growing from the top."""

    def __init__(self, root: Area, context: Context) -> None:
        self._context = context
        self._found = existing_data.areas(root)
        #: The trees of the other streets that the list names.
        self._others: dict[str, Areas] = {}

    def at(self, *names: str) -> AreaHere:
        """Return the area with these names below the root."""
        return self._found[existing_data.key(*names)]

    def bring(self, rows: list[AreaRow]) -> None:
        """Add the areas that are missing, each under its street."""
        self._bring([row for row in rows if not row.is_elsewhere])
        for street in dict.fromkeys(row.street for row in rows if row.is_elsewhere):
            mine = [row for row in rows if row.is_elsewhere and row.street == street]
            self._other(street)._bring(mine)

    def _other(self, street: str) -> "Areas":
        if street not in self._others:
            root = root_called(street)
            if root is None:
                root = Area(kind=KINDS[0], name=street, path="", import_id=self._context.import_id)
                db.session.add(root)
                db.session.flush()
                root.path = f"/{root.id}/"
                db.session.flush()
            self._others[street] = Areas(root, self._context)
        return self._others[street]

    def _bring(self, rows: list[AreaRow]) -> None:
        """Add communities, then grids, then buildings."""
        for depth, kind in enumerate(KINDS[1:], 1):
            new: dict[existing_data.Names, str] = {}
            for row in rows:
                names = (row.community, row.grid, row.building)[:depth]
                if existing_data.key(*names) not in self._found:
                    new.setdefault(existing_data.key(*names), names[-1])
            if new:
                self._add(kind, new)

    def _add(self, kind: str, new: dict[existing_data.Names, str]) -> None:
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
            self._found[key] = AreaHere(made["id"], path, made["name"])
        run(
            update(Area).where(Area.id == bindparam("area")).values(path=bindparam("below")),
            [{"area": self._found[key].id, "below": self._found[key].path} for key in new],
        )

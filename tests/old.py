"""Puts a database of an older program in place of the suite's, with a program over it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from tests.conftest import settings_for
from tests.databases import Databases
from volunteer_service.app import create_app
from volunteer_service.db import db

FOLDERS = sorted(path.parent for path in Path(__file__).parent.glob("old_databases/*/make.py"))


@dataclass(frozen=True)
class Old:
    """An old database, upgraded, under the keys that it was made with."""

    app: Flask
    expected: dict[str, Any]
    queries: dict[str, str]

    @property
    def at(self) -> datetime:
        """The last day on which it was used."""
        return datetime.fromisoformat(self.expected["at"])

    def figures(self) -> dict[str, Any]:
        """The figures by SQL, as the old program wrote them down."""
        return {
            name: [[str(value) for value in row] for row in db.session.execute(text(query))]
            for name, query in self.queries.items()
        }


def restored(folder: Path, databases: Databases, var: Path) -> Old:
    """The old database where the suite's stood, and a program over it; not upgraded yet."""
    databases.restore(folder)
    kind = "sqlite" if databases.url.startswith("sqlite") else "postgres"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))[kind]
    keys = {name.lower(): key for name, key in expected["keys"].items()}
    app = create_app(replace(settings_for(databases.url, var), **keys))
    return Old(app, expected, json.loads((folder / "figures.json").read_text(encoding="utf-8")))

"""Imports in a test: another street's files handed in, and what the database then holds."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tests.workbooks.street import Street
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import Base, db
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import doctor
from volunteer_service.scoring.rewards.doctor import doctor as shelf_doctor
from volunteer_service.workbooks import applying, receiving, stored_files
from volunteer_service.workbooks.models import Import

#: Noon of the street's own «today» in Shanghai.
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
SYSTEM = Actor.system("cli")


def files_of(folder: Path, seed: int = 1, people: int = 24) -> list[Path]:
    """The five workbooks of another street."""
    folder.mkdir(exist_ok=True)
    return Street(folder, seed, people=people).write()


def previewed(paths: Sequence[Path], by: Actor = SYSTEM, **where: Any) -> Import:
    """The files handed in and judged."""
    with ExitStack() as stack:
        uploads = [
            stored_files.Upload(path.name, stack.enter_context(path.open("rb"))) for path in paths
        ]
        return receiving.preview(uploads, by=by, at=NOON, **where)


def applied(paths: Sequence[Path], by: Actor = SYSTEM) -> Import:
    """The files handed in, judged and brought in."""
    return applying.apply(previewed(paths, by).id, by=by, at=NOON)


def counted() -> dict[str, int]:
    """Rows by table, without those that only tell what happened."""
    kept = {"imports", "refused_rows", "journal", "alembic_version", "policies"}
    kept |= {"policy_terms"}
    rows = {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name not in kept
    }
    return {name: n for name, n in rows.items() if n}


def sums() -> tuple[int, int]:
    """Recognised minutes, and records."""
    query = select(func.coalesce(func.sum(ServiceRecord.minutes), 0), func.count())
    minutes, records = db.session.execute(query.select_from(ServiceRecord)).one()
    return int(minutes), records


def healthy() -> None:
    """Neither the ledger nor the shelf shows a difference."""
    db.session.flush()
    assert doctor.doctor() == []
    assert shelf_doctor() == []

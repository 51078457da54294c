"""The state of an import, who may act on it, and how it changes its state."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from volunteer_service.areas.models import Area
from volunteer_service.db import db, fetch
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.points.accounts import run
from volunteer_service.workbooks import stored_files
from volunteer_service.workbooks.models import Import, ImportChange, RefusedRow

#: The lists of opening balances: what people had in an earlier system.
OPENINGS = ("open_points", "open_hours", "open_stars", "open_papers")
KINDS = ("areas", "teams", "volunteers", "service_log", "gifts", *OPENINGS)


@dataclass(frozen=True)
class Standing:
    """The state of an import: ``state`` is the present one, ``is_cut_off`` says that a step
    died.
    """

    row: Import
    state: str
    is_running: bool
    is_cut_off: bool
    step: str
    done: int
    total: int
    #: Rows by kind: (kind, accepted, of them new, refused).
    kinds: list[tuple[str, int, int, int]]


def standing(import_id: int, *, by: Actor, at: datetime) -> Standing:
    """Return the import and the progress of its step, to somebody who may import there."""
    return standing_of(allowed(import_id, by), at=at)


def standing_of(row: Import, *, at: datetime) -> Standing:
    """Return the progress of an import's running step.

    A step that died with its process left nothing behind: an import that was being applied is
    previewed (or asked for) again, one that was being read has failed.
    """
    is_working = row.state in ("reading", "applying")
    told = stored_files.told(row.id, at=at) if is_working else None
    is_cut_off = is_working and told is None
    back = {"reading": "failed", "applying": "asked" if row.asked_by_id else "previewed"}
    return Standing(
        row,
        back[row.state] if is_cut_off else row.state,
        is_working and not is_cut_off,
        is_cut_off,
        told.step if told else "",
        told.done if told else 0,
        told.total if told else row.total,
        _kinds(row),
    )


def allowed(import_id: int, by: Actor) -> Import:
    """Return the import to somebody who may import there; ``NotFound`` to everybody else."""
    row = fetch(Import, import_id)
    area = db.session.get(Area, row.area_id) if row.area_id else None
    rights.need(by, Right.IMPORT, area_path=area.path if area else "/")
    return row


def move(import_id: int, *states: str, **values: Any) -> bool:
    """Change an import that is in one of these states; of two callers at once, one gets False."""
    db.session.flush()
    statement = update(Import).where(Import.id == import_id, Import.state.in_(states))
    changed = run(statement.values(**values)).rowcount
    db.session.expire(fetch(Import, import_id))
    return bool(changed)


def forget_rows(import_ids: Collection[int]) -> None:
    """Delete the refused rows and the changes of imports that are over.

    Changes that wait for somebody else, and those that were not undone, stay to be shown.
    """
    run(delete(RefusedRow).where(RefusedRow.import_id.in_(import_ids)))
    told = ImportChange.state.in_(("waiting", "kept"))
    run(delete(ImportChange).where(ImportChange.import_id.in_(import_ids), ~told))


def _kinds(row: Import) -> list[tuple[str, int, int, int]]:
    counts = row.counts.get("by_kind", {})
    return [(kind, *counts[kind]) for kind in KINDS if kind in counts]

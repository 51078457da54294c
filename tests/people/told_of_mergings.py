"""What who asked for a merging, and for its undo, is told, for ``test_told_first.py``."""

from typing import Any

from sqlalchemy import select

from tests import make
from tests.make import MORNING, Cast, acting
from volunteer_service.db import db
from volunteer_service.merging import steps, undoing
from volunteer_service.people.changes.change_models import Merging


def merging(cast: Cast, approve: bool) -> list[tuple[str, dict[str, Any]]]:
    """Two entries of different names, so that a second person agrees."""
    kept, merged = (make.volunteer(name, team=cast.team) for name in ("张伟", "张玮"))
    row = steps.merge(kept.id, merged.id, reason="两次", by=acting(cast.coordinator), at=MORNING)
    steps.decide_merging(
        row.id, approve=approve, answer="是两个人", by=acting(cast.second), at=MORNING
    )
    outcome = "done" if approve else "refused"
    facts = {"merging": row.id, "number": merged.number, "outcome": outcome}
    return [("merging_answered", facts)]


def merging_undone(cast: Cast, approve: bool) -> list[tuple[str, dict[str, Any]]]:
    """The same, and one asks to undo it."""
    answered = merging(cast, True)
    row = db.session.scalars(select(Merging)).one()
    undoing.ask_undo(row.id, reason="是两个人", by=acting(cast.coordinator), at=MORNING)
    second = {"by": acting(cast.second), "at": MORNING}
    if approve:
        undoing.undo_merging(row.id, **second)
    else:
        undoing.refuse_undo(row.id, answer="是一个人", **second)
    facts = answered[0][1] | {"outcome": "done" if approve else "refused"}
    return [*answered, ("merging_undo_answered", facts)]

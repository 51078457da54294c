"""Whether rows that are hidden or struck through come in: asked, kept for the street, told.

Hidden rows come in unless somebody said that they stay out. Rows struck through wait for an answer:
till then nothing of them comes in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from volunteer_service import bounds, journal
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import stored_files
from volunteer_service.workbooks.asked_sheets import sheet_memory
from volunteer_service.workbooks.import_states import allowed, move
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import ImportNotReady

IN, OUT, ASKED = "in", "out", "asked"
ANSWERS = (IN, OUT)
HIDDEN, STRUCK = "hidden", "struck"
_UNTIL_SAID = {HIDDEN: IN, STRUCK: ASKED}


@dataclass(frozen=True)
class RowLooks:
    """Whether rows of each look come in (``in``, ``out``, ``asked``)."""

    hidden: str = _UNTIL_SAID[HIDDEN]
    struck: str = _UNTIL_SAID[STRUCK]
    #: The day on which the street said it, where it was not said of this import itself.
    hidden_said: str | None = None
    struck_said: str | None = None


def looks_of(row: Import) -> RowLooks:
    """Return what holds for the rows of an import."""
    kept = row.row_looks or {}
    return RowLooks(
        **{look: kept[look]["come"] for look in kept},
        **{f"{look}_said": kept[look]["said"] for look in kept},
    )


def choose(
    import_id: int,
    *,
    hidden: str | None = None,
    struck: str | None = None,
    by: Actor,
    at: datetime,
) -> Import:
    """Say whether hidden rows of a preview, and those struck through, come in (``in``, ``out``).

    None leaves it as it was. The import has to be judged anew after this; what was said is kept for
    the street.
    """
    said = {HIDDEN: hidden, STRUCK: struck}
    for look, come in said.items():
        if come is not None:
            bounds.one_of(come, ANSWERS, look)
    row = allowed(import_id, by)
    if not move(row.id, "previewed", state="reading", problem=None):
        raise ImportNotReady(state=row.state)
    stored_files.tell(row.id, stored_files.Progress("reading", 0, row.total))
    say(row, said, by=by, at=at)
    return row


def say(
    row: Import, said: Mapping[str, str | None], *, by: Actor, at: datetime, is_kept: bool = True
) -> None:
    """Keep an answer with the import, and (``is_kept``) for its street."""
    new = {look: {"come": come, "said": None} for look, come in said.items() if come is not None}
    if not new:
        return
    row.row_looks = {**(row.row_looks or {}), **new}
    facts = {look: one["come"] for look, one in new.items()}
    journal.record("imports.rows", row, account_id=by.account_id, door=by.door, at=at, **facts)
    if is_kept:
        remember(row, by=by, at=at)


def remember(row: Import, *, by: Actor, at: datetime) -> None:
    """Keep for the street what was said of this import; once the street is there."""
    for look, kept in (row.row_looks or {}).items():
        if row.area_id is not None and kept["said"] is None:
            sheet_memory.keep_rows(row.area_id, look, kept["come"], by=by, at=at)


def remembered(area_id: int | None) -> dict[str, Any] | None:
    """Return what the street said of such rows, for a new import of it; None: nothing."""
    return sheet_memory.rows_of(area_id) or None

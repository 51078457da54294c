"""Whether hidden or struck-through rows are taken: the question, and the street's answer.

Hidden rows are taken unless somebody said otherwise. Rows struck through wait for an answer, and
none of them is taken before.
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
    """Whether rows of each look are taken (``in``, ``out``, ``asked``)."""

    hidden: str = _UNTIL_SAID[HIDDEN]
    struck: str = _UNTIL_SAID[STRUCK]
    #: The day of the street's answer, if it was not given for this import itself.
    hidden_said: str | None = None
    struck_said: str | None = None


def looks_of(row: Import) -> RowLooks:
    """Return the answers that apply to the rows of an import."""
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
    """Set whether hidden rows of a preview, and those struck through, are taken (``in``, ``out``).

    None leaves it as it was. The import must be judged anew afterwards; the answer is kept for the
    street.
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
    """Keep the answers about this import for the street, once the street exists."""
    for look, kept in (row.row_looks or {}).items():
        if row.area_id is not None and kept["said"] is None:
            sheet_memory.keep_rows(row.area_id, look, kept["come"], by=by, at=at)


def remembered(area_id: int | None) -> dict[str, Any] | None:
    """Return the street's answers about such rows, for a new import; None without any."""
    return sheet_memory.rows_of(area_id) or None

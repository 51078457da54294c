"""The declaration of an act on many rows: a verb, a form and who may choose it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from volunteer_service.errors import Phrase
from volunteer_service.people.authorization.actor import Actor

Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One field of an act's form; ``kind`` is ``reason``, ``reason if any``, ``points`` (signed),
    ``team``, ``event``, ``day`` or ``words`` (lines of text).
    """

    name: str
    label: Any
    kind: str = "reason"
    hint: Any = ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act. ``work`` calls the verb for one row and returns the id of what it made, if anything.

    The verb judges each row by itself: once for the preview, and again when the act is done.
    """

    name: str
    label: Any
    #: Roles to whom it is offered, beside the admin; the verb decides.
    roles: tuple[str, ...]
    work: "Work"
    asks: tuple[Asked, ...] = ()
    #: Turns what was typed into what ``work`` takes, once for all rows.
    settled: Callable[[Values, Actor], dict[str, Any]] | None = None
    #: Undoes one row; takes the row's id and what ``work`` made.
    undo: "Undo | None" = None
    #: Adds a remark to a row that succeeded, from the id that ``work`` returned: that a place is on
    #: the waiting list.
    noted: Callable[[int], Phrase | None] | None = None
    #: The most rows of one batch; by default as many as any batch takes.
    most: int | None = None
    #: True if the result is a file of cards.
    gives_cards: bool = False
    #: True if a file of papers is made of what was done.
    gives_papers: bool = False
    #: Refuses more rows than the actor may still handle; called once, before any row is judged.
    need_room: Callable[[int, Actor, datetime], None] | None = None


Work = Callable[[int, Values, Actor, datetime], int | None]
Undo = Callable[[int, int | None, Actor, datetime], object]

"""The differences of a list that is handed in again: the rows of their table on an import's
page.
"""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from volunteer_service.paging import Page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import agreed_changes, change_values
from volunteer_service.workbooks.change_values import FIELD_WORDS
from volunteer_service.workbooks.models import ImportChange


@dataclass(frozen=True)
class Shown:
    """One change in words: whose, which field, old and new value, and its state."""

    row: ImportChange
    name: str
    url: str
    field: str
    was: str
    now: str
    state: tuple[str, str]


@dataclass(frozen=True)
class Changed:
    """A page of an import's changes, and how many there are by their state."""

    items: list[Shown]
    counts: dict[str, int]
    next: str | None

    @property
    def total(self) -> int:
        """Return how many there are in all."""
        return sum(self.counts.values())


def of(import_id: int, cursor: str | None, *, by: Actor) -> Changed:
    """Return the changes of an import that this page shows."""
    found: Page[ImportChange] = agreed_changes.changes(import_id, by=by, cursor=cursor)
    names = change_values.names_of(list(found.items))
    items = [_shown(row, names.get((row.kind, row.target_id), "–")) for row in found.items]
    return Changed(items, agreed_changes.counts(import_id), found.next)


def _shown(row: ImportChange, name: str) -> Shown:
    was, now = change_values.was_and_now_in_words(row, _words)
    field = FIELD_WORDS[row.field].worded(_words)
    return Shown(row, name, _url(row), field, was, now, _state(row.state))


def _url(row: ImportChange) -> str:
    if row.kind == "volunteers":
        return url_for("people.show", volunteer_id=row.target_id)
    if row.kind == "teams":
        return url_for("teams.show", team_id=row.target_id)
    return ""


def _state(state: str) -> tuple[str, str]:
    """Return words and kind of badge."""
    return {
        "offered": (_("不改"), "plain"),
        "agreed": (_("要改"), "warn"),
        "done": (_("已改"), "ok"),
        "waiting": (_("还等另一个人同意"), "info"),
        "refused": (_("没有改"), "bad"),
        "kept": (_("没有改回"), "warn"),
    }[state]


def _words(msgid: str) -> str:
    return str(_(msgid))

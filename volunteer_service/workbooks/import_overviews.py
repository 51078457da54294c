"""The content of the pages: the list of imports, and for one import who may do what, and why
not.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from volunteer_service.areas import lookup
from volunteer_service.db import db
from volunteer_service.errors import Phrase, Refused, refusal_of
from volunteer_service.paging import Page, Sorts, on_days, page
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Account
from volunteer_service.workbooks import approval
from volunteer_service.workbooks.asked_sheets import import_sheets, several_streets
from volunteer_service.workbooks.asked_sheets.import_sheets import Sheet
from volunteer_service.workbooks.import_states import Standing, standing
from volunteer_service.workbooks.models import Import

SORTS = Sorts(Import.id, "-created_at", created_at=Import.created_at)


def imports(
    by: Actor,
    *,
    state: str | None = None,
    area_id: int | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Import]:
    """List the imports of the sub-districts in which the actor may import, newest first."""
    query = select(Import).where(seen_by(by))
    query = query.where(*on_days(Import.created_at, from_on, to_on))
    if state:
        query = query.where(Import.state == state)
    if area_id is not None:
        query = query.where(Import.area_id == area_id)
    return page(query, SORTS, sort=sort, cursor=cursor, limit=limit)


def seen_by(by: Actor) -> ColumnElement[bool]:
    """Return the WHERE of the imports of the sub-districts in which the actor may import."""
    return lookup.within(Import.area_id, rights.places(by, Right.IMPORT)[0])


@dataclass(frozen=True)
class Detail:
    """An import as its own page shows it to one person."""

    standing: Standing
    #: Rows that would change something about the person who handed it in.
    rows_about_importer: int
    importer: str | None
    decider: str | None
    #: Why it takes two people; None where one is enough, or where it is decided.
    why_two: Phrase | None
    #: Who may decide on it as the second person; None where none is needed.
    who: Who | None
    #: Why this reader may not decide the request; None where they may.
    why_not: Refused | None
    #: What this reader may do: apply, ask, withdraw, decide, discard.
    may: frozenset[str]
    #: Every sheet that was handed in.
    sheets: list[Sheet]

    @property
    def is_nothing_taken(self) -> bool:
        """Tell whether no sheet is taken for a list, so that there is nothing to bring in."""
        return import_sheets.is_nothing_taken(self.sheets)

    @property
    def why_nothing(self) -> Refused | None:
        """Return why there is nothing to bring in although a sheet is taken; None where there is,
        and where it is not judged.
        """
        is_judged = self.standing.state == "previewed" and not self.is_nothing_taken
        return approval.why_nothing(self.standing.row) if is_judged else None

    @property
    def has_log(self) -> bool:
        """Tell whether a sheet is taken for a service log, so that records may be expected."""
        return import_sheets.has_log(self.sheets)


def detail(import_id: int, *, by: Actor, at: datetime) -> Detail:
    """Describe one import for its own page, to somebody who may import there."""
    found = standing(import_id, by=by, at=at)
    row, now = found.row, found.state
    importer, decider = _account(row.account_id), _account(row.decided_by_id)
    why_two = approval.why_two(row, by, at=at) if now in ("previewed", "asked") else None
    is_waiting = now == "asked" or why_two is not None
    why_not = _why_not(row, by, at) if now == "asked" else None
    return Detail(
        found,
        approval.rows_about(row, row.account_id, at=at),
        importer.name if importer else None,
        decider.name if decider else None,
        why_two,
        approval.who_may(row, at=at) if is_waiting else None,
        why_not,
        frozenset(_may(row, now, by, why_two, why_not)),
        import_sheets.sheets(row.files),
    )


def _may(
    row: Import, now: str, by: Actor, why_two: Phrase | None, why_not: Refused | None
) -> set[str]:
    is_mine = row.account_id in (None, by.account_id)
    if now == "previewed":
        if refusal_of(lambda: approval.need_something(row, by)) is not None:
            return {"discard"}
        alone = {"apply"} if why_two is None else {"ask"} if is_mine else set()
        return (alone if several_streets.may_all(row, by) else set()) | {"discard"}
    if now == "asked":
        return (
            {"withdraw"} if by.account_id == row.asked_by_id else set() if why_not else {"decide"}
        )
    return set()


def _why_not(row: Import, by: Actor, at: datetime) -> Refused | None:
    return refusal_of(lambda: approval.need_decider(row, by, at=at))


def _account(account_id: int | None) -> Account | None:
    return db.session.get(Account, account_id) if account_id is not None else None

"""What the page of one import shows beside its rows: who may do what, and why not."""

from dataclasses import dataclass
from datetime import datetime

from volunteer_service.db import db
from volunteer_service.errors import Phrase, Refused, refusal_of
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.models import Account
from volunteer_service.workbooks import second_person
from volunteer_service.workbooks.import_lists import Standing, standing
from volunteer_service.workbooks.models import Import


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
    #: Who may decide upon it as the second person; None where none is needed.
    who: Who | None
    #: Why this reader may not decide what was asked for; None where they may.
    why_not: Refused | None
    #: What this reader may do: apply, ask, withdraw, decide, discard.
    may: frozenset[str]


def detail(import_id: int, *, by: Actor, at: datetime) -> Detail:
    """What is asked of one import before it is applied, for somebody who may import there."""
    found = standing(import_id, by=by, at=at)
    row, now = found.row, found.state
    importer, decider = _account(row.account_id), _account(row.decided_by_id)
    why_two = second_person.why_two(row, by, at=at) if now in ("previewed", "asked") else None
    is_waiting = now == "asked" or why_two is not None
    why_not = _why_not(row, by, at) if now == "asked" else None
    return Detail(
        found,
        second_person.rows_about(row, importer.volunteer_id if importer else None, at=at),
        importer.name if importer else None,
        decider.name if decider else None,
        why_two,
        second_person.who_may(row, at=at) if is_waiting else None,
        why_not,
        frozenset(_may(row, now, by, why_two, why_not)),
    )


def _may(
    row: Import, now: str, by: Actor, why_two: Phrase | None, why_not: Refused | None
) -> set[str]:
    is_mine = row.account_id in (None, by.account_id)
    if now == "previewed":
        alone = {"apply"} if why_two is None else {"ask"} if is_mine else set()
        return alone | {"discard"}
    if now == "asked":
        return (
            {"withdraw"} if by.account_id == row.asked_by_id else set() if why_not else {"decide"}
        )
    return set()


def _why_not(row: Import, by: Actor, at: datetime) -> Refused | None:
    return refusal_of(lambda: second_person.need_decider(row, by, at=at))


def _account(account_id: int | None) -> Account | None:
    return db.session.get(Account, account_id) if account_id is not None else None

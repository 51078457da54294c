"""Who applies an import: one person if it is small and not about them, else two.

Where it takes two, one asks and another decides on what was shown to both. The operator at the
command line applies at once; the journal says so.
"""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, or_, select

from volunteer_service import bounds, journal, policies
from volunteer_service.areas.models import Area
from volunteer_service.db import after_commit, db, fetch
from volunteer_service.errors import NotAllowed, Phrase, Refused
from volunteer_service.people.authorization import account_origins, conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Account
from volunteer_service.visible_text import said
from volunteer_service.workbooks import answers, stored_files
from volunteer_service.workbooks.asked_sheets import import_sheets
from volunteer_service.workbooks.import_states import allowed, forget_rows, move
from volunteer_service.workbooks.judging.rows_about_importers import PHONE, people_in, phones_in
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import (
    ImportChanged,
    ImportNeedsSecond,
    ImportNotReady,
    NothingAccepted,
    NothingInside,
    NothingTaken,
)

OPERATOR = "cli"


def why_two(row: Import, by: Actor, *, at: datetime) -> Phrase | None:
    """Return why one person is not enough for this import; None where one is.

    Opening balances, always; rows about who handed it in or would apply it; days on which one
    person is above the daily cap; or more records than the policy lets one account bring in alone.
    What the account brought in alone before counts too, and what accounts did that depend on it or
    on which it depends, so splitting helps nobody.
    """
    if by.door == OPERATOR:
        return None
    return why_of_rows(row, by, at=at) or _why_of_records(row, by, at)


def why_of_rows(row: Import, by: Actor, *, at: datetime) -> Phrase | None:
    """Return why the rows need two people: whom or what they are about, or how long their days
    are.
    """
    if rows := openings_in(row):
        return Phrase("有 %(rows)s 行期初余额，一律由两个人办理", rows=rows)
    if rows := _about_firsts(row, by, at):
        return Phrase("有 %(rows)s 行与导入人本人或家人有关", rows=rows)
    if days := row.figures.get("long_days", 0):
        return Phrase("有 %(days)s 天，一个人当天超过每日上限", days=days)
    return None


def openings_in(row: Import) -> int:
    """Count the rows that take something over from an earlier system."""
    return int(row.figures.get("openings", {}).get("rows", 0))


def _why_of_records(row: Import, by: Actor, at: datetime) -> Phrase | None:
    policy = policies.guarding(at)
    since = at - timedelta(days=policy.adjust_days)
    linked = policy.independence_days
    used = max((_alone(group, row, since) for group in _groups(row, by, at, linked)), default=0)
    if row.records == 0 or used + row.records <= policy.import_alone_records:
        return None
    return Phrase(
        "这次有 %(records)s 条新的服务记录，%(days)s 天内一个人单独导入过 %(used)s 条，"
        "合计最多 %(most)s 条",
        records=row.records,
        days=policy.adjust_days,
        used=used,
        most=policy.import_alone_records,
    )


def need_alone(row: Import, by: Actor, *, at: datetime) -> None:
    """Pass for an actor who may apply it alone, else raise :class:`ImportNeedsSecond`.

    It locks the accounts until the transaction ends, so that of two hand-ins at once the second
    counts the first.
    """
    groups = _groups(row, by, at, policies.guarding(at).independence_days)
    for account_id in sorted(set().union(*groups)):
        fetch(Account, account_id, lock=True)
    if reason := why_two(row, by, at=at):
        raise ImportNeedsSecond(reason=reason, who=who_may(row, at=at).worded())


def need_decider(row: Import, by: Actor, *, at: datetime) -> None:
    """Raise unless ``by`` may decide what another asked for: not about them, and independent of the
    asker.
    """
    who = partial(who_may, row, at=at)
    _need_outside(row, by, at=at)
    conflicts.need_second(by, row.asked_by_id, at=at, who=who)


def need_as_shown(row: Import, shown: str | None, by: Actor, *, at: datetime) -> None:
    """Pass if the new judgement equals what was shown, and the decision still holds.

    :class:`ImportChanged` where the service has changed what the files bring.
    """
    if by.door == OPERATOR:
        return
    if row.shown != shown:
        raise ImportChanged()
    if row.asked_by_id is not None:
        need_decider(row, by, at=at)
    elif reason := why_of_rows(row, by, at=at):
        raise ImportNeedsSecond(reason=reason, who=who_may(row, at=at).worded())


def who_may(row: Import, *, at: datetime, first: int | None = None) -> Who:
    """Return who may decide when ``first`` (or else the importer) asks: people of the street, else
    above it.
    """
    area = db.session.get(Area, row.area_id) if row.area_id else None
    first = first or row.asked_by_id or row.account_id
    where = area.path if area else "/"
    but, phones = people_in(row.concerned), phones_in(row.concerned)
    return conflicts.who_may(Right.IMPORT, where, first, at=at, but=but, but_phones=phones)


def _about_firsts(row: Import, by: Actor, at: datetime) -> int:
    """Count rows about who handed it in or would apply it, or about whom either is tied to."""
    return max((rows_about(row, one, at=at) for one in _firsts(row, by)), default=0)


def rows_about(row: Import, account_id: int | None, *, at: datetime) -> int:
    """Count the rows about the person of this account, or about somebody tied to them."""
    if account_id is None:
        return 0
    people, phones = people_in(row.concerned), phones_in(row.concerned)
    tied_people, tied_phones = conflicts.tied_to(account_id, people, phones, at=at)
    tied = {str(id_) for id_ in tied_people} | {f"{PHONE}{key}" for key in tied_phones}
    return sum(rows for name, rows in row.concerned.items() if name in tied)


def _firsts(row: Import, by: Actor) -> set[int]:
    return {one for one in (row.account_id, by.account_id) if one is not None}


def _groups(row: Import, by: Actor, at: datetime, days: int) -> list[set[int]]:
    """Return each of the two with every account that depends on them or on which they depend."""
    since = at - timedelta(days=days)
    return [account_origins.group(one, since) for one in sorted(_firsts(row, by))]


def _alone(account_ids: set[int], row: Import, since: datetime) -> int:
    """Count the records that these accounts brought in without a second person since then."""
    query = select(func.coalesce(func.sum(Import.records), 0)).where(
        Import.id != row.id,
        Import.state.in_(("applying", "applied")),
        Import.asked_by_id.is_(None),
        Import.decided_by_id.is_not(None),
        or_(Import.account_id.in_(account_ids), Import.decided_by_id.in_(account_ids)),
        Import.decided_at > since,
    )
    return int(db.session.scalar(query) or 0)


def ask(import_id: int, *, by: Actor, at: datetime) -> Import:
    """Ask a second person to look at an import and to apply it.

    Anybody who may import asks for what the operator handed in. With opening balances, nobody
    asks for rows about themself or whom they are tied to: neither of the two is among the rows.
    """
    row = allowed(import_id, by)
    if row.account_id not in (None, by.account_id):
        raise NotAllowed()
    need_something(row, by)
    if openings_in(row):
        _need_outside(row, by, at=at)
    values = {"asked_by_id": by.account_id, "asked_at": at, "problem": None}
    if not move(row.id, "previewed", state="asked", **values):
        raise ImportNotReady(state=row.state)
    _record("ask", row, by, at, records=row.records)
    return row


def need_something(row: Import, by: Actor) -> None:
    """Pass where there is a row to bring in; the operator sees the counts and passes with none."""
    if import_sheets.is_nothing_taken(import_sheets.sheets(row.files)):
        raise NothingTaken()
    if by.door != OPERATOR and (why := why_nothing(row)) is not None:
        raise why


def why_nothing(row: Import) -> Refused | None:
    """Return why no row of the sheets that are taken may come in; None where one may."""
    lists = row.counts.get("by_kind", {}).values()
    if not row.counts or any(accepted for accepted, _new, _refused in lists):
        return None
    refused = sum(refused for _accepted, _new, refused in lists)
    return NothingAccepted(refused=refused) if refused else NothingInside()


def _need_outside(row: Import, by: Actor, *, at: datetime) -> None:
    people, phones = people_in(row.concerned), phones_in(row.concerned)
    conflicts.need_other(by, people, at=at, who=partial(who_may, row, at=at), phones=phones)


def withdraw(import_id: int, *, by: Actor, at: datetime) -> Import:
    """Withdraw a request of one's own: the import is a preview again."""
    row = allowed(import_id, by)
    if row.state == "asked" and row.asked_by_id != by.account_id:
        raise NotAllowed()
    if not move(row.id, "asked", state="previewed", asked_by_id=None, asked_at=None):
        raise ImportNotReady(state=row.state)
    _record("withdraw", row, by, at)
    return row


@said("answer")
def refuse(import_id: int, answer: str, *, by: Actor, at: datetime) -> Import:
    """Refuse an import; the person who asked reads why, and its files are removed."""
    bounds.text(answer, 200, "answer")
    row = allowed(import_id, by)
    need_decider(row, by, at=at)
    first = row.asked_by_id
    decided = {"decided_by_id": by.account_id, "decided_at": at, "answer": answer}
    if not move(row.id, "asked", state="refused", sealed=None, **decided):
        raise ImportNotReady(state=row.state)
    forget_rows([row.id])
    answers.answered(row, by=by, at=at)
    _record("refuse", row, by, at, first=first)
    after_commit(lambda: stored_files.remove(import_id))
    return row


def _record(verb: str, row: Import, by: Actor, at: datetime, **facts: int | None) -> None:
    journal.record(f"imports.{verb}", row, account_id=by.account_id, door=by.door, at=at, **facts)

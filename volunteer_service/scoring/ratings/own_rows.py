"""Rounds in which the actor is rated: they may take its public steps only if their own row is
untouched.

A row is untouched if nobody decided anything about it by hand and the star follows from the frozen
facts. It is touched by an upheld objection, by a record of the half-year that was entered or
changed by hand, or imported by the actor or with the actor as the first of two, by a day of
registration that staff changed since the half-year began, and by a record, complaint or evaluation
decided by an account that depends on the actor's.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, Select, func, select

from volunteer_service import settings
from volunteer_service.attendance.models import (
    Complaint,
    Evaluation,
    RecordChange,
    ServiceRecord,
)
from volunteer_service.db import db, fetch
from volunteer_service.errors import Phrase, Refused, refusal_of
from volunteer_service.journal import Entry
from volunteer_service.people.authorization import conflicts, namesakes, personal_ties
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.merged_entries import is_entry_of
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.scoring.ratings import frozen_facts
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.ratings.refusals import OwnRowTouched


@dataclass(frozen=True)
class OwnRow:
    """The actor's own result in a round, and what was decided about it by hand, if anything."""

    result: RoundResult
    touched: Phrase | None


def own_row(row: Round, by: Actor) -> OwnRow | None:
    """Return the actor's own row in this round; None for an actor who is not in it."""
    if by.volunteer_id is None:
        return None
    query = select(RoundResult).where(
        RoundResult.round_id == row.id, RoundResult.volunteer_id == by.volunteer_id
    )
    result = db.session.scalars(query).one_or_none()
    return OwnRow(result, next(_touched(row, result, by), None)) if result else None


def need_untouched(row: Round, by: Actor, *, at: datetime, firsts: Collection[int] = ()) -> None:
    """Pass for an actor who is not in the round, or whose row is untouched; else ``OwnRowTouched``.

    If the actor has no known volunteer, a row of their name may be their own: they are refused if
    that one was touched (``SecondPersonNeeded``). ``firsts`` are the accounts to which the people
    named instead must be a second person.
    """
    why, name = _touch(row, by)
    if why is None:
        return
    who = others(row, firsts, at=at).worded()
    if name is not None:
        raise conflicts.SecondPersonNeeded(namesakes.why(name), who)
    raise OwnRowTouched(why=why, who=who)


def why_touched(row: Round, by: Actor, *, at: datetime) -> Refused | None:
    """Return what :func:`need_untouched` would say to this actor; None where they may."""
    return refusal_of(lambda: need_untouched(row, by, at=at))


def others(
    row: Round, firsts: Collection[int] = (), *, but: Collection[int] = (), at: datetime
) -> conflicts.Who:
    """Return who else may take a step of this round, as a second person to all of ``firsts``.

    ``but`` are volunteers whose own matter it is; without one it is a step of the whole round, for
    which an own row must be untouched.
    """

    def passes(by: Actor) -> bool:
        if any(conflicts.why_not(by, first, at=at) for first in firsts):
            return False
        return bool(but) or _touch(row, by)[0] is None

    path = row.area.path
    return conflicts.who_may(Right.RATING_RUN, path, None, at=at, but=but, passes=passes)


def _touch(row: Round, by: Actor) -> tuple[Phrase | None, str | None]:
    """Return what of the actor's own row was decided by hand, and the name where it may be their
    own.
    """
    if by.volunteer_id is not None:
        where, name = is_entry_of(RoundResult.volunteer_id, by.volunteer_id), None
    elif by.account_id is not None:
        account = fetch(Account, by.account_id)
        rated = select(RoundResult.volunteer_id).where(RoundResult.round_id == row.id)
        found = namesakes.of_account(account, Volunteer.id.in_(rated))
        where, name = RoundResult.volunteer_id.in_([each.id for each in found]), account.name
    else:
        return None, None
    query = select(RoundResult).where(RoundResult.round_id == row.id, where)
    for result in db.session.scalars(query).all():
        if (why := next(_touched(row, result, by), None)) is not None:
            return why, name
    return None, None


def _touched(row: Round, result: RoundResult, by: Actor) -> Iterator[Phrase]:
    if result.amended is not None:
        yield Phrase("您的数据经异议更正过")
    if result.stars not in (None, frozen_facts.rules_of(row)(frozen_facts.frozen(result)).stars):
        yield Phrase("您的星级不是按冻结的数据得出的")
    mine = _records_of(row, result.volunteer_id)
    hands = (
        (ServiceRecord.source_type == "backfill", Phrase("您这半年有人工补录的记录")),
        (
            ServiceRecord.id.in_(select(RecordChange.record_id)),
            Phrase("您这半年有记录被人工更正过"),
        ),
        (ServiceRecord.import_id.in_(_imports_by(by)), Phrase("您这半年有记录是您自己导入的")),
    )
    for where, words in hands:
        if db.session.scalar(select(ServiceRecord.id).where(mine, where).limit(1)) is not None:
            yield words
    if db.session.scalar(_registered_anew(row, result.volunteer_id).limit(1)) is not None:
        yield Phrase("您的登记日期在这半年开始以后被人工更正过")
    if any(_depends(*decided, by) for decided in _decisions(row, result.volunteer_id, mine)):
        yield Phrase("您这半年有记录、评价或投诉由与您有关联的人处理过")


def _records_of(row: Round, volunteer_id: int) -> ColumnElement[bool]:
    """Return the person's records that count in the round's half-year."""
    half_year = frozen_facts.half_year_of(row)
    return (
        (ServiceRecord.volunteer_id == volunteer_id)
        & (ServiceRecord.state == "confirmed")
        & ServiceRecord.served_on.between(half_year.starts_on, half_year.ends_on)
    )


#: Acts by which an import is an account's own: handed in, asked for or applied by it.
_IMPORTED = ("imports.receive", "imports.ask", "imports.apply")


def _imports_by(by: Actor) -> Select[int | None]:
    """Return the imports that this account applied, alone or as either of two, according to the
    journal.
    """
    return select(Entry.subject_id).where(
        Entry.verb.in_(_IMPORTED),
        Entry.subject_type == "imports",
        Entry.account_id == by.account_id,
        Entry.account_id.is_not(None),
    )


def _registered_anew(row: Round, volunteer_id: int) -> Select[int]:
    """Return changes of the person's day of registration, on which stars depend, since the
    half-year began.
    """
    begin = datetime.combine(
        frozen_facts.half_year_of(row).starts_on, time(), settings.current().zone
    )
    return select(PersonChange.id).where(
        PersonChange.volunteer_id == volunteer_id,
        PersonChange.field == "registered",
        PersonChange.state == "done",
        PersonChange.decided_at >= begin,
    )


def _decisions(
    row: Round, volunteer_id: int, mine: ColumnElement[bool]
) -> Iterator[tuple[int, datetime]]:
    """Yield who confirmed or evaluated a record of the half-year or dismissed a complaint of
    it, and since when.
    """
    half_year = frozen_facts.half_year_of(row)
    confirmed = (
        select(ServiceRecord.confirmed_by_id, func.min(ServiceRecord.confirmed_at))
        .where(mine, ServiceRecord.confirmed_by_id.is_not(None))
        .group_by(ServiceRecord.confirmed_by_id)
    )
    dismissed = (
        select(Complaint.decided_by_id, func.min(Complaint.decided_at))
        .where(
            Complaint.volunteer_id == volunteer_id,
            Complaint.state == "dismissed",
            Complaint.decided_by_id.is_not(None),
            Complaint.happened_on.between(half_year.starts_on, half_year.ends_on),
        )
        .group_by(Complaint.decided_by_id)
    )
    evaluated = (
        select(Evaluation.account_id, func.min(Evaluation.at))
        .join(ServiceRecord, ServiceRecord.id == Evaluation.record_id)
        .where(mine, Evaluation.account_id.is_not(None))
        .group_by(Evaluation.account_id)
    )
    for query in (confirmed, evaluated, dismissed):
        for account_id, at in db.session.execute(query).all():
            if account_id is not None and at is not None:
                yield account_id, at


def _depends(account_id: int, at: datetime, by: Actor) -> bool:
    """Tell whether the decider was no second person to the actor at that time."""
    decider = Actor(account_id, personal_ties.party(account_id).volunteer_id, "", by.door)
    return conflicts.why_not(decider, by.account_id, at=at) is not None

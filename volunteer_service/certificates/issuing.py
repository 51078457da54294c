"""Issuing honour certificates: the words are frozen and signed, so the paper never changes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import aliased, joinedload

from volunteer_service import journal, settings
from volunteer_service.certificates import numbering, signing
from volunteer_service.certificates.models import Certificate
from volunteer_service.certificates.refusals import CertificateReplaced, NoStarNoCertificate
from volunteer_service.db import db, fetch
from volunteer_service.people import merged_entries
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.scoring.ratings import frozen_facts, own_rows
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.ratings.refusals import RoundNotFinal
from volunteer_service.scoring.rules.half_years import HalfYear

#: The rule that an honour certificate names.
RULE = "志愿服务星级评定办法"
#: Certificates made at a time, whatever the size of the round.
CHUNK = 500


def issue(result_id: int, *, by: Actor, at: datetime) -> Certificate:
    """Return the honour certificate of a final result; the standing one where there is one already.

    After a revocation this issues the replacement, with a number of its own.
    """
    result = fetch(RoundResult, result_id)
    row = _final(result.round, by)
    person = merged_entries.heir_of(result.volunteer_id)
    who = partial(own_rows.others, row, but=[person], at=at)
    conflicts.need_other(by, [person], at=at, who=who)
    standing = db.session.scalars(_standing().where(Certificate.result_id == result.id)).first()
    if standing is not None:
        return standing
    if not result.stars:
        raise NoStarNoCertificate()
    if db.session.scalar(_current(row).where(RoundResult.id == result.id)) is None:
        raise CertificateReplaced()
    (certificate,) = _issue([result], row, by, at)
    journal.record("certificates.issue", certificate, account_id=by.account_id, door=by.door, at=at)
    return certificate


def issue_round(round_id: int, *, by: Actor, at: datetime) -> int:
    """Issue the missing certificates for one to five stars of a final round; return how many were
    new.

    An actor whose own row of the round was decided by hand is refused. Idempotent: a result that
    ever had a certificate gets none here (:func:`issue` replaces a revoked one). A supplement
    revokes the certificates that it makes untrue.
    """
    row = _final(fetch(Round, round_id), by)
    own_rows.need_untouched(row, by, at=at)
    withdrawn = _withdraw_replaced(row, by, at) if row.supplement else 0
    issued = 0
    for results in _missing(row):
        issued += len(_issue(results, row, by, at))
    journal.record(
        "certificates.issue_round",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        issued=issued,
        withdrawn=withdrawn,
    )
    return issued


def still_missing(row: Round) -> int:
    """Return how many stars of the round have had no certificate yet."""
    query = _unissued(row).with_only_columns(func.count(RoundResult.id))
    return db.session.scalar(query) or 0


def _final(row: Round, by: Actor) -> Round:
    rights.need(by, Right.RATING_RUN, area_path=row.area.path)
    if row.state != "final":
        raise RoundNotFinal()
    # A concurrent issue waits for this commit, and then sees what it issued.
    db.session.refresh(row, with_for_update={"key_share": True})
    return row


def _issue(
    results: Sequence[RoundResult], row: Round, by: Actor, at: datetime
) -> list[Certificate]:
    half_year = HalfYear.parse(row.half_year)
    numbers = numbering.take(numbering.honour_series(half_year), len(results))
    issues = _issues([result.id for result in results])
    heirs = merged_entries.heirs([result.volunteer_id for result in results])
    made = []
    for result, number in zip(results, numbers, strict=True):
        words = _words(result, row, at)
        made.append(
            Certificate(
                number=number,
                kind="honour",
                # The paper names the rated entry; it belongs to the kept one.
                volunteer_id=heirs[result.volunteer_id],
                result_id=result.id,
                issue=issues.get(result.id, 0) + 1,
                words=words,
                signature=signing.sign(number, words),
                issued_at=at,
                issued_by_id=by.account_id,
            )
        )
    db.session.add_all(made)
    db.session.flush()
    told = ((each.volunteer_id, {"number": each.number}) for each in made)
    messages.tell_each("certificate_issued", told, at=at)
    return made


def _words(result: RoundResult, row: Round, at: datetime) -> dict[str, Any]:
    half_year = HalfYear.parse(row.half_year)
    return signing.written(
        name=result.volunteer.name,
        stars=result.stars,
        begins_on=half_year.starts_on.isoformat(),
        ends_on=half_year.ends_on.isoformat(),
        minutes=frozen_facts.effective(result).confirmed_minutes,
        rule=RULE,
        policy_version=row.policy_version,
        issuer=row.area.name,
        issued_on=settings.local_day(at).isoformat(),
    )


def _missing(row: Round) -> Iterator[Sequence[RoundResult]]:
    """Results without a certificate, a chunk at a time."""
    last = 0
    while True:
        query = _unissued(row).where(RoundResult.id > last).order_by(RoundResult.id).limit(CHUNK)
        results = db.session.scalars(query.options(joinedload(RoundResult.volunteer))).all()
        if results:
            yield results
        if len(results) < CHUNK:
            return
        last = results[-1].id


def _unissued(row: Round) -> Select[RoundResult]:
    had = select(Certificate.result_id).where(Certificate.result_id == RoundResult.id)
    return _current(row).where(~had.exists())


def _current(row: Round) -> Select[RoundResult]:
    """Starred results of the round that no later final supplement has replaced."""
    later, replaced = aliased(Round), aliased(RoundResult)
    newer = (
        select(replaced.id)
        .join(later, later.id == replaced.round_id)
        .where(
            replaced.volunteer_id == RoundResult.volunteer_id,
            later.area_id == row.area_id,
            later.half_year == row.half_year,
            later.supplement > row.supplement,
            later.state == "final",
        )
    )
    return select(RoundResult).where(
        RoundResult.round_id == row.id, RoundResult.stars >= 1, ~newer.exists()
    )


def _withdraw_replaced(row: Round, by: Actor, at: datetime) -> int:
    earlier = (
        select(RoundResult.id)
        .join(Round, Round.id == RoundResult.round_id)
        .where(
            Round.area_id == row.area_id,
            Round.half_year == row.half_year,
            Round.supplement < row.supplement,
            RoundResult.volunteer_id.in_(
                select(RoundResult.volunteer_id).where(RoundResult.round_id == row.id)
            ),
        )
    )
    revoked = db.session.execute(
        update(Certificate)
        .where(Certificate.result_id.in_(earlier), Certificate.revoked_at.is_(None))
        .values(
            revoked_at=at,
            revoked_by_id=by.account_id,
            revoke_reason=f"由第{row.supplement}次补充评定取代",
        )
        .returning(Certificate.volunteer_id, Certificate.number)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.expire_all()
    told = ((volunteer_id, {"number": number}) for volunteer_id, number in revoked)
    messages.tell_each("certificate_revoked", told, at=at)
    return len(revoked)


def _standing() -> Select[Certificate]:
    return select(Certificate).where(Certificate.revoked_at.is_(None))


def _issues(result_ids: list[int]) -> dict[int | None, int]:
    query = (
        select(Certificate.result_id, func.max(Certificate.issue))
        .where(Certificate.result_id.in_(result_ids))
        .group_by(Certificate.result_id)
    )
    return dict(db.session.execute(query).all())

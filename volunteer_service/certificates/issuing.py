"""Issuing honour certificates: the words are frozen and signed, so the paper never changes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload

from volunteer_service import journal, settings
from volunteer_service.certificates import numbering, paper_keys, signing
from volunteer_service.certificates.models import Certificate
from volunteer_service.certificates.refusals import (
    CertificateReplaced,
    NameNotDrawn,
    NoStarNoCertificate,
    OtherStands,
)
from volunteer_service.db import db, fetch
from volunteer_service.paper import faces
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
    """Return the honour certificate of a final result: the valid one, or a new one.

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
    if (other := _other_standing(result, row)) is not None:
        raise OtherStands(number=other)
    if missing := faces.undrawn(result.volunteer.name):
        raise NameNotDrawn(name=result.volunteer.name, missing=missing)
    (certificate,) = make([result], row, by, at)
    journal.record("certificates.issue", certificate, account_id=by.account_id, door=by.door, at=at)
    return certificate


def issue_round(round_id: int, *, by: Actor, at: datetime) -> int:
    """Issue the missing certificates for one to five stars of a final round; return how many were
    new.

    An actor whose own row of the round was decided by hand is refused. Idempotent: a result that
    ever had a certificate gets none here (:func:`issue` replaces a revoked one).
    """
    row = _final(fetch(Round, round_id), by)
    own_rows.need_untouched(row, by, at=at)
    issued = 0
    for results in _missing(row):
        issued += len(make(drawable(results), row, by, at))
    journal.record(
        "certificates.issue_round",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        issued=issued,
    )
    return issued


def drawable(results: Sequence[RoundResult]) -> list[RoundResult]:
    """Return those whose name the fonts can draw, so that no paper shows a box for a character."""
    return [each for each in results if not faces.undrawn(each.volunteer.name)]


def not_drawn(row: Round) -> list[tuple[int, str, str]]:
    """Return result, name and missing characters of people without a paper because no font draws
    the name.
    """
    return [
        (each.id, each.volunteer.name, missing)
        for results in _missing(row)
        for each in results
        if (missing := faces.undrawn(each.volunteer.name))
    ]


def still_missing(row: Round) -> int:
    """Return how many stars of the round have no certificate yet."""
    query = _unissued(row).with_only_columns(func.count(RoundResult.id))
    return db.session.scalar(query) or 0


def _final(row: Round, by: Actor) -> Round:
    rights.need(by, Right.RATING_RUN, area_path=row.area.path)
    if row.state != "final":
        raise RoundNotFinal()
    # A concurrent issue waits for this commit, and then sees what was issued.
    db.session.refresh(row, with_for_update={"key_share": True})
    return row


def make(
    results: Sequence[RoundResult],
    row: Round,
    by: Actor,
    at: datetime,
    *,
    kind: str = "certificate_issued",
) -> list[Certificate]:
    """Write the papers of these results and send their people a message of this kind.

    Revoked papers of the same people and half-year name the new ones as their replacement.
    """
    if not results:
        return []
    half_year = HalfYear.parse(row.half_year)
    numbers = numbering.take(numbering.honour_series(half_year), len(results))
    key = paper_keys.signing_key(at)
    issues = _issues([result.id for result in results])
    heirs = merged_entries.heirs([result.volunteer_id for result in results])
    made = []
    for result, number in zip(results, numbers, strict=True):
        made.append(
            Certificate(
                number=number,
                kind="honour",
                # The paper names the rated entry, and belongs to the kept one.
                volunteer_id=heirs[result.volunteer_id],
                result_id=result.id,
                half_year=row.half_year,
                rated_id=result.volunteer_id,
                issue=issues.get(result.id, 0) + 1,
                **signing.signed(key, number, _words(result, row, at)),
                issued_at=at,
                issued_by_id=by.account_id,
            )
        )
    _add(made)
    told = ((each.volunteer_id, {"number": each.number}) for each in made)
    messages.tell_each(kind, told, at=at)
    return made


def _add(made: Sequence[Certificate]) -> None:
    """Store new papers; revoked ones of the same people and half-year name them as replacements."""
    db.session.add_all(made)
    db.session.flush()
    new = {(each.volunteer_id, each.half_year): each.id for each in made}
    former = select(Certificate).where(
        Certificate.volunteer_id.in_([each.volunteer_id for each in made]),
        Certificate.kind == "honour",
        Certificate.revoked_at.is_not(None),
        Certificate.replaced_by_id.is_(None),
    )
    for each in db.session.scalars(former):
        each.replaced_by_id = new.get((each.volunteer_id, each.half_year))
    db.session.flush()


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
    """Yield results without a certificate, a chunk at a time."""
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
    other = select(Certificate.id).where(
        Certificate.rated_id == RoundResult.volunteer_id,
        Certificate.half_year == row.half_year,
        Certificate.revoked_at.is_(None),
    )
    return _current(row).where(~had.exists(), ~other.exists())


def _other_standing(result: RoundResult, row: Round) -> str | None:
    """Return the number of a valid paper of the same person and half-year, of another round."""
    query = select(Certificate.number).where(
        Certificate.rated_id == result.volunteer_id,
        Certificate.half_year == row.half_year,
        Certificate.revoked_at.is_(None),
    )
    return db.session.scalar(query.limit(1))


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


def _standing() -> Select[Certificate]:
    return select(Certificate).where(Certificate.revoked_at.is_(None))


def _issues(result_ids: list[int]) -> dict[int | None, int]:
    query = (
        select(Certificate.result_id, func.max(Certificate.issue))
        .where(Certificate.result_id.in_(result_ids))
        .group_by(Certificate.result_id)
    )
    return dict(db.session.execute(query).all())

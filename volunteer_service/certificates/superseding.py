"""A signed supplement replaces earlier honour certificates, in its own transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from volunteer_service import journal
from volunteer_service.certificates import issuing
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.people import merged_entries
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages
from volunteer_service.scoring.ratings import frozen_facts
from volunteer_service.scoring.ratings.models import Round, RoundResult


def supersede(row: Round, by: Actor, at: datetime) -> None:
    """Revoke the valid papers of everybody in this supplement, and issue the new ones at once.

    People without one get theirs with the round's; people who lost their star are told of the
    revocation.
    """
    if not row.supplement:
        return
    _hold(row)
    revoked = issued = 0
    for batch in frozen_facts.batches(frozen_facts.kept(row.id)):
        heirs = merged_entries.heirs([person.volunteer_id for person in batch])
        standing = _standing(row, set(heirs.values()))
        for paper in standing:
            paper.revoked_at, paper.revoked_by_id = at, by.account_id
            paper.revoke_reason = f"由第{row.supplement}次补充评定取代"
        db.session.flush()
        had = {paper.volunteer_id for paper in standing}
        ids = [person.id for person in batch if heirs[person.volunteer_id] in had and person.stars]
        new = issuing.drawable(_results(ids))
        made = issuing.make(new, row, by, at, kind="certificate_replaced")
        lost = [paper for paper in standing if paper.replaced_by_id is None]
        told = ((paper.volunteer_id, {"number": paper.number}) for paper in lost)
        messages.tell_each("certificate_revoked", told, at=at)
        revoked, issued = revoked + len(standing), issued + len(made)
    journal.record(
        "certificates.supersede", row, account_id=by.account_id, door=by.door, at=at,
        revoked=revoked, issued=issued,
    )  # fmt: skip


def _hold(row: Round) -> None:
    """Lock the earlier rounds: a concurrent issue waits, and then sees what replaced the paper."""
    earlier = select(Round.id).where(
        Round.half_year == row.half_year, Round.area_id == row.area_id, Round.id != row.id
    )
    db.session.execute(earlier.order_by(Round.id).with_for_update(key_share=True)).all()


def _standing(row: Round, volunteer_ids: set[int]) -> Sequence[Certificate]:
    query = select(Certificate).where(
        Certificate.kind == "honour",
        Certificate.half_year == row.half_year,
        Certificate.revoked_at.is_(None),
        Certificate.volunteer_id.in_(volunteer_ids),
    )
    return db.session.scalars(query.order_by(Certificate.id)).all()


def _results(ids: list[int]) -> Sequence[RoundResult]:
    query = select(RoundResult).where(RoundResult.id.in_(ids)).order_by(RoundResult.id)
    return db.session.scalars(query.options(joinedload(RoundResult.volunteer))).all()

"""The doctor of papers: a valid honour certificate says what the final result under it says."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from volunteer_service.certificates import signing
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.scoring.points.doctor import Difference
from volunteer_service.scoring.ratings import frozen_facts
from volunteer_service.scoring.ratings.models import RoundResult

AGREES = "a certificate says what its final result says"
SIGNED = "a certificate carries its own signature"


def doctor() -> list[Difference]:
    """Return the valid papers whose star, minutes or half-year are not those of a final result, or
    whose words were changed after they were signed.
    """
    return [*_results(), *_signatures()]


def _results() -> Iterator[Difference]:
    query = (
        select(Certificate, RoundResult)
        .join(RoundResult, RoundResult.id == Certificate.result_id)
        .options(joinedload(RoundResult.round))
        .where(Certificate.kind == "honour", Certificate.revoked_at.is_(None))
        .order_by(Certificate.id)
    )
    for paper, result in db.session.execute(query.execution_options(yield_per=1000)):
        minutes = frozen_facts.effective(result).confirmed_minutes
        half_year, words = result.round.half_year, signing.read(paper.words)
        said = paper.half_year, paper.rated_id, words["stars"], words["minutes"], "final"
        computed = half_year, result.volunteer_id, result.stars, minutes, result.round.state
        if said != computed:
            yield Difference(AGREES, f"certificates/{paper.id}", str(said), str(computed))


def _signatures() -> Iterator[Difference]:
    # Of a paper without a key nothing is known: its key was gone before there was a ring.
    query = select(Certificate).options(joinedload(Certificate.key))
    query = query.where(Certificate.key_id.is_not(None)).order_by(Certificate.id)
    for paper in db.session.scalars(query.execution_options(yield_per=1000)):
        if not signing.is_signed(paper):
            yield Difference(SIGNED, f"certificates/{paper.id}", paper.signature[:16], "another")

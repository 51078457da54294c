"""Reads certificates, for their owners and for staff."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import joinedload

from volunteer_service.areas.models import Area
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.identifiers.check_characters import normalise
from volunteer_service.paging import Page, Sorts, on_days, page
from volunteer_service.people.authorization import rights, rights_over_people
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.rules.half_years import HalfYear

SORTS = Sorts(
    Certificate.id, "-issued_at", issued_at=Certificate.issued_at, number=Certificate.number
)


@dataclass(frozen=True, kw_only=True)
class CertificateFilter:
    """Which certificates a list shows, by the local day on which they were issued."""

    kind: str | None = None
    state: str | None = None
    round_id: int | None = None
    half_year: HalfYear | None = None
    volunteer_id: int | None = None
    from_on: date | None = None
    to_on: date | None = None
    mine: bool = False


def by_number(number: str) -> Certificate:
    """Return the certificate of this number or raise ``NotFound``."""
    query = select(Certificate).where(Certificate.number == normalise(number))
    found = db.session.scalars(query.options(joinedload(Certificate.volunteer))).one_or_none()
    if found is None:
        raise NotFound()
    return found


def readable(number: str, by: Actor) -> Certificate:
    """Return the certificate, for its owner and for staff who may see ratings of its area."""
    certificate = by_number(number)
    if by.volunteer_id is None or by.volunteer_id != certificate.volunteer_id:
        need_in_care(certificate, Right.RATING_SEE, by=by)
    return certificate


def need_in_care(certificate: Certificate, right: Right, *, by: Actor) -> None:
    """Pass for an actor who holds the right over the round's area, or over the owner's home."""
    rights_over_people.need_at_home(by, right, area_path_of(certificate))


def is_in_care(certificate: Certificate, right: Right, *, by: Actor) -> bool:
    """Tell whether :func:`need_in_care` passes."""
    return rights_over_people.may_at_home(by, right, area_path_of(certificate))


def area_path_of(certificate: Certificate) -> str | None:
    """Return where it belongs: the round's area, or the owner's home for a service record."""
    if certificate.result_id is None:
        return rights_over_people.home_of(certificate.volunteer_id)
    return db.session.scalar(
        select(Area.path)
        .join(Round, Round.area_id == Area.id)
        .join(RoundResult, RoundResult.round_id == Round.id)
        .where(RoundResult.id == certificate.result_id)
    )


def of_volunteer(volunteer_id: int) -> Sequence[Certificate]:
    """Return a person's certificates, newest first."""
    query = (
        select(Certificate)
        .where(Certificate.volunteer_id == volunteer_id)
        .order_by(Certificate.id.desc())
    )
    return db.session.scalars(query).all()


def of_results(result_ids: Sequence[int]) -> dict[int, Certificate]:
    """Return the newest certificate of each of these results."""
    query = (
        select(Certificate).where(Certificate.result_id.in_(result_ids)).order_by(Certificate.issue)
    )
    return {found.result_id: found for found in db.session.scalars(query) if found.result_id}


def listed(
    by: Actor,
    wanted: CertificateFilter = CertificateFilter(),
    *,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Certificate]:
    """Return certificates that the actor may see, newest first: their own, and those of their
    areas.
    """
    own = Certificate.volunteer_id == (by.volunteer_id or 0)
    seen = own if wanted.mine else seen_by(by)
    query = select(Certificate).where(seen, *_wanted(wanted))
    return page(query, SORTS, sort=sort, cursor=cursor, limit=limit)


def seen_by(by: Actor) -> ColumnElement[bool]:
    """Return the WHERE of certificates that the actor may see: own ones, and those of their
    areas.
    """
    return or_(Certificate.volunteer_id == (by.volunteer_id or 0), _in_care(by))


def _wanted(wanted: CertificateFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.kind:
        yield Certificate.kind == wanted.kind
    if wanted.state:
        stands = Certificate.revoked_at.is_(None)
        yield stands if wanted.state == "valid" else ~stands
    if wanted.volunteer_id is not None:
        yield Certificate.volunteer_id == wanted.volunteer_id
    results = select(RoundResult.id).join(RoundResult.round)
    if wanted.round_id is not None:
        yield Certificate.result_id.in_(results.where(Round.id == wanted.round_id))
    if wanted.half_year is not None:
        yield Certificate.result_id.in_(results.where(Round.half_year == str(wanted.half_year)))
    yield from on_days(Certificate.issued_at, wanted.from_on, wanted.to_on)


def _in_care(by: Actor) -> ColumnElement[bool]:
    paths, _teams = rights.places(by, Right.RATING_SEE)
    if not paths:
        return false()
    areas = select(Area.id).where(
        or_(*(Area.path.startswith(path, autoescape=True) for path in paths))
    )
    results = (
        select(RoundResult.id)
        .join(Round, Round.id == RoundResult.round_id)
        .where(Round.area_id.in_(areas))
    )
    at_home = select(Volunteer.id).where(rights_over_people.living_under(by, Right.RATING_SEE))
    return or_(
        Certificate.result_id.in_(results),
        Certificate.result_id.is_(None) & Certificate.volunteer_id.in_(at_home),
    )

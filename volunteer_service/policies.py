"""Reads and adds versions of the programme's numbers; attendance, points and ratings read the one
in force here.

Versions are only added (triggers); a term says where and since when a version holds. Version 1, the
standing policy, comes with the migrations.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Row, String, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service import settings
from volunteer_service.db import Base, db
from volunteer_service.errors import Conflict, Invalid, NotFound, WrittenByNewerProgram
from volunteer_service.scoring.rules import formats, sense
from volunteer_service.scoring.rules.formats import NewerFormat
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import BadPolicy, Policy, policy_hash
from volunteer_service.visible_text import said

TERM_STATES = ("proposed", "active", "refused")


class PolicyVersion(Base):
    """One version of the programme's numbers (rules.policy); versions are only ever added."""

    __tablename__ = "policies"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    numbers: Mapped[dict[str, Any]]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    term: Mapped["PolicyTerm | None"] = relationship(
        lazy="joined", back_populates="numbers", foreign_keys="PolicyTerm.version"
    )

    @property
    def id(self) -> int:
        """The version, by which the journal names it."""
        return self.version

    @property
    def policy(self) -> Policy:
        """Return the numbers as the rules read them, whichever format they were written in."""
        return _read(self.numbers)


class PolicyTerm(Base):
    """Where and since when a version holds; a version without an active term holds nowhere.

    Rounds of ``half_year`` and later ones take it; without an area it holds everywhere, and its
    numbers other than the rating's hold from the local day ``from_on`` on, when ``has_begun``
    becomes true.
    """

    __tablename__ = "policy_terms"
    __table_args__ = (CheckConstraint(f"state IN {TERM_STATES}", name="state"),)

    version: Mapped[int] = mapped_column(
        ForeignKey("policies.version"), primary_key=True, autoincrement=False
    )
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    #: The version whose numbers it changes; None for the first version and for those older than
    #: terms.
    based_on: Mapped[int | None] = mapped_column(ForeignKey("policies.version"))
    half_year: Mapped[str] = mapped_column(String(6))
    from_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(8))
    has_begun: Mapped[bool]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str | None] = mapped_column(String(200))

    numbers: Mapped[PolicyVersion] = relationship(back_populates="term", foreign_keys=[version])


_EVERYWHERE = (PolicyTerm.area_id.is_(None), PolicyTerm.state == "active")
#: Hash of the policy that holds everywhere now: the newest that has begun. Larger queries use it as
#: a column.
ACTIVE_HASH = (
    select(PolicyVersion.hash)
    .join(PolicyTerm, PolicyTerm.version == PolicyVersion.version)
    .where(*_EVERYWHERE, PolicyTerm.has_begun)
    .order_by(PolicyVersion.version.desc())
    .limit(1)
)


def active() -> Policy:
    """Return the policy that holds everywhere now (one small query)."""
    return by_hash(db.session.scalars(ACTIVE_HASH).one())


def newest() -> Policy:
    """Return the newest policy that is in force everywhere, now or from a later day on."""
    query = select(PolicyVersion.hash).join(PolicyTerm, PolicyTerm.version == PolicyVersion.version)
    query = query.where(*_EVERYWHERE).order_by(PolicyVersion.version.desc()).limit(1)
    return by_hash(db.session.scalars(query).one())


def of_round(area_path: str, half_year: HalfYear) -> Policy:
    """Return the policy by which an area rates a half-year: its own, or the nearest one above.

    Of several it is the newest that begins with this half-year or before.
    """
    above = [int(part) for part in area_path.strip("/").split("/") if part]
    query = (
        select(PolicyVersion.hash, PolicyTerm.area_id, PolicyTerm.half_year, PolicyVersion.version)
        .join(PolicyTerm, PolicyTerm.version == PolicyVersion.version)
        .where(
            PolicyTerm.state == "active",
            PolicyTerm.half_year <= str(half_year),
            or_(PolicyTerm.area_id.is_(None), PolicyTerm.area_id.in_(above)),
        )
    )

    def nearness(row: Any) -> tuple[int, str, int]:
        depth = -1 if row.area_id is None else above.index(row.area_id)
        return depth, row.half_year, row.version

    return by_hash(max(db.session.execute(query).all(), key=nearness).hash)


#: Numbers that prevent one person from acting alone, and which end of each is the stricter one.
GUARDS: Mapping[str, Callable[..., int]] = {
    "adjust_alone_centi": min,
    "adjust_member_centi": min,
    "adjust_account_centi": min,
    "adjust_days": max,
    "independence_days": max,
    "complaint_reply_days": max,
    "import_alone_records": min,
    "correct_alone_minutes": min,
    "merge_alone_minutes": min,
    "household_most": min,
    "household_days": max,
}
_LONGEST_INDEPENDENCE = timedelta(days=366)


def guarding(at: datetime) -> Policy:
    """Return the policy that holds now, with the numbers of :data:`GUARDS` as they apply: a
    stricter one at once, a looser one after ``independence_days``.

    Otherwise one admin could loosen a number, act alone, and put it back. The operator's numbers
    apply at once.
    """
    query = (
        select(PolicyVersion.hash, PolicyTerm.decided_at.label("at"), PolicyVersion.account_id)
        .join(PolicyTerm, PolicyTerm.version == PolicyVersion.version)
        .where(*_EVERYWHERE, PolicyTerm.has_begun)
    )
    rows = db.session.execute(query.order_by(PolicyVersion.version.desc())).all()
    lately = _since(rows, at - _LONGEST_INDEPENDENCE)
    days = max(each.independence_days for each in lately)
    held = _since(rows, at - timedelta(days=days))
    if len(held) == 1:
        return held[0]
    strict = {name: end(getattr(each, name) for each in held) for name, end in GUARDS.items()}
    return Policy.from_dict(held[0].to_dict() | strict)


def _since(rows: Iterable[Row[str, datetime | None, int | None]], since: datetime) -> list[Policy]:
    """Return the policies in force since then, newest first; none before one that the operator
    set.
    """
    found = []
    for row in rows:
        found.append(by_hash(row.hash))
        if row.account_id is None or row.at is None or row.at <= since:
            break
    return found


def of(version: int) -> Policy:
    """Return the policy of this version, which never changes; ``NotFound`` if there is none."""
    found = db.session.scalar(select(PolicyVersion.hash).where(PolicyVersion.version == version))
    if found is None:
        raise NotFound()
    return by_hash(found)


def kept(version: int) -> PolicyVersion:
    """Return a version with its term; raise ``NotFound`` if there is none."""
    found = db.session.get(PolicyVersion, version)
    if found is None:
        raise NotFound()
    return found


def versions() -> Sequence[PolicyVersion]:
    """Return every version of the programme's numbers, newest first."""
    query = select(PolicyVersion).order_by(PolicyVersion.version.desc())
    return db.session.scalars(query).all()


@said("reason")
def add_version(
    changes: Mapping[str, Any],
    *,
    reason: str,
    account_id: int | None,
    at: datetime,
    expected: int | None = None,
) -> Policy:
    """Add the next version: the active policy with these numbers changed, in force at once.

    Raises as :func:`next_version`. The calling verb checks the right; a person proposes instead.
    """
    current = active()
    if expected is not None and expected != current.version:
        raise Conflict()
    row = next_version(current, changes, reason=reason, account_id=account_id, at=at)
    day = settings.local_day(at)
    row.term = PolicyTerm(
        based_on=current.version,
        half_year=str(HalfYear.of(day)),
        from_on=day,
        state="active",
        has_begun=True,
        decided_at=at,
    )
    db.session.flush()
    return row.policy


def next_version(
    current: Policy,
    changes: Mapping[str, Any],
    *,
    reason: str,
    account_id: int | None,
    at: datetime,
) -> PolicyVersion:
    """Add the next version, ``current`` with these numbers changed, in the newest format.

    It holds nowhere before it has a term. Raises ``Invalid`` naming the number that cannot be.
    """
    newest = db.session.scalar(select(func.max(PolicyVersion.version))) or 0
    numbers = current.numbers | dict(changes) | {"version": newest + 1}
    if "format" in changes:
        raise Invalid(field="format", why="政策里没有这一项")
    try:
        policy = Policy.from_dict(numbers | {"format": formats.newest(Policy)})
        sense.need_sense(policy)
    except BadPolicy as bad:
        raise Invalid(field=bad.field, why=bad.why, **bad.bounds) from None
    row = PolicyVersion(
        version=policy.version,
        numbers=policy.to_dict(),
        hash=policy_hash(policy),
        reason=reason,
        at=at,
        account_id=account_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


@lru_cache(maxsize=64)
def by_hash(hash_: str) -> Policy:
    """Return the policy with this hash."""
    # A version never changes and its hash covers it, so each process reads the numbers once.
    query = select(PolicyVersion.numbers).where(PolicyVersion.hash == hash_)
    return _read(db.session.scalars(query).one())


def _read(numbers: Mapping[str, Any]) -> Policy:
    try:
        return Policy.from_dict(numbers)
    except NewerFormat as newer:
        raise WrittenByNewerProgram(format=newer.number, known=newer.known) from None

"""The versions of the programme's numbers: attendance, points and ratings read the one in force
here.

Versions are only ever added (triggers); the newest holds. Version 1, the standing policy, comes
with the migrations.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ForeignKey, Row, String, select
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, db
from volunteer_service.errors import Conflict, Invalid, NotFound, WrittenByNewerProgram
from volunteer_service.scoring.rules import formats
from volunteer_service.scoring.rules.formats import NewerFormat
from volunteer_service.scoring.rules.policy import BadPolicy, Policy, policy_hash
from volunteer_service.visible_text import said


class PolicyVersion(Base):
    """One version of the programme's numbers (rules.policy); versions are only ever added."""

    __tablename__ = "policies"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    numbers: Mapped[dict[str, Any]]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    @property
    def policy(self) -> Policy:
        """Return the numbers as the rules read them, whichever format they were written in."""
        return _read(self.numbers)


#: Hash of the policy that holds now: the newest version. Also a column of larger queries.
ACTIVE_HASH = select(PolicyVersion.hash).order_by(PolicyVersion.version.desc()).limit(1)


def active() -> Policy:
    """Return the policy that holds now (one small query)."""
    return by_hash(db.session.scalars(ACTIVE_HASH).one())


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
    query = select(PolicyVersion.hash, PolicyVersion.at, PolicyVersion.account_id)
    rows = db.session.execute(query.order_by(PolicyVersion.version.desc())).all()
    lately = _since(rows, at - _LONGEST_INDEPENDENCE)
    days = max(each.independence_days for each in lately)
    held = _since(rows, at - timedelta(days=days))
    if len(held) == 1:
        return held[0]
    strict = {name: end(getattr(each, name) for each in held) for name, end in GUARDS.items()}
    return Policy.from_dict(held[0].to_dict() | strict)


def _since(rows: Iterable[Row[str, datetime, int | None]], since: datetime) -> list[Policy]:
    """Return the policies in force since then, newest first; none before one that the operator
    set.
    """
    found = []
    for row in rows:
        found.append(by_hash(row.hash))
        if row.account_id is None or row.at <= since:
            break
    return found


def of(version: int) -> Policy:
    """Return the policy of this version, which never changes; ``NotFound`` if there is none."""
    found = db.session.scalar(select(PolicyVersion.hash).where(PolicyVersion.version == version))
    if found is None:
        raise NotFound()
    return by_hash(found)


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
    """Add the next version: the active policy with these numbers changed, in the newest format.

    Raises ``Invalid`` naming the number that cannot be, ``Conflict`` where another version came
    since ``expected`` was read. The calling verb checks the right.
    """
    current = active()
    if expected is not None and expected != current.version:
        raise Conflict()
    numbers = current.numbers | dict(changes) | {"version": current.version + 1}
    if "format" in changes:
        raise Invalid(field="format", why="政策里没有这一项")
    try:
        policy = Policy.from_dict(numbers | {"format": formats.newest(Policy)})
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
    return policy


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

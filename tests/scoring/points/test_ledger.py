"""After any sequence of acts the doctor finds nothing, and nobody is below zero."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from tests import make
from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.scoring.points import (
    adjustments,
    balances,
    bulk_reversals,
    doctor,
    earnings,
    expiry,
    holds,
    reversals,
    seals,
)
from volunteer_service.scoring.points.models import PointsAccount, Transfer

START = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)


class Programme:
    """Two members, a few sources and orders, and a clock that runs through three years."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = START
        cast = make.cast()
        self.members = [cast.wang.id, cast.zhao.id]
        self.by = make.acting(cast.coordinator)
        self.second = make.acting(cast.second)
        self.orders = 0

    def act(self) -> None:
        self.now += timedelta(days=self.chance.choice([0, 0, 1, 40]))
        work: Callable[[], Any] = self.chance.choice(
            (self.earn,) * 3
            + (self.order, self.capture, self.reverse) * 2
            + (self.release, self.adjust, self.undo, self.expire, self.seal)
        )
        try:
            with db.session.begin_nested():
                work()
        except Refused:
            pass

    def who(self) -> int:
        return self.chance.choice(self.members)

    def earn(self) -> None:
        year = self.now.year + self.chance.choice([-1, 0, 1])
        amount, source = self.chance.randint(1, 500), self.chance.randint(1, 60)
        earnings.grant(self.who(), amount, date(year, 12, 31), "record", source, at=self.now)

    def order(self) -> None:
        self.orders += 1
        amount = self.chance.randint(1, 600)
        holds.hold(self.who(), amount, "redemption", self.orders, at=self.now)

    def capture(self) -> None:
        holds.capture("redemption", self.any_order(), at=self.now, account_id=None)

    def release(self) -> None:
        holds.release("redemption", self.any_order(), at=self.now)

    def undo(self) -> None:
        reversals.give_back("redemption", self.any_order(), "拿错了", at=self.now, account_id=None)

    def any_order(self) -> int:
        return self.chance.randint(1, max(1, self.orders))

    def reverse(self) -> None:
        if self.chance.random() < 0.3:
            sources = range(1, 60, self.chance.randint(5, 20))
            bulk_reversals.reverse_many("record", sources, reason="撤销", by=self.by, at=self.now)
            return
        ids = db.session.scalars(select(Transfer.id)).all()
        if ids:
            reversals.reverse(self.chance.choice(ids), "记录有误", by=self.by, at=self.now)

    def adjust(self) -> None:
        amount = self.chance.choice([-6000, -200, 150, 7000])
        row = adjustments.adjust(self.who(), amount, "核对", by=self.by, at=self.now)
        if row.state == "waiting":
            adjustments.decide_adjustment(row.id, approve=True, by=self.second, at=self.now)

    def expire(self) -> None:
        expiry.expire_due(at=self.now)

    def seal(self) -> None:
        seals.seal(at=self.now)


@pytest.mark.parametrize("seed", range(12))
def test_any_sequence_leaves_the_books_straight(session, seed):
    programme = Programme(seed)
    for _ in range(90):
        programme.act()
    assert doctor.doctor() == []
    for member in programme.members:
        on = settings.local_day(programme.now)
        expiry.expire_due(at=programme.now)
        standing = balances.standing(member, on)
        assert standing.available >= 0
        assert not (standing.debt and standing.available), "later points repay a debt first"
        account = db.session.scalars(
            select(PointsAccount).where(PointsAccount.volunteer_id == member)
        ).one_or_none()
        if account:
            lines = balances.statement(member, limit=200).items
            assert account.posted == (lines[0].balance if lines else 0)
            assert standing.available + standing.held == account.posted
            assert account.posted == (
                standing.earned - standing.spent - standing.expired + standing.debt
            )


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        ("UPDATE points_accounts SET posted = posted + 5 WHERE id = {member}", "posted = cr"),
        ("UPDATE points_accounts SET version = version + 1 WHERE id = {member}", "versions"),
        ("UPDATE points_accounts SET debt = 3 WHERE id = {member}", "debt ="),
        ("UPDATE points_accounts SET held = held + 1 WHERE id = {member}", "held ="),
        ("UPDATE lots SET remaining = remaining - 1", "a lot ="),
        ("UPDATE holds SET amount = amount + 1", "a hold ="),
        ("UPDATE seals SET head = 'x'", "the seal"),
        ("UPDATE transfers SET reason = 'x'", "the seal"),
        ("DELETE FROM transfers", "the seal"),
    ],
)
def test_the_doctor_names_what_was_tampered_with(session, spoil, check):
    wang = make.cast().wang
    earnings.grant(wang.id, 500, date(2027, 12, 31), "record", 1, at=START)
    holds.hold(wang.id, 100, "redemption", 1, at=START)
    seals.seal(at=START)
    _another_transaction_ended()
    seals.seal(at=START)
    assert doctor.doctor() == []
    member = db.session.scalar(
        select(PointsAccount.id).where(PointsAccount.volunteer_id == wang.id)
    )
    _without_triggers()
    db.session.execute(text(spoil.format(member=member)))
    assert any(found.check.startswith(check) for found in doctor.doctor())


@pytest.mark.parametrize("table", ["transfers", "lot_moves", "seals"])
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_the_database_refuses_to_change_the_ledger(session, table, act):
    wang = make.cast().wang
    earnings.grant(wang.id, 500, date(2027, 12, 31), "record", 1, at=START)
    holds.hold(wang.id, 100, "redemption", 1, at=START)
    holds.capture("redemption", 1, at=START, account_id=None)
    seals.seal(at=START)
    column = {"transfers": "amount", "lot_moves": "amount", "seals": "head"}[table]
    with pytest.raises(Exception, match="append-only"), db.session.begin_nested():
        db.session.execute(text(act.format(table, column)))


def _another_transaction_ended() -> None:
    # The seal waits for every transaction that was open at its mark: this test's own is one.
    db.session.commit()


def _without_triggers() -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
        return
    for table in ("transfers", "seals"):
        for act in ("update", "delete"):
            db.session.execute(text(f"DROP TRIGGER {table}_no_{act}"))

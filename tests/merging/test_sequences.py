"""After any sequence of earning, ordering, reversing, merging and undoing nobody gains or loses."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from tests import make
from tests.make_merging import merge, undo
from tests.make_points import FRIDAY
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.merging import doctor, steps
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.scoring.points import doctor as points_doctor
from volunteer_service.scoring.points import earnings, holds, reversals
from volunteer_service.scoring.points.models import Hold, Transfer

YEARS = (date(2027, 12, 31), date(2028, 12, 31))


class Entries:
    """Four entries of one person, and what each has by a sum of its own."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.cast = make.cast()
        self.at = FRIDAY
        same = {"team": self.cast.team, "phone": "17000009999"}
        self.people = [make.volunteer("张伟", **same) for _ in range(4)]
        self.worth = {row.id: 0 for row in self.people}
        self.serial = 0
        self.done: set[str] = set()

    def act(self) -> None:
        self.at += timedelta(hours=self.chance.choice([0, 1, 9]))
        work: Callable[[], Any] = self.chance.choice(
            (self.earn,) * 3 + (self.order, self.end, self.reverse, self.merge, self.undo) * 2
        )
        worth = dict(self.worth)
        try:
            with db.session.begin_nested():
                work()
        except Refused:
            self.worth = worth
        else:
            self.done.add(work.__name__)
        db.session.expire_all()

    def goes_on(self) -> int:
        return self.chance.choice([row.id for row in self.people if row.merged_into_id is None])

    def earn(self) -> None:
        who, amount = self.goes_on(), self.chance.randint(1, 500)
        self.serial += 1
        self.worth[who] += amount
        earnings.grant(who, amount, self.chance.choice(YEARS), "record", self.serial, at=self.at)

    def order(self) -> None:
        self.serial += 1
        holds.hold(
            self.goes_on(), self.chance.randint(1, 600), "redemption", self.serial, at=self.at
        )

    def end(self) -> None:
        query = select(Hold).where(Hold.state == "open")
        open_ = db.session.scalars(query.order_by(Hold.id)).all()
        if open_:
            row = self.chance.choice(open_)
            if self.chance.random() < 0.3:
                holds.release("redemption", row.source_id, at=self.at)
                return
            self.worth[self.owner(row.points_account_id)] -= row.amount
            holds.capture("redemption", row.source_id, at=self.at, account_id=None)

    def reverse(self) -> None:
        earned = select(Transfer).where(Transfer.kind == "earn").order_by(Transfer.id)
        rows = db.session.scalars(earned).all()
        if rows:
            row = self.chance.choice(rows)
            self.worth[self.owner(row.credit_id)] -= row.amount
            by = make.acting(self.cast.coordinator)
            reversals.take_back(row.id, "记录有误", by=by, at=self.at)

    def merge(self) -> None:
        kept, other = self.chance.sample(self.people, 2)
        row = merge(self.cast, kept, other, at=self.at)
        if row.state == "waiting":
            by = make.acting(self.cast.second)
            steps.decide_merging(row.id, approve=True, by=by, at=self.at)

    def undo(self) -> None:
        rows = db.session.scalars(select(Merging).where(Merging.state == "done")).all()
        if rows:
            undo(self.cast, self.chance.choice(rows), at=self.at)

    @staticmethod
    def owner(account_id: int) -> int:
        owner = text("SELECT volunteer_id FROM points_accounts WHERE id = :id")
        return int(db.session.execute(owner, {"id": account_id}).scalar_one())

    def stored(self) -> dict[int, int]:
        """What each entry's account has, by the transfers alone; debts are subtracted."""
        query = text(
            """
            SELECT a.volunteer_id, SUM(CASE WHEN t.credit_id = a.id THEN t.amount ELSE -t.amount END
                * CASE WHEN t.kind IN ('debt', 'repay') THEN 0 ELSE 1 END)
            FROM points_accounts a JOIN transfers t ON a.id IN (t.credit_id, t.debit_id)
            WHERE a.volunteer_id IS NOT NULL GROUP BY a.volunteer_id
            """
        )
        return {id_: int(total) for id_, total in db.session.execute(query)}


@pytest.mark.parametrize("seed", range(4, 10))
def test_nobody_gains_or_loses(session, seed) -> None:
    run = Entries(seed)
    for _ in range(90):
        run.act()
        stored = run.stored()
        for row in run.people:
            mine = [each for each in run.people if (each.merged_into_id or each.id) == row.id]
            expected = sum(run.worth[each.id] for each in mine)
            assert sum(stored.get(each.id, 0) for each in mine) == expected
    assert points_doctor.doctor() + doctor.doctor() == []
    assert run.done >= {"earn", "order", "end", "reverse", "merge", "undo"}

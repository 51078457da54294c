"""Opening lots, earning, ordering, expiry and undo in any order agree with a small outside model.

The model knows nothing of the ledger: it keeps lots by day in a dictionary, and says by itself what
is spent, what becomes a debt and what is gone.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from tests import make
from volunteer_service import policies, settings
from volunteer_service.db import db
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import (
    balances,
    doctor,
    earnings,
    expiry,
    holds,
    reversals,
    seals,
)
from volunteer_service.scoring.points.hledger_export import journal_export
from volunteer_service.scoring.points.refusals import NotEnoughPoints
from volunteer_service.workbooks.judging.taken_or_refused import OpeningRow
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.taking_back import undoing
from volunteer_service.workbooks.writing.context import Context
from volunteer_service.workbooks.writing.openings import Openings

START = datetime(2026, 2, 1, 4, tzinfo=UTC)
SYSTEM = Actor.system("cli")
STEPS = 60
Lots = Counter[date]


@dataclass
class Person:
    """What one person has by the model; hundredths."""

    lots: Lots = field(default_factory=Counter)
    debt: int = 0

    def spend(self, amount: int, first: date | None = None) -> Lots:
        """Take up to ``amount``, the lot ``first`` before the oldest, and say from which."""
        taken: Lots = Counter()
        for day in sorted(self.lots, key=lambda day: (day != first, day)):
            part = min(amount - taken.total(), self.lots[day])
            taken[day] += part
        self.lots -= taken
        return +taken

    def come(self, lots: Lots, on: date) -> None:
        """Points come in: what is past its date goes, a debt is paid back first."""
        self.lots += lots
        self.expire(on)
        self.debt -= self.spend(self.debt).total()

    def expire(self, on: date) -> None:
        self.lots = Counter({day: n for day, n in self.lots.items() if day >= on and n})


@dataclass
class Order:
    who: int
    taken: Lots
    state: str = "open"


class World:
    """The service and the model beside one another, and a clock."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = START
        cast = make.cast()
        self.town = cast.town.id
        ids = cast.wang.id, cast.zhao.id, make.volunteer("陈桂英", team=cast.team).id
        self.people = {id_: Person() for id_ in ids}
        self.orders: list[Order] = []
        self.records = 0
        #: Import by import: the rows that it took over.
        self.brought: dict[int, list[OpeningRow]] = {}
        self.there: set[tuple[int, date]] = set()

    @property
    def on(self) -> date:
        return settings.local_day(self.now)

    def who(self) -> int:
        return self.chance.choice(list(self.people))

    def day(self) -> date:
        return date(self.on.year + self.chance.choice((0, 1)), self.chance.choice((6, 12)), 30)

    def act(self) -> None:
        self.now += timedelta(days=self.chance.choice((0, 0, 1, 25)))
        # Both sides let go what is past its date before anything else happens.
        while expiry.expire_due(at=self.now):
            pass
        for person in self.people.values():
            person.expire(self.on)
        acts: tuple[Callable[[], None], ...] = (
            *(self.take_over,) * 3,
            *(self.earn, self.order, self.order, self.hand_over, self.cancel, self.give_back),
            *(self.undo, self.seal),
        )
        self.chance.choice(acts)()
        self.compare()

    def take_over(self) -> None:
        wanted = {(self.who(), self.day()) for _ in range(self.chance.randint(1, 5))}
        rows = [
            OpeningRow(f"#{who}", "旧系统", amount=self.chance.randint(1, 900), on=day)
            for who, day in sorted(wanted)
            if day >= self.on
        ]
        row = Import(
            state="applied",
            sub_district="",
            area_id=self.town,
            files=[],
            created_at=self.now,
            applied_at=self.now,
        )
        db.session.add(row)
        db.session.flush()
        zone, policy = settings.current().zone, policies.active()
        context = Context(row.id, self.now, self.on, zone, policy, None)
        if rows:
            Openings(context, SYSTEM).bring_points(rows)
        # What is there already is not taken over a second time.
        new = [one for one in rows if (_id(one), one.on) not in self.there]
        self.there |= {(_id(one), one.on) for one in new if one.on}
        self.brought[row.id] = new
        for who, person in self.people.items():
            lots: Lots = Counter({one.on: one.amount for one in new if _id(one) == who and one.on})
            if lots:
                person.come(lots, self.on)

    def earn(self) -> None:
        self.records += 1
        who, amount, day = self.who(), self.chance.randint(1, 500), date(self.on.year + 1, 12, 31)
        earnings.grant(who, amount, day, "record", self.records, at=self.now)
        self.people[who].come(Counter({day: amount}), self.on)

    def order(self) -> None:
        who, amount = self.who(), self.chance.randint(1, 700)
        number = len(self.orders) + 1
        if amount > self.people[who].lots.total():
            with pytest.raises(NotEnoughPoints), db.session.begin_nested():
                holds.hold(who, amount, "redemption", number, at=self.now)
            return
        holds.hold(who, amount, "redemption", number, at=self.now)
        self.orders.append(Order(who, self.people[who].spend(amount)))

    def hand_over(self) -> None:
        for number, order in self.one_that_is("open"):
            holds.capture("redemption", number, at=self.now, account_id=None)
            order.state = "spent"

    def cancel(self) -> None:
        for number, order in self.one_that_is("open"):
            holds.release("redemption", number, at=self.now)
            order.state = "ended"
            self.people[order.who].come(order.taken, self.on)

    def give_back(self) -> None:
        for number, order in self.one_that_is("spent"):
            reversals.give_back("redemption", number, "拿错了", at=self.now, account_id=None)
            order.state = "ended"
            self.people[order.who].come(order.taken, self.on)

    def one_that_is(self, state: str) -> list[tuple[int, Order]]:
        found = [pair for pair in enumerate(self.orders, 1) if pair[1].state == state]
        return [self.chance.choice(found)] if found else []

    def undo(self) -> None:
        if not self.brought:
            return
        import_id = self.chance.choice(list(self.brought))
        undoing.undo(import_id, by=SYSTEM, at=self.now)
        rows = self.brought.pop(import_id)
        self.there -= {(_id(one), one.on) for one in rows if one.on}
        # What still lies whole in its lot goes first; the rest takes what there is.
        whole = [one for one in rows if self.people[_id(one)].lots[one.on] >= one.amount]
        for one in whole + [one for one in rows if one not in whole]:
            person, day = self.people[_id(one)], one.on or date.max
            missing = one.amount - person.spend(one.amount, first=day).total()
            person.debt += 0 if day < self.on else missing

    def seal(self) -> None:
        seals.seal(at=self.now)

    def compare(self) -> None:
        for who, person in self.people.items():
            found = balances.standing(who, self.on)
            held = sum(one.taken.total() for one in self.orders if _is_held(one, who))
            assert dict(found.expiring) == dict(+person.lots)
            assert (found.held, found.debt) == (held, person.debt)
            assert found.available == person.lots.total()


def _id(row: OpeningRow) -> int:
    return int(row.person.removeprefix("#"))


def _is_held(order: Order, who: int) -> bool:
    return order.who == who and order.state == "open"


def _replayed() -> tuple[Counter[str], dict[str, int]]:
    """Every account's sum by the exported journal, and the balances that it asserts."""
    sums: Counter[str] = Counter()
    asserted: dict[str, int] = {}
    for line in journal_export():
        if not line.startswith("    "):
            continue
        account, amount, _p, *stated = line.split()
        sums[account] += round(float(amount) * 100)
        if stated:
            asserted[account] = round(float(stated[1]) * 100)
    return sums, asserted


@pytest.mark.parametrize("seed", range(8))
def test_any_order_agrees_with_the_model(session: None, seed: int) -> None:
    world = World(seed)

    for _ in range(STEPS):
        world.act()

    assert doctor.doctor() == []
    sums, asserted = _replayed()
    assert sums.total() == 0
    assert asserted == {name: sums[name] for name in asserted}
    standing = sum(one.amount for rows in world.brought.values() for one in rows)
    assert -sums["points:opening"] == standing

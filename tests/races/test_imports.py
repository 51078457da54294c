"""An import is brought in once and taken back once, whoever else presses the button."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.racing import at_once, overlapped, sound, verb
from tests.workbooks import log, town
from tests.workbooks.town import NOON, SYSTEM
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points import balances
from volunteer_service.scoring.points.models import PointsAccount
from volunteer_service.scoring.rewards import orders
from volunteer_service.scoring.rewards.models import Gift, Redemption
from volunteer_service.workbooks import applying, approval
from volunteer_service.workbooks.handing_in import same_files
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.stored_files import Upload
from volunteer_service.workbooks.taking_back import undoing


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return town.files_of(tmp_path / "street")


def handed_in(app: Flask, paths: list[Path], *, applied: bool = False) -> int:
    def hand_in() -> int:
        row = town.previewed(paths)
        return applying.apply(row.id, by=SYSTEM, at=NOON).id if applied else row.id

    found: int = verb(app, hand_in)()
    return found


def apply(import_id: int) -> Callable[[], Any]:
    return lambda: applying.apply(import_id, by=SYSTEM, at=NOON).state


def undo(import_id: int) -> Callable[[], Any]:
    return lambda: undoing.undo(import_id, by=SYSTEM, at=NOON).state


def state(app: Flask, import_id: int) -> str:
    with app.app_context(), transaction(write=False):
        return db.session.get_one(Import, import_id).state


def sums(app: Flask) -> tuple[int, int]:
    with app.app_context(), transaction(write=False):
        return town.sums()


def test_it_is_brought_in_once(app: Flask, paths: list[Path]) -> None:
    number = handed_in(app, paths)
    said = at_once([verb(app, apply(number))] * 3)
    assert sorted(said) == ["applied"] + ["import_not_ready"] * 2
    with app.app_context(), transaction(write=False):
        earned = db.session.scalar(select(func.sum(PointsAccount.posted)))
        people = db.session.scalar(select(func.count(Volunteer.id)))
        keys = select(func.count(ServiceRecord.source_key.distinct()))
        assert db.session.scalar(keys) == town.sums()[1] > 0
    assert earned
    assert people
    sound(app)


def test_bringing_in_what_another_brings_in(app: Flask, paths: list[Path]) -> None:
    number = handed_in(app, paths)
    assert overlapped(app, apply(number), apply(number)) == ("applied", "import_not_ready")
    sound(app)


def test_the_same_files_handed_in_twice_and_applied_at_once_double_nothing(
    app: Flask, paths: list[Path]
) -> None:
    numbers = [handed_in(app, paths), handed_in(app, paths)]
    assert overlapped(app, apply(numbers[0]), apply(numbers[1])) == ("applied", "applied")
    once = sums(app)
    with app.app_context(), transaction(write=False):
        owners = select(func.count(ServiceRecord.import_id.distinct()))
        assert db.session.scalar(owners) == 1
    assert once[1] > 0
    sound(app)


def test_two_clerks_hand_in_the_same_files_at_once(app: Flask, paths: list[Path]) -> None:
    def hand_in() -> int:
        with ExitStack() as stack:
            files = [Upload(path.name, stack.enter_context(path.open("rb"))) for path in paths]
            return same_files.hand_in(files, by=SYSTEM, at=NOON).row.id

    assert len(set(at_once([verb(app, hand_in)] * 3))) == 1
    with app.app_context(), transaction():
        (row,) = db.session.scalars(select(Import)).all()
        row.state = "failed"
        before = row.id
    first, second = overlapped(app, hand_in, hand_in)
    assert first == second != before


def test_it_is_taken_back_once(app: Flask, paths: list[Path]) -> None:
    number = handed_in(app, paths, applied=True)
    assert overlapped(app, undo(number), undo(number)) == ("undone", "import_not_ready")
    assert sums(app) == (0, 0)
    sound(app)


def test_taking_back_what_is_being_brought_in(app: Flask, paths: list[Path]) -> None:
    number = handed_in(app, paths)
    brought, taken_back = overlapped(app, apply(number), undo(number))
    assert brought == "applied"
    # Either it came too early and was told, or it waited and took back the whole.
    assert taken_back in ("import_not_ready", "undone")
    assert (state(app, number) == "undone") == (sums(app) == (0, 0))
    sound(app)


def test_an_order_while_the_import_of_its_points_is_taken_back(
    app: Flask, paths: list[Path]
) -> None:
    number = handed_in(app, paths, applied=True)
    with app.app_context():
        with transaction():
            gift = db.session.scalars(select(Gift.id).where(Gift.name == "香皂")).one()
            richest = select(PointsAccount.volunteer_id).order_by(PointsAccount.posted.desc())
            who = db.session.scalar(richest.where(PointsAccount.volunteer_id.is_not(None))) or 0
            person = db.session.get_one(Volunteer, who)
            buyer = make.acting(make.account("buyer", "买家", volunteer=person))
        db.session.remove()

    def order() -> str:
        return orders.order(gift, 1, who, stars=0, by=buyer, at=NOON)[0].state

    before = sums(app)
    assert overlapped(app, order, undo(number)) == ("ordered", "import_built_upon")
    assert sums(app) == before
    assert state(app, number) == "applied"
    with app.app_context(), transaction(write=False):
        assert db.session.scalars(select(Redemption.state)).all() == ["ordered"]
        assert balances.standing(who, NOON.date()).held > 0
    sound(app)


def test_nobody_orders_from_what_is_being_taken_back(app: Flask, paths: list[Path]) -> None:
    number = handed_in(app, paths, applied=True)
    with app.app_context(), transaction(write=False):
        gift = db.session.scalars(select(Gift.id).where(Gift.name == "香皂")).one()
        richest = select(PointsAccount.volunteer_id).order_by(PointsAccount.posted.desc())
        who = db.session.scalar(richest.where(PointsAccount.volunteer_id.is_not(None))) or 0

    def order() -> str:
        return orders.order(gift, 1, who, stars=0, by=SYSTEM, at=NOON)[0].state

    undone, told = overlapped(app, undo(number), order)
    assert undone == "undone"
    assert told in ("not_found", "gift_not_offered", "not_enough_points")
    with app.app_context(), transaction(write=False):
        assert db.session.scalars(select(Redemption.id)).all() == []
    sound(app)


@pytest.fixture
def logs(app: Flask, tmp_path: Path) -> Callable[..., tuple[list[int], Actor, Actor]]:
    """Logs of so many days each that 周静 handed in; 周静 and 钱伟."""

    def hand_in(*days: int) -> tuple[list[int], Actor, Actor]:
        with app.app_context(), transaction():
            cast = make.cast()
            first, second = make.acting(cast.coordinator), make.acting(cast.second)
            numbers = []
            for n, count in enumerate(days):
                since = log.FIRST.replace(year=2020 + n)
                path = log.of_wang(tmp_path / f"{n}.xlsx", cast, count, first=since)
                numbers.append(town.previewed([path], first, area_id=cast.town.id).id)
        return numbers, first, second

    return hand_in


def test_two_logs_at_once_are_counted_together(app: Flask, logs) -> None:
    numbers, first, _ = logs(60, 60)

    def begin(number: int) -> Callable[[], str]:
        return lambda: applying.begin(number, by=first, at=NOON).state

    said = overlapped(app, begin(numbers[0]), begin(numbers[1]))

    assert said == ("applying", "import_needs_second")


def test_two_approve_at_once(app: Flask, logs) -> None:
    (number,), first, second = logs(101)
    verb(app, lambda: approval.ask(number, by=first, at=NOON).id)()

    def approve() -> str:
        return applying.apply(number, by=second, at=NOON).state

    assert overlapped(app, approve, approve) == ("applied", "import_not_ready")
    assert sums(app)[1] == 101
    sound(app)


def test_approving_what_is_being_taken_back(app: Flask, logs) -> None:
    (number,), first, second = logs(101)
    verb(app, lambda: approval.ask(number, by=first, at=NOON).id)()

    def withdraw() -> str:
        return approval.withdraw(number, by=first, at=NOON).state

    def approve() -> str:
        return applying.approve(number, by=second, at=NOON).state

    assert overlapped(app, withdraw, approve) == ("previewed", "import_not_ready")
    assert state(app, number) == "previewed"
    verb(app, lambda: approval.ask(number, by=first, at=NOON).id)()
    assert overlapped(app, approve, withdraw) == ("applying", "import_not_ready")
    assert state(app, number) == "applying"


def test_refusing_what_is_being_approved(app: Flask, logs) -> None:
    (number,), first, second = logs(101)
    verb(app, lambda: approval.ask(number, by=first, at=NOON).id)()

    def refuse() -> str:
        return approval.refuse(number, "不对", by=second, at=NOON).state

    def approve() -> str:
        return applying.apply(number, by=second, at=NOON).state

    assert overlapped(app, approve, refuse) == ("applied", "import_not_ready")
    assert sums(app)[1] == 101
    sound(app)

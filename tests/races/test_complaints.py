"""A complaint is decided once, and no reply slips in behind the decision."""

from datetime import date, timedelta

import pytest
from flask import Flask

from tests import make
from tests.make import MORNING, acting
from tests.racing import at_once, overlapped, verb
from volunteer_service.attendance import complaints
from volunteer_service.attendance.models import Complaint
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Message

AFTER = MORNING + timedelta(days=8)

Town = tuple[int, Actor, Actor, Actor]


@pytest.fixture
def town(app: Flask) -> Town:
    with app.app_context():
        with transaction():
            cast = make.cast()
            row = complaints.complain(
                cast.wang.id,
                happened_on=date(2026, 5, 15),
                words="迟到",
                by=acting(cast.coordinator),
                at=MORNING,
            )
            found = (
                row.id,
                acting(cast.second),
                acting(cast.admin),
                acting(cast.wang_account),
            )
        db.session.remove()
    return found


def decide(town: Town, by: Actor, *, upheld: bool):
    return lambda: complaints.decide_complaint(town[0], upheld=upheld, by=by, at=AFTER).state


def test_two_who_decide_at_once_decide_it_once(app: Flask, town: Town) -> None:
    works = [decide(town, by, upheld=upheld) for by in town[1:3] for upheld in (True, False)]
    said = at_once([verb(app, work) for work in works])
    assert sorted(said, key=lambda word: word == "dispute_decided")[1:] == ["dispute_decided"] * 3
    with app.app_context(), transaction(write=False):
        told = db.session.scalars(db.select(Message).where(Message.kind == "complaint_decided"))
        assert len(told.all()) == 1


def test_no_reply_slips_in_behind_the_decision(app: Flask, town: Town) -> None:
    id_, second, _admin, wang = town

    def reply() -> bool:
        return complaints.reply(id_, words="堵车", by=wang, at=AFTER).is_answered

    first = decide(town, second, upheld=False)
    assert overlapped(app, first, reply) == ("dismissed", "dispute_decided")
    with app.app_context(), transaction(write=False):
        assert db.session.get_one(Complaint, id_).reply is None

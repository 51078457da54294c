"""The outbox: written with the act, sent after it, tried again, never lost, sent at most twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import mail_server, make
from tests.mail_server import TAKEN, Postbox
from tests.make import MORNING, acting
from volunteer_service.db import db, transaction
from volunteer_service.outbox import sending
from volunteer_service.outbox.doors import doors_of
from volunteer_service.outbox.models import Delivery, DoorState
from volunteer_service.outbox.refusals import DoorNotPaused, NotDead
from volunteer_service.outbox.sending import Office
from volunteer_service.people.messages import message_choices, messages, stuck_deliveries
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.models import Message
from volunteer_service.settings.doors import Doors, MailServer
from volunteer_service.teams import team_robots
from volunteer_service.web.shared import letters

MINUTE = timedelta(minutes=1)


@pytest.fixture
def served(app: Flask) -> Iterator[tuple[Postbox, MailServer]]:
    """The application with a mail server that answers."""
    before = app.extensions["settings"]
    with mail_server.running() as (box, server), app.app_context():
        app.extensions["settings"] = replace(before, doors=Doors(mail=server))
        try:
            yield box, server
        finally:
            app.extensions["settings"] = before
            db.session.remove()


@pytest.fixture
def box(served: tuple[Postbox, MailServer]) -> Postbox:
    return served[0]


@pytest.fixture
def cast(served: tuple[Postbox, MailServer]) -> make.Cast:
    """王建国 has an address that he confirmed; 赵芳 has one that she did not."""
    with transaction():
        found = make.cast()
        for person, email in ((found.wang, "wang@example.cn"), (found.zhao, "zhao@example.cn")):
            row = MessageSettings(volunteer_id=person.id, email=email, off=[])
            row.email_confirmed_at = MORNING if person is found.wang else None
            db.session.add(row)
    return found


def office(server: MailServer, at: datetime) -> Office:
    return Office(
        doors=doors_of(Doors(mail=server)),
        compose=letters.compose,
        tell_paused=stuck_deliveries.tell_paused,
        own_address=team_robots.answered,
        now=lambda: at,
    )


def told(cast: make.Cast, at: datetime = MORNING, points: int = 1250) -> None:
    with transaction():
        messages.tell(cast.wang.id, "points_adjusted", at=at, points=points)


def only() -> Delivery:
    db.session.expire_all()
    return db.session.scalars(select(Delivery)).one()


def test_what_is_told_is_sent_after_the_commit(
    cast: make.Cast, served: tuple[Postbox, MailServer]
) -> None:
    box, server = served
    told(cast)
    assert box.letters == []
    assert sending.send_due(office(server, MORNING)) == {"sent": 1}
    (letter,) = box.letters
    assert box.recipients == ["wang@example.cn"]
    assert letter["Subject"] == "您的积分有新消息"
    assert "+12.50" in letter.get_content()
    assert "http://localhost/my/points" in letter.get_content()
    assert (only().state, only().tries) == ("sent", 1)
    assert sending.send_due(office(server, MORNING + MINUTE)) == {}
    assert len(box.letters) == 1


def test_an_act_that_is_taken_back_leaves_nothing_in_the_outbox(cast: make.Cast) -> None:
    def fails() -> None:
        with transaction():
            messages.tell(cast.wang.id, "points_adjusted", at=MORNING, points=1)
            raise LookupError

    with pytest.raises(LookupError):
        fails()
    assert db.session.scalars(select(Delivery)).all() == []
    assert db.session.scalars(select(Message)).all() == []


def test_only_a_confirmed_address_gets_anything(
    cast: make.Cast, served: tuple[Postbox, MailServer]
) -> None:
    with transaction():
        nobody = make.volunteer("周静")
        everybody = [(person.id, {"points": 1}) for person in (cast.wang, cast.zhao, nobody)]
        messages.tell_each("points_adjusted", everybody, at=MORNING)
    assert len(db.session.scalars(select(Message)).all()) == 3
    assert sending.send_due(office(served[1], MORNING)) == {"sent": 1}
    assert served[0].recipients == ["wang@example.cn"]


def test_a_refusal_for_now_is_tried_again_after_growing_pauses(
    cast: make.Cast, served: tuple[Postbox, MailServer]
) -> None:
    box, server = served
    told(cast)
    box.to_letter = "451 try later"
    at, pauses = MORNING, []
    for _ in range(3):
        sending.send_due(office(server, at))
        delivery = only()
        assert (delivery.state, delivery.error) == ("waiting", "smtp_451")
        pauses.append(delivery.next_at - at)
        at = delivery.next_at
    assert pauses == list(sending.PAUSES[:3])
    box.to_letter = TAKEN
    assert sending.send_due(office(server, at - MINUTE)) == {}
    assert sending.send_due(office(server, at)) == {"sent": 1}
    assert only().tries == 4


def test_an_address_that_does_not_exist_is_dead_at_once(
    cast: make.Cast, served: tuple[Postbox, MailServer]
) -> None:
    box, server = served
    told(cast)
    box.to_recipient = "550 no such user"
    assert sending.send_due(office(server, MORNING)) == {"dead": 1}
    assert (only().state, only().error) == ("dead", "smtp_550")
    state = db.session.get_one(DoorState, "email")
    assert (state.failing_since, state.failures) == (None, 0)


def test_a_letter_dies_only_where_its_door_took_others_meanwhile(
    cast: make.Cast, served: tuple[Postbox, MailServer]
) -> None:
    box, server = served
    told(cast)
    with transaction():
        delivery = only()
        delivery.tries, delivery.tried_at = sending.TRIES, MORNING
    box.to_letter = "451 try later"
    sending.send_due(office(server, MORNING))
    assert only().state == "waiting"
    with transaction():
        only().next_at = MORNING
        db.session.get_one(DoorState, "email").sent_at = MORNING + MINUTE
    sending.send_due(office(server, MORNING + 2 * MINUTE))
    assert (only().state, only().error) == ("dead", "smtp_451")


def test_a_door_that_is_away_costs_no_try_and_rests_longer_each_time(cast: make.Cast) -> None:
    told(cast)
    nobody = MailServer("127.0.0.1", 1, False, None, None, "zhiyuan@street.example.cn")
    at, pauses = MORNING, []
    for _ in range(3):
        assert sending.send_due(office(nobody, at)) == {"later": 1}
        state = db.session.get_one(DoorState, "email")
        assert state.next_at is not None
        pauses.append(state.next_at - at)
        at = state.next_at
    assert pauses == list(sending.DOOR_PAUSES[:3])
    assert (only().tries, only().state, only().error) == (0, "waiting", "ConnectionRefusedError")


def test_a_door_that_takes_nothing_for_a_day_is_paused_told_and_resumed(
    cast: make.Cast, served: tuple[Postbox, MailServer]
) -> None:
    box, server = served
    told(cast)
    box.to_letter = "451 try later"
    at = MORNING
    while (state := db.session.get(DoorState, "email")) is None or state.paused_at is None:
        sending.send_due(office(server, at))
        at += timedelta(hours=1)
        assert at < MORNING + timedelta(days=3)
        db.session.expire_all()
    assert state.paused_at - MORNING >= sending.PATIENCE
    admin = acting(cast.admin)
    said = [each.kind for each in messages.messages_of(admin).items]
    assert said == ["door_paused"]
    box.to_letter = TAKEN
    assert sending.send_due(office(server, at + timedelta(days=1))) == {}
    with transaction():
        stuck_deliveries.resume_door("email", by=admin, at=at)
        with pytest.raises(DoorNotPaused):
            stuck_deliveries.resume_door("email", by=admin, at=at)
    at = max(at, only().next_at)
    assert sending.send_due(office(server, at)) == {"sent": 1}


def test_who_is_killed_between_sending_and_writing_it_down_sends_once_more_and_no_third_time(
    cast: make.Cast, served: tuple[Postbox, MailServer]
) -> None:
    box, server = served
    told(cast)
    at = MORNING
    for sent in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            sending.send_due(replace(office(server, at), doors={"email": Killed(server)}))
        assert len(box.letters) == sent
        at += sending.LEASE + MINUTE
    assert sending.send_due(office(server, at)) == {"dead": 1}
    assert (only().error, len(box.letters)) == ("unsure", 2)
    first, second = box.letters
    assert first["Message-ID"] == second["Message-ID"]


class Killed:
    """A process that is gone right after the server took the letter."""

    def __init__(self, server: MailServer) -> None:
        self._door = doors_of(Doors(mail=server))["email"]

    def send(self, letter: sending.Letter) -> None:
        self._door.send(letter)
        raise KeyboardInterrupt


def test_a_dead_letter_is_tried_again_or_given_up_once(
    cast: make.Cast, served: tuple[Postbox, MailServer]
) -> None:
    box, server = served
    told(cast)
    box.to_recipient = "550 no such user"
    sending.send_due(office(server, MORNING))
    admin, dead = acting(cast.admin), only().id
    box.to_recipient = TAKEN
    with transaction():
        assert [each.id for each in stuck_deliveries.dead(by=admin).items] == [dead]
        stuck_deliveries.try_again(dead, by=admin, at=MORNING)
        with pytest.raises(NotDead):
            stuck_deliveries.give_up(dead, by=admin, at=MORNING)
    assert sending.send_due(office(server, MORNING)) == {"sent": 1}
    assert len(box.letters) == 1


def test_nothing_goes_out_in_quiet_hours(
    cast: make.Cast, served: tuple[Postbox, MailServer]
) -> None:
    late = MORNING.replace(hour=14)  # 22:00 in Shanghai
    told(cast, late)
    assert sending.send_due(office(served[1], late)) == {"postponed": 1}
    # 08:00 of the next day.
    assert only().next_at == MORNING.replace(hour=0) + timedelta(days=1)
    assert sending.send_due(office(served[1], only().next_at)) == {"sent": 1}


def test_what_was_read_or_left_meanwhile_is_not_sent(
    cast: make.Cast, served: tuple[Postbox, MailServer]
) -> None:
    by = acting(cast.wang_account)
    told(cast)
    with transaction():
        messages.mark_read(2**63 - 1, by=by, at=MORNING)
    assert sending.send_due(office(served[1], MORNING)) == {"dropped": 1}
    told(cast)
    with transaction():
        message_choices.leave_mail(message_choices.choices_of(by).id, at=MORNING)
    assert sending.send_due(office(served[1], MORNING)) == {"dropped": 1}
    told(cast)
    reasons = db.session.scalars(select(Delivery.error).order_by(Delivery.id)).all()
    assert reasons == ["read", "left"]
    assert served[0].letters == []


def test_a_letter_is_in_the_language_of_its_reader(
    cast: make.Cast, served: tuple[Postbox, MailServer]
) -> None:
    told(cast)
    with transaction():
        message_choices.choices_of(acting(cast.wang_account)).language = "en"
    sending.send_due(office(served[1], MORNING))
    with transaction():
        message_choices.choices_of(acting(cast.wang_account)).language = "zh"
    told(cast)
    sending.send_due(office(served[1], MORNING))
    subjects = [letter["Subject"] for letter in served[0].letters]
    assert subjects == ["News about your points", "您的积分有新消息"]

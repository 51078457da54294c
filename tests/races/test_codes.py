"""A code sent twice at the same moment is good once, by whichever door the two requests come."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.make import MORNING, PASSWORD, acting
from tests.racing import at_once, overlapped, verb
from volunteer_service import crypto
from volunteer_service.db import db, fetch, transaction
from volunteer_service.journal import Entry
from volunteer_service.people.authentication import one_time_codes, second_factors
from volunteer_service.people.authentication.second_factor_models import RecoveryCode
from volunteer_service.people.authentication.sign_in_tries import Whence
from volunteer_service.people.messages import message_choices
from volunteer_service.people.models import Account, Message

HERE, THERE = Whence("192.0.2.1", "one browser"), Whence("198.51.100.7", "another")
LATER = MORNING + timedelta(minutes=1)
REFUSED = "factor_code_refused"


@pytest.fixture
def enrolled(app: Flask) -> dict[str, Any]:
    """The coordinator with an authenticator; a one-time code for a volunteer."""
    with app.app_context():
        with transaction():
            town = make.cast()
            by = acting(town.coordinator)
            second_factors.begin_factor(PASSWORD, whence=HERE, by=by, at=MORNING)
            secret = second_factors.pending_secret(by).replace(" ", "")
            shown = pyotp.TOTP(secret).at(MORNING)
            codes = second_factors.confirm_factor(shown, whence=HERE, by=by, at=MORNING)
            found = {
                "account": town.coordinator.id,
                "by": by,
                "volunteer": acting(town.wang_account),
                "totp": pyotp.TOTP(secret).at(LATER),
                "recovery": codes[0],
                "one_time": one_time_codes.issue_code(town.wang_account.id, by=by, at=MORNING),
            }
        db.session.remove()
    return found


def taking(found: dict[str, Any], code: str, whence: Whence) -> Callable[[], Any]:
    def take() -> str:
        account = fetch(Account, found["account"])
        second_factors.take_code(account, code, whence=whence, at=LATER)
        return "taken"

    return take


def counted(app: Flask, query: Any) -> int:
    with app.app_context(), transaction(write=False):
        return db.session.scalar(query) or 0


@pytest.mark.parametrize("kind", ["totp", "recovery"])
def test_a_second_factor_s_code_is_taken_once(
    app: Flask, enrolled: dict[str, Any], kind: str
) -> None:
    first, second = (taking(enrolled, enrolled[kind], whence) for whence in (HERE, THERE))
    assert overlapped(app, first, second) == ("taken", REFUSED)
    used = select(func.count(RecoveryCode.id)).where(RecoveryCode.used_at.is_not(None))
    assert counted(app, used) == (kind == "recovery")


@pytest.mark.parametrize("kind", ["totp", "recovery"])
def test_of_many_at_once_one_is_taken(app: Flask, enrolled: dict[str, Any], kind: str) -> None:
    origins = [Whence(f"192.0.2.{n}", f"browser {n}") for n in range(6)]
    works = [verb(app, taking(enrolled, enrolled[kind], whence)) for whence in origins]
    assert sorted(at_once(works)) == [REFUSED] * 5 + ["taken"]


def test_a_one_time_code_sets_one_password(app: Flask, enrolled: dict[str, Any]) -> None:
    def using(new: str, whence: Whence) -> Callable[[], Any]:
        def use() -> int:
            code = enrolled["one_time"]
            return one_time_codes.use_code("wang", code, new, whence=whence, by=None, at=LATER).id

        return use

    words = ("the first long password", "the second long password")
    first, second = (using(new, at) for new, at in zip(words, (HERE, THERE), strict=True))
    said = overlapped(app, first, second)
    assert said == (enrolled["volunteer"].account_id, "code_refused")
    told = select(func.count(Message.id)).where(Message.kind == "sign_in_code_used")
    assert counted(app, told) == 1


def test_a_link_that_confirms_an_address_confirms_it_once(
    app: Flask, enrolled: dict[str, Any]
) -> None:
    """Whoever presses twice is told the same; it is written once."""
    by = enrolled["volunteer"]
    with app.app_context():
        with transaction():
            row = message_choices.set_email("wang@example.org", make.PASSWORD, by=by, at=MORNING)
            id_, key = row.id, crypto.vault().key_of("wang@example.org", "message.email")
        db.session.remove()

    def confirm() -> int:
        return message_choices.confirm_email(id_, key, at=LATER).id

    assert overlapped(app, confirm, confirm) == (id_, id_)
    written = select(func.count(Entry.id)).where(Entry.verb.contains("confirm_email"))
    assert counted(app, written) == 1

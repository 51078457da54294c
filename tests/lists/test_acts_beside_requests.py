"""A long act goes on with what its account may by then, and ends with the account's sessions."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import make
from tests.lists.test_acts import begun, waiting
from tests.make import Cast, acting
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.lists.acts import batches, beside_requests
from volunteer_service.people.authentication import accounts

Act = Callable[[Cast], object]


def _nothing(_cast: Cast) -> None:
    """The account is as it was."""


def _sign_out_everywhere(cast: Cast) -> None:
    accounts.sign_out_everywhere(cast.li_mei.id, by=acting(cast.li_mei), at=clock.now())


def _disable(cast: Cast) -> None:
    accounts.disable(cast.li_mei.id, by=acting(cast.admin), at=clock.now())


def _lose_the_role(cast: Cast) -> None:
    db.session.delete(cast.li_mei.grants[0])
    db.session.flush()


@pytest.mark.parametrize(
    ("meanwhile", "stands"),
    [
        (_nothing, {"done": 2}),
        (_sign_out_everywhere, {"fit": 2}),
        (_disable, {"fit": 2}),
        (_lose_the_role, {"refused": 2}),
    ],
)
def test_what_ends_the_account_s_sessions_ends_its_long_acts(
    app: Flask, monkeypatch: pytest.MonkeyPatch, meanwhile: Act, stands: dict[str, int]
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    with app.app_context(), transaction():
        cast = make.cast()
        by = acting(cast.li_mei)
        number = begun(by, "records", "confirm", waiting(cast, cast.wang, cast.zhao)).id
    with app.app_context(), transaction():
        row = batches.run(number, by=by, at=clock.now())
        beside_requests.go(row, app.app_context, by=by, at=clock.now())
        # The thread begins once this is committed.
        meanwhile(make.again(cast))
    beside_requests.wait()
    with app.app_context(), transaction(write=False):
        assert batches.counted(batches.of(number, by=by)) == stands

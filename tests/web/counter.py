"""The counter's town: a cup to order, somebody with points, and a browser for each of the cast."""

import re

import pytest
from sqlalchemy import select

from tests import make
from tests.make_points import FOR_EVER, earned, gift
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.people.authentication import sessions
from volunteer_service.scoring.rewards import pick_up_codes
from volunteer_service.scoring.rewards.models import Redemption


@pytest.fixture
def town(app):
    """Ids of the cast's accounts and of a cup; 王建国 has 10 points."""
    with app.app_context():
        with transaction():
            cast = make.cast()
            cup = gift(cast)
            earned(cast.wang, expires_on=FOR_EVER)
            found = {
                "cup": cup.id,
                "town": cast.town.id,
                "wang": cast.wang.id,
                "number": cast.wang.number,
                "last4": cast.wang.phone[-4:],
                "accounts": {
                    name: {
                        "key": sessions.begin(row, device="android/wechat", at=clock.now()),
                        "account": row.id,
                        "volunteer": row.volunteer_id,
                        "name": row.name,
                    }
                    for name, row in {
                        "wang": cast.wang_account,
                        "zhao": cast.zhao_account,
                        "desk": cast.desk,
                        "coordinator": cast.coordinator,
                        "second": cast.second,
                    }.items()
                },
            }
        db.session.remove()
    return found


@pytest.fixture
def browser(app, town):
    """A browser with a session of one of the cast."""

    def open_as(who):
        client = app.test_client()
        with client.session_transaction() as session:
            session.update(town["accounts"][who], seen=int(clock.now().timestamp()))
        return Browser(client)

    return open_as


class Browser:
    """Sends a page's form back with its hidden fields."""

    def __init__(self, client):
        self.client = client

    def get(self, path, status=200):
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def send(self, page, action, status=303, **fields):
        form = re.search(
            rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL
        )
        assert form, f"no form for {action}"
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[1]))
        answer = self.client.post(action, data=hidden | fields)
        assert answer.status_code == status, answer.text
        return answer


def one_order(app):
    with app.app_context(), transaction(write=False):
        row = db.session.scalars(select(Redemption)).one()
        return row.id, row.state, pick_up_codes.code_of(row)


def ordered(app, browser, town):
    wang = browser("wang")
    path = f"/gifts/{town['cup']}/order"
    wang.send(wang.get(path), path, quantity="1")
    return one_order(app)

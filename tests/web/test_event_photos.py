"""Pages of an event's photos: added with people's consent, seen by who is signed in, taken down."""

import re
from datetime import timedelta
from io import BytesIO

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.paper import hostile_scans as made
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account


def town(app: Flask) -> int:
    with app.app_context(), transaction():
        cast = make.cast()
        starts_at = clock.now().replace(microsecond=0) - timedelta(hours=1)
        return make.event(team=cast.team, leader=cast.li_mei, starts_at=starts_at).id


def test_a_leader_adds_one_and_somebody_on_it_takes_it_down(app: Flask) -> None:
    event = town(app)
    here = f"/e/{event}/photos"
    leader, wang = app.test_client(), app.test_client()
    assert wang.get(here).status_code in (302, 303)
    sign_in(leader, "limei")
    sign_in(wang, "wang")
    form = hidden(leader, here) | {"photo": (BytesIO(made.photo()), "a.jpg"), "caption": "护学"}
    asked = leader.post(here, data=form, content_type="multipart/form-data")
    assert asked.status_code == 422
    assert "照片上的人同意展示吗" in asked.text
    form = hidden(leader, here) | {"photo": (BytesIO(made.photo()), "a.jpg"), "consent": "asked"}
    assert leader.post(here, data=form, content_type="multipart/form-data").status_code == 303
    assert "照片（1）" in wang.get(f"/e/{event}").text
    page = wang.get(here).text
    assert "添加照片" not in page
    (small,) = re.findall(r'<img src="([^"]+)"', page)
    answer = wang.get(small)
    assert (answer.mimetype, answer.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert app.test_client().get(small).status_code in (302, 303)
    number = re.search(r"/photos/(\d+)/", small)[1]
    token = {"csrf_token": hidden(wang, here)["csrf_token"]}
    assert wang.post(f"/photos/{number}/take-down", data=token).status_code in (403, 404)
    assert wang.post(f"/photos/{number}/shows-me", data=token).status_code == 303
    assert leader.get(small).status_code == 404
    assert "还没有照片" in leader.get(here).text


def test_over_the_api(app: Flask) -> None:
    event = town(app)
    with app.app_context(), transaction():
        headers = {
            "leader": token_for_login("limei"),
            "wang": token_for_login("wang"),
        }
    client, here = app.test_client(), f"/api/v1/events/{event}/photos"
    form = {"photo": (BytesIO(made.photo()), "a.jpg")}
    done = client.post(
        f"{here}?consent=nobody",
        data=form,
        headers=headers["leader"],
        content_type="multipart/form-data",
    )
    assert done.status_code == 201
    (row,) = client.get(here, headers=headers["wang"]).json
    small = client.get(f"/api/v1/event-photos/{row['id']}/small", headers=headers["wang"])
    whole = client.get(f"/api/v1/event-photos/{row['id']}", headers=headers["wang"])
    assert len(small.data) < len(whole.data)
    gone = client.post(
        f"/api/v1/event-photos/{row['id']}/take-down",
        json={"shows_me": True},
        headers=headers["wang"],
    )
    assert gone.status_code == 204
    assert client.get(here, headers=headers["wang"]).json == []


def token_for_login(login: str) -> dict[str, str]:
    account = db.session.scalars(select(Account).where(Account.login == login)).one()
    return token_for(account, "read", "write")

"""Pages of events that several teams run together."""

from datetime import timedelta

from flask import Flask

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Event


def test_a_leader_asks_another_team_whose_leader_then_manages_it(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        partner = make.account("zhouqiang", "周强", role="leader", team=cast.other_team)
        starts_at = clock.now().replace(microsecond=0) + timedelta(days=2)
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=starts_at).id
        team, names = cast.other_team.id, (cast.li_mei.login, partner.login)
    manage = f"/e/{event}/manage"
    ours, theirs = app.test_client(), app.test_client()
    sign_in(ours, names[0])
    sign_in(theirs, names[1])
    assert theirs.get(manage).status_code == 404
    page = ours.get(manage).text
    assert "请来合办" in page
    form = {**hidden(ours, manage), "team_id": team}
    assert ours.post(f"/e/{event}/partners", data=form).status_code == 303
    assert "合办队伍" in theirs.get(f"/e/{event}").text
    page = theirs.get(manage)
    assert (page.status_code, "请来合办" in page.text) == (200, False)
    refused = ours.post(f"/e/{event}/partners", data={**hidden(ours, manage), "team_id": team})
    assert "已经在办这个活动" in refused.text
    token = {"csrf_token": hidden(theirs, manage)["csrf_token"]}
    left = theirs.post(f"/e/{event}/partners/{team}/leave", data=token)
    assert (left.status_code, left.location) == (303, f"/e/{event}")
    with app.app_context(), transaction(write=False):
        assert db.session.get_one(Event, event).partners == []

"""What a round's pages ask before an act, and how a wrong round goes."""

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.signing import sign_in
from tests.web.test_ratings import Town, send, text
from volunteer_service import clock
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, transaction
from volunteer_service.scoring.ratings import working_day_corrections
from volunteer_service.scoring.ratings.models import RoundResult


def test_what_lowers_a_star_is_asked_on_the_page(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "draft")
    sign_in(client, "zhoujing")
    page = f"/ratings/{town.round_id}"
    assert send(client, page, f"{page}/publish").status_code == 303
    wang = app.test_client()
    sign_in(wang, "wang")
    send(wang, "/my/star", f"/my/star/{town.result_id}/object", words="少算了三小时")
    with app.app_context(), transaction():
        mine = db.session.get_one(RoundResult, town.result_id)
        for each in db.session.scalars(db.select(ServiceRecord)):
            if each.volunteer_id == mine.volunteer_id:
                each.minutes = 180
    person = f"/ratings/people/{town.result_id}"
    decide = re.search(r"/ratings/objections/\d+/decide", text(client, person))[0]
    asked = send(client, person, decide, decision="upheld", answer="好")
    assert asked.status_code == 422
    said = asked.get_data(as_text=True)
    assert "11.67 小时变为 3 小时，1 星变为 0 星" in said
    assert "少算了三小时" in said
    sent = send(client, person, decide, decision="upheld", answer="好", lowers="true")
    assert sent.status_code == 303


def test_every_step_says_what_it_will_do_and_a_wrong_round_is_withdrawn(
    app: Flask, client: FlaskClient
) -> None:
    town = Town(app, "open")
    sign_in(client, "zhoujing")
    page = f"/ratings/{town.round_id}"
    for step, asks in (("freeze", "将固定每个人"), ("draft", "只有工作人员看得到")):
        shown = text(client, page)
        assert asks in shown
        assert "确定撤销" in shown
        assert send(client, page, f"{page}/{step}").status_code == 303
    with app.app_context(), transaction(write=False):
        ends = working_day_corrections.notice_end(clock.now(), 1)
    assert re.search(
        rf"将公示到 [^（]*{ends.month}月{ends.day}日[^（]*（含当天）", text(client, page)
    )
    assert send(client, page, f"{page}/withdraw", reason="").status_code == 422
    assert send(client, page, f"{page}/withdraw", reason="选错了区域").status_code == 303
    gone = text(client, page)
    assert "这一轮已撤销" in gone
    assert "选错了区域" in gone
    opened = send(client, "/ratings", "/ratings", area_id=town.area_id, half_year="2026H1")
    assert (opened.status_code, opened.location != page) == (303, True)
    assert "已撤销" in text(client, "/ratings")

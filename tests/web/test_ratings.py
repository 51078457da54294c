"""The pages of a round, the notice, one's own star and certificates."""

import io
import re
from html import unescape
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.make import acting, cast, volunteer
from tests.make_ratings import (
    AFTER_NOTICE,
    JULY,
    may_be_named,
    record,
    result,
    round_at,
    still_running,
)
from tests.signing import audit, hidden, sign_in
from volunteer_service import clock
from volunteer_service.certificates import issuing, rendering
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account
from volunteer_service.scoring.ratings import round_steps
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.scoring.rules.stars import REASONS
from volunteer_service.teams.models import Team
from volunteer_service.web.shared.star_reasons import WORDED, sentence


class Town:
    """A town whose round stands at a step."""

    def __init__(self, app: Flask, state: str) -> None:
        with app.app_context(), transaction():
            town = cast()
            self.team_id, self.area_id = town.team.id, town.town.id
            rare = volunteer("𬱖建国", team=town.team)
            formula = volunteer("=1+1", team=town.team)
            for person, minutes in ((town.wang, 700), (rare, 1410), (formula, 60)):
                record(person, town.team, minutes)
            may_be_named(rare)
            if state:
                row = round_at(state, town)
                if state == "notice":
                    still_running(row)
                self.round_id = row.id
                if state != "open":
                    self.result_id = result(row, town.wang).id
                if state == "final":
                    by = acting(town.coordinator)
                    made = issuing.issue(self.result_id, by=by, at=AFTER_NOTICE)
                    self.number = made.number
                    self.verify = rendering.verify_url(made).removeprefix("http://localhost")


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)


def send(client: FlaskClient, page: str, path: str, **form: object):
    return client.post(path, data=form | hidden(client, page))


def test_a_coordinator_walks_a_round_to_the_notice(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "")
    sign_in(client, "zhoujing")
    assert "还没有评定过" in text(client, "/ratings")
    opened = send(client, "/ratings", "/ratings", area_id=town.area_id, half_year="2026H1")
    assert opened.status_code == 303
    page = opened.location
    again = send(client, "/ratings", "/ratings", area_id=town.area_id, half_year="2026H1")
    assert again.status_code == 409 or "已经开始" in again.get_data(as_text=True)
    for step, button in (("freeze", "冻结数据"), ("draft", "计算草案"), ("publish", "发布公示")):
        assert button in text(client, page)
        assert send(client, page, f"{page}/{step}").status_code == 303
    shown = text(client, page.replace("/ratings/", "/lists/results?round_id="))
    assert "确认 23.5 小时 → 二星级" in shown
    assert "差 16.5 小时到三星级" in shown
    assert send(client, page, f"{page}/publish").status_code == 409


def test_a_half_year_that_runs_shows_from_when_it_can_be_frozen(
    app: Flask, client: FlaskClient
) -> None:
    town = Town(app, "")
    sign_in(client, "zhoujing")
    running = running_half_year()
    opened = send(client, "/ratings", "/ratings", area_id=town.area_id, half_year=str(running))
    page = text(client, opened.location)
    assert f"{opened.location}/freeze" not in page
    assert re.search(r"<button[^>]* disabled[^>]*>冻结数据", page)
    # The year is said where it is another than today's.
    then = "7月1日" if running.half == 1 else f"{running.year + 1}年1月1日"
    assert f"从 {then}" in page


def running_half_year() -> HalfYear:
    return HalfYear.of(clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date())


def test_the_second_person_signs_off_and_issues(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "decided")
    page = f"/ratings/{town.round_id}"
    sign_in(client, "zhoujing")
    assert "请由另一位管理员签发" in text(client, page)
    assert send(client, page, f"{page}/sign-off").status_code == 422
    other = app.test_client()
    sign_in(other, "qianwei")
    assert send(other, page, f"{page}/sign-off").status_code == 303
    assert "发放证书" in text(other, page)
    assert send(other, page, f"{page}/certificates").status_code == 303
    assert "这一轮已全部完成" in text(other, page)


def test_a_round_leads_to_its_list_with_reasons(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "draft")
    audit(client, "wumin")
    page = text(client, f"/ratings/{town.round_id}")
    whole = f"/lists/results?round_id={town.round_id}"
    assert f'href="{whole}"' in page
    two = f"{whole}&amp;stars_from=2&amp;stars_to=2"
    assert f'href="{two}"' in page
    assert "王建国" in text(client, whole)
    assert "确认 " in text(client, whole)
    assert "王建国" not in text(client, unescape(two))
    assert "𬱖建国" in text(client, unescape(two))
    lines = client.get(whole.replace("results?", "results.csv?"), buffered=True).data
    assert "确认 " in lines.decode("utf-8-sig")


def test_the_download_runs_no_formula(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "draft")
    sign_in(client, "zhoujing")
    answer = client.get(f"/ratings/{town.round_id}/people.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    answer.close()
    rows = list(book.active.iter_rows(values_only=True))
    assert [(row[1], row[2], row[3]) for row in rows[1:]] == [
        ("王建国", 1, 11.67),
        ("𬱖建国", 2, 23.5),
        ("'=1+1", 0, 1),
    ]
    assert "差 16.5 小时到三星级" in rows[2][4]
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_an_objection_from_the_phone_to_the_answer(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "draft")
    sign_in(client, "zhoujing")
    page = f"/ratings/{town.round_id}"
    # Published now, so that the notice runs whatever the day of the test.
    assert send(client, page, f"{page}/publish").status_code == 303
    wang = app.test_client()
    sign_in(wang, "wang")
    assert "我有异议" in text(wang, "/my/star")
    path = f"/my/star/{town.result_id}/object"
    assert send(wang, "/my/star", path, words="").status_code == 422
    assert send(wang, "/my/star", path, words="少算了半天").status_code == 303
    assert "少算了半天" in text(wang, "/my/star")
    assert "少算了半天" in text(client, page)
    person = f"/ratings/people/{town.result_id}"
    decide = re.search(r"/ratings/objections/\d+/decide", text(client, person))[0]
    nothing = send(client, person, decide, decision="upheld", answer="好")
    assert nothing.status_code == 422
    refused = nothing.get_data(as_text=True)
    assert "没有可更正的" in refused
    # What was refused is not shown as decided, and the answer that was typed stays.
    assert (decide in text(client, person), "已支持" in refused) == (True, False)
    assert ('value="upheld" checked' in refused, ">好</textarea>" in refused) == (True, True)
    assert 'name="hours"' not in refused
    with app.app_context(), transaction():
        mine = db.session.get_one(RoundResult, town.result_id)
        team = db.session.scalars(db.select(Team).limit(1)).one()
        record(mine.volunteer, team, 500)
    weighed = text(client, person)
    assert re.search(r"11 小时 40 分钟.*20 小时.*一星级.*二星级", weighed, re.S)
    assert send(client, person, decide, decision="upheld", answer="已补").status_code == 303
    mine = text(wang, "/my/star")
    assert "已补" in mine
    assert "确认 20 小时 → 二星级" in mine
    assert "冻结时为 11 小时 40 分钟" in text(client, person)
    back = decide.replace("decide", "withdraw-decision")
    assert send(client, person, back, reason="点错了").status_code == 303
    assert decide in text(client, person)
    assert "→ 一星级" in text(wang, "/my/star")


def test_the_notice_needs_no_sign_in(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "notice")
    page = text(client, f"/notice/{town.round_id}")
    assert "𬱖*国" in page
    assert "另有 1 人未同意公开姓名" in page
    assert "王" not in page
    assert "建国" not in page


def test_a_stranger_sees_none_of_it(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "final")
    sign_in(client, "zhao")
    for path in (
        "/ratings",
        f"/ratings/{town.round_id}",
        f"/ratings/people/{town.result_id}",
        f"/ratings/{town.round_id}/people.xlsx",
        f"/certificates/{town.number}",
        f"/certificates/{town.number}.pdf",
    ):
        text(client, path, 404)


def test_own_certificates_and_a_service_record(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "final")
    sign_in(client, "wang")
    assert town.number in text(client, "/my/certificates")
    assert client.get(f"/certificates/{town.number}/preview.png").data.startswith(b"\x89PNG")
    assert client.get(f"/certificates/{town.number}.png").data.startswith(b"\x89PNG")
    assert client.get(f"/certificates/{town.number}.pdf").data.startswith(b"%PDF")
    assert "撤销证书" not in text(client, f"/certificates/{town.number}")
    none = send(client, "/my/certificates", "/my/certificates", begins_on="2020-01-01",
                ends_on="2020-12-31")  # fmt: skip
    assert none.status_code == 422
    made = send(client, "/my/certificates", "/my/certificates", begins_on="2026-01-01",
                ends_on="2026-12-31")  # fmt: skip
    assert made.status_code == 303
    assert "志愿服务记录证明" in text(client, made.location)


def test_anyone_verifies_and_a_revoked_one_says_so(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "final")
    found = text(client, town.verify)
    assert "证书有效" in found
    assert "王*国" in found
    assert "王建国" not in found
    assert "查无此证" in text(client, "/v/nonsense")
    staff = app.test_client()
    sign_in(staff, "zhoujing")
    page = f"/certificates/{town.number}"
    assert send(staff, page, f"{page}/revoke", reason="姓名有误").status_code == 303
    assert "证书已撤销" in text(client, town.verify)
    assert "补发证书" in text(staff, f"/ratings/people/{town.result_id}")
    assert send(staff, page, f"/certificates/results/{town.result_id}/issue").status_code == 303


def test_a_supplement_and_a_corrected_day(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER_NOTICE)
    town = Town(app, "final")
    sign_in(client, "zhoujing")
    page = f"/ratings/{town.round_id}"
    refused = send(client, page, f"{page}/supplement", volunteer_id=10**9, reason="x")
    assert refused.status_code == 404
    people = f"/ratings/people/{town.result_id}"
    volunteer_id = re.search(r'name="volunteer_id" value="(\d+)"', text(client, people))[1]
    made = send(client, people, f"{page}/supplement", volunteer_id=volunteer_id, reason="补录")
    assert "第1次补充" in text(client, made.location)
    assert "由管理全部街道的系统管理员更正" in text(client, "/ratings/calendar")
    sign_in(client, "admin")
    day = send(client, "/ratings/calendar", "/ratings/calendar", day="2027-01-04", working="0",
               reason="放假")  # fmt: skip
    assert day.status_code == 303
    assert "放假" in text(client, "/ratings/calendar")


@pytest.mark.parametrize("lang", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_worded(app: Flask, code: str, lang: str) -> None:
    assert set(WORDED) == set(REASONS)
    numbers = dict.fromkeys(REASONS[code], 3)
    with app.test_request_context(headers={"Accept-Language": lang[:2]}):
        said = sentence(Reason.of(code, **numbers))
    assert said
    assert "%(" not in said


def test_the_words_of_the_plan(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert [
            sentence(Reason.of("stars_by_minutes", minutes=1410, stars=2)),
            sentence(Reason.of("next_star", star=3, short_minutes=990)),
            sentence(Reason.of("registered_too_late", days=-3, needed_days=90)),
            sentence(Reason.of("quality_too_low", mean_centi=266, needed_centi=300, evaluations=3)),
        ] == [
            "确认 23.5 小时 → 二星级",
            "差 16.5 小时到三星级",
            "注册在这个半年结束之后；需在结束前 90 天注册",
            "3 次服务评价平均 2.66 分，需达到 3.00 分",
        ]


def test_home_and_the_list_say_the_same_of_a_round(app: Flask, client: FlaskClient) -> None:
    Town(app, "final")
    sign_in(client, "zhoujing")
    for path in ("/", "/ratings"):
        assert "已签发" in text(client, path)
        assert "已定" not in text(client, path)


def test_only_rounds_that_can_be_opened_are_offered(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "")
    sign_in(client, "zhoujing")
    running, opened = running_half_year(), set()
    for half_year in (running.previous, running, running.previous.previous):
        offered = re.findall(r'<option value="(\d{4}H\d)"', text(client, "/ratings"))
        assert offered[0] == str(half_year)
        assert opened.isdisjoint(offered)
        form = {"area_id": town.area_id, "half_year": half_year}
        assert send(client, "/ratings", "/ratings", **form).status_code == 303
        opened.add(str(half_year))
    page = text(client, "/ratings")
    assert "最近三个半年都已经开启" in page
    assert 'name="half_year"' not in page


def volunteers_herself(app: Flask, *, by_hand: bool) -> Town:
    """A drafted round in which the coordinator is rated too."""
    town = Town(app, "")
    with app.app_context(), transaction():
        zhou = db.session.scalars(db.select(Account).where(Account.login == "zhoujing")).one()
        me = volunteer("周静", team=db.session.get_one(Team, town.team_id))
        zhou.volunteer_id = me.id
        row = record(me, db.session.get_one(Team, town.team_id), 700)
        if by_hand:
            row.source_type = "backfill"
        by = acting(zhou)
        found = round_steps.open_round(town.area_id, "2026H1", by=by, at=JULY)
        round_steps.freeze(found.id, by=by, at=JULY)
        round_steps.draft(found.id, by=by, at=JULY)
        town.round_id = found.id
    return town


def test_one_s_own_row_stands_before_the_button(app: Flask, client: FlaskClient) -> None:
    town = volunteers_herself(app, by_hand=False)
    sign_in(client, "zhoujing")
    page = f"/ratings/{town.round_id}"
    said = text(client, page)
    assert said.index("您本人在这次评定中：一星级") < said.index(f"{page}/publish")
    assert "由冻结的数据算出，没有人工改动" in said
    assert send(client, page, f"{page}/publish").status_code == 303
    other = app.test_client()
    sign_in(other, "qianwei")
    assert "您本人在这次评定中" not in text(other, page)


def test_a_row_by_hand_takes_the_button_away_and_says_why(app: Flask, client: FlaskClient) -> None:
    town = volunteers_herself(app, by_hand=True)
    sign_in(client, "zhoujing")
    page = f"/ratings/{town.round_id}"
    said = text(client, page)
    assert "您这半年有人工补录的记录" in said
    assert "可以办理的人：钱伟" in said
    assert f"{page}/publish" not in said
    refused = send(client, page, f"{page}/publish")
    assert refused.status_code == 403
    with app.app_context():
        assert db.session.get_one(Round, town.round_id).state == "draft"

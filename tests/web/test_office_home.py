"""A coordinator's first page: what waits, this week, what ends, and figures with their lists."""

import html
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_attendance, make_ratings, signing
from tests.make import Cast
from volunteer_service import clock, settings
from volunteer_service.db import db, transaction
from volunteer_service.scoring.ratings import forecasts, objections, openable_rounds, round_steps
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.teams.models import Membership
from volunteer_service.workbooks.models import Import

LONG_AGO = timedelta(days=40)


def _home(client: FlaskClient) -> str:
    signing.sign_in(client, "zhoujing")
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _stat(page: str, label: str) -> tuple[str, str]:
    """The address behind a figure, and the figure."""
    found = re.search(
        rf'>(?:<a href="([^"]*)">)?{label}(?:</a>)?</p>\s*<p class="stat-value num">([^<]*)<', page
    )
    assert found, label
    return html.unescape(found[1] or ""), found[2]


def _chart(page: str, title: str) -> list[tuple[str, list[tuple[float, str]]]]:
    """The rows of a chart's table: their name, and each number with the address behind it."""
    figure = page.partition(f'<figcaption class="chart-title">{title}<')[2].partition("</figure>")[
        0
    ]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', figure, re.DOTALL)
    cells = r'data-value="([^"]*)">(?:<a href="([^"]*)")?'
    return [
        (name, [(float(value), html.unescape(url)) for value, url in re.findall(cells, row)])
        for name, row in rows
    ]


def _imported(cast: Cast, state: str) -> None:
    db.session.add(
        Import(
            state=state,
            area_id=cast.town.id,
            sub_district=cast.town.name,
            account_id=cast.coordinator.id,
            files=[],
            counts={},
            total=0,
            created_at=clock.now(),
        )
    )
    db.session.flush()


def test_what_waits_leads_to_lists_of_as_many(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        for age in (timedelta(0), LONG_AGO, LONG_AGO):
            starts_at = clock.now() - age
            row = make_attendance.record(
                cast.wang, team=cast.team, starts_at=starts_at, state="waiting"
            )
            row.waits_for = "leader"
        asked = Membership(
            team_id=cast.other_team.id,
            volunteer_id=cast.wang.id,
            state="asked",
            joined_at=clock.now(),
        )
        db.session.add(asked)
    page = _home(client)

    assert _stat(page, "等您处理的记录")[1] == "3"
    for label, number in (("其中超过 10 个工作日的", "2"), ("等待入队的人", "1")):
        url, value = _stat(page, label)
        assert value == number
        listed = client.get(url).get_data(as_text=True)
        assert listed.count('scope="row" role="rowheader"') == int(number), label


def test_each_bar_leads_to_its_records_and_stands_beside_the_same_week_a_year_before(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        for weeks, minutes in ((0, 60), (1, 90), (1, 30), (53, 45)):
            starts_at = clock.now() - timedelta(weeks=weeks)
            make_attendance.record(cast.wang, team=cast.team, starts_at=starts_at, minutes=minutes)
    page = _home(client)

    hours, times = (_chart(page, f"{name}，按周") for name in ("服务时长", "服务人次"))
    assert len(hours) == len(times) == 12
    assert [[value for value, _url in cells] for _name, cells in hours[-2:]] == [[2, 0.75], [1, 0]]
    assert [[value for value, _url in cells] for _name, cells in times[-2:]] == [[2, 1], [1, 0]]
    last_week = times[-2][1]
    for value, url in last_week:
        listed = client.get(url).get_data(as_text=True)
        assert listed.count('scope="row" role="rowheader"') == value


def test_stars_stand_beside_their_forecast_where_few_people_live(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        make_attendance.record(cast.wang, team=cast.team, starts_at=clock.now(), minutes=6000)
    page = _home(client)

    stars = _chart(page, "星级分布和预计")
    assert len(stars) == 6
    assert sum(forecast for _name, (_now, (forecast, _url)) in stars) == 1

    monkeypatch.setattr(forecasts, "FEW", 2)
    assert "星级分布和预计" not in client.get("/").get_data(as_text=True)


def test_a_running_notice_and_an_import_half_way_are_told(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team, on=date(2026, 5, 16))
        make_ratings.round_at("notice", cast)
        for state in ("previewed", "applied"):
            _imported(cast, state)
    page = _home(client)

    ends = page.partition("<h2>快到期的和做到一半的</h2>")[2].partition("</section>")[0]
    assert "公示到 7月8日" in ends
    assert ends.count("<li>") == 2
    assert "等您确认" in ends
    assert "最近的导入" in page


def test_nothing_to_tell_is_said_in_a_sentence(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make.cast()
    page = _home(client)

    assert "七天内没有已公布的活动。" in page
    assert "没有正在公示的评定，也没有做到一半的导入。" in page
    assert _stat(page, "其中超过 10 个工作日的") == ("", "0")


def test_it_says_that_a_half_year_is_over_and_whose_round_is_due(
    app: Flask, client: FlaskClient
) -> None:
    """Until somebody opens it; a street that served nobody in it has no round to open."""
    with app.app_context(), transaction():
        cast = make.cast()
        ended = HalfYear.of(settings.local_day(clock.now())).previous
        make_ratings.record(cast.wang, cast.team, on=ended.ends_on)
        make.area("没有服务过的街道")
        assert [area.name for area in openable_rounds.areas_due(["/"], ended)] == [cast.town.name]
        assert openable_rounds.areas_due(["/"], ended.previous) == []
    page = _home(client)
    assert "已结束，该评星级了" in page
    assert "还没有开启" in page
    with app.app_context(), transaction():
        by = make.acting(make.again(cast).coordinator)
        round_steps.open_round(make.again(cast).town.id, str(ended), by=by, at=clock.now())
    assert "已结束，该评星级了" not in client.get("/").get_data(as_text=True)


def test_objections_to_stars_are_counted_beside_those_to_records(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team)
        row = make_ratings.round_at("notice", cast)
        mine, me = make_ratings.result(row, cast.wang), make.acting(cast.wang_account)
        objections.object_to(mine.id, "少了一次", by=me, at=make_ratings.JULY)
    page = _home(client)
    assert _stat(page, "未答复的星级异议") == ("/ratings", "1")
    assert _stat(page, "未处理的异议")[1] == "0"

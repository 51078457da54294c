"""The page of figures: what a coordinator, an auditor and a leader see, and take along."""

import re
from io import BytesIO

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests import make, make_attendance, signing
from volunteer_service import clock
from volunteer_service.db import transaction
from volunteer_service.scoring.rules.half_years import HalfYear

MAY = "from_on=2026-05-01&to_on=2026-05-31"


@pytest.fixture(autouse=True)
def areas(app: Flask) -> dict[str, int]:
    """Three records of May in two communities; the ids of the areas by name."""
    with app.app_context(), transaction():
        cast = make.cast()
        make_attendance.record(cast.wang, team=cast.team, minutes=90)
        make_attendance.record(cast.wang, team=cast.team, minutes=60, grade="leader")
        make_attendance.record(cast.zhao, team=cast.other_team, minutes=30)
        return {"town": cast.town.id, "community": cast.community.id}


def _read(client: FlaskClient, login: str, path: str) -> str:
    signing.sign_in(client, login)
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def test_a_coordinator_sees_figures_charts_and_what_each_means(client: FlaskClient) -> None:
    page = _read(client, "zhoujing", f"/figures?{MAY}")

    assert "3 小时" in page
    assert "期内已确认的服务记录的时长之和。" in page
    for part in ("庆丰社区", "渤海社区", "负责人确认", "服务时长，按周", "队伍"):
        assert part in page, part


def test_each_chart_is_a_table_with_its_numbers(client: FlaskClient) -> None:
    page = _read(client, "zhoujing", f"/figures?{MAY}")

    assert page.count('class="chart"') == page.count('class="figures-table"') > 3
    assert 'data-value="2.5"' in page


def test_an_area_below_is_one_click_away(client: FlaskClient, areas: dict[str, int]) -> None:
    page = _read(client, "zhoujing", f"/figures?{MAY}")
    below = f"/figures?area_id={areas['community']}&amp;from_on=2026-05-01&amp;to_on=2026-05-31"
    assert below in page

    inside = client.get(below.replace("&amp;", "&")).get_data(as_text=True)

    assert "庆丰社区" in inside
    assert "2.5 小时" in inside


def test_a_bar_leads_to_the_records_that_it_counts(client: FlaskClient) -> None:
    page = _read(client, "zhoujing", f"/figures?{MAY}")
    found = re.search(r'href="(/lists/records\?[^"]*figure_part=leader[^"]*)"', page)
    assert found

    listed = client.get(found[1].replace("&amp;", "&")).get_data(as_text=True)

    assert "王建国" in listed
    assert "赵芳" not in listed


def test_a_leader_sees_the_own_team_s_alone(client: FlaskClient, areas: dict[str, int]) -> None:
    page = _read(client, "limei", f"/figures?{MAY}")

    assert "2.5 小时" in page
    assert "渤海社区" not in page
    assert client.get(f"/figures?{MAY}&area_id={areas['town']}").status_code == 404


def test_days_that_make_no_period_are_told_and_the_half_year_is_shown(client: FlaskClient) -> None:
    page = _read(client, "zhoujing", "/figures?from_on=2026-05-31&to_on=2026-05-01")

    assert "结束日期不能早于开始日期。现在显示的是本半年。" in page


def test_an_empty_place_has_figures_of_nothing(client: FlaskClient) -> None:
    page = _read(client, "zhoujing", "/figures?from_on=2024-05-01&to_on=2024-05-31")

    assert "全部指标" in page


def test_the_workbook_holds_the_same_with_its_definitions(client: FlaskClient) -> None:
    signing.sign_in(client, "zhoujing")
    with client.get(f"/figures.xlsx?{MAY}") as answer:
        book = load_workbook(BytesIO(answer.data))

    rows = {row[0]: row for row in book["指标"].iter_rows(values_only=True)}
    assert rows["服务时长"][1:3] == (3, 0)
    assert rows["服务时长"][4] == "期内已确认的服务记录的时长之和。"
    by_team = {row[0]: row for row in book["队伍"].iter_rows(values_only=True)}
    assert by_team["渤海社区助老志愿服务队"][1] == 1
    assert {"区域", "证据等级", "月份"} <= set(book.sheetnames)


def test_a_volunteer_finds_no_such_page(client: FlaskClient) -> None:
    signing.sign_in(client, "wang")
    assert client.get("/figures").status_code == 404


def test_the_report_of_a_half_year_names_its_parts_and_each_meaning(client: FlaskClient) -> None:
    signing.audit(client, "wumin")
    page = client.get("/figures/report?of=2026H1").get_data(as_text=True)

    assert "志愿服务工作数据 2026年上半年" in page
    for part in ("各区域服务时长", "服务时长最多的队伍", "渤海社区", "期末已成立"):
        assert part in page, part
    assert re.search(r"/figures/report.pdf\?[^\"]*of=2026H1\"", page)


def test_the_printed_report_is_two_pages_with_the_same_numbers(client: FlaskClient) -> None:
    signing.sign_in(client, "zhoujing")
    answer = client.get("/figures/report.pdf?of=2026")
    document = pypdfium2.PdfDocument(answer.data)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)

    assert len(document) == 2
    for part in ("2026年", "市西街道", "服务时长", "3 小时", "渤海社区", "指标说明", "第 2 页"):
        assert part in text, part


@pytest.mark.parametrize("of", ["", "2026H3", "99999", "0", "1700", "H1", "２０２６"])
def test_a_period_that_is_none_is_the_last_full_half_year(client: FlaskClient, of: str) -> None:
    last = HalfYear.of(clock.now().date()).previous
    page = _read(client, "zhoujing", f"/figures/report?of={of}")

    assert f"<h1>志愿服务工作数据 {last.year}年{'上' if last.half == 1 else '下'}半年</h1>" in page


def test_a_leader_has_no_report(client: FlaskClient) -> None:
    signing.sign_in(client, "limei")
    assert client.get("/figures/report").status_code == 404

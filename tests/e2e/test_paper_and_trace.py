"""A paper sheet of thirty with its photo, entered on a phone; the auditor's trace, both ways."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESK, PHONE, Open, sign_in
from tests.e2e.street import Street
from tests.e2e.test_put_right import look

pytestmark = pytest.mark.e2e

#: Nobody of the demo serves before dawn.
DAY = datetime.now(UTC) - timedelta(days=9)
BEGINS, ENDS = f"{DAY:%Y-%m-%d}T04:00", f"{DAY:%Y-%m-%d}T05:30"


def photo(folder: Path, lines: int = 30) -> Path:
    """A sheet with lines and scribbles, as a phone takes it."""
    sheet = Image.new("RGB", (1500, 2000), "#f4f1e6")
    pen = ImageDraw.Draw(sheet)
    for n in range(lines):
        y = 180 + n * 58
        pen.line((80, y, 1420, y), fill="#555555", width=2)
        pen.text((100, y + 12), f"{n + 1}", fill="#222222", font_size=32)
        pen.arc((700 + n * 7, y + 8, 900 + n * 7, y + 50), 20, 300, fill="#1a2a6c", width=4)
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (31.0, 14.0, 22.0)}
    path = folder / "签到表.jpg"
    sheet.save(path, exif=exif)
    return path


def fill(page: Page, names: str) -> None:
    page.get_by_label("队伍").select_option(label="庆丰社区护学志愿服务队")
    page.get_by_label("名字").fill(names)
    for label, text in {
        "活动名称": "清晨巡河",
        "地点": "河滨公园",
        "服务内容": "巡河、捡拾垃圾",
        "活动负责人": "李梅",
        "补录原因": "河边没有信号，纸上签到",
    }.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("开始").fill(BEGINS)
    page.get_by_label("结束").fill(ENDS)
    page.get_by_label("每人服务分钟数").fill("90")


def within(page: Page, width: int) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_sheet_of_thirty_with_its_photo(
    phone: Open, office: Open, street: Street, tmp_path: Path
) -> None:
    of_team = "SELECT volunteer_id FROM memberships WHERE team_id = 1"
    ticked = [
        name
        for (name,) in street.ask(
            f"SELECT name FROM volunteers WHERE id IN ({of_team}) AND name NOT LIKE '刘%'"
            " ORDER BY id LIMIT 3"
        )
    ]
    typed = [
        name
        for (name,) in street.ask(
            "SELECT name FROM volunteers WHERE state = 'active' AND name NOT LIKE '刘%'"
            f" AND id NOT IN ({of_team}) AND length(name) > 1 ORDER BY id LIMIT 26"
        )
    ]
    chat = " ".join(f"{n}. {name}" for n, name in enumerate(typed, 1))

    writer = phone("coordinator")
    writer.goto(f"{street.url}/records/sheets/new")
    look(writer, "sheet-empty-360")
    within(writer, PHONE["width"])
    fill(writer, f"{chat}\n刘\n没有此人")
    writer.get_by_label("照片或扫描件").set_input_files(photo(tmp_path))
    writer.get_by_role("button", name="提交审批").click()

    # Two lines are unclear: all that was typed is there still, the photo too.
    expect(writer.get_by_text("已收到 1 页，不用重选。")).to_be_visible()
    expect(writer.get_by_label("活动名称")).to_have_value("清晨巡河")
    look(writer, "sheet-unclear-360")
    within(writer, PHONE["width"])
    writer.get_by_label("刘 选填", exact=True).select_option(index=1)
    writer.get_by_label("没有此人 选填", exact=True).select_option(label="不录这一行")
    writer.get_by_text("从队伍名单里勾选").click()
    for name in ticked:
        writer.get_by_label(name, exact=False).first.check()
    writer.get_by_role("button", name="提交审批").click()
    expect(writer.get_by_text("已录入 30 人，等另一位管理员审批。")).to_be_visible()
    look(writer, "sheet-entered-360")
    within(writer, PHONE["width"])
    address = writer.url

    approver = office("coordinator2")
    approver.goto(address)
    picture = approver.locator("figure img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalHeight") == 2000
    look(approver, "sheet-approve-1280")
    within(approver, DESK["width"])
    approver.get_by_role("button", name="整张通过").click()
    expect(approver.get_by_text("已通过，30 条记录生效。")).to_be_visible()
    expect(approver.get_by_text("补上照片或扫描件")).to_have_count(0)
    key = address.rsplit("/", 1)[1].split("?")[0]
    confirmed = (
        "SELECT count(*) FROM service_records WHERE state = 'confirmed' AND source_key LIKE ?"
    )
    assert street.one(confirmed, f"{key}-%") == 30
    assert street.one("SELECT count(DISTINCT volunteer_id) FROM looks WHERE field = 'paper'") == 30


def both_seen(page: Page) -> tuple[dict[str, float], dict[str, float]]:
    """Where photo and names stand in the window, while the last name field has the focus."""
    page.get_by_label("补录原因").focus()
    boxes = page.locator(".beside-papers").bounding_box(), page.get_by_label("名字").bounding_box()
    assert boxes[0]
    assert boxes[1]
    return boxes[0], boxes[1]


def test_the_photo_stays_in_sight_while_the_names_are_typed(
    phone: Open, office: Open, street: Street, tmp_path: Path
) -> None:
    for opened, name in ((office, "1280"), (phone, "360")):
        writer = opened("coordinator")
        writer.goto(f"{street.url}/records/sheets/new")
        writer.get_by_label("名字").fill("赵芳")
        writer.get_by_label("照片或扫描件").set_input_files(photo(tmp_path))
        writer.get_by_role("button", name="先传照片，对着照片录").click()
        expect(writer.get_by_text("已收到 1 页，不用重选。")).to_be_visible()
        expect(writer.get_by_label("名字")).to_have_value("赵芳")
        expect(writer.get_by_role("alert")).to_have_count(0)
        look(writer, f"sheet-beside-{name}")
        papers, names = both_seen(writer)
        assert papers["y"] + papers["height"] > 0, "scrolled to the last field it is still there"
        if name == "1280":
            assert papers["x"] >= names["x"] + names["width"]
            within(writer, DESK["width"])
        else:
            assert papers["height"] <= PHONE["height"] * 0.46
            writer.get_by_text("照片（1 页）").click()
            folded, _names = both_seen(writer)
            assert folded["height"] < 80
            within(writer, PHONE["width"])


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["360", "1280"])
def test_the_auditor_s_trace(contexts, street: Street, viewport: dict[str, int]) -> None:
    width = viewport["width"]
    (sheet_id, day) = street.ask("SELECT id, day FROM day_sheets")[0]
    order = street.one("SELECT max(id) FROM redemptions WHERE state = 'handed_over'")
    street.change(
        "UPDATE redemptions SET ended_at = ? WHERE id = ?", f"{day} 04:00:00.000000", order
    )
    record = street.one("SELECT max(id) FROM service_records WHERE source_type = 'attendance'")
    who = street.one("SELECT volunteer_id FROM service_records WHERE id = ?", record)

    page = contexts(viewport, accept_downloads=True).new_page()
    sign_in(page, street, "auditor")

    # From a star to the records behind it, and to the scans of one.
    result = street.one(
        "SELECT max(r.id) FROM round_results r JOIN rounds d ON d.id = r.round_id"
        " WHERE r.stars > 0 AND d.state = 'final'"
    )
    page.goto(f"{street.url}/ratings/people/{result}")
    page.get_by_role("link", name="看这些时长的服务记录").click()
    look(page, f"trace-records-{width}")
    within(page, width)
    page.locator("table tbody a").first.click()
    expect(page.get_by_text("怎么算出来的")).to_be_visible()
    page.goto(f"{street.url}/records/{record}")
    expect(page.get_by_text("签到", exact=True).first).to_be_visible()
    look(page, f"trace-record-{width}")
    within(page, width)
    page.get_by_role("link", name="个人页面").click()
    expect(page.get_by_text("核查事由：半年抽查")).to_be_visible()
    look(page, f"trace-person-{width}")
    within(page, width)

    # From a point to its order and the day sheet, and back.
    owner = street.one("SELECT volunteer_id FROM redemptions WHERE id = ?", order)
    page.goto(f"{street.url}/people/{owner}/points")
    page.locator(f'a[href$="/orders/{order}"]').first.click()
    page.get_by_role("link", name="打开日结单").click()
    assert page.url.endswith(f"/desk/days/{sheet_id}")
    look(page, f"trace-sheet-{width}")
    within(page, width)
    page.locator(f'a[href$="/orders/{order}"]').click()
    page.get_by_role("link", name="积分账户").click()
    page.locator(f'a[href$="/orders/{order}"]').first.click()
    assert page.url.endswith(f"/orders/{order}")

    # The list of days, by day; and it is taken along.
    page.goto(f"{street.url}/desk/days")
    look(page, f"trace-days-{width}")
    within(page, width)
    page.get_by_label("从").fill(day)
    page.get_by_label("到", exact=True).fill(day)
    page.get_by_role("button", name="筛选").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载表格").click()
    book = load_workbook(BytesIO(Path(waiting.value.path()).read_bytes()))
    header, *rows = book.active.iter_rows(values_only=True)
    assert header[0] == "日期"
    assert {row[0] for row in rows} == {day}
    looked = "SELECT count(*) FROM looks WHERE volunteer_id = ? AND why = '半年抽查'"
    assert street.one(looked, who) >= 2

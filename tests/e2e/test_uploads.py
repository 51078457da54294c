"""A workbook goes up on a bad line: piece by piece, on from where it was cut, or as a form."""

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.conftest import DESK, PHONE, fill_in_sign_in, sign_in
from tests.e2e.street import Street
from tests.e2e.test_put_right import look

pytestmark = pytest.mark.e2e

PATCHES = "**/imports/uploads/*"
IMPORT = re.compile(r"/imports/\d+$")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A list of gifts that needs three pieces."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["礼品名称", "所需积分", "库存"])
    # Texts that do not repeat hardly pack.
    for number in range(9000):
        sheet.append([f"礼品{number * 7919 % 99991:05}-{number * 104729 % 999983}", 10, number])
    path = tmp_path / "礼品.xlsx"
    book.save(path)
    assert path.stat().st_size > 2 * 96 * 1024
    return path


def opened(context: BrowserContext, street: Street) -> Page:
    page = context.new_page()
    sign_in(page, street, "coordinator")
    page.goto(f"{street.url}/imports")
    return page


@pytest.mark.parametrize("screen", [PHONE, DESK])
def test_it_goes_on_from_where_the_line_was_cut(
    contexts: Callable[..., BrowserContext],
    street: Street,
    workbook: Path,
    screen: dict[str, int],
) -> None:
    page = opened(contexts(screen, java_script_enabled=True), street)
    offsets: list[str] = []

    def cut(route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        offsets.append(route.request.headers["upload-offset"])
        if len(offsets) == 2:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route(PATCHES, cut)
    page.get_by_role("textbox", name="街道").fill("临江街道")
    page.get_by_label("工作簿").set_input_files(workbook)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("网络断了，恢复后从断开的地方接着传")).to_be_visible()
    look(page, f"upload-cut-{screen['width']}")

    page.wait_for_url(IMPORT)
    assert offsets[:3] == ["0", str(96 * 1024), str(96 * 1024)]


def test_who_is_signed_out_is_told_and_goes_on(
    contexts: Callable[..., BrowserContext], street: Street, workbook: Path
) -> None:
    page = opened(contexts(PHONE, java_script_enabled=True), street)
    page.get_by_role("textbox", name="街道").fill("临江街道")
    page.get_by_label("工作簿").set_input_files(workbook)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("登录已过期")).to_be_visible()
    look(page, "upload-signed-out")

    page.context.add_cookies(cookies)
    page.get_by_role("button", name="继续上传").click()
    page.wait_for_url(IMPORT)


def test_without_a_script_the_form_goes_whole_and_a_second_time_is_the_same_import(
    contexts: Callable[..., BrowserContext], street: Street, workbook: Path
) -> None:
    page = opened(contexts(PHONE), street)
    places = []
    for _time in range(2):
        page.goto(f"{street.url}/imports")
        page.get_by_role("textbox", name="街道").fill("临江街道")
        page.get_by_label("工作簿").set_input_files(workbook)
        page.get_by_role("button", name="上传并预览").click()
        page.wait_for_url(IMPORT)
        places.append(page.url)

    assert places[0] == places[1]
    expect(page.get_by_text("同样的文件已经交过")).to_be_visible()


def test_words_typed_beside_a_large_photo_outlast_the_session(
    contexts: Callable[..., BrowserContext], street: Street, tmp_path: Path
) -> None:
    """The photo is chosen again, by name; nothing is typed twice."""
    photo = tmp_path / "签到表.jpg"
    Image.effect_noise((900, 900), 90).save(photo, quality=95)
    assert photo.stat().st_size > 2 * 128 * 1024
    page = contexts(PHONE, java_script_enabled=True).new_page()
    sign_in(page, street, "coordinator")
    page.goto(f"{street.url}/records/sheets/new")
    page.get_by_label("活动名称").fill("清晨巡河")
    page.get_by_label("地点").fill("河滨公园")
    page.get_by_label("照片或扫描件").set_input_files(photo)
    page.context.clear_cookies()
    page.get_by_role("button", name="先传照片，对着照片录").click()
    expect(page.get_by_text("登录后把文件重新选上")).to_be_visible()
    fill_in_sign_in(page, "coordinator")
    expect(page.get_by_label("活动名称")).to_have_value("清晨巡河")
    expect(page.get_by_label("地点")).to_have_value("河滨公园")
    expect(page.get_by_text("请重新选择文件：签到表.jpg")).to_be_visible()
    look(page, "sheet-after-session")

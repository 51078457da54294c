"""A leader's event, from the empty form to hours and points, without script."""

import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open, fill_in_sign_in
from tests.e2e.street import Street

pytestmark = pytest.mark.e2e

ZONE = ZoneInfo("Asia/Shanghai")
ZHAO, HE = "17000000003", "17000000012"
#: What a newcomer may be asked for from the scan to the check-in.
MOST_FIELDS = 5


def local(minutes: int) -> str:
    """So many minutes from now, as a datetime-local field wants it."""
    return (
        (datetime.now(UTC) + timedelta(minutes=minutes)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    )


def make_event(
    page: Page, title: str, *, starts: int, ends: int, capacity: int | None = None
) -> str:
    """Create, give it a shift, publish; returns the address of its page for everybody."""
    page.get_by_role("link", name="活动").first.click()
    page.get_by_role("link", name="新建活动").click()
    page.get_by_label("活动名称").fill(title)
    page.get_by_label("地点", exact=True).fill("庆丰小学东门")
    page.get_by_label("服务内容").fill("护送学生过马路")
    page.get_by_label("开始").fill(local(starts))
    page.get_by_label("结束").fill(local(ends))
    page.get_by_role("button", name="保存").click()
    page.get_by_label("岗位", exact=True).fill("护学岗")
    if capacity is not None:
        page.get_by_label("人数", exact=True).fill(str(capacity))
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_text("已添加班次")).to_be_visible()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布，大家可以报名了")).to_be_visible()
    return page.url.removesuffix("/manage")


def scanned(page: Page) -> str:
    """What a camera reads in the poster's picture."""
    return read_code(page, page.get_by_role("link", name="二维码图片").get_attribute("href"))


def read_code(page: Page, url: str | None) -> str:
    """What a camera reads at this address."""
    assert url
    answer = page.request.get(url if url.startswith("http") else origin(page) + url)
    assert answer.headers["content-type"] == "image/png"
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.body())))
    # A paper has a second code, which holds its facts and signature.
    (found,) = [code for code in read if code.text.startswith("http")]
    return found.text


def origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def fields_asked(page: Page) -> int:
    """Fields that the person in front of this page sees."""
    return page.locator("main :is(input, select, textarea):visible").count()


def put_back(street: Street, event_id: int, *, minutes: int) -> None:
    """Let everybody who is in have come so much earlier: the server's clock is the real one."""
    came = datetime.now(UTC) - timedelta(minutes=minutes)
    street.change(
        "UPDATE attendances SET checked_in_at = ? WHERE event_id = ? AND checked_out_at IS NULL",
        came.strftime("%Y-%m-%d %H:%M:%S.%f"),
        event_id,
    )


def points_of(street: Street, name: str) -> int:
    """Hundredths of points that somebody has."""
    return int(
        street.one(
            "SELECT posted FROM points_accounts JOIN volunteers v ON v.id = volunteer_id"
            " WHERE v.name = ?",
            name,
        )
    )


def test_from_the_empty_form_to_hours_and_points(phone: Open, office: Open, street: Street) -> None:
    leader = office("leader")
    # It began an hour and a half ago, so that there are hours to count at once.
    event = make_event(leader, "傍晚护学", starts=-90, ends=30)
    event_id = int(event.rsplit("/", 1)[1])

    zhao = phone(ZHAO)
    zhao.goto(event)
    zhao.get_by_role("button", name="报名").click()
    expect(zhao.get_by_text("已报名，到时请准时到场")).to_be_visible()

    leader.goto(f"{event}/manage")
    code = scanned(leader)
    assert code.startswith(f"{street.url}/c/")
    zhao.goto(code)
    expect(zhao.get_by_text("已签到")).to_be_hidden()
    zhao.get_by_role("button", name="签到", exact=True).click()
    expect(zhao.get_by_text("已签到")).to_be_visible()

    put_back(street, event_id, minutes=80)
    zhao.goto(code)
    zhao.get_by_role("button", name="签退", exact=True).click()
    expect(zhao.get_by_text("谢谢您")).to_be_visible()

    leader.goto(f"{event}/manage")
    leader.get_by_text("结束登记", exact=True).click()
    leader.get_by_role("button", name="确定结束").click()
    expect(leader.get_by_text("已结束登记：1 条记录待确认，0 人未到。")).to_be_visible()
    before = points_of(street, "赵芳")
    leader.get_by_role("button", name="确认勾选的记录").click()
    expect(leader.get_by_text("已确认 1 条记录")).to_be_visible()

    minutes = street.one("SELECT minutes FROM service_records WHERE event_id = ?", event_id)
    earned = points_of(street, "赵芳") - before
    assert 78 <= minutes <= 84
    assert earned == minutes * 100 // 60
    zhao.get_by_role("link", name="我的时长").first.click()
    zhao.get_by_role("link", name="傍晚护学").click()
    expect(zhao.get_by_role("main")).to_contain_text(f"认定 {minutes} 分钟")
    expect(zhao.get_by_role("main")).to_contain_text(f"得 {earned / 100:.2f} 分")
    zhao.get_by_role("link", name="我的积分").first.click()
    expect(zhao.get_by_role("main")).to_contain_text(f"{earned / 100:.2f}")


def test_a_newcomer_is_checked_in_after_five_fields_at_most(phone: Open, office: Open) -> None:
    leader = office("leader")
    event = make_event(leader, "周末护学", starts=-10, ends=110)
    leader.goto(f"{event}/manage")

    newcomer = phone()
    newcomer.goto(scanned(leader))
    asked = fields_asked(newcomer)
    newcomer.get_by_role("link", name="第一次来").click()
    asked += fields_asked(newcomer)
    newcomer.get_by_label("姓名").fill("周小舟")
    newcomer.get_by_label("手机号").fill("17000009001")
    newcomer.get_by_label("设一个密码").fill("xiao-zhou-2026")
    newcomer.get_by_label("我已满 18 周岁").check()
    newcomer.get_by_role("button", name="同意并登记").click()
    expect(newcomer.get_by_text("登记已提交")).to_be_visible()
    asked += fields_asked(newcomer)
    newcomer.get_by_label("密码").fill("xiao-zhou-2026")
    newcomer.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    expect(newcomer.get_by_text("您的志愿者编号是")).to_be_visible()
    asked += fields_asked(newcomer)
    newcomer.get_by_role("button", name="签到", exact=True).click()
    expect(newcomer.get_by_text("已签到")).to_be_visible()
    assert asked <= MOST_FIELDS

    leader.goto(f"{event}/manage")
    expect(leader.get_by_role("row", name="周小舟")).to_contain_text("签退")


def test_a_leader_holds_up_the_code_from_the_first_page(office: Open, street: Street) -> None:
    leader = office("leader")
    leader.goto(street.url)
    expect(leader.get_by_alt_text("签到二维码").first).to_be_visible()
    expect(leader.get_by_text("在场").first).to_be_visible()
    leader.get_by_role("link", name="名单和签到").first.click()
    expect(leader).to_have_url(re.compile("/manage#roster$"))


def test_one_sign_in_at_the_poster_then_in_and_out(phone: Open, office: Open) -> None:
    leader = office("leader")
    event = make_event(leader, "清晨护学", starts=-10, ends=20)
    leader.goto(f"{event}/manage")
    code = scanned(leader)

    he = phone()
    he.goto(code)
    he.get_by_role("link", name="登录，去签到").click()
    fill_in_sign_in(he, HE)
    he.get_by_role("button", name="签到", exact=True).click()
    expect(he.get_by_text("已签到")).to_be_visible()
    # Again: it asks for no sign-in, and says what leaving now would cost.
    he.goto(code)
    he.get_by_text("现在就签退").click()
    expect(he.get_by_text("分钟才计时长。真的要走吗？")).to_be_visible()
    he.get_by_role("button", name="签退", exact=True).click()
    # Left after moments: it is worth nothing so far, and was perhaps a mistake.
    expect(he.get_by_text("已签退")).to_be_visible()
    expect(he.get_by_text("不计时长")).to_be_visible()
    he.goto(code)
    he.get_by_role("button", name="我还在，继续服务").click()
    expect(he.get_by_text("签退已取消")).to_be_visible()
    expect(he.get_by_text("现在就签退")).to_be_visible()


def test_each_refusal_is_one_sentence_with_a_way_on(phone: Open, office: Open) -> None:
    leader = office("leader")
    tomorrow = make_event(leader, "明早护学", starts=24 * 60, ends=26 * 60)
    leader.goto(f"{tomorrow}/manage")
    early = scanned(leader)

    zhao = phone(ZHAO)
    zhao.goto(early)
    refusal = zhao.get_by_role("status")
    expect(refusal).to_contain_text("还没到签到时间。请在")
    expect(zhao.get_by_role("button", name="签到", exact=True)).to_have_count(0)

    # One character of the code changed by hand.
    zhao.goto(early[:-1] + ("0" if early[-1] != "0" else "1"))
    expect(zhao.get_by_role("main")).to_contain_text("这个二维码无效。请扫活动现场的签到码")
    expect(zhao.get_by_role("main").get_by_role("link").first).to_be_visible()

    leader.get_by_text("取消活动", exact=True).click()
    leader.get_by_label("原因").fill("下雨")
    leader.get_by_role("button", name="确定取消").click()
    zhao.goto(early)
    expect(zhao.get_by_role("main")).to_contain_text("这个活动已取消，不用签到。")

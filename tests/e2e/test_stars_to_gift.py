"""From the half-year's round to a certificate that verifies and a gift over the counter."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import DESK, Open, sign_in
from tests.e2e.street import Street, seed, served
from tests.e2e.test_event_to_hours import read_code
from volunteer_service.scoring.rules.half_years import HalfYear

pytestmark = pytest.mark.e2e

WANG = "17000000002"


@pytest.fixture(scope="module")
def after_the_half_year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """The town as it stood ten days after the last half-year: its round is open, not frozen."""
    folder = tmp_path_factory.mktemp("round")
    ended = HalfYear.of(datetime.now(UTC).date()).previous.ends_on
    at = datetime(ended.year, ended.month, ended.day, 4, tzinfo=UTC) + timedelta(days=10)
    with served(seed(folder / "seeded", at), folder / "var") as street:
        yield street


def test_the_round_from_freezing_to_stars_and_reasons(
    contexts: Callable[..., BrowserContext], after_the_half_year: Street
) -> None:
    street = after_the_half_year
    half_year = str(HalfYear.of(datetime.now(UTC).date()).previous)
    round_id = street.one("SELECT id FROM rounds WHERE half_year = ?", half_year)
    address = f"{street.url}/ratings/{round_id}"
    first, second = (
        _staff(contexts, street, "coordinator"),
        _staff(contexts, street, "coordinator2"),
    )

    first.goto(address)
    for step in ("冻结数据", "计算草案", "发布公示"):
        _confirm(first, step)
    expect(first.get_by_text("公示已发布")).to_be_visible()
    expect(first.get_by_text("结束公示")).to_have_count(0)

    # Five working days pass: the server's clock is the real one.
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date()
    street.change("UPDATE rounds SET notice_ends_on = ? WHERE id = ?", str(yesterday), round_id)
    first.goto(address)
    _confirm(first, "结束公示")
    # Who published does not sign off.
    expect(first.get_by_text("签发人不能是发布公示的人。请由另一位管理员签发。")).to_be_visible()
    expect(first.get_by_role("button", name="确定签发")).to_have_count(0)
    second.goto(address)
    _confirm(second, "签发")
    expect(second.get_by_text("已签发。现在可以发证书了。")).to_be_visible()
    assert street.one("SELECT state FROM rounds WHERE id = ?", round_id) == "final"

    best = "SELECT v.name, r.stars FROM round_results r JOIN volunteers v ON v.id = r.volunteer_id"
    ((name, stars),) = street.ask(
        f"{best} WHERE round_id = ? ORDER BY stars DESC LIMIT 1", round_id
    )
    second.get_by_role("button", name="发放证书").click()
    expect(second.get_by_text("这一轮已全部完成。")).to_be_visible()
    second.get_by_role("link", name="名单和说明").click()
    row = second.get_by_role("row", name=name)
    expect(row).to_contain_text("小时 → " + "零一二三四五"[stars] + "星级")
    row.get_by_role("link", name=name).click()
    expect(second.get_by_role("main")).to_contain_text("评定所依据的数据")


def _confirm(page: Page, step: str) -> None:
    """Take a step of the round: each says what it will do before it is done."""
    asked = page.locator("details.confirm").filter(has=page.locator("summary", has_text=step))
    asked.locator("summary").click()
    reason = asked.get_by_label("没处理完就冻结的原因")
    if reason.count():
        reason.fill("演示：等待确认的记录留到下一轮")
    asked.get_by_role("button", name=f"确定{step}").click()


def _staff(contexts: Callable[..., BrowserContext], street: Street, login: str) -> Page:
    page = contexts(DESK).new_page()
    sign_in(page, street, login)
    return page


def test_a_certificate_verifies_without_sign_in_until_it_is_revoked(
    phone: Open, office: Open, street: Street
) -> None:
    wang = phone(WANG)
    wang.goto(f"{street.url}/my/certificates")
    wang.get_by_role("link", name="三星级").click()
    number = wang.url.rsplit("/", 1)[1]
    paper = wang.request.get(f"{street.url}/certificates/{number}.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF-")
    public = read_code(wang, f"{street.url}/certificates/{number}.png")
    assert public.startswith(f"{street.url}/v/")

    stranger = phone()
    stranger.goto(public)
    expect(stranger.get_by_role("status")).to_contain_text("证书有效")
    expect(stranger.get_by_role("main")).to_contain_text("王*国")
    expect(stranger.get_by_role("main")).not_to_contain_text("王建国")

    coordinator = office("coordinator")
    coordinator.goto(f"{street.url}/certificates/{number}")
    coordinator.get_by_text("撤销证书").click()
    coordinator.get_by_label("原因").fill("时长有误")
    coordinator.get_by_role("button", name="确定撤销").click()
    expect(coordinator.get_by_text("这张证书已撤销")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("alert")).to_contain_text("证书已撤销")
    expect(stranger.get_by_text("证书有效")).to_have_count(0)


def test_a_gift_is_ordered_handed_over_once_and_everything_agrees(
    phone: Open, office: Open, street: Street
) -> None:
    # 张伟民 has ordered nothing this month.
    buyer = phone("17000000011")
    buyer.goto(f"{street.url}/gifts")
    available, stock = _points(street, "张伟民"), _stock(street, "毛巾")
    buyer.get_by_role("link", name="兑换毛巾").click()
    buyer.get_by_label("1 件").check()
    buyer.get_by_role("button", name="确认兑换").click()
    code = buyer.locator(".qr-code").inner_text()
    image = buyer.request.get(f"{buyer.url}/code.svg")
    assert image.headers["content-type"].startswith("image/svg+xml")
    assert _points(street, "张伟民") == (available[0], available[1] + 400)

    desk = office("desk")
    desk.goto(f"{street.url}/desk")
    expect(desk.get_by_role("link", name="张*民 · 毛巾 × 1")).to_be_visible()
    desk.get_by_label("取货码、编号、姓名或手机号").fill(code)
    desk.get_by_role("main").get_by_role("button", name="查找").click()
    expect(desk.get_by_role("heading", name="毛巾 × 1")).to_be_visible()
    # The same order lies on a second counter's screen.
    late = office("desk")
    late.goto(desk.url)
    desk.get_by_role("button", name="发放", exact=True).click()
    expect(desk.get_by_text("已发放 毛巾 × 1，请接待下一位。")).to_be_visible()
    late.get_by_role("button", name="发放", exact=True).click()
    expect(late.get_by_text("请接待下一位")).to_have_count(0)
    assert _stock(street, "毛巾") == stock - 1
    assert _points(street, "张伟民") == (available[0] - 400, available[1])

    buyer.goto(f"{street.url}/my/points")
    expect(buyer.get_by_role("main")).to_contain_text("-4.00 分")
    buyer.reload()
    buyer.goto(f"{street.url}/gifts")
    expect(buyer.get_by_role("row", name="毛巾 × 1").first).to_contain_text("已领取")


def _stock(street: Street, gift: str) -> int:
    return int(street.one("SELECT stock FROM gifts WHERE name = ?", gift))


def _points(street: Street, name: str) -> tuple[int, int]:
    """Posted and held, in hundredths."""
    ((posted, held),) = street.ask(
        "SELECT posted, held FROM points_accounts JOIN volunteers v ON v.id = volunteer_id"
        " WHERE v.name = ?",
        name,
    )
    return int(posted), int(held)

"""A browser set to type of twice the size, and «大字» on top: every page stays within a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.conftest import PHONE, sign_in
from tests.e2e.pages import READERS, paths
from tests.e2e.street import Street

pytestmark = pytest.mark.e2e

TWICE = {"fontSizes": {"standard": 32, "fixed": 26}}
#: The page's width, and the height of what stays above the text and at the foot of the screen.
FACTS = """() => [
  document.documentElement.scrollWidth,
  document.querySelector('header.top').getBoundingClientRect().height,
  document.querySelector('nav.bar')?.getBoundingClientRect().height ?? 0,
  parseFloat(getComputedStyle(document.documentElement).fontSize),
]"""


def enlarged(context: BrowserContext, street: Street, login: str | None) -> Page:
    """Signed in, then everything as large as it gets."""
    page = context.new_page()
    page.goto(street.url)
    if login is not None:
        sign_in(page, street, login)
    page.get_by_role("button", name="大字").click()
    context.new_cdp_session(page).send("Page.setFontSizes", TWICE)
    return page


@pytest.mark.parametrize("reader", ["leader", "coordinator"])
def test_every_page_stays_within_the_screen(
    contexts: Callable[..., BrowserContext], street_to_look_at: Street, reader: str
) -> None:
    street = street_to_look_at
    page = enlarged(contexts(PHONE), street, READERS[reader])
    wrong, seen = {}, 0
    for path in paths(street):
        answer = page.goto(street.url + path)
        assert answer
        is_shown = answer.status == 200 and "/sign-in?" not in answer.url
        if not is_shown or not page.query_selector("header.top"):
            continue
        width, header, bar, type_px = page.evaluate(FACTS)
        assert type_px == 46
        seen += 1
        if width > PHONE["width"] or max(header, bar) > PHONE["height"] / 4:
            wrong[path] = (width, header, bar)
    assert wrong == {}
    assert seen > 4

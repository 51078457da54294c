"""Every page for every reader: nothing for axe-core to find, nothing cut off, nothing from outside.

Which pages there are is read from the address map, so that a new page is held to this by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.e2e.conftest import DESK, PHONE, sign_in
from tests.e2e.pages import READERS, paths
from tests.e2e.street import Street

pytestmark = pytest.mark.e2e

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
#: Axe tells of what passed by rule only: every element of it would cost as much as finding.
LOOK = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] })
  const told = found.violations.map(
    v => v.id + ': ' + v.nodes.slice(0, 2).map(n => n.html.slice(0, 160)).join(' | '))
  return {
    told,
    passed: found.passes.length,
    lang: document.documentElement.lang,
    headings: document.querySelectorAll('h1').length,
    width: document.documentElement.scrollWidth,
  }
}"""
#: A browser set to type of twice the size, with «大字» on top; and back.
TWICE = {"fontSizes": {"standard": 32, "fixed": 26}}
ONCE = {"fontSizes": {"standard": 16, "fixed": 13}}
#: The page's width, the heights of what stays above the text and at the foot, the size of type.
LARGE = """() => {
  const root = document.documentElement
  root.dataset.text = 'large'
  return [
    root.scrollWidth,
    document.querySelector('header.top').getBoundingClientRect().height,
    document.querySelector('nav.bar')?.getBoundingClientRect().height ?? 0,
    parseFloat(getComputedStyle(root).fontSize),
  ]
}"""
#: Who must have been shown at least so many pages: a guard that shuts out all would pass else.
LEAST = {
    "stranger": 8,
    "volunteer": 18,
    "leader": 24,
    "coordinator": 40,
    "desk": 20,
    "auditor": 20,
    "admin": 40,
}
#: Who sits before a large screen as well.
AT_A_DESK = ("leader", "coordinator", "desk")
#: Whose pages are looked at in the largest type too, in the same visit.
ENLARGED = ("leader", "coordinator")
#: Pages that are looked at dark and in large type as well.
SAMPLE = ("/", "/events", "/e/", "/my/", "/gifts", "/desk", "/ratings/1", "/records/", "/me")


@dataclass
class Watch:
    """What is wrong with the pages that were opened, each with its address."""

    page: Page
    street: Street
    lang: str = "zh-Hans"
    wrong: list[str] = field(default_factory=list)
    seen: int = 0
    enlarges: bool = False
    enlarged: int = 0
    #: The address that is being opened.
    _opening: str = ""

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.says(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))

    def says(self, what: str) -> None:
        self.wrong.append(f"{self.page.url.removeprefix(self.street.url)}: {what}")

    def _said(self, said: ConsoleMessage) -> None:
        # That this page is refused the console says too; of what it loads, only the console.
        if said.type == "error" and said.location["url"] != self._opening:
            self.says(said.text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.street.url, "data:")):
            self.says(f"asks for {url}")

    def look(self, path: str, *sizes: dict[str, int]) -> None:
        """Open a page in each size; one that is not for this reader (404, the sign-in) is left."""
        self._opening = self.street.url + path
        answer = self.page.goto(self._opening)
        assert answer
        assert answer.status < 500, path
        self._opening = ""
        if answer.status != 200 or "/sign-in?" in answer.url:
            return
        self.seen += 1
        self.page.evaluate(AXE)
        for size in sizes:
            self.page.set_viewport_size(size)
            self._judge(size["width"])
        if self.enlarges and self.page.query_selector("header.top"):
            self._judge_enlarged()

    def _judge_enlarged(self) -> None:
        self.page.set_viewport_size(PHONE)
        browser = self.page.context.new_cdp_session(self.page)
        browser.send("Page.setFontSizes", TWICE)
        width, header, bar, type_px = self.page.evaluate(LARGE)
        assert type_px == 46
        self.enlarged += 1
        if width > PHONE["width"] or max(header, bar) > PHONE["height"] / 4:
            self.says(f"in the largest type {width} px wide, head {header}, bar {bar}")
        browser.send("Page.setFontSizes", ONCE)
        browser.detach()

    def _judge(self, width: int) -> None:
        found = self.page.evaluate(LOOK)
        assert found["passed"] > 5, "axe-core has not run"
        if found["lang"] != self.lang:
            self.says(f"lang={found['lang']!r}")
        if found["headings"] != 1:
            self.says(f"{found['headings']} h1")
        if found["width"] > width:
            self.says(f"{found['width']} px wide on {width}")
        for violation in found["told"]:
            self.says(f"{violation} on {width}")


@pytest.fixture
def watch(
    contexts: Callable[..., BrowserContext], street_to_look_at: Street
) -> Callable[[str], Watch]:
    """A watched page of ``reader``; the page's own policy would keep axe-core out."""

    def new(reader: str) -> Watch:
        page = contexts(PHONE, java_script_enabled=True, bypass_csp=True).new_page()
        login = READERS[reader]
        if login is not None:
            sign_in(page, street_to_look_at, login)
        return Watch(page, street_to_look_at)

    return new


@pytest.mark.parametrize("reader", READERS)
def test_every_page_is_accessible_whole_and_ours(
    watch: Callable[[str], Watch], reader: str
) -> None:
    watched = watch(reader)
    watched.enlarges = reader in ENLARGED
    sizes = (PHONE, DESK) if reader in AT_A_DESK else (PHONE,)
    for path in paths(watched.street):
        watched.look(path, *sizes)
    assert watched.wrong == []
    assert watched.seen >= LEAST[reader]
    assert watched.enlarged > 4 or not watched.enlarges


@pytest.mark.parametrize("wish", ["深色", "大字", "EN, use English"])
@pytest.mark.parametrize("reader", ["leader", "desk"])
def test_dark_large_type_and_english_lose_nothing(
    watch: Callable[[str], Watch], reader: str, wish: str
) -> None:
    watched = watch(reader)
    watched.page.get_by_role("button", name=wish).click()
    if wish.startswith("EN"):
        watched.lang = "en"
    for path in paths(watched.street):
        if path.startswith(SAMPLE):
            watched.look(path, PHONE)
    assert watched.wrong == []
    assert watched.seen > 8

"""Every page for every reader: nothing for axe-core to find, nothing cut off, nothing from outside.

Which pages there are is read from the address map, so that a new page is held to this by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.conftest import DESK, PHONE, sign_in
from tests.e2e.pages import READERS, paths
from tests.e2e.street import Street

pytestmark = pytest.mark.e2e

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RUN = """async () => {
  const found = await axe.run(document)
  const told = found.violations.map(
    v => v.id + ': ' + v.nodes.slice(0, 2).map(n => n.html.slice(0, 160)).join(' | '))
  return { told, passed: found.passes.length }
}"""
FACTS = """() => ({
  lang: document.documentElement.lang,
  headings: document.querySelectorAll('h1').length,
  width: document.documentElement.scrollWidth,
})"""
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

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: said.type == "error" and self.says(said.text))
        self.page.on("pageerror", lambda error: self.says(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))

    def says(self, what: str) -> None:
        self.wrong.append(f"{self.page.url.removeprefix(self.street.url)}: {what}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.street.url, "data:")):
            self.says(f"asks for {url}")

    def look(self, path: str) -> None:
        """Open a page; one that is not for this reader (404, the sign-in) is left."""
        # Asked first without a browser: a refused page is no fault on its console.
        answer = self.page.request.get(self.street.url + path)
        is_for_us = answer.status == 200 and "/sign-in?" not in answer.url
        assert answer.status < 500, path
        if not is_for_us:
            return
        self.page.goto(self.street.url + path)
        self.seen += 1
        facts = self.page.evaluate(FACTS)
        if facts["lang"] != self.lang:
            self.says(f"lang={facts['lang']!r}")
        if facts["headings"] != 1:
            self.says(f"{facts['headings']} h1")
        width = (self.page.viewport_size or PHONE)["width"]
        if facts["width"] > width:
            self.says(f"{facts['width']} px wide")
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(RUN)
        assert found["passed"] > 5, "axe-core has not run"
        for violation in found["told"]:
            self.says(violation)


@pytest.fixture
def watch(contexts: Callable[..., BrowserContext], street: Street) -> Callable[..., Watch]:
    """A watched page of ``reader``; the page's own policy would keep axe-core out."""

    def new(reader: str, viewport: dict[str, int], **options: object) -> Watch:
        context = contexts(viewport, java_script_enabled=True, bypass_csp=True, **options)
        page = context.new_page()
        login = READERS[reader]
        if login is not None:
            sign_in(page, street, login)
        return Watch(page, street)

    return new


@pytest.mark.parametrize(
    ("reader", "viewport"),
    [(reader, PHONE) for reader in READERS]
    + [(reader, DESK) for reader in ("leader", "coordinator", "desk")],
    ids=lambda value: value if isinstance(value, str) else str(value["width"]),
)
def test_every_page_is_accessible_whole_and_ours(
    watch: Callable[..., Watch], street: Street, reader: str, viewport: dict[str, int]
) -> None:
    watched = watch(reader, viewport)
    for path in paths(street):
        watched.look(path)
    assert watched.wrong == []
    assert watched.seen >= LEAST[reader]


@pytest.mark.parametrize("wish", ["深色", "大字", "EN, use English"])
@pytest.mark.parametrize("reader", ["leader", "desk"])
def test_dark_large_type_and_english_lose_nothing(
    watch: Callable[..., Watch], street: Street, reader: str, wish: str
) -> None:
    watched = watch(reader, PHONE)
    watched.page.get_by_role("button", name=wish).click()
    if wish.startswith("EN"):
        watched.lang = "en"
    for path in paths(street):
        if path.startswith(SAMPLE):
            watched.look(path)
    assert watched.wrong == []
    assert watched.seen > 8

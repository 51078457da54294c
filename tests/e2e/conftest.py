"""The browser, the towns, and people who sit before them."""

import fcntl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.street import CHROMIUM, Street, seed, served
from volunteer_service.demo import PASSWORD

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo town of this minute, untouched; the first worker seeds it for all."""
    of_run = tmp_path_factory.getbasetemp()
    of_run = of_run if worker_id == "master" else of_run.parent
    folder = of_run / "town"
    with (of_run / "town.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # It is named when it is whole: a worker that ended in the middle leaves none.
        return folder if folder.exists() else _seed_whole(folder)


def _seed_whole(folder: Path) -> Path:
    return seed(folder.with_name("town.begun"), datetime.now(UTC)).rename(folder)


@pytest.fixture(scope="module")
def street(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """A town of this file's own."""
    with served(seeded, tmp_path_factory.mktemp("street") / "var") as found:
        yield found


@pytest.fixture(scope="session")
def street_to_look_at(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """A town that nobody changes: one for all tests that only look."""
    with served(seeded, tmp_path_factory.mktemp("looked_at") / "var") as found:
        yield found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file that changes its town runs on one worker, so that the town is served once."""
    for item in items:
        if item.get_closest_marker("e2e") and "street" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(item.path.name))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(**CHROMIUM)
        yield found
        found.close()


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Browsers of people who share nothing; without script unless it is asked for."""
    opened: list[BrowserContext] = []

    def new(viewport: dict[str, int] = PHONE, **options: Any) -> BrowserContext:
        given = {
            "java_script_enabled": False,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
        } | options
        opened.append(browser.new_context(viewport=viewport, **given))
        opened[-1].set_default_timeout(15_000)
        return opened[-1]

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def phone(contexts: Callable[..., BrowserContext], street: Street) -> Open:
    """Open the site on a phone, signed in as ``login`` where one is given."""
    return lambda login=None: _opened(contexts(PHONE), street, login)


@pytest.fixture
def office(contexts: Callable[..., BrowserContext], street: Street) -> Open:
    """Open the site on a desk's screen, signed in as ``login``."""
    return lambda login=None: _opened(contexts(DESK), street, login)


def _opened(context: BrowserContext, street: Street, login: str | None) -> Page:
    page = context.new_page()
    page.goto(street.url)
    if login is not None:
        sign_in(page, street, login)
    return page


def sign_in(page: Page, street: Street, login: str, password: str = PASSWORD) -> None:
    """Through the form, as people do."""
    page.goto(f"{street.url}/sign-in")
    fill_in_sign_in(page, login, password)
    if login == "auditor":
        # Without a reason an auditor opens nobody's pages.
        page.goto(f"{street.url}/audit/purpose")
        page.get_by_label("为什么核查").fill("半年抽查")
        page.get_by_role("button", name="记下，继续").click()


def fill_in_sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """The two fields and the button of the page that is open."""
    page.get_by_label("手机号、志愿者编号或用户名").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()

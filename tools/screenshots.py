"""Takes the pictures of docs/images from the demo town: .venv/bin/python tools/screenshots.py"""

import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image, ImageDraw  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tests.e2e.conftest import DESK, PHONE, sign_in  # noqa: E402
from tests.e2e.street import CHROMIUM, Street, seed, served  # noqa: E402

IMAGES = ROOT / "docs" / "images"
WANG = "17000000002"


@dataclass(frozen=True)
class Picture:
    """One page as one person sees it; ``path`` may ask the database for an id."""

    name: str
    login: str | None
    path: str
    size: dict[str, int]
    theme: str = "light"


PICTURES = (
    Picture("volunteer-home", WANG, "/", PHONE),
    Picture("check-in", WANG, "/c/{code}", PHONE),
    Picture("my-records", WANG, "/my/records", PHONE),
    Picture("gifts", "17000000011", "/gifts", PHONE),
    Picture("pick-up-code", WANG, "/orders/{order}", PHONE),
    Picture("volunteer-home-dark", WANG, "/", PHONE, "dark"),
    Picture("leader-event", "leader", "/e/{event}/manage", DESK),
    Picture("round", "coordinator", "/ratings/{round}", DESK),
    Picture("certificate", "coordinator", "/certificates/{certificate}", DESK),
    Picture("desk", "desk", "/desk", DESK),
    Picture("verify", None, "/v/{verify}", PHONE),
)


def numbers(street: Street) -> dict[str, str]:
    """Return what the paths of the pictures need."""
    from tests.e2e.pages import app_of, tokens

    signed = tokens(app_of(street))
    return {
        "code": signed["code"],
        "verify": signed["valid"],
        "event": street.one("SELECT min(id) FROM events WHERE state = 'published'"),
        "round": street.one("SELECT id FROM rounds WHERE state = 'final'"),
        "order": street.one(
            "SELECT max(r.id) FROM redemptions r JOIN volunteers v ON v.id = r.volunteer_id"
            " WHERE r.state = 'ordered' AND v.name = '王建国'"
        ),
        "certificate": street.one("SELECT min(number) FROM certificates WHERE revoked_at IS NULL"),
    }


def take(browser: Browser, street: Street, picture: Picture, found: dict[str, str]) -> None:
    """Take one picture of what fits on the screen."""
    context = browser.new_context(
        viewport=picture.size,
        device_scale_factor=2,
        color_scheme=picture.theme,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    if picture.login is not None:
        sign_in(page, street, picture.login)
    page.goto(street.url + picture.path.format(**found))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{picture.name}.png")
    context.close()


def side_by_side(left: str, right: str, name: str) -> None:
    """Put two pictures with round corners on one background, as the README shows them."""
    gap, radius, height = 28, 14, 844
    shown = []
    for each in (left, right):
        picture = Image.open(IMAGES / f"{each}.png").convert("RGB")
        shown.append(picture.resize((picture.width * height // picture.height, height)))
    width = sum(picture.width for picture in shown) + 3 * gap
    ground = Image.new("RGB", (width, height + 2 * gap), "#d5ded6")
    at = gap
    for picture in shown:
        corners = Image.new("L", picture.size)
        ImageDraw.Draw(corners).rounded_rectangle((0, 0, *picture.size), radius, 255)
        ground.paste(picture, (at, gap), corners)
        at += picture.width + gap
    ground.save(IMAGES / f"{name}.png", optimize=True)


def main() -> None:
    """Take all pictures, from a fresh demo town."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        seeded = seed(Path(folder) / "seeded", datetime.now(UTC))
        with served(seeded, Path(folder) / "var") as street:
            browser = playwright.chromium.launch(**CHROMIUM)
            found = numbers(street)
            for picture in PICTURES:
                take(browser, street, picture, found)
            browser.close()
    side_by_side("volunteer-home", "round", "readme")


if __name__ == "__main__":
    main()

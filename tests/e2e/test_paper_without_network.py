"""A certificate is checked without network: the page is cached and asks nobody."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.e2e import pages
from tests.e2e.conftest import PHONE
from tests.e2e.street import Street
from tests.e2e.test_reload_without_network import until
from volunteer_service.certificates import rendering, signing
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db, transaction

pytestmark = pytest.mark.e2e

LAID_BY = "caches.match('/v/offline').then((found) => found !== undefined)"


def paper_of(street: Street, folder: Path) -> tuple[str, str, str]:
    """The code of a valid honour certificate, its number, and a picture of the whole paper."""
    with pages.app_of(street).app_context(), transaction(write=False):
        query = select(Certificate).where(
            Certificate.revoked_at.is_(None), Certificate.kind == "honour"
        )
        found = db.session.scalars(query.order_by(Certificate.id)).first()
        assert found
        picture = folder / "paper.png"
        picture.write_bytes(rendering.png(found))
        return signing.code_of(found) or "", found.number, str(picture)


def test_a_paper_is_checked_without_network(contexts, street: Street, tmp_path: Path) -> None:
    code, number, picture = paper_of(street, tmp_path)
    context = contexts(PHONE, java_script_enabled=True)
    page = context.new_page()
    page.goto(f"{street.url}/v/offline")
    until(page, LAID_BY)
    until(page, "navigator.serviceWorker.controller !== null")
    context.set_offline(True)
    page.reload()
    page.get_by_label("或粘贴扫出来的文字").fill(code)
    page.get_by_role("button", name="核对签名").click()
    answer = page.locator("[data-answer]")
    expect(answer.locator("[data-state=genuine]")).to_be_visible()
    expect(answer.get_by_text(number)).to_be_visible()
    # One character of the paper differs: facts that are not believed are not shown.
    touched = code[:150] + ("A" if code[150] != "A" else "B") + code[151:]
    page.get_by_label("或粘贴扫出来的文字").fill(touched)
    page.get_by_role("button", name="核对签名").click()
    expect(answer.locator("[data-state=genuine]")).to_have_count(0)
    expect(answer.locator("[data-state]")).to_have_count(1)
    expect(answer.get_by_text(number)).to_have_count(0)
    # A photo of the paper, which has two codes.
    page.locator("[data-photo] input").set_input_files(picture)
    expect(answer.get_by_text(number)).to_be_visible(timeout=20_000)
    assert street.url in page.url

"""Photos of a sheet are re-encoded, or refused with the reason."""

import time
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from tests.paper import hostile_scans as made
from volunteer_service.paper import uploaded_pages
from volunteer_service.server import THREADS


def opened(page: uploaded_pages.Page) -> Image.Image:
    return Image.open(BytesIO(page.jpeg))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_becomes_a_picture_without_the_place(kind: str) -> None:
    data = made.photo(kind=kind)
    assert b"SECRETPHONE" in data
    (page,) = uploaded_pages.pages(data)
    found = opened(page)
    assert (found.format, found.size, found.info.get("exif")) == ("JPEG", (1200, 900), None)
    assert dict(found.getexif()) == {}
    assert b"SECRET" not in page.jpeg
    assert (page.width, page.height) == found.size


def test_a_turned_photo_stands_upright_and_a_large_one_is_made_smaller() -> None:
    (page,) = uploaded_pages.pages(made.photo((3000, 2000), turned=True))
    assert opened(page).size == (page.width, page.height)
    assert page.height == uploaded_pages.LONGEST_SIDE
    assert page.width < page.height


def test_a_pdf_becomes_its_pages() -> None:
    found = uploaded_pages.pages(made.pdf(3))
    assert [opened(page).format for page in found] == ["JPEG"] * 3
    assert all(page.height == uploaded_pages.LONGEST_SIDE for page in found)


def test_script_attachment_and_author_of_a_pdf_stay_behind() -> None:
    data = made.pdf_with_script_and_attachment()
    assert b"SECRETSCRIPT" in data
    assert b"SECRETATTACHMENT" in data
    (page,) = uploaded_pages.pages(data)
    assert opened(page).getextrema()[0][0] < 50  # the words are painted
    for secret in (b"SECRET", b"JavaScript", b"%PDF"):
        assert secret not in page.jpeg


def test_what_stands_behind_a_picture_stays_behind() -> None:
    (page,) = uploaded_pages.pages(made.page_and_program())
    assert b"SECRET" not in page.jpeg
    assert page.jpeg.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (made.HEIC, "heic"),
        (made.SVG, "kind"),
        (made.GIF, "kind"),
        (b"PK\x03\x04" + b"\0" * 100, "kind"),
        (b"\0" * 10 + made.pdf(), "kind"),
        (b"", "broken"),
        (made.photo()[:9000], "broken"),
        (made.photo(kind="PNG")[:2000], "broken"),
        (b"\xff\xd8\xff" + b"\0" * 500, "broken"),
        (b"%PDF-1.7\n" + b"junk" * 100, "broken"),
        (made.pdf()[:300], "broken"),
        (made.locked_pdf(), "locked"),
        (made.pdf(uploaded_pages.MOST_PAGES + 1), "pages"),
        (made.huge_png(), "pixels"),
        (made.photo((100, 900)), "small"),
        (b"\xff\xd8\xff" + b"\0" * uploaded_pages.MOST_BYTES, "size"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_paper_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(uploaded_pages.Unreadable) as refused:
        uploaded_pages.pages(data)
    assert refused.value.reason == reason


def test_a_bomb_within_the_bound_harms_nobody() -> None:
    """600 MB of zeros in some hundred kilobytes: decoded up to the picture's size, no further."""
    data = made.bomb_png()
    assert len(data) < 2_000_000
    (page,) = uploaded_pages.pages(data)
    assert page.width == page.height == uploaded_pages.LONGEST_SIDE


def test_a_page_that_takes_too_much_work_is_given_up() -> None:
    with pytest.raises(uploaded_pages.Unreadable) as refused:
        uploaded_pages.pages(made.intricate_pdf())
    assert refused.value.reason == "slow"


def test_a_request_that_has_had_its_time_gets_no_more() -> None:
    with pytest.raises(uploaded_pages.Unreadable) as refused:
        uploaded_pages.pages(made.photo(), until=time.monotonic())
    assert refused.value.reason == "slow"
    assert uploaded_pages.pages(made.photo())


def test_the_decoder_s_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}
    run = uploaded_pages.subprocess.run

    def watched(*args, **options):
        seen.update(options["env"])
        return run(*args, **options)

    monkeypatch.setenv("PERSONAL_DATA_KEY", "k" * 40)
    monkeypatch.setattr(uploaded_pages.subprocess, "run", watched)
    assert uploaded_pages.pages(made.photo())
    assert set(seen) == {"PYTHONPATH"}


def test_so_many_wait_for_a_turn_and_the_next_one_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who waits holds a thread of the server: a crowd of uploads must not hold them all."""
    monkeypatch.setattr(uploaded_pages, "PATIENCE", 3600)
    most = uploaded_pages.AT_ONCE + uploaded_pages.WAITING
    assert most <= THREADS // 2
    for _n in range(most):
        assert uploaded_pages.places.acquire(blocking=False)
    try:
        with pytest.raises(uploaded_pages.Unreadable) as refused:
            uploaded_pages.pages(made.photo())
    finally:
        for _n in range(most):
            uploaded_pages.places.release()
    assert refused.value.reason == "busy"
    assert uploaded_pages.pages(made.photo())
    with pytest.raises(uploaded_pages.Unreadable):
        uploaded_pages.pages(b"%PDF-1.4 broken")
    assert all(uploaded_pages.places.acquire(blocking=False) for _n in range(most))
    for _n in range(most):
        uploaded_pages.places.release()


def test_so_many_are_decoded_at_once_and_the_next_one_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each decoder may take 1.5 GB: a crowd of uploads must not take them all at once."""
    monkeypatch.setattr(uploaded_pages, "PATIENCE", 0.05)
    for _n in range(uploaded_pages.AT_ONCE):
        assert uploaded_pages.turns.acquire(blocking=False)
    try:
        with pytest.raises(uploaded_pages.Unreadable) as refused:
            uploaded_pages.pages(made.photo())
    finally:
        for _n in range(uploaded_pages.AT_ONCE):
            uploaded_pages.turns.release()
    assert refused.value.reason == "busy"
    for data in (b"%PDF-1.4 broken", made.photo(), made.huge_png()):
        with suppress(uploaded_pages.Unreadable):
            uploaded_pages.pages(data)
    # Whatever became of them, their turns are given back.
    assert all(uploaded_pages.turns.acquire(blocking=False) for _n in range(uploaded_pages.AT_ONCE))
    for _n in range(uploaded_pages.AT_ONCE):
        uploaded_pages.turns.release()

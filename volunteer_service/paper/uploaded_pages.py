"""Turns an uploaded scan or photo of a paper into clean JPEG pages.

The content decides what a file is, never its name. Every page is decoded and re-encoded, so that
nothing of the file itself is kept: no location of a photo, no script, no attachment, no second file
appended to the first. The decoders are C code that reads untrusted data: they run in a process of
their own, with limits of memory and time, and a crash there does not end the service.
"""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

#: Bytes of one file, pages of one file, pixels of one picture, and the shortest readable side.
MOST_BYTES, MOST_PAGES = 15 * 1024 * 1024, 10
MOST_PIXELS, LEAST_SIDE = 64_000_000, 200
#: What is kept: pixels of the longer side (A4 at 200 dpi is 2,339), and the JPEG's quality.
LONGEST_SIDE, QUALITY = 2200, 78
#: Bounds of the process that decodes: bytes of memory, seconds of work (ten pages of a scan take
#: less than one), and its niceness below the processes that answer requests.
_MEMORY, _WORK, _NICE = 1536 * 1024 * 1024, 5, 15
#: Seconds that all files of one request have altogether, including the waiting for a turn.
ALTOGETHER = 15.0
#: Files that one server process decodes at once; files that wait for a turn, and for how many
#: seconds, so that many uploads at once take neither all memory nor all threads.
AT_ONCE, WAITING, PATIENCE = 2, 2, 5
turns = BoundedSemaphore(AT_ONCE)
places = BoundedSemaphore(AT_ONCE + WAITING)
#: Brands of the pictures that iPhones write (ISO 23008-12); few libraries read them.
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")

#: Why a file is no paper: ``size``, ``heic``, ``kind``, ``pixels``, ``small``, ``broken``,
#: ``locked``, ``slow``, ``pages``; or ``busy``: other files are being decoded.
REASONS = ("size", "heic", "kind", "pixels", "small", "broken", "locked", "slow", "pages", "busy")


#: The exit status of the process whose seconds of work are used up.
_OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)


class Unreadable(Exception):
    """The file cannot be kept; ``reason`` is one of :data:`REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Page:
    """One page as JPEG without metadata."""

    jpeg: bytes
    width: int
    height: int


def kind_of(data: bytes) -> str:
    """Return ``jpeg``, ``png`` or ``pdf`` by the first bytes; else raise :class:`Unreadable`."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise Unreadable("heic")
    for name, begins in (
        ("jpeg", b"\xff\xd8\xff"),
        ("png", b"\x89PNG\r\n\x1a\n"),
        ("pdf", b"%PDF-"),
    ):
        if data.startswith(begins):
            return name
    raise Unreadable("kind")


def pages(data: bytes, *, until: float | None = None) -> list[Page]:
    """Return the pages of an uploaded file, re-encoded in a separate process.

    ``until`` (``time.monotonic``) is the end of the request's time; left out, the file has
    :data:`ALTOGETHER` seconds.
    """
    if not 0 < len(data) <= MOST_BYTES:
        raise Unreadable("size" if data else "broken")
    kind_of(data)
    if not places.acquire(blocking=False):
        raise Unreadable("busy")
    try:
        return _in_turn(data, time.monotonic() + ALTOGETHER if until is None else until)
    finally:
        places.release()


def _in_turn(data: bytes, until: float) -> list[Page]:
    if not turns.acquire(timeout=PATIENCE):
        raise Unreadable("busy")
    try:
        return list(_unpacked(_decoded(data, until)))
    finally:
        turns.release()


def _decoded(data: bytes, until: float) -> bytes:
    """Return the output of the separate process: the pages, packed."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "volunteer_service.paper.uploaded_pages"],
            input=data,
            # It gets neither keys nor addresses of the service.
            env={"PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            timeout=max(0.0, until - time.monotonic()),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("slow") from None
    if done.returncode in _OUT_OF_TIME:
        raise Unreadable("slow")
    said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    if done.returncode:
        raise Unreadable(said if said in REASONS else "broken")
    return done.stdout


def made_anew(data: bytes) -> list[Page]:
    """Return the same as :func:`pages`, made in this process."""
    if kind_of(data) == "pdf":
        return list(_painted(data))
    return [_picture(data)]


def _picture(data: bytes) -> Page:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as found:
            # The size is in the header; nothing has been decoded yet.
            if found.width * found.height > MOST_PIXELS:
                raise Unreadable("pixels")
            if min(found.size) < LEAST_SIDE:
                raise Unreadable("small")
            found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            found.load()
            return _kept(ImageOps.exif_transpose(found))
    except Image.DecompressionBombError:
        raise Unreadable("pixels") from None
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, EOFError):
        raise Unreadable("broken") from None


def _painted(data: bytes) -> Iterator[Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("locked" if "password" in str(error).lower() else "broken") from None
    if not 0 < len(document) <= MOST_PAGES:
        raise Unreadable("pages")
    try:
        for leaf in document:
            width, height = leaf.get_size()
            scale = LONGEST_SIDE / max(width, height, 1)
            # A page as thin as a line would have no pixel on the shorter side.
            if min(width, height) * scale < LEAST_SIDE:
                raise Unreadable("small")
            yield _kept(leaf.render(scale=scale).to_pil())
    except pypdfium2.PdfiumError:
        raise Unreadable("broken") from None


def _kept(found: "Image.Image") -> Page:
    from PIL import Image

    shown = found.convert("RGBA" if found.has_transparency_data else "RGB")
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    # A picture of only pixels, without anything else that the file contained.
    flat = Image.new("RGB", shown.size, "white")
    flat.paste(shown, mask=shown.getchannel("A") if shown.mode == "RGBA" else None)
    out = BytesIO()
    flat.save(out, "JPEG", quality=QUALITY)
    return Page(out.getvalue(), *flat.size)


def thumbnail(jpeg: bytes, side: int) -> bytes:
    """Return a page that was re-encoded here before, with at most ``side`` pixels a side."""
    from PIL import Image

    with Image.open(BytesIO(jpeg), formats=("JPEG",)) as found:
        found.draft("RGB", (side, side))
        small = found.convert("RGB")
    small.thumbnail((side, side), reducing_gap=2.0)
    out = BytesIO()
    small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _packed(page: Page) -> bytes:
    numbers = (len(page.jpeg), page.width, page.height)
    return b"".join(number.to_bytes(4, "big") for number in numbers) + page.jpeg


def _unpacked(stream: bytes) -> Iterator[Page]:
    while stream:
        size, width, height = (int.from_bytes(stream[n : n + 4], "big") for n in (0, 4, 8))
        yield Page(stream[12 : 12 + size], width, height)
        stream = stream[12 + size :]


def main() -> int:
    """Read a file from the standard input and write its pages; the reason goes to stderr."""
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_WORK, _WORK))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found = made_anew(sys.stdin.buffer.read())
    except Unreadable as refused:
        print(refused.reason, file=sys.stderr)  # noqa: T201 the one word that the parent reads
        return 1
    except MemoryError:
        print("pixels", file=sys.stderr)  # noqa: T201
        return 1
    for page in found:
        sys.stdout.buffer.write(_packed(page))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A film of cards held before a camera one after the other, for chromium's fake one."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from volunteer_service.paper.qr import qr_matrix, qr_picture

#: What a leader's phone gives a page; frames a second of the film.
SIZE, FPS = (640, 480), 10
#: Degrees by which cards are tilted, in turn: nobody holds one straight.
TILTS = (0, 12, -20, 30, -8)


def film(urls: Sequence[str], path: Path, *, seconds: float = 1.0, before: float = 3.0) -> Path:
    """Write the film as MJPEG: a table, then each card for ``seconds`` with a gap, without end.

    The camera begins anew at the end, so the same cards come again.
    """
    table = Image.new("RGB", SIZE, "#7d7468")
    frames = [_packed(table)] * int(before * FPS)
    for n, url in enumerate(urls):
        shown = _packed(_held(table, url, TILTS[n % len(TILTS)]))
        frames += [shown] * int(seconds * FPS) + [_packed(table)] * 2
    path.write_bytes(b"".join(frames))
    return path


def _held(table: Image.Image, url: str, tilt: int) -> Image.Image:
    code = qr_picture(qr_matrix(url, "Q"), 5).convert("RGB")
    card = Image.new("RGB", (code.width + 120, code.height + 40), "white")
    card.paste(code, (100, 20))
    turned = card.convert("RGBA").rotate(tilt, expand=True, resample=Image.Resampling.BICUBIC)
    scene = table.copy()
    scene.paste(turned, ((SIZE[0] - turned.width) // 2, (SIZE[1] - turned.height) // 2), turned)
    return scene


def _packed(picture: Image.Image) -> bytes:
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=80)
    return packed.getvalue()

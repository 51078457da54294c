"""QR codes: black on white, a quiet zone of 4 modules, every module a whole number of pixels."""

import io
from functools import lru_cache
from typing import Literal

from PIL import Image
from qrcode.constants import (
    ERROR_CORRECT_H,
    ERROR_CORRECT_L,
    ERROR_CORRECT_M,
    ERROR_CORRECT_Q,
)
from qrcode.main import QRCode

Level = Literal["L", "M", "Q", "H"]
Matrix = tuple[tuple[bool, ...], ...]

QUIET = 4
_LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}


@lru_cache(maxsize=256)
def qr_matrix(text: str, level: Level = "M") -> Matrix:
    """Return the modules of the smallest code that holds `text`, dark as True, without the quiet
    zone.

    Level M corrects about 15 % damage and is for indoors; Q corrects 25 % and is for outdoors.
    """
    code = QRCode(error_correction=_LEVELS[level], border=0)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())


def qr_picture(matrix: Matrix, scale: int) -> Image.Image:
    """Return the code as a black and white picture, `scale` pixels per module, with quiet zone
    included.
    """
    side = len(matrix) + 2 * QUIET
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + QUIET, y + QUIET), 0)
    return picture.resize((side * scale, side * scale), Image.Resampling.NEAREST)


def qr_png(text: str, scale: int = 10, level: Level = "M") -> bytes:
    """Return the code as a PNG, `scale` pixels per module."""
    packed = io.BytesIO()
    qr_picture(qr_matrix(text, level), scale).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def qr_svg(text: str, level: Level = "M") -> str:
    """Return the code as an SVG of one path, one unit per module, that scales to any size."""
    matrix = qr_matrix(text, level)
    side = len(matrix) + 2 * QUIET
    path = "".join(
        f"M{start + QUIET} {y + QUIET}h{length}v1h-{length}z" for y, start, length in runs(matrix)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        'shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def runs(matrix: Matrix) -> list[tuple[int, int, int]]:
    """Return the dark stretches of each row as (row, first column, length)."""
    found: list[tuple[int, int, int]] = []
    for y, row in enumerate(matrix):
        start = 0
        for x in range(len(row) + 1):
            if x == len(row) or not row[x]:
                if x > start:
                    found.append((y, start, x - start))
                start = x + 1
    return found

"""Reads every code that the service prints or shows, as a poor camera sees it, with two decoders.

Each code is drawn as large as a phone of 12 megapixels (4,000 pixels over 66 degrees) sees it from
the distance that it is made for, then tilted by 30 degrees, blurred, dimmed to 40 %, covered at a
corner by a thumb, or printed by a thermal printer of 203 dpi with dots lost. The table goes into
``docs/qr-codes.md``; exit 1 where neither decoder reads one. Needs ``pip install
opencv-python-headless``; zxing-cpp is among the pinned libraries.
"""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import zxingcpp

from volunteer_service.paper.qr import Level, qr_matrix

PAGE = Path(__file__).resolve().parents[2] / "docs" / "qr-codes.md"
BEGIN, END = "<!-- table -->\n", "<!-- end -->\n"
HOST = "https://volunteers.example.cn"
QUIET = 4
#: Pixels across the picture of a phone, and the angle that they cover.
PIXELS, ANGLE = 4000, math.radians(66)
#: A screen of a phone shows its codes 60 mm wide, a tablet 140 mm.
PHONE, TABLET = 60.0, 140.0
Picture = np.ndarray


@dataclass(frozen=True)
class Printed:
    """A code: its content, its side in mm without the quiet zone, and the distance from which it is
    read.
    """

    name: str
    text: str
    level: Level
    side: float
    metres: float
    #: Whether a desk's thermal printer may print it.
    is_slip: bool = False


CODES = (
    Printed("poster, A4", f"{HOST}/c/1p7ZQ4M2KX8aZ09bY18cX27dW36", "Q", 107, 3.0),
    Printed(
        "screen at the door, tablet", f"{HOST}/c/1s7ZQ4M2KX8A0CaZ09bY18cX27dW36", "M", TABLET, 1.5
    ),
    Printed(
        "printed volunteer card",
        f"{HOST}/k/".upper() + "7ZQ4M2KX89ABCDEFGHJKMNPQRS",
        "Q",
        27,
        0.15,
        is_slip=True,
    ),
    Printed(
        "own code on a phone",
        f"{HOST}/k/".upper() + "1" + "0000Z4M2KX89ABCDEFGHJKMNPQRS",
        "M",
        PHONE,
        0.25,
    ),
    Printed("number on a phone", "0000000036", "M", PHONE, 0.25),
    Printed("certificate of honour", f"{HOST}/v/7ZQ4M2KX8ABCDEFGHJKMNPQRS", "M", 25, 0.15),
    Printed("service record", f"{HOST}/v/7ZQ4M2KX8ABCDEFGHJKMNPQRS", "M", 28, 0.15, is_slip=True),
    Printed("pick-up code of a gift, phone", f"{HOST}/desk?q=7ZQ4M2KX8", "M", PHONE, 0.25),
    Printed(
        "code of a second factor, screen",
        "otpauth://totp/volunteers:desk?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=volunteers",
        "M",
        PHONE,
        0.3,
    ),
)


def seen(code: Printed, *, by_heat: bool = False) -> Picture:
    """Return the code in grey as large as the phone sees it, on a white sheet."""
    matrix = np.array(qr_matrix(code.text, code.level), dtype=np.uint8)
    paper = np.pad(255 * (1 - matrix), QUIET, constant_values=255).astype(np.uint8)
    modules = len(matrix)
    millimetres = code.side * (modules + 2 * QUIET) / modules
    across = 2 * code.metres * 1000 * math.tan(ANGLE / 2)
    pixels = round(millimetres * PIXELS / across)
    large = cv2.resize(paper, None, fx=16, fy=16, interpolation=cv2.INTER_NEAREST)
    if by_heat:
        large = thermal(large, millimetres)
    small = cv2.resize(large, (pixels, pixels), interpolation=cv2.INTER_AREA)
    return cv2.copyMakeBorder(small, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=235)


def tilted(picture: Picture) -> Picture:
    """Return the sheet turned by 30 degrees about its upright."""
    side = len(picture)
    near = side * math.cos(math.radians(30)) / 2
    # From a distance of eight times its size, so the far edge is that much smaller.
    depth = side * math.sin(math.radians(30)) / 2 / (8 * side)
    middle = side / 2
    far, close = middle * (1 - depth), middle * (1 + depth)
    before = np.float32([[0, 0], [side, 0], [side, side], [0, side]])
    after = np.float32(
        [
            [middle - near, middle - far],
            [middle + near, middle - close],
            [middle + near, middle + close],
            [middle - near, middle + far],
        ]
    )
    turned = cv2.getPerspectiveTransform(before, after)
    return cv2.warpPerspective(picture, turned, (side, side), borderValue=235)


def blurred(picture: Picture) -> Picture:
    """Return it out of focus, by a pixel and a half."""
    return cv2.GaussianBlur(picture, (0, 0), 1.5)


def dimmed(picture: Picture) -> Picture:
    """Return it in 40 % of the light, with the noise that a camera adds in the dark."""
    noise = np.random.default_rng(7).normal(0, 6, picture.shape)
    return np.clip(picture * 0.4 + noise, 0, 255).astype(np.uint8)


def covered(picture: Picture) -> Picture:
    """Return it with a thumb on the corner that has no finder pattern."""
    out = picture.copy()
    side = len(out)
    thumb = round(0.09 * side)
    cv2.circle(out, (side - 40 - thumb // 2, side - 40 - thumb // 2), thumb, 150, -1)
    return out


def thermal(paper: Picture, millimetres: float) -> Picture:
    """Return the paper as a thermal printer leaves it, a pixel a dot: pale black, one dot in fifty
    lost, one heating element dead.
    """
    dots = round(millimetres * 8)
    out = cv2.resize(paper, (dots, dots), interpolation=cv2.INTER_NEAREST).astype(np.float32)
    out = out * 0.75 + 60
    out[np.random.default_rng(3).random(out.shape) < 0.02] = 235
    out[:, dots // 3] = 235
    return np.clip(out, 0, 255).astype(np.uint8)


WAYS: dict[str, Callable[[Picture], Picture]] = {
    "plain": lambda picture: picture,
    "30° tilt": tilted,
    "blur": blurred,
    "40 % light": dimmed,
    "thumb": covered,
}


def read(picture: Picture, text: str) -> str:
    """Return which decoders read it: ``zo``, ``z``, ``o`` or a dash."""
    by_zxing = any(each.text == text for each in zxingcpp.read_barcodes(picture))
    finders = (cv2.QRCodeDetectorAruco(), cv2.QRCodeDetector())
    by_opencv = any(finder.detectAndDecode(picture)[0] == text for finder in finders)
    return ("z" if by_zxing else "") + ("o" if by_opencv else "") or "—"


def main() -> int:
    """Write the table; return 1 if neither decoder reads a code."""
    rows = [["code", "side", "from", "pixels a module", *WAYS, "thermal"]]
    missed = []
    for code in CODES:
        picture = seen(code)
        modules = len(qr_matrix(code.text, code.level)) + 2 * QUIET
        answers = [read(change(picture), code.text) for change in WAYS.values()]
        answers.append(read(seen(code, by_heat=True), code.text) if code.is_slip else "")
        named = zip([*WAYS, "thermal"], answers, strict=True)
        missed += [f"{code.name}: {way}" for way, got in named if got == "—"]
        size = (len(picture) - 80) / modules
        rows.append([code.name, f"{code.side:.0f} mm", f"{code.metres} m", f"{size:.1f}", *answers])
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    table = "\n".join(lines) + "\n"
    sys.stdout.write(table)
    page = PAGE.read_text()
    before, after = page.index(BEGIN) + len(BEGIN), page.index(END)
    PAGE.write_text(page[:before] + table + page[after:])
    for each in missed:
        sys.stdout.write(f"read by neither: {each}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

import io
import re

import pytest
from PIL import Image

from tests.paper.papers import scanned
from volunteer_service.paper.qr import QUIET, Matrix, qr_matrix, qr_png, qr_svg

URL = "https://volunteer.example.org/c/7K3M9QXW2"
LEVELS = ["L", "M", "Q", "H"]


def version(matrix: Matrix) -> int:
    return (len(matrix) - 17) // 4


def test_a_phone_reads_the_png() -> None:
    assert scanned(Image.open(io.BytesIO(qr_png(URL))).convert("L")) == [URL]


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_reads_back(level: str) -> None:
    png = qr_png(URL, 4, level)
    assert scanned(Image.open(io.BytesIO(png)).convert("L")) == [URL]


def test_56_characters_at_level_m_fit_version_4() -> None:
    url = "https://volunteer.example.org/c/".ljust(56, "a")
    assert version(qr_matrix(url)) == 4


def test_the_level_defaults_to_m_and_q_is_denser() -> None:
    assert qr_matrix(URL) == qr_matrix(URL, "M")
    assert version(qr_matrix(URL, "Q")) > version(qr_matrix(URL, "L"))


@pytest.mark.parametrize("scale", [1, 3, 10])
def test_modules_are_whole_pixels_black_on_white(scale: int) -> None:
    matrix = qr_matrix(URL)
    image = Image.open(io.BytesIO(qr_png(URL, scale))).convert("L")
    side = len(matrix) + 2 * QUIET
    assert image.size == (side * scale, side * scale)
    for y in range(side * scale):
        for x in range(side * scale):
            row, column = y // scale - QUIET, x // scale - QUIET
            inside = 0 <= row < len(matrix) and 0 <= column < len(matrix)
            dark = inside and matrix[row][column]
            assert image.getpixel((x, y)) == (0 if dark else 255)


def test_the_svg_draws_the_same_modules() -> None:
    matrix = qr_matrix(URL)
    svg = qr_svg(URL)
    side = len(matrix) + 2 * QUIET
    assert f'viewBox="0 0 {side} {side}"' in svg
    drawn = {
        (int(y) - QUIET, int(x) - QUIET + i)
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg)
        for i in range(int(length))
    }
    assert drawn == {(y, x) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}

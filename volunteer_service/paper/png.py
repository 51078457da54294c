"""Paints a sheet as a PNG picture."""

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from volunteer_service.paper.faces import face
from volunteer_service.paper.qr import QUIET, qr_picture
from volunteer_service.paper.sheet import Code, Sheet, Words

MM_PER_INCH = 25.4
SCREEN, PRINT = 150, 300

# Shapes are painted this much larger and reduced, because Pillow draws jagged edges.
_FINER = 2


def paint(sheet: Sheet, dpi: float = SCREEN) -> bytes:
    """Return the sheet as PNG bytes at `dpi` dots per inch, which the file states."""
    dots = dpi / MM_PER_INCH
    picture = _shapes(sheet, dots)
    for code in sheet.codes:
        _code(picture, code, dots)
    draw = ImageDraw.Draw(picture)
    for words in sheet.words:
        _words(draw, words, dots)
    packed = io.BytesIO()
    picture.save(packed, "PNG", dpi=(dpi, dpi))
    return packed.getvalue()


def _shapes(sheet: Sheet, dots: float) -> Image.Image:
    width, height = round(sheet.width * dots), round(sheet.height * dots)
    picture = Image.new("RGB", (width * _FINER, height * _FINER), sheet.ground)
    draw = ImageDraw.Draw(picture)
    scale = dots * _FINER
    for shape in sheet.shapes:
        points = [(x * scale, y * scale) for x, y in shape.points]
        if shape.fill:
            draw.polygon(points, fill=shape.fill)
        if shape.stroke:
            stroke = max(round(shape.stroke_width * scale), 1)
            draw.line(points, fill=shape.stroke, width=stroke, joint="curve")
    return picture.reduce(_FINER)


def _code(picture: Image.Image, code: Code, dots: float) -> None:
    """Paint a code in the middle, at the largest whole number of pixels per module that fits."""
    modules = len(code.matrix)
    scale = max(int(code.side * dots / modules), 1)
    bare = qr_picture(code.matrix, scale).crop(
        (QUIET * scale, QUIET * scale, (QUIET + modules) * scale, (QUIET + modules) * scale)
    )
    slack = (code.side * dots - modules * scale) / 2
    picture.paste(bare, (round(code.x * dots + slack), round(code.y * dots + slack)))


def _words(draw: ImageDraw.ImageDraw, words: Words, dots: float) -> None:
    """Paint each character at its laid-out place, because hinted widths would differ from the
    PDF.
    """
    style = words.style
    known = face(style.weight, is_second=words.is_second)
    font = _font(known.path, round(style.size * dots, 2))
    x = words.x
    for char in words.text:
        draw.text((x * dots, words.y * dots), char, style.colour, font, anchor="ls")
        x += known.advance(char) * style.size + style.tracking


@lru_cache(maxsize=64)
def _font(path: Path, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.BASIC)

"""Paints sheets as a PDF: vector shapes and codes, text that can be searched and copied."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fpdf import FPDF
from PIL import ImageColor

from volunteer_service.paper import attached
from volunteer_service.paper.faces import Weight, subset
from volunteer_service.paper.qr import runs
from volunteer_service.paper.sheet import Code, Shape, Sheet, Words

POINTS_PER_MM = 72 / 25.4

# Neighbouring rows of a code overlap by this part of a module: viewers show hairlines between
# rectangles that only touch.
_OVERLAP = 0.04


def paint(
    sheets: Sequence[Sheet],
    *,
    title: str,
    made_at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the sheets as one PDF, one page each; the same sheets and `made_at` give the same
    bytes. ``facts`` go along as a file inside (``attached.py``).
    """
    document = FPDF(unit="mm")
    document.set_auto_page_break(False)
    document.set_title(title)
    document.set_lang("zh-CN")
    document.set_creation_date(made_at)
    if facts is not None:
        document.embed_file(
            bytes=attached.packed(facts), basename=attached.NAME, modification_date=made_at
        )
    # fpdf2 takes fonts only as files, and reads them until the document is written.
    with TemporaryDirectory(prefix="paper-") as folder:
        _embed_fonts(document, sheets, Path(folder))
        for sheet in sheets:
            _page(document, sheet)
        return bytes(document.output())


def _embed_fonts(document: FPDF, sheets: Sequence[Sheet], folder: Path) -> None:
    used: dict[tuple[Weight, bool], set[str]] = {}
    for sheet in sheets:
        for words in sheet.words:
            used.setdefault((words.style.weight, words.is_second), set()).update(words.text)
    for (weight, is_second), chars in used.items():
        path = folder / f"{_name(weight, is_second)}.ttf"
        path.write_bytes(subset(weight, chars, is_second=is_second))
        document.add_font(_name(weight, is_second), fname=path)


def _name(weight: Weight, is_second: bool) -> str:
    return f"{weight}-second" if is_second else weight


def _page(document: FPDF, sheet: Sheet) -> None:
    # fpdf2 swaps the two lengths for landscape and leaves them as they are otherwise.
    document.add_page(format=(sheet.width, sheet.height))
    document.set_fill_color(*_rgb(sheet.ground))
    document.rect(0, 0, sheet.width, sheet.height, style="F")
    for shape in sheet.shapes:
        _shape(document, shape)
    for code in sheet.codes:
        _code(document, code)
    for words in sheet.words:
        _words(document, words)


def _shape(document: FPDF, shape: Shape) -> None:
    if shape.fill:
        document.set_fill_color(*_rgb(shape.fill))
        document.polygon(shape.points, style="F")
    if shape.stroke:
        document.set_draw_color(*_rgb(shape.stroke))
        document.set_line_width(shape.stroke_width)
        document.polyline(shape.points)


def _code(document: FPDF, code: Code) -> None:
    module = code.side / len(code.matrix)
    document.set_fill_color(0)
    for row, column, length in runs(code.matrix):
        document.rect(
            code.x + column * module,
            code.y + row * module,
            length * module,
            module * (1 + _OVERLAP),
            style="F",
        )


def _words(document: FPDF, words: Words) -> None:
    style = words.style
    document.set_font(_name(style.weight, words.is_second), size=style.size * POINTS_PER_MM)
    document.set_text_color(*_rgb(style.colour))
    document.set_char_spacing(style.tracking * POINTS_PER_MM)
    document.text(words.x, words.y, words.text)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue, *_ = ImageColor.getrgb(colour)
    return red, green, blue

"""One paper described once, in millimetres from its top left corner.

`Sheet` lays text out (shrinks, wraps, aligns) and keeps plain drawing operations; the painters only
copy them, so that picture and PDF agree. Shapes are below codes and words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from volunteer_service.paper.faces import Weight, face, printable
from volunteer_service.paper.qr import Level, Matrix, qr_matrix
from volunteer_service.paper.wrap import ELLIPSIS, clip, width_of, wrap

Align = Literal["left", "centre", "right"]
Point = tuple[float, float]

A4 = (210.0, 297.0)
BLACK = "#000000"


@dataclass(frozen=True)
class Style:
    """The style of text: em height in mm, weight, colour, extra space between characters in mm."""

    size: float
    weight: Weight = "regular"
    colour: str = BLACK
    tracking: float = 0.0


@dataclass(frozen=True)
class Words:
    """Characters that one font has, from `x` rightwards on the baseline `y`."""

    x: float
    y: float
    text: str
    style: Style
    #: Drawn by the second font, which has what the first one lacks.
    is_second: bool = False


@dataclass(frozen=True)
class Shape:
    """A line through points, or a filled outline; `stroke_width` in mm."""

    points: tuple[Point, ...]
    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = 0.2


@dataclass(frozen=True)
class Code:
    """A QR code whose modules, without the quiet zone, fill a square of `side` mm."""

    x: float
    y: float
    side: float
    matrix: Matrix


@dataclass
class Sheet:
    """A page being laid out; `ground` is the colour of the paper."""

    width: float
    height: float
    ground: str = "#FFFFFF"
    shapes: list[Shape] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Draw a line through the points; repeat the first to close it."""
        self.shapes.append(Shape(tuple(points), stroke=colour, stroke_width=width))

    def area(self, points: Sequence[Point], colour: str) -> None:
        """Draw a filled outline."""
        self.shapes.append(Shape(tuple(points), fill=colour))

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Draw a filled rectangle."""
        self.area(_corners(x, y, width, height), colour)

    def frame(
        self, x: float, y: float, width: float, height: float, colour: str, stroke: float
    ) -> None:
        """Draw the outline of a rectangle, `stroke` mm thick, centred on its edge."""
        half = stroke / 2
        self.box(x - half, y - half, width + stroke, stroke, colour)
        self.box(x - half, y + height - half, width + stroke, stroke, colour)
        self.box(x - half, y - half, stroke, height + stroke, colour)
        self.box(x + width - half, y - half, stroke, height + stroke, colour)

    def qr(self, x: float, y: float, side: float, text: str, level: Level = "M") -> None:
        """Place a QR code; the caller keeps 4 modules clear around it."""
        self.codes.append(Code(x, y, side, qr_matrix(text, level)))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        style: Style,
        *,
        align: Align = "left",
        room: float | None = None,
    ) -> None:
        """Place one line on the baseline `y`; shrink it to fit if it is wider than `room` mm."""
        text = printable(text)
        if room is not None:
            style = shrunk(text, style, room)
        width = width_of(text, style.size, style.weight, style.tracking)
        left = {"left": x, "centre": x - width / 2, "right": x - width}[align]
        self._place(left, y, text, style)

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        style: Style,
        *,
        room: float,
        leading: float,
        align: Align = "left",
        most: int | None = None,
    ) -> float:
        """Place text wrapped to `room` mm, baselines `leading` mm apart; return the next baseline.

        Beyond `most` lines the last one ends in «…».
        """
        lines = wrap(printable(text), style.size, style.weight, room)
        if most is not None and len(lines) > most:
            rest = lines[most - 1] + ELLIPSIS
            lines = [*lines[: most - 1], clip(rest, style.size, style.weight, room)]
        for line in lines:
            self.text(x, y, line, style, align=align)
            y += leading
        return y

    def _place(self, x: float, y: float, text: str, style: Style) -> None:
        """Cut a line into runs of one font, and boxes for the characters that neither draws."""
        known = face(style.weight)
        for is_second, run in groupby(text, key=lambda char: _font_of(char, style.weight)):
            chars = "".join(run)
            if is_second is not None and chars.strip():
                self.words.append(Words(x, y, chars, style, is_second))
            for char in chars:
                if is_second is None:
                    self._unknown(x, y, style)
                x += known.advance(char) * style.size + style.tracking

    def _unknown(self, x: float, y: float, style: Style) -> None:
        """Draw a visible box, so that nobody takes the name for complete."""
        em = style.size
        self.frame(x + 0.1 * em, y - 0.78 * em, 0.8 * em, 0.84 * em, style.colour, 0.05 * em)


def _font_of(char: str, weight: Weight) -> bool | None:
    """Tell whether the second font draws this character; None for one that no font draws."""
    if face(weight).has(char):
        return False
    # The second font is opened only for what the first one lacks.
    return True if face(weight, is_second=True).has(char) else None


def shrunk(text: str, style: Style, room: float) -> Style:
    """Return the style reduced until `text` fits `room` mm, with tracking in proportion."""
    width = width_of(text, style.size, style.weight, style.tracking)
    if width <= room:
        return style
    part = room / width
    return Style(style.size * part, style.weight, style.colour, style.tracking * part)


def _corners(x: float, y: float, width: float, height: float) -> list[Point]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]

"""Ornament of the certificates, drawn as vectors: stars, a guilloche band, fretted corners."""

from math import cos, hypot, pi, sin

from volunteer_service.paper.sheet import Point, Sheet

# The ratio of inner to outer radius of the regular five-pointed star.
_PENTAGRAM = 0.381966
# Points of one wave of a guilloche: enough to look round at 600 dpi.
_STEPS = 16


def star(sheet: Sheet, x: float, y: float, radius: float, bright: str, deep: str) -> None:
    """Draw a five-pointed star about (x, y), each point folded along its ridge into two tones."""
    tips = [_polar(x, y, radius * (1 if i % 2 == 0 else _PENTAGRAM), i * pi / 5) for i in range(10)]
    sheet.area(tips, bright)
    for i in range(0, 10, 2):
        sheet.area([(x, y), tips[i], tips[(i + 1) % 10]], deep)


def rosette(sheet: Sheet, x: float, y: float, radius: float, colour: str) -> None:
    """Draw a pale guilloche of circles turned about (x, y), the background of the text."""
    turns = 36
    for turn in range(turns):
        centre = _polar(x, y, radius / 2, turn * 2 * pi / turns)
        ring = [_polar(*centre, radius / 2, step * 2 * pi / 72) for step in range(73)]
        sheet.line(ring, colour, 0.12)


def border(sheet: Sheet, inset: float, red: str, gold: str) -> None:
    """Draw a frame `inset` mm from the edge: red rule, gold guilloche band, fretted corners.

    It takes 11 mm inwards from the inset.
    """
    width, height = sheet.width - 2 * inset, sheet.height - 2 * inset
    sheet.frame(inset, inset, width, height, red, 0.9)
    sheet.frame(inset + 1.4, inset + 1.4, width - 2.8, height - 2.8, gold, 0.25)
    inner = 9.0
    sheet.frame(inset + inner, inset + inner, width - 2 * inner, height - 2 * inner, gold, 0.25)
    middle, corner = inset + 5.2, inset + 10.5
    right, bottom = sheet.width - middle, sheet.height - middle
    for y in (middle, bottom):
        _guilloche(sheet, (corner, y), (sheet.width - corner, y), gold)
    for x in (middle, right):
        _guilloche(sheet, (x, corner), (x, sheet.height - corner), gold)
    for across in (False, True):
        for down in (False, True):
            _corner(sheet, inset + 2.35, across, down, red)


def _guilloche(sheet: Sheet, start: Point, end: Point, colour: str) -> None:
    """Draw four interlaced waves along a straight line, only whole ones so that the ends match."""
    length = hypot(end[0] - start[0], end[1] - start[1])
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    waves = round(length / 9)
    for height, phase in ((2.6, 0.0), (2.6, pi), (1.4, pi / 2), (1.4, 3 * pi / 2)):
        points = []
        for step in range(waves * _STEPS + 1):
            part = step / (waves * _STEPS)
            swing = height * sin(part * waves * 2 * pi + phase)
            points.append(
                (
                    start[0] + along[0] * part * length - along[1] * swing,
                    start[1] + along[1] * part * length + along[0] * swing,
                )
            )
        sheet.line(points, colour, 0.22)


# The fret 回纹 of one corner, in steps of its grid from the corner of the frame.
_FRET = (
    *((0, 5), (0, 0), (5, 0), (5, 5), (1, 5), (1, 1)),
    *((4, 1), (4, 4), (2, 4), (2, 2), (3, 2), (3, 3)),
)


def _corner(sheet: Sheet, inset: float, across: bool, down: bool, colour: str) -> None:
    """Draw the fret in one corner of the frame, mirrored to point inwards."""
    step = 1.15
    points = []
    for column, row in _FRET:
        x, y = inset + column * step, inset + row * step
        points.append((sheet.width - x if across else x, sheet.height - y if down else y))
    sheet.line(points, colour, 0.5)


def _polar(x: float, y: float, radius: float, turn: float) -> Point:
    """Return the point `turn` radians clockwise from straight up."""
    return x + radius * sin(turn), y - radius * cos(turn)

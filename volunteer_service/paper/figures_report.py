"""The report for the leadership: two A4 pages of figures, against the year before, with bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from volunteer_service.paper.sheet import A4, Sheet, Style

RED, INK, SOFT, RULE, FILL = "#9C1B1F", "#1F1C19", "#5B5550", "#D8CFC5", "#F6F0E8"
NOW, BEFORE = "#0D574E", "#C9B48F"
LEFT, RIGHT, TOP, FOOT = 16.0, A4[0] - 16.0, 34.0, 284.0
_GAP = 6.0
_PLAIN, _SMALL, _LABEL = Style(3.4), Style(2.7, colour=SOFT), Style(3.4, "bold")
#: The height of a row of the table, and of one horizontal bar.
_ROW, _BAR = 6.4, 5.6


@dataclass(frozen=True)
class Line:
    """A figure in words: its name, its value, the year before, the change, its meaning."""

    name: str
    value: str
    before: str
    change: str
    meaning: str


@dataclass(frozen=True)
class Bar:
    """One part: its name, its value in words, the length of its bar, and of that of the year
    before.
    """

    name: str
    text: str
    drawn: float
    before: float = 0.0


@dataclass(frozen=True)
class Bars:
    """A chart of parts; ``left_out`` says how many smaller ones are not drawn."""

    title: str
    bars: Sequence[Bar]
    left_out: str = ""


@dataclass(frozen=True)
class Report:
    """The content of the two pages, already in the reader's language.

    ``heads`` names the columns: figure, this period, the year before, change. ``of_page`` takes
    the number of the page.
    """

    title: str
    place: str
    period: str
    heads: tuple[str, str, str, str]
    lines: Sequence[Line]
    over_time: Sequence[Bars]
    parts: Sequence[Bars]
    meanings: str
    made: str
    of_page: tuple[str, str]


def report_sheets(report: Report) -> list[Sheet]:
    """Return the two pages: figures and the months; the parts and what each figure means."""
    first, second = Sheet(*A4), Sheet(*A4)
    for sheet in (first, second):
        _head(sheet, report)
    y = _table(first, TOP, report)
    height = (FOOT - y - _GAP * len(report.over_time)) / max(1, len(report.over_time))
    for chart in report.over_time:
        _standing(first, y + _GAP, min(height, 62.0), chart, report.heads[1:3])
        y += _GAP + min(height, 62.0)
    bottom = _parts(second, report)
    _meanings(second, bottom + _GAP, report)
    for sheet, page in zip((first, second), report.of_page, strict=True):
        sheet.box(LEFT, FOOT + 2, RIGHT - LEFT, 0.2, RULE)
        sheet.text(LEFT, FOOT + 6.5, report.made, _SMALL, room=140)
        sheet.text(RIGHT, FOOT + 6.5, page, _SMALL, align="right")
    return [first, second]


def _head(sheet: Sheet, report: Report) -> None:
    sheet.box(0, 0, A4[0], 24, RED)
    sheet.text(LEFT, 11, report.title, Style(6.4, "bold", "#FFFFFF"), room=120)
    sheet.text(LEFT, 18.5, report.period, Style(4, colour="#FFFFFF"), room=120)
    sheet.text(RIGHT, 11, report.place, Style(5, "bold", "#FFFFFF"), align="right", room=52)


def _table(sheet: Sheet, y: float, report: Report) -> float:
    """Draw the figures, a line each; return the lower edge."""
    columns = (LEFT + 2, 112.0, 150.0, RIGHT - 2)
    sheet.box(LEFT, y, RIGHT - LEFT, _ROW, FILL)
    _cells(sheet, y, columns, report.heads, _LABEL)
    for line in report.lines:
        y += _ROW
        _cells(sheet, y, columns, (line.name, line.value, line.before, line.change), _PLAIN)
        sheet.box(LEFT, y + _ROW, RIGHT - LEFT, 0.12, RULE)
    return y + _ROW


def _cells(
    sheet: Sheet, y: float, columns: Sequence[float], texts: Sequence[str], style: Style
) -> None:
    for n, (x, text) in enumerate(zip(columns, texts, strict=True)):
        room = 62.0 if n == 0 else 34.0
        sheet.text(x, y + 4.4, text, style, align="left" if n == 0 else "right", room=room)


def _standing(sheet: Sheet, y: float, height: float, chart: Bars, heads: Sequence[str]) -> None:
    """Draw vertical bars side by side: the period and, lighter, the year before."""
    sheet.text(LEFT, y + 3.6, chart.title, _LABEL)
    x = RIGHT - 62
    for head, colour in zip(heads, (NOW, BEFORE), strict=True):
        sheet.box(x, y + 1.2, 2.6, 2.6, colour)
        sheet.text(x + 4, y + 3.6, head, _SMALL, room=26)
        x += 32
    ground, room = y + height - 6, height - 17
    most = max((max(bar.drawn, bar.before) for bar in chart.bars), default=0) or 1
    step = (RIGHT - LEFT) / max(1, len(chart.bars))
    thick = min(6.0, step * 0.36)
    for n, bar in enumerate(chart.bars):
        middle = LEFT + (n + 0.5) * step
        for side, value, colour in ((-1, bar.drawn, NOW), (1, bar.before, BEFORE)):
            tall = room * value / most
            sheet.box(middle if side > 0 else middle - thick, ground - tall, thick, tall, colour)
        if bar.drawn:
            tall = room * bar.drawn / most
            sheet.text(middle, ground - tall - 1, bar.text, Style(2.4), align="centre", room=step)
        sheet.text(middle, ground + 4, bar.name, _SMALL, align="centre", room=step - 0.6)
    sheet.box(LEFT, ground, RIGHT - LEFT, 0.2, INK)


def _parts(sheet: Sheet, report: Report) -> float:
    """Draw the breakdowns in two columns; return the lower edge of the longer one."""
    room = (RIGHT - LEFT - _GAP) / 2
    edges = [TOP, TOP]
    for chart in report.parts:
        column = 0 if edges[0] <= edges[1] else 1
        x = LEFT + column * (room + _GAP)
        edges[column] = _lying(sheet, x, edges[column], room, chart) + _GAP
    return max(edges) - _GAP


def _lying(sheet: Sheet, x: float, y: float, room: float, chart: Bars) -> float:
    """Draw horizontal bars one below the other, each with its name and value."""
    sheet.text(x, y + 3.6, chart.title, _LABEL, room=room)
    y += 6
    most = max((bar.drawn for bar in chart.bars), default=0) or 1
    longest = room - 34 - 20
    for bar in chart.bars:
        sheet.text(x, y + 3.8, bar.name, Style(2.9), room=32)
        sheet.box(x + 34, y + 1, longest * bar.drawn / most, _BAR - 2, NOW)
        sheet.text(x + room, y + 3.8, bar.text, Style(2.9), align="right", room=19)
        y += _BAR
    if chart.left_out:
        sheet.text(x, y + 3.4, chart.left_out, _SMALL, room=room)
        y += 5
    return y


def _meanings(sheet: Sheet, y: float, report: Report) -> None:
    """Write what each figure counts, in small type, as far as the page has room."""
    sheet.text(LEFT, y + 3.6, report.meanings, _LABEL)
    y += 8
    for line in report.lines:
        if y > FOOT - 2:
            return
        text = f"{line.name}  {line.meaning}"
        y = sheet.paragraph(LEFT, y, text, _SMALL, room=RIGHT - LEFT, leading=3.6, most=2)

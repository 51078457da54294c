"""The rota of a week for the wall: people by day, on landscape A4 pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from volunteer_service.paper.sheet import A4, BLACK, Sheet, Style
from volunteer_service.paper.wording import weekday

RULE, SOFT = "#B9AFA5", "#5B5550"
MARGIN, TOP, FOOT = 12.0, 34.0, 12.0
NAME, TURNS = 34.0, 12.0
LINE, HEAD = 4.6, 9.0


@dataclass(frozen=True)
class RotaPaper:
    """What is printed: for each person the name, the words of each of the seven days, the turns."""

    title: str
    days: Sequence[date]
    lines: Sequence[tuple[str, Sequence[Sequence[str]], str]]


def rota_sheets(week: RotaPaper) -> list[Sheet]:
    """Return the pages; a person's row is never cut in two."""
    pages: list[Sheet] = []
    y = 0.0
    for name, cells, turns in week.lines:
        height = 3.5 + LINE * max(1, *(len(cell) for cell in cells))
        if not pages or y + height > A4[0] - FOOT:
            pages.append(_begun(week))
            y = TOP + HEAD
        _row(pages[-1], y, height, name, cells, turns)
        y += height
    return pages or [_begun(week)]


def _begun(week: RotaPaper) -> Sheet:
    sheet = Sheet(A4[1], A4[0])
    room = sheet.width - 2 * MARGIN
    sheet.text(MARGIN, 20, f"排班表 · {week.title}", Style(7, "bold", BLACK), room=room)
    first, last = week.days[0], week.days[-1]
    told = f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}"
    sheet.text(MARGIN, 28, told, Style(4.2, colour=SOFT))
    style = Style(3.8, "bold", BLACK)
    sheet.text(MARGIN + 1, TOP + 6, "姓名", style)
    for n, day in enumerate(week.days):
        x = MARGIN + NAME + n * _wide(sheet)
        sheet.text(x + 1, TOP + 6, f"{weekday(day)} {day:%m-%d}", style, room=_wide(sheet) - 2)
    sheet.text(sheet.width - MARGIN - 1, TOP + 6, "四周次数", Style(2.8), align="right", room=TURNS)
    _rule(sheet, TOP + HEAD)
    return sheet


def _row(
    sheet: Sheet,
    y: float,
    height: float,
    name: str,
    cells: Sequence[Sequence[str]],
    turns: str,
) -> None:
    sheet.text(MARGIN + 1, y + 5, name, Style(4.2, "bold", BLACK), room=NAME - 3)
    for n, words in enumerate(cells):
        x = MARGIN + NAME + n * _wide(sheet)
        for line, word in enumerate(words):
            at = y + 5 + line * LINE
            sheet.text(x + 1, at, word, Style(3.5, colour=BLACK), room=_wide(sheet) - 2)
    sheet.text(sheet.width - MARGIN - 1, y + 5, turns, Style(3.8, colour=BLACK), align="right")
    _rule(sheet, y + height)


def _wide(sheet: Sheet) -> float:
    return (sheet.width - 2 * MARGIN - NAME - TURNS) / 7


def _rule(sheet: Sheet, y: float) -> None:
    sheet.line([(MARGIN, y), (sheet.width - MARGIN, y)], RULE, 0.2)

"""The roster on paper: one numbered A4 page in large type, to write times on."""

from collections.abc import Sequence
from dataclasses import dataclass

from volunteer_service.paper.sheet import A4, BLACK, Sheet, Style

RULE, SOFT = "#8A8178", "#5B5550"
MARGIN, TOP, ROW = 12.0, 58.0, 13.6
#: Left edges of the columns, in mm: line, name, entry, exit, signature.
COLUMNS = (MARGIN, 24.0, 82.0, 116.0, 150.0)


@dataclass(frozen=True)
class RosterPaper:
    """What is printed: the sheet's number, what it is for, and for each line name and small
    print; blank lines have neither.
    """

    number: str
    title: str
    shift: str
    page: str
    lines: Sequence[tuple[str, str]]


def roster_sheet(paper: RosterPaper) -> Sheet:
    """Return the page."""
    sheet = Sheet(*A4)
    right = sheet.width - MARGIN
    sheet.text(MARGIN, 20, paper.title, Style(7.5, "bold"), room=118)
    sheet.text(MARGIN, 30, paper.shift, Style(5.2), room=118)
    sheet.text(MARGIN, 38, paper.page, Style(4.5, colour=SOFT), room=118)
    sheet.text(right, 18, "名单纸编号", Style(4.2, colour=SOFT), align="right")
    sheet.text(right, 30, paper.number, Style(11, "bold"), align="right", room=62)
    told = "写上签到、签退时间。没报名的人写在空行，写清姓名和志愿者编号。"
    sheet.text(MARGIN, 47, told, Style(4.5), room=right - MARGIN)
    for x, word in zip(COLUMNS, ("行", "姓名", "签到", "签退", "签名"), strict=True):
        sheet.text(x + 1.5, TOP - 2, word, Style(4.5, "bold"))
    for n, (name, small) in enumerate(paper.lines):
        y = TOP + n * ROW
        sheet.text(COLUMNS[0] + 1.5, y + 8.8, str(n + 1), Style(5.5, colour=SOFT))
        sheet.text(COLUMNS[1] + 1.5, y + 7.2, name, Style(6.6, "bold", BLACK), room=54)
        sheet.text(COLUMNS[1] + 1.5, y + 12, small, Style(3.4, colour=SOFT), room=54)
    last = TOP + len(paper.lines) * ROW
    for n in range(len(paper.lines) + 1):
        _rule(sheet, (MARGIN, TOP + n * ROW), (right, TOP + n * ROW))
    for x in (*COLUMNS, right):
        _rule(sheet, (x, TOP), (x, last))
    return sheet


def _rule(sheet: Sheet, first: tuple[float, float], last: tuple[float, float]) -> None:
    sheet.line([first, last], RULE, 0.25)

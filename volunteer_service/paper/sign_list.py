"""A list to sign: who got a paper, one line a person, on A4 pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from volunteer_service.paper.sheet import A4, BLACK, Sheet, Style

RULE, SOFT = "#B9AFA5", "#5B5550"
MARGIN, TOP, LINE = 14.0, 38.0, 9.0
#: Where the columns begin, in mm from the left edge.
AT = {"序号": 14.0, "姓名": 28.0, "编号": 72.0, "证书编号": 104.0, "签收": 152.0}
LINES = 26


@dataclass(frozen=True)
class SignLine:
    """A person: name, volunteer number, number of the paper."""

    name: str
    number: str
    paper: str


@dataclass(frozen=True)
class SignList:
    """A team's list."""

    team: str
    lines: Sequence[SignLine]


def sign_sheets(listed: SignList) -> list[Sheet]:
    """Return the pages; numbers go on from page to page."""
    pages = -(-len(listed.lines) // LINES)
    return [_page(listed, page, pages) for page in range(pages)]


def _page(listed: SignList, page: int, pages: int) -> Sheet:
    sheet = Sheet(*A4)
    sheet.text(MARGIN, 20, f"证书签收表 · {listed.team}", Style(7, "bold", BLACK), room=182)
    told = f"共 {len(listed.lines)} 人 · 第 {page + 1} 页，共 {pages} 页"
    sheet.text(MARGIN, 28, told, Style(4, colour=SOFT))
    for word, x in AT.items():
        sheet.text(x, TOP, word, Style(4, "bold", BLACK))
    _rule(sheet, TOP + 3)
    first = page * LINES
    for n, line in enumerate(listed.lines[first : first + LINES]):
        y = TOP + 3 + (n + 1) * LINE
        words = (str(first + n + 1), line.name, line.number, line.paper)
        for text, x, room in zip(words, AT.values(), (12, 42, 30, 46), strict=False):
            sheet.text(x, y - 3, text, Style(4.2, colour=BLACK), room=room)
        _rule(sheet, y)
    return sheet


def _rule(sheet: Sheet, y: float) -> None:
    sheet.line([(MARGIN, y), (sheet.width - MARGIN, y)], RULE, 0.2)

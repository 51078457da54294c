"""Volunteer cards, ten on a page: a name that elders read, and a code that a leader scans."""

from collections.abc import Sequence
from dataclasses import dataclass

from volunteer_service.paper.sheet import A4, BLACK, Sheet, Style

RED, SOFT, RULE = "#9C1B1F", "#5B5550", "#B9AFA5"
#: A card of ISO/IEC 7810 ID-1, in mm; two columns of five on A4.
WIDTH, HEIGHT = 85.6, 54.0
COLUMNS, ROWS = 2, 5
#: At 15 cm, 15 mm would be enough, but elders hold the card at an angle, and thermal print bleeds.
CODE = 27.0
_LEFT = (A4[0] - COLUMNS * WIDTH) / 2
_TOP = (A4[1] - ROWS * HEIGHT) / 2


@dataclass(frozen=True)
class CardFace:
    """What is printed; ``url`` is behind the QR code."""

    name: str
    number: str
    community: str
    url: str
    team: str = ""


def card_sheets(cards: Sequence[CardFace]) -> list[Sheet]:
    """Return the pages: ten cards each, with lines to cut along."""
    a_page = COLUMNS * ROWS
    return [_page(cards[at : at + a_page]) for at in range(0, len(cards), a_page)]


def _page(cards: Sequence[CardFace]) -> Sheet:
    sheet = Sheet(*A4)
    for n, card in enumerate(cards):
        row, column = divmod(n, COLUMNS)
        _card(sheet, _LEFT + column * WIDTH, _TOP + row * HEIGHT, card)
    return sheet


def _card(sheet: Sheet, x: float, y: float, card: CardFace) -> None:
    right, bottom = x + WIDTH, y + HEIGHT
    outline = [(x, y), (right, y), (right, bottom), (x, bottom), (x, y)]
    sheet.line(outline, RULE, 0.15)
    sheet.box(x, y, WIDTH, 9, RED)
    sheet.text(x + 4, y + 6.2, "志愿者卡", Style(4.6, "bold", "#FFFFFF", 0.3))
    sheet.text(right - 4, y + 5.9, "Volunteer card", Style(3, colour="#FFFFFF"), align="right")
    room = WIDTH - CODE - 13
    sheet.text(x + 4, y + 20, card.name, Style(8, "bold", BLACK), room=room)
    sheet.text(x + 4, y + 27.5, card.number, Style(5, "bold", BLACK, 0.3), room=room)
    for n, line in enumerate(part for part in (card.community, card.team) if part):
        sheet.text(x + 4, y + 34 + n * 5, line, Style(3.6, colour=SOFT), room=room)
    sheet.qr(right - CODE - 5, y + 14, CODE, card.url, "Q")
    told = "到场出示此卡，由负责人扫码签到、签退。捡到请交社区。"
    sheet.text(x + 4, bottom - 5.2, told, Style(2.9, colour=SOFT), room=WIDTH - 8)
    english = "Show it to the leader when you come and go. If found, hand it to the community."
    sheet.text(x + 4, bottom - 2, english, Style(2, colour=SOFT), room=WIDTH - 8)

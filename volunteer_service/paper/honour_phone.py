"""The honour certificate as a picture for a phone: laid out for 1080 x 1440 pixels, not the sheet
made small.

A screen of 65 mm shows it at 0.7 of its millimetres; text of :data:`LEAST` mm is 2.5 mm high
there, which is read at arm's length.
"""

from volunteer_service.paper import ornament, wording
from volunteer_service.paper.honour import BRIGHT, GOLD, INK, IVORY, PALE, RED, SOFT, Honour
from volunteer_service.paper.sheet import Sheet, Style
from volunteer_service.paper.wrap import width_of

WIDTH, HEIGHT = 90.0, 120.0
#: 1080 x 1440 pixels.
DPI = 304.8
#: The smallest em of the picture, in mm.
LEAST = 3.6
MIDDLE, ROOM = WIDTH / 2, 78.0
#: Longer issuers stand in smaller type.
_LONG = 18


def phone_sheet(honour: Honour) -> Sheet:
    """Return the picture: name, stars, half-year and hours, issuer, number, a code to verify."""
    sheet = Sheet(WIDTH, HEIGHT, ground=IVORY)
    ornament.rosette(sheet, MIDDLE, 44, 34, PALE)
    sheet.frame(2.5, 2.5, WIDTH - 5, HEIGHT - 5, RED, 0.9)
    sheet.frame(3.8, 3.8, WIDTH - 7.6, HEIGHT - 7.6, GOLD, 0.3)
    sheet.text(MIDDLE, 15.5, "荣誉证书", Style(9.5, "bold", RED, 3), align="centre")
    _name(sheet, honour.name)
    pitch = 11.0
    first = MIDDLE - (honour.stars - 1) * pitch / 2
    for i in range(honour.stars):
        ornament.star(sheet, first + i * pitch, 43, 4.6, BRIGHT, GOLD)
    level = Style(6.4, "bold", RED, 0.6)
    sheet.text(MIDDLE, 57, wording.level(honour.stars)[0], level, align="centre")
    earned = Style(4.8, "regular", INK)
    half_year = wording.half_year(honour.begins_on)
    sheet.text(MIDDLE, 65.5, f"{half_year}累计志愿服务", earned, align="centre")
    hours = Style(5.4, "bold", INK)
    sheet.text(MIDDLE, 72.8, wording.hours(honour.minutes), hours, align="centre", room=ROOM)
    _proof(sheet, honour)
    return sheet


def _name(sheet: Sheet, name: str) -> None:
    large = Style(12, "bold", INK, 1.5 if len(name) <= 4 else 0)
    if width_of(name, large.size, "bold", large.tracking) <= ROOM:
        sheet.text(MIDDLE, 32, name, large, align="centre")
        return
    small = Style(5, "bold", INK)
    sheet.paragraph(MIDDLE, 24, name, small, room=ROOM, leading=6, align="centre", most=3)


def _proof(sheet: Sheet, honour: Honour) -> None:
    """Draw what shows that it is ours: the code of the public page, issuer, day, number."""
    sheet.box(6.5, 75.8, 33, 33, "#FFFFFF")
    sheet.qr(10, 79.3, 26, honour.verify_url)
    is_long = len(honour.issuer) > _LONG
    issuer = Style(LEAST if is_long else 4.6, "bold", INK)
    sheet.paragraph(42, 81, honour.issuer, issuer, room=42, leading=4.4 if is_long else 5.8, most=5)
    sheet.text(42, 103, wording.day(honour.issued_on), Style(4.2, "regular", INK), room=42)
    sheet.text(42, 108, "扫码查验真伪", Style(LEAST, "regular", SOFT))
    sheet.text(MIDDLE, 114, honour.number, Style(LEAST, "regular", INK), align="centre", room=ROOM)

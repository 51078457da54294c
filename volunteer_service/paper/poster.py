"""The poster at the entrance of an event: one large QR code for check-in and check-out."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from volunteer_service.paper import wording
from volunteer_service.paper.qr import QUIET, qr_matrix
from volunteer_service.paper.sheet import A4, BLACK, Sheet, Style
from volunteer_service.paper.wrap import width_of, wrap

RED, SOFT, RULE, WHITE = "#9C1B1F", "#5B5550", "#D8CFC5", "#FFFFFF"
MIDDLE, LEFT, RIGHT = A4[0] / 2, 18.0, A4[0] - 18.0
CHINA = ZoneInfo("Asia/Shanghai")

# Width >= a tenth of the distance: the code itself is some 100 mm, for 1 m, the rest quiet zone.
CODE = 126.0


@dataclass(frozen=True)
class Poster:
    """What the poster says; `url` is behind the QR, `short_code` is typed at `typed_at`."""

    event: str
    team: str
    place: str
    begins_at: datetime
    ends_at: datetime
    url: str
    short_code: str
    typed_at: str
    zone: tzinfo = CHINA
    meeting_point: str | None = None


_STEPS = (
    ("到场扫码", "点“签到”", "Arrive: scan, check in"),
    ("参加服务", "全程参与", "Serve with the team"),
    ("离场再扫", "点“签退”", "Leave: scan, check out"),
)


def poster_sheet(poster: Poster) -> Sheet:
    """Return a portrait A4 page: event, place, time, team, QR code at level Q, three steps."""
    sheet = Sheet(*A4)
    _heading(sheet, poster)
    _facts(sheet, poster)
    _code(sheet, poster)
    _steps(sheet)
    return sheet


def _heading(sheet: Sheet, poster: Poster) -> None:
    """Draw the band with the team, and the name of the event in one large line or two smaller
    ones.
    """
    sheet.box(0, 0, A4[0], 20, RED)
    sheet.text(LEFT, 13.2, poster.team, Style(6.4, "bold", WHITE), room=112)
    sheet.text(RIGHT, 10, "志愿服务签到", Style(5, "bold", WHITE, 0.3), align="right")
    sheet.text(RIGHT, 15, "Volunteer check-in", Style(3, colour=WHITE), align="right")
    room = RIGHT - LEFT
    large = Style(15, "bold")
    if width_of(poster.event, large.size, large.weight) <= room:
        sheet.text(MIDDLE, 44, poster.event, large, align="centre")
        return
    fits = len(wrap(poster.event, 11.5, "bold", room)) <= 2
    name = Style(11.5 if fits else 9.2, "bold")
    sheet.paragraph(MIDDLE, 36, poster.event, name, room=room, leading=14.5, align="centre", most=2)


def _facts(sheet: Sheet, poster: Poster) -> None:
    facts = [("时间", "Time", _when(poster)), ("地点", "Place", poster.place)]
    if poster.meeting_point:
        facts.append(("集合", "Meet at", poster.meeting_point))
    first, gap = (62.5, 10.5) if len(facts) == 2 else (58.5, 8.2)
    for i, (chinese, english, fact) in enumerate(facts):
        y = first + i * gap
        sheet.text(LEFT, y, chinese, Style(5, "bold", RED))
        sheet.text(LEFT, y + 3.4, english, Style(2.5, colour=SOFT))
        sheet.text(LEFT + 15, y + 0.6, fact, Style(6.4), room=RIGHT - LEFT - 15)
    sheet.box(LEFT, 79, RIGHT - LEFT, 0.3, RULE)


def _when(poster: Poster) -> str:
    begins, ends = poster.begins_at.astimezone(poster.zone), poster.ends_at.astimezone(poster.zone)
    start = f"{wording.day(begins)} {wording.weekday(begins)} {begins:%H:%M}"
    if begins.date() == ends.date():
        return f"{start} – {ends:%H:%M}"
    return f"{start} – {ends.month}月{ends.day}日 {ends:%H:%M}"


def _code(sheet: Sheet, poster: Poster) -> None:
    """Draw the code with a quiet zone of 4 modules inside `CODE` mm, and the short code below."""
    top = 80.5
    quiet = CODE * QUIET / (len(qr_matrix(poster.url, "Q")) + 2 * QUIET)
    sheet.qr(MIDDLE - CODE / 2 + quiet, top + quiet, CODE - 2 * quiet, poster.url, "Q")
    sheet.text(MIDDLE, 214, poster.short_code, Style(10.5, "bold", BLACK, 1.2), align="centre")
    typed = f"扫不了？打开 {poster.typed_at} 输入以上短码 · No camera? Type the code there"
    room = RIGHT - LEFT
    sheet.text(MIDDLE, 220, typed, Style(3.6, colour=SOFT), align="centre", room=room)


def _steps(sheet: Sheet) -> None:
    top, gap = 224.0, 4.0
    width = (RIGHT - LEFT - 2 * gap) / 3
    for i, (first, second, english) in enumerate(_STEPS):
        x = LEFT + i * (width + gap)
        sheet.box(x, top, width, 48, "#FAF5EF")
        sheet.box(x, top, width, 1.2, RED)
        middle = x + width / 2
        sheet.text(middle, top + 14, str(i + 1), Style(11, "bold", RED), align="centre")
        sheet.text(middle, top + 25, first, Style(8.4, "bold"), align="centre", room=width - 6)
        sheet.text(middle, top + 35, second, Style(7, "bold"), align="centre", room=width - 6)
        sheet.text(middle, top + 42.5, english, Style(3.4, colour=SOFT), align="centre")
    help_ = "没有智能手机？请负责人代为签到。"
    sheet.text(MIDDLE, 281.5, help_, Style(5), align="centre", room=RIGHT - LEFT)
    english = "No smartphone? Ask the leader to check you in."
    sheet.text(MIDDLE, 286.5, english, Style(3, colour=SOFT), align="centre")

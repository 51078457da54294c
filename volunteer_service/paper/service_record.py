"""The service record certificate 志愿服务记录证明: facts, free of charge, open to verification.

Order 67 art. 14-17: it states service time, content and recording unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from volunteer_service.paper import wording
from volunteer_service.paper.sheet import A4, BLACK, Sheet, Style
from volunteer_service.paper.wrap import width_of

RED, RULE, FILL, SOFT = "#9C1B1F", "#BDB6AE", "#F6F3EF", "#5F564C"
LEFT, RIGHT = 20.0, A4[0] - 20.0
ROW, FOOT = 8.0, 270.0

LABEL = Style(3.5, "bold")
PLAIN = Style(3.5)
SMALL = Style(2.5, colour=SOFT)


@dataclass(frozen=True)
class Line:
    """One service record in the list."""

    on: date
    activity: str
    place: str
    unit: str
    minutes: int


@dataclass(frozen=True)
class ServiceRecord:
    """The content of the certificate; `lines` are all records that `minutes` add up.

    `unit` attests it; each line names the unit that recorded it.
    """

    name: str
    #: Empty, or stars alone, where no number is registered.
    masked_id: str
    volunteer_no: str
    begins_on: date
    ends_on: date
    minutes: int
    lines: Sequence[Line]
    unit: str
    number: str
    issued_on: date
    verify_url: str


# Each column: left edge and width in mm, Chinese and English heading.
_COLUMNS = (
    (LEFT, 10.0, "序号", "No."),
    (30.0, 25.0, "日期", "Date"),
    (55.0, 52.0, "服务内容", "Service"),
    (107.0, 28.0, "地点", "Place"),
    (135.0, 35.0, "记录单位", "Recording unit"),
    (170.0, 20.0, "时长", "Time"),
)


def service_record_sheets(record: ServiceRecord, most: int = 100) -> list[Sheet]:
    """A4 pages: facts and QR, then the list of records, then unit and date.

    Beyond `most` records the list ends in «…» with the number left out; the totals count all.
    """
    sheet = _new_page()
    _heading(sheet)
    y = _facts(sheet, record)
    sheets, y = _list(sheet, y + 8, record, most)
    if y > FOOT - 42:
        sheets.append(_new_page())
        y = 30.0
    _statement(sheets[-1], y, record)
    for page, each in enumerate(sheets, 1):
        _foot(each, record, page, len(sheets))
    return sheets


def _new_page() -> Sheet:
    return Sheet(*A4)


def _heading(sheet: Sheet) -> None:
    middle = A4[0] / 2
    sheet.text(middle, 32, "志愿服务记录证明", Style(9, "bold", RED, 1.6), align="centre")
    english = Style(3.4, colour=SOFT, tracking=0.2)
    sheet.text(middle, 38.5, "Certificate of Volunteer Service Record", english, align="centre")
    sheet.box(LEFT, 44, RIGHT - LEFT, 0.8, RED)
    sheet.box(LEFT, 45.4, RIGHT - LEFT, 0.25, RED)


def _facts(sheet: Sheet, record: ServiceRecord) -> float:
    """Return the table of facts with the QR at its right; answers its lower edge."""
    period = f"{wording.day(record.begins_on)} 至 {wording.day(record.ends_on)}"
    facts = (
        ("姓名", "Name", record.name),
        *([("证件号码", "ID number", record.masked_id)] if record.masked_id.strip("*") else []),
        ("志愿者编号", "Volunteer No.", record.volunteer_no),
        ("服务期间", "Period", period),
        ("服务时长", "Service time", wording.hours(record.minutes)),
        ("服务次数", "Records", f"{len(record.lines)}次"),
    )
    top, height, edge, value = 52.0, 9.0, 148.0, 52.0
    bottom = top + height * len(facts)
    sheet.box(LEFT, top, value - LEFT, bottom - top, FILL)
    for i, (chinese, english, fact) in enumerate(facts):
        y = top + i * height
        sheet.text(LEFT + 3, y + 4.6, chinese, LABEL)
        sheet.text(LEFT + 3, y + 7.7, english, Style(2.3, colour=SOFT))
        sheet.text(value + 3, y + 6, fact, Style(4), room=edge - value - 6)
        sheet.box(LEFT, y, edge - LEFT, 0.15, RULE)
    sheet.frame(LEFT, top, RIGHT - LEFT, bottom - top, RULE, 0.25)
    sheet.box(edge, top, 0.25, bottom - top, RULE)
    middle = (edge + RIGHT) / 2
    sheet.qr(middle - 14, top + 5, 28, record.verify_url)
    sheet.text(middle, bottom - 9, "扫码查验真伪", LABEL, align="centre")
    sheet.text(middle, bottom - 5, "Scan to verify", SMALL, align="centre")
    return bottom


def _list(sheet: Sheet, y: float, record: ServiceRecord, most: int) -> tuple[list[Sheet], float]:
    """Return the records, on as many pages as they need; answers the pages and the lower edge."""
    sheets = [sheet]
    y = _list_head(sheet, y)
    for i, line in enumerate(record.lines[:most], 1):
        if y + ROW > FOOT:
            sheets.append(_new_page())
            y = _list_head(sheets[-1], 20)
        _row(sheets[-1], y, i, line)
        y += ROW
    left_out = len(record.lines) - most
    if left_out > 0:
        words = f"… 另有{left_out}条记录未列出，已计入服务时长 ({left_out} more, counted above)"
        sheets[-1].text(LEFT + 2, y + 5.2, words, Style(3, colour=SOFT))
        y += ROW
    return sheets, y


def _list_head(sheet: Sheet, y: float) -> float:
    sheet.box(LEFT, y, RIGHT - LEFT, 10, FILL)
    sheet.box(LEFT, y, RIGHT - LEFT, 0.3, RED)
    for x, width, chinese, english in _COLUMNS:
        sheet.text(x + 1.5, y + 4.8, chinese, LABEL, room=width - 2)
        sheet.text(x + 1.5, y + 8, english, Style(2.3, colour=SOFT), room=width - 2)
    sheet.box(LEFT, y + 10, RIGHT - LEFT, 0.15, RULE)
    return y + 10


def _row(sheet: Sheet, y: float, number: int, line: Line) -> None:
    cells = (
        str(number),
        line.on.isoformat(),
        line.activity,
        line.place,
        line.unit,
        wording.hours(line.minutes),
    )
    for (x, width, _, _), cell in zip(_COLUMNS, cells, strict=True):
        _cell(sheet, x + 1.5, y, cell, width - 2.5)
    sheet.box(LEFT, y + ROW, RIGHT - LEFT, 0.12, RULE)


def _cell(sheet: Sheet, x: float, y: float, text: str, room: float) -> None:
    """One line, or two of smaller type; longer text ends in «…»."""
    plain, small = Style(3.1), Style(2.6)
    if width_of(text, plain.size, plain.weight) <= room:
        sheet.text(x, y + 5.2, text, plain)
    else:
        sheet.paragraph(x, y + 3.5, text, small, room=room, leading=3.4, most=2)


def _statement(sheet: Sheet, y: float, record: ServiceRecord) -> None:
    """The sentence that is certified, unit and date; the unit stamps its seal by hand."""
    sheet.text(LEFT, y + 9, "兹证明以上内容与本单位保存的志愿服务记录一致。", Style(4))
    english = "Certified to agree with the service records this unit keeps."
    sheet.text(LEFT, y + 13.5, english, SMALL)
    sheet.text(RIGHT, y + 24, record.unit, Style(4.6, "bold"), align="right", room=120)
    sheet.text(RIGHT, y + 28, "出具单位（盖章） Issued by", SMALL, align="right")
    sheet.text(RIGHT, y + 36, wording.day(record.issued_on), Style(4), align="right")
    sheet.text(RIGHT, y + 40, wording.day_english(record.issued_on), SMALL, align="right")


def _foot(sheet: Sheet, record: ServiceRecord, page: int, pages: int) -> None:
    sheet.box(LEFT, 279, RIGHT - LEFT, 0.2, RULE)
    room = 120.0
    sheet.text(
        LEFT, 283.5, f"证明编号-校验码 No. {record.number}", Style(2.8, colour=BLACK), room=room
    )
    sheet.text(LEFT, 287.5, f"查验 Verify: {record.verify_url}", SMALL, room=room)
    sheet.text(RIGHT, 283.5, f"第{page}页，共{pages}页", Style(2.8), align="right")
    sheet.text(RIGHT, 287.5, f"Page {page} of {pages}", SMALL, align="right")

"""The service record certificate 志愿服务记录证明: facts, free of charge, open to verification.

Order 67 art. 14-17: it states service time, content and recording unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from volunteer_service.paper import wording
from volunteer_service.paper.faces import printable
from volunteer_service.paper.sheet import A4, BLACK, Sheet, Style
from volunteer_service.paper.wrap import width_of, wrap

RED, RULE, FILL, SOFT = "#9C1B1F", "#BDB6AE", "#F6F3EF", "#5F564C"
LEFT, RIGHT = 20.0, A4[0] - 20.0
ROW, LEADING, FOOT = 8.0, 3.5, 270.0

LABEL = Style(3.5, "bold")
PLAIN = Style(3.5)
SMALL = Style(2.5, colour=SOFT)
PLAIN_CELL, SMALL_CELL = Style(3.1), Style(2.6)


@dataclass(frozen=True)
class Line:
    """One service record in the list."""

    on: date
    activity: str
    place: str
    #: Who recorded it.
    unit: str
    minutes: int
    #: The work, the organising unit and the leader; papers of format 1 lack them.
    content: str = ""
    organiser: str = ""
    leader: str = ""


@dataclass(frozen=True)
class ServiceRecord:
    """The content of the certificate; `minutes` is the sum of all records in `lines`.

    `unit` attests it; each line names the unit that recorded it.
    """

    name: str
    #: Empty, or only asterisks, if no number is registered.
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
    #: Facts and signature for a check without network, and the number of the key that signed them.
    code: str | None = None
    key: int | None = None


# Each column: left edge and width in mm, Chinese and English heading.
_COLUMNS = (
    (LEFT, 10.0, "序号", "No."),
    (30.0, 22.0, "日期", "Date"),
    (52.0, 48.0, "活动和服务内容", "Event and service"),
    (100.0, 28.0, "地点", "Place"),
    (128.0, 43.0, "单位和负责人", "Units and leader"),
    (171.0, 19.0, "时长", "Time"),
)


def service_record_sheets(record: ServiceRecord) -> list[Sheet]:
    """Return A4 pages: facts and QR, then the list of all records, then unit and date.

    Each record has the seven fields of order 67 and who recorded it, none of them cut off.
    """
    sheet = _new_page()
    _heading(sheet)
    y = _facts(sheet, record)
    sheets, y = _list(sheet, y + 8, record)
    if y > FOOT - 46:
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
    """Draw the table of facts with the QR at its right; return its lower edge."""
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


def _list(sheet: Sheet, y: float, record: ServiceRecord) -> tuple[list[Sheet], float]:
    """Draw the records on as many pages as they need; return the pages and the lower edge."""
    sheets = [sheet]
    y = _list_head(sheet, y)
    for i, line in enumerate(record.lines, 1):
        row = _wrapped(i, line)
        height = max(ROW, LEADING * max(map(len, row)) + 2.4)
        if y + height > FOOT:
            sheets.append(_new_page())
            y = _list_head(sheets[-1], 20)
        _row(sheets[-1], y, height, row)
        y += height
    return sheets, y


def _list_head(sheet: Sheet, y: float) -> float:
    sheet.box(LEFT, y, RIGHT - LEFT, 10, FILL)
    sheet.box(LEFT, y, RIGHT - LEFT, 0.3, RED)
    for x, width, chinese, english in _COLUMNS:
        sheet.text(x + 1.5, y + 4.8, chinese, LABEL, room=width - 2)
        sheet.text(x + 1.5, y + 8, english, Style(2.3, colour=SOFT), room=width - 2)
    sheet.box(LEFT, y + 10, RIGHT - LEFT, 0.15, RULE)
    return y + 10


def _wrapped(number: int, line: Line) -> list[list[tuple[str, Style]]]:
    """Return the lines of each cell, as many as its text needs."""
    units = [line.unit]
    if line.organiser:
        units = [f"组织：{line.organiser}", f"负责人：{line.leader}", f"记录：{line.unit}"]
    cells = (
        [str(number)],
        [line.on.isoformat()],
        [line.activity, *([line.content] if line.content else [])],
        [line.place],
        units,
        [wording.hours(line.minutes)],
    )
    return [
        [said for text in texts for said in _lines(text, column[1] - 2.5)]
        for column, texts in zip(_COLUMNS, cells, strict=True)
    ]


def _lines(text: str, room: float) -> list[tuple[str, Style]]:
    """Draw one line, or several of smaller type."""
    if width_of(printable(text), PLAIN_CELL.size, PLAIN_CELL.weight) <= room:
        return [(printable(text), PLAIN_CELL)]
    lines = wrap(printable(text), SMALL_CELL.size, SMALL_CELL.weight, room)
    return [(line, SMALL_CELL) for line in lines]


def _row(sheet: Sheet, y: float, height: float, row: list[list[tuple[str, Style]]]) -> None:
    for (x, _width, _, _), lines in zip(_COLUMNS, row, strict=True):
        first = y + 5.2 if len(lines) == 1 else y + 3.8
        for n, (text, style) in enumerate(lines):
            sheet.text(x + 1.5, first + n * LEADING, text, style)
    sheet.box(LEFT, y + height, RIGHT - LEFT, 0.12, RULE)


def _statement(sheet: Sheet, y: float, record: ServiceRecord) -> None:
    """Draw the certified sentence, unit and date; the unit stamps its seal by hand."""
    sheet.text(LEFT, y + 9, "兹证明以上内容与本单位保存的志愿服务记录一致。", Style(4))
    english = "Certified to agree with the service records this unit keeps."
    sheet.text(LEFT, y + 13.5, english, SMALL)
    if record.code:
        sheet.qr(LEFT, y + 17, 28, record.code)
        sheet.text(LEFT + 32, y + 38, f"离线验签：密钥第{record.key}号", Style(2.8))
        sheet.text(LEFT + 32, y + 42, f"Check without network: key {record.key}", SMALL)
    sheet.text(RIGHT, y + 24, record.unit, Style(4.6, "bold"), align="right", room=104)
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

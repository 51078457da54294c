"""A sample workbook of each list: headers, one example row, and a sheet of notes.

Headers, required columns and other accepted words come from ``known_columns``, so a sample never
differs from what is read. Only the examples and the notes are written here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from volunteer_service.bounds import one_of
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.workbooks.reading.known_columns import BY_NAME, Field, Kind
from volunteer_service.workbooks.refused_rows import typed_cell

#: The name of the sheet of notes.
NOTES_SHEET = "填写说明"
_ABOUT = (
    "第一张表的第一行是列名，第二行是示例。填自己的资料前，请删去示例行。",
    "列的先后不要紧，可以少填不必填的列；表名和文件名也可以改。",
)
_HEADS = ("列名", "必填", "怎么填", "也认得这些列名")
_WIDTHS = (18, 8, 46, 60)
_BOLD, _GREY = Font(bold=True), PatternFill("solid", fgColor="FFEFEFEF")
_WRAPPED = Alignment(wrap_text=True, vertical="top")

#: Everybody in the examples is invented: no place has the identity number's first six digits.
_NAME, _PHONE, _TEAM = "示例志愿者", "13800000000", "示例社区志愿服务队"
_WHO = {"name": _NAME, "phone": _PHONE, "id_number": None, "source": "原来的小程序"}

#: How each field is filled in, by its name; for a single list, by list and name.
NOTES: dict[str | tuple[str, str], str] = {
    "street": "街道名称。只有一个街道时可以不填。",
    "code": "区划代码，可以不填；不同街道的行靠它分开。",
    "community": "社区名称，与网格楼栋表一致。",
    "grid": "网格名称，例如“第一网格”。",
    "building": "楼栋，例如“1号楼”。",
    "name": "姓名，与花名册一致。",
    ("teams", "name"): "队伍名称，一支队伍一行。",
    ("gifts", "name"): "礼品名称，一种礼品一行。",
    "recording_unit": "为这支队伍记录服务的单位，例如社区居民委员会。",
    "brand": "服务品牌，没有就不填。",
    "project": "服务项目，没有就不填。",
    "founded_on": "写成 2024-03-05 这样的日期。",
    "id_number": "18 位，按证件填写；这一列请设为“文本”格式。",
    "phone": "11 位手机号，或带区号的座机号。",
    "sex": "男或女，与身份证号一致。",
    "team": "服务队名称，与服务队名单一致。",
    ("volunteers", "team"): "服务队名称；还没有队伍的不填。",
    "party": "政治面貌，可以不填。",
    "employer": "工作单位，可以不填。",
    "skills": "服务特长，可以不填。",
    "guardian_name": "未满 18 周岁的必填：监护人姓名。",
    "guardian_phone": "未满 18 周岁的必填：监护人电话。",
    "registered_on": "写成 2024-03-05 这样的日期。",
    "remark": "可以不填。",
    "status": "其他平台导出的状态，自己填写时留空。",
    "event": "活动名称。一个人参加一次活动写一行。",
    "on": "写成 2024-03-05 这样的日期。",
    "start": "写成 08:30 这样的时间。",
    "end": "写成 10:30 这样的时间。",
    "span": "起止时间写在一格时用，例如 8:30-10:30；那就不填开始和结束时间。",
    "place": "活动地点，可以不填。",
    "content": "服务内容，可以不填。",
    "minutes": "小时数，例如 1.5；列名里写“分钟”时按分钟读。",
    "leader": "活动负责人，可以不填。",
    "method": "扫码签到、队长记录、补录等。",
    "points": "积分，最多两位小数。",
    ("open_points", "points"): "现在还没有用掉的积分，最多两位小数。不同到期日的分行写。",
    "stock": "现有件数，整数。",
    "minimum_star": "1 到 5；没有要求就不填。",
    "source": "原来的系统或小程序的名称；带入的内容都会标明。",
    "expires_on": "最后有效的一天，写成 2027-12-31 这样的日期。已到期的不带入。",
    "year": "年份，例如 2024。一个人一年一行。",
    "half_year": "写成 2025H1 或 2025年上半年；只写已经结束的半年。",
    "stars": "1 到 5。",
    "number": "证书上的编号，最多 40 个字；这一列请设为“文本”格式。",
    "issued_on": "证书上的发证日期。",
    "title": "证书名称，可以不填。",
    ("open_points", "id_number"): "有重名时填，按身份证号找人；可以不填。",
    ("open_hours", "id_number"): "有重名时填，按身份证号找人；可以不填。",
    ("open_stars", "id_number"): "有重名时填，按身份证号找人；可以不填。",
    ("open_papers", "id_number"): "有重名时填，按身份证号找人；可以不填。",
}


def examples(today: date) -> dict[str, dict[str, Any]]:
    """Return one row of each list by field; a later list names what the earlier ones add."""
    before = date(today.year - 1, 3, 5)
    home = {"community": "示例社区", "grid": "第一网格", "building": "1号楼"}
    return {
        "areas": home,
        "teams": {
            "name": _TEAM,
            "community": "示例社区",
            "recording_unit": "示例社区居民委员会",
            "founded_on": before,
        },
        "volunteers": {
            **home,
            "name": _NAME,
            "id_number": "980101199003071235",
            "phone": _PHONE,
            "sex": "男",
            "team": _TEAM,
            "registered_on": before,
            "remark": "示例行，请删去",
        },
        "service_log": _served(before),
        "gifts": {"name": "毛巾（示例）", "points": 10, "stock": 20},
        "open_points": {**_WHO, "points": 12.5, "expires_on": date(today.year + 1, 12, 31)},
        "open_hours": {**_WHO, "year": before.year, "minutes": 36.5},
        "open_stars": {**_WHO, "half_year": str(HalfYear.of(today).previous), "stars": 3},
        "open_papers": {**_WHO, "number": "示例-0001", "issued_on": before, "title": "荣誉证书"},
    }


def _served(on: date) -> dict[str, Any]:
    return {
        "event": "示例活动",
        "on": on,
        "start": "08:30",
        "end": "10:30",
        "place": "示例社区广场",
        "content": "打扫楼道",
        "minutes": 2,
        "team": _TEAM,
        "leader": "示例队长",
        "name": _NAME,
        "phone": _PHONE,
        "method": "队长记录",
    }


def kind_called(name: str) -> Kind:
    """Return the list of this name."""
    one_of(name, BY_NAME, "kind")
    return BY_NAME[name]


def note_of(kind: Kind, field: Field) -> str:
    """Return how a field of a list is filled in."""
    return NOTES.get((kind.name, field.name)) or NOTES[field.name]


def write_sample(kind_name: str, out: BinaryIO, *, today: date) -> None:
    """Write the sample of one list; handed in as it is, its row is taken."""
    kind = kind_called(kind_name)
    write(kind, examples(today)[kind.name], out, about=_ABOUT, notes=notes(kind))


def write(
    kind: Kind,
    example: Mapping[str, Any],
    out: BinaryIO,
    *,
    about: Sequence[str],
    notes: Iterable[Sequence[str]],
) -> None:
    """Write a workbook of a sheet with headers and an example row, and one of notes."""
    book = Workbook(write_only=True)
    page = book.create_sheet(kind.title)
    for number, field in enumerate(kind.listed, 1):
        width = max(12, 2 * len(field.words[0]) + 4, 2 * len(str(example.get(field.name, ""))))
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_head(page, field.words[0]) for field in kind.listed])
    page.append([typed_cell(page, example.get(field.name)) for field in kind.listed])
    _write_notes(book, about, notes)
    book.save(out)


def _write_notes(book: Any, about: Sequence[str], notes: Iterable[Sequence[str]]) -> None:
    page = book.create_sheet(NOTES_SHEET)
    for number, width in enumerate(_WIDTHS, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    for words in about:
        page.append([words])
    page.append([_head(page, words) for words in _HEADS])
    for row in notes:
        page.append([_wrapped(page, words) for words in row])


def notes(kind: Kind) -> Iterator[Sequence[str]]:
    """Yield a line for each column: header, whether it is needed, how it is filled in, other
    headers.
    """
    for field in kind.listed:
        needed = "必填" if field.required else ""
        yield field.words[0], needed, note_of(kind, field), "、".join(field.words[1:])


def _head(page: Any, words: str) -> WriteOnlyCell:
    cell = typed_cell(page, words)
    cell.font, cell.fill = _BOLD, _GREY
    return cell


def _wrapped(page: Any, words: str) -> WriteOnlyCell:
    cell = typed_cell(page, words)
    cell.alignment = _WRAPPED
    return cell

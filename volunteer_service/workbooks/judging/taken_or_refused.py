"""The outcome of a row: taken, or refused with a reason and the likely cure.

A reason is a stable code; :data:`WORDS` has the Chinese words that a coordinator reads. They are
the msgids, and the workbook that goes back prints them with the code and the cure.

The row classes have no slots, because every row passes through the spool, and a frozen class with
slots pickles slowly.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from volunteer_service.workbooks.reading import cells
from volunteer_service.workbooks.reading.cells import Unreadable
from volunteer_service.workbooks.reading.line import Line

#: Marks words for the translators, who look for this name.
N_ = str

#: The most characters of a name, a title and a text in the tables.
NAME, TITLE, TEXT = 60, 80, 500

WORDS = {
    # Any list
    "missing_value": N_("必填内容为空"),
    "duplicate_row": N_("与前面的行重复"),
    "recorded_otherwise": N_("已有这条记录，时长不同"),
    "too_long": N_("内容太长"),
    "below_building": N_("比楼栋更小的一级，不导入"),
    "unreadable_cell": N_(
        "单元格无法读取：Excel 的错误、公式没有结果、“同上”，或有几个字画了删除线"
    ),
    "hidden_row": N_("在表中是隐藏的行，按说明不导入"),
    "struck_row": N_("画了删除线的行，按说明不导入"),
    "struck_row_asked": N_("画了删除线，等您说明要不要导入"),
    "left_out_by_status": N_("平台上的状态说明不导入这一行"),
    "unknown_status": N_("平台上的状态没有说明含义"),
    "not_present": N_("没有到场，或没有写是否到场"),
    "not_approved": N_("没有通过，或已经不算"),
    "impossible_date": N_("日期不存在或无法识别"),
    "unknown_area": N_("网格楼栋表中没有这个社区、网格或楼栋"),
    "maybe_same_area": N_("像是同一个地方的另一种写法，等您说明"),
    "several_people": N_("一格里有几个人"),
    "more_than_a_name": N_("姓名里有序号或电话"),
    "several_buildings": N_("一格里有几栋楼"),
    "another_table": N_("下面是另一张表"),
    "above_header": N_("在表头的上面"),
    "caption": N_("像是一组的标题，不是一行内容"),
    "other_street": N_("属于别的街道"),
    "street_unclear": N_("看不出属于哪个街道"),
    "area_closed": N_("这个社区、网格或楼栋已停用"),
    "unknown_team": N_("没有这支服务队"),
    "team_closed": N_("这支服务队已停止活动"),
    # Roster
    "missing_name": N_("缺少姓名"),
    "id_missing": N_("缺少身份证号"),
    "id_malformed": N_("身份证号不是 18 位"),
    "id_lost_digits": N_("身份证号被 Excel 存成数字，末尾几位已丢失"),
    "id_check_digit": N_("身份证号校验不通过"),
    "same_id_other_person": N_("同一身份证号已登记在另一人名下"),
    "maybe_same_person": N_("可能已经登记过：已有同名的人，没有身份证号"),
    "has_left": N_("此人已退出，或说过登记不是本人办的"),
    "sex_contradicts_id": N_("性别与身份证号不符"),
    "minor_without_guardian": N_("未满 18 周岁，缺少监护人或监护人电话"),
    "bad_phone": N_("手机号不正确"),
    # Service log
    "unknown_volunteer": N_("花名册中没有这位志愿者"),
    "ambiguous_volunteer": N_("有多人同名且同手机号"),
    "impossible_time": N_("开始或结束时间无法识别"),
    "unreadable_hours": N_("服务时长无法识别"),
    "hours_not_positive": N_("服务时长不是正数"),
    "hours_exceed_event": N_("服务时长超过活动时长"),
    "overlaps_another_record": N_("与同一人的另一条记录时间重叠"),
    "not_volunteer_service": N_("不属于志愿服务（在岗工作、会议等）"),
    "date_in_the_future": N_("日期在今天之后"),
    # Gifts
    "bad_number": N_("积分或数量不正确"),
    # Opening balances
    "already_taken_over": N_("已经带入过"),
    "lives_elsewhere": N_("不住在这个街道"),
    "points_expired": N_("积分已经到期"),
    "bad_year": N_("年度不正确"),
    "hours_exceed_year": N_("时长超过一年的小时数"),
    "bad_half_year": N_("半年写得不对，或还没有结束"),
    "bad_star": N_("星级不正确"),
}

ANSWER_ALIKE = N_("请在预览页上说明：这些写法是不是同一个地方。")
ANSWER_STRUCK = N_("请在预览页上说明：画了删除线的行，导入还是不导入。")
EXPLAIN_STATUS = N_(
    "请在预览里打开这张表，在“代码的含义”里写明这个状态导入还是不导入，例如 平台状态：正常=导入。"
)
# Cures that several lists name.
CHECK_DATE = N_("请写成 2026-06-30 这样的日期，并确认这一天存在。")
_NO_DAY = {
    "two_digits": N_("年份请写四位，例如 2026-03-05。"),
    "lunar": N_("请写公历日期，例如 2026-03-05，不写农历。"),
    "several_days": N_("一行只写一天：一个人一天的服务写一行。"),
    "year_last": N_(
        "请把年份写在前面，例如 2026-03-05；整张表都这样写的，"
        "在预览里打开这张表，填“日期和时间的写法”。"
    ),
    "part": N_("请写全年、月、日，例如 2026-03-05。"),
    "no_year": N_("请补上年份，例如 2026-03-05。"),
}
FILL_CELL = N_("补上这一格后重新导入。")
ASK_ANEW = N_("请本人到社区当面同意，由管理员在此人的页面上“恢复登记”，再导入。")
ONE_TEAM_A_ROW = N_("一个人在几支队伍里，每支队伍写一行，其他各列照写。")
BELOW_BUILDING = N_("区域只到楼栋，单元和户不用导入。删去这一行即可。")
DELETE_ROW = N_("删除重复的行即可。")
OPEN_AREA = N_("请改成现在的社区、网格、楼栋；确实还用的，先由管理员重新启用。")
OPEN_TEAM = N_("请改成现在的队伍，或留空；这支队伍确实还在活动的，先由社区管理员重新启用。")
#: Sentences by the code of a reason why a row is outside its list.
MISPLACED = {
    "another_table": N_(
        "一张工作表里有上下两张表。请把下面这张（连同表头）放到单独的工作表里，再导入。"
    ),
    "above_header": N_("请把表头移到第一行，内容都放在表头的下面，再导入。"),
    "caption": N_("请加上“服务队”“社区”这样的列，把标题里的名称写到下面每一行，再删去这一行。"),
}
OTHER_STREET = N_("这一行属于另一个街道。请在上传时写明那个街道，把同一个文件再导入一次。")
WHICH_STREET = N_("表里有几个街道，请在这一行写明是哪个街道。")
CHECK_TEAM = N_("请核对队名，或先把这支服务队加入服务队名单。")
_CHECK_SHEET = N_(
    "没有“服务队”这一列，工作表的名称就当作服务队。请把工作表改成队名，或加上“服务队”这一列。"
)
CHECK_COMMUNITY = N_("请核对社区名称，或先把这个社区加入网格楼栋表。")
#: By ``why`` of :class:`cells.Unreadable`.
_UNREADABLE = {
    "ditto": N_("“同上”不能导入：表格排过序就不对了。请写出内容（在 Excel 里可以向下填充）。"),
    "error": N_("这一格是 Excel 的错误，不是内容。请填上应有的内容。"),
    "formula": N_("这一格的公式没有算出的结果。请用 Excel 打开并保存一次，或粘贴成数值。"),
    "digits": N_("数字太长，成了 1.2E+17 这样。请把这一列设为“文本”格式，重新输入。"),
    "struck": N_("这一格有几个字画了删除线，看不出哪些算数。请只留下要用的字。"),
}
CHECK_PHONE = N_("应为 11 位手机号，或带区号的座机号。")
MASKED = N_("带星号的号码看不全。请向原来的系统要不打星号的，或补上完整号码。")
_NO_PHONE = {
    "digits": _UNREADABLE["digits"],
    "masked": MASKED,
    "two": N_("一格只写一个电话号码，另一个可以写在备注里。"),
}
#: Rows that somebody said not to take; they are in no returned workbook.
LEFT_OUT = ("hidden_row", "struck_row")
#: The most names to compare; with more, the coordinator looks faster.
_MOST_NAMES = 5000


@dataclass(frozen=True)
class AreaRow:
    """One building with the grid and community above it."""

    street: str
    community: str
    grid: str
    building: str
    #: Whether it belongs to another street than the rest of its import.
    is_elsewhere: bool = field(default=False, repr=False)


@dataclass(frozen=True)
class TeamRow:
    """A team, the community it belongs to and the unit that keeps its records."""

    name: str
    community: str
    recording_unit: str
    brand: str
    project: str
    founded_on: date | None


@dataclass(frozen=True)
class VolunteerRow:
    """A person of the roster; ``id_key`` is the keyed hash of the ID number, or the judges' key of
    somebody here who had another number, or none, so far.
    """

    name: str
    sex: str
    id_number: str
    id_key: str
    born_on: date
    phone: str
    community: str
    grid: str
    building: str
    team: str
    party: str
    employer: str
    skills: str
    guardian_name: str
    guardian_phone: str
    registered_on: date
    remark: str


@dataclass(frozen=True)
class ServiceRow:
    """One person's service at one event; ``start`` and ``end`` are local wall-clock times.

    ``person`` is the ``id_key`` of the volunteer, ``key`` the natural key of the record: the same
    person, event name, start and end give the same key in any file.
    """

    key: str
    person: str
    event: str
    start: datetime
    end: datetime
    place: str
    content: str
    minutes: int
    team: str
    leader: str
    grade: str


@dataclass(frozen=True)
class GiftRow:
    """A gift of the catalogue; ``points_centi`` is its price in hundredths of a point."""

    name: str
    points_centi: int
    stock: int
    #: None if the list has no such column.
    minimum_star: int | None


@dataclass(frozen=True)
class OpeningRow:
    """A balance of one person in an earlier system; each list fills its own fields.

    ``amount`` is hundredths of a point, valid to the end of ``on``; ``on`` is also the day on which
    a certificate was issued. ``half`` is a half-year like 2025H1.
    """

    person: str
    source: str
    amount: int = 0
    on: date | None = None
    minutes: int = 0
    year: int = 0
    stars: int = 0
    half: str = ""
    number: str = ""
    title: str = ""


Row = AreaRow | TeamRow | VolunteerRow | ServiceRow | GiftRow | OpeningRow


@dataclass(frozen=True)
class Taken:
    """A row that may be taken. ``is_new`` is False where the service already holds it.

    ``tidied`` names what was tidied: full-width digits, spaced phones and the like.
    """

    kind: str
    file: str
    sheet: str
    row_number: int
    row: Row
    is_new: bool
    tidied: frozenset[str] = frozenset()
    #: Unneeded fields with unreadable cells, which count as empty.
    emptied: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken: its raw cells, the reason, and the likely cure."""

    kind: str
    file: str
    sheet: str
    row_number: int
    cells: tuple[Any, ...]
    reason_code: str
    field: str | None
    cure: str | None


class Reason(Exception):
    """Raised for a row that is refused: the code of :data:`WORDS`, the field, and the cure.

    It stays within this package: the row becomes a :class:`RefusedRow`.
    """

    def __init__(self, code: str, field: str | None = None, cure: str | None = None):
        super().__init__(code)
        self.code = code
        self.field = field
        self.cure = cure


def date_cure(raw: Any) -> str:
    """Return what to write in place of a cell that is no day."""
    return _NO_DAY.get(cells.why_no_day(raw) or "", CHECK_DATE)


def phone_cure(raw: Any) -> str:
    """Return what to write in place of a cell that is no phone number."""
    return _NO_PHONE.get(cells.why_no_phone(raw) or "", CHECK_PHONE)


def unreadable(line: Line, needed: Collection[str]) -> frozenset[str]:
    """Return fields of the row with unreadable cells; raise :class:`Reason` for a needed one.

    Fields with a required column are needed, and those in ``needed``, which mean something when
    empty.
    """
    found = {
        name: raw for name in line.header.columns if isinstance(raw := line.raw(name), Unreadable)
    }
    needs = {field.name for field in line.header.kind.fields if field.required}
    for name, raw in found.items():
        # «As above» means something, even where a cell may be empty.
        if name in needs or name in needed or (raw.why == "ditto" and name != "remark"):
            lost = name == "id_number" and raw.why == "digits"
            code = "id_lost_digits" if lost else "unreadable_cell"
            raise Reason(code, name, _UNREADABLE[raw.why])
    # A formula in a remark is reported as such.
    return frozenset(name for name in found if name != "remark" or found[name].why != "formula")


def taken(line: Line, row: Row, is_new: bool, tidied: frozenset[str] = frozenset()) -> Taken:
    """Return the outcome of a row that may be taken."""
    return Taken(*_where(line), row, is_new, tidied)


def refused(line: Line, reason: Reason) -> RefusedRow:
    """Return the outcome of a row that may not be taken."""
    return RefusedRow(*_where(line), line.cells, reason.code, reason.field, reason.cure)


def _where(line: Line) -> tuple[str, str, str, int]:
    return line.header.kind.name, line.file, line.sheet, line.row_number


def team_cure(line: Line) -> str:
    """Return the cure for a team that is not there: in its column, or in the sheet's name."""
    return _CHECK_SHEET if "team" in (line.placed or ()) else CHECK_TEAM


def did_you_mean(words: str, names: Collection[str], otherwise: str) -> str:
    """Return «您是不是要写“庆丰社区护学志愿服务队”？» for a close name, or ``otherwise``."""
    near = _nearest(words, tuple(names)) if len(names) <= _MOST_NAMES else None
    return f"您是不是要写“{near}”？" if near else otherwise


@lru_cache(maxsize=256)
def _nearest(words: str, names: tuple[str, ...]) -> str | None:
    return next(iter(get_close_matches(words, names, n=1, cutoff=0.75)), None)

"""Which of the kinds a sheet is, and what each column holds, from its headers alone.

The order of columns, the row of the header and the file's name do not matter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from volunteer_service.workbooks.reading import cells, header_words, traditional

#: Marks words for the translators, who look for this name.
N_ = str


@dataclass(frozen=True)
class Field:
    """One field of a row, and the headers people write above it."""

    name: str
    words: tuple[str, ...]
    required: bool = False
    #: True if it occurs only in a tree of areas in one column (``area_trees``).
    is_of_tree: bool = False
    #: False if nobody is asked to fill it in: it is read where a list has it.
    is_asked: bool = True
    #: Headers that count if none of ``words`` is above a column of the sheet.
    else_words: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return its header in our own lists."""
        return self.words[0]


@dataclass(frozen=True)
class Kind:
    """One kind of list."""

    name: str
    title: str
    fields: tuple[Field, ...]

    @property
    def key_field(self) -> str:
        """Return the field that identifies a row's subject."""
        return "building" if self.name == "areas" else "name"

    @property
    def listed(self) -> tuple[Field, ...]:
        """Return its columns for rows with every field: those of a sample."""
        return tuple(field for field in self.fields if field.is_asked and not field.is_of_tree)

    def field_of(self, header: str) -> Field | None:
        """Return the field of a (bare) header, if any: as written, else without the text that a
        form adds around it (:func:`asked_for`).
        """
        wanted = (header, asked_for(header))
        found = (field for words in wanted for field in self.fields if words in field.words)
        return next(found, None)

    def else_field_of(self, header: str) -> Field | None:
        """Return the field of a header if no column has the usual one, if any."""
        return next((field for field in self.fields if header in field.else_words), None)


@dataclass(frozen=True)
class Header:
    """A header row that was recognised."""

    kind: Kind
    row_number: int
    cells: tuple[Any, ...]
    #: Field name to column, counted from 0.
    columns: dict[str, int]
    #: The unit of a field's bare numbers ("minutes", "days"), if it is written over them.
    units: Mapping[str, str]
    #: The text above the header: the sheet's own title.
    title: str
    #: What codes of the file mean, by field.
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: The forms of its days and times, tried before our own.
    dates: tuple[str, ...] = ()


def _field(name: str, *words: str, required: bool = False) -> Field:
    return Field(name, words, required)


def _need(name: str, *words: str, else_words: tuple[str, ...] = ()) -> Field:
    return Field(name, words, required=True, else_words=else_words)


#: Columns in which a row says itself that it does not count (``judging.not_counted``).
_PRESENT = Field("present", header_words.PRESENT, is_asked=False)
_APPROVED = Field("approved", header_words.APPROVED, is_asked=False)

AREAS = Kind(
    "areas",
    N_("网格楼栋表"),
    (
        _need("community", *header_words.COMMUNITY),
        _need("grid", *header_words.GRID),
        _need("building", *header_words.BUILDING),
        _field("street", *header_words.STREET),
        _field("code", "区划代码", "行政区划代码", "统计用区划代码", "区域编码", "编码", "代码"),
        *(
            Field(name, words, is_of_tree=True)
            for name, words in (
                ("node", ("区域名称", "名称", "区域", "区划名称", "行政区划名称", "辖区")),
                ("level", ("区域级别", "级别", "层级", "类型", "区域类型")),
                ("above", ("上级区域", "上级", "上级名称", "所属上级", "上级单位名称")),
            )
        ),
    ),
)
TEAMS = Kind(
    "teams",
    N_("服务队名单"),
    (
        _need("name", *header_words.TEAM),
        _need("community", *header_words.COMMUNITY),
        _need("recording_unit", "记录单位", "记录主体", "所属单位", "主管单位", "上级单位"),
        _field("brand", "服务品牌", "品牌", "品牌名称", "所属品牌"),
        _field("project", "服务项目", "项目", "项目名称", "所属项目"),
        _field("founded_on", "成立日期", "成立时间", "组建日期", "组建时间", "建队日期"),
    ),
)
VOLUNTEERS = Kind(
    "volunteers",
    N_("志愿者花名册"),
    (
        _need("name", *header_words.NAME),
        _need(
            *("id_number", "身份证号", "身份证号码", "身份证", "证件号码", "证件号"),
            *("公民身份号码", "居民身份证号", "身分证号", "身分证号码", "身分证", "身分证字号"),
        ),
        _need("phone", *header_words.PHONE),
        _field("sex", "性别"),
        _field("street", *header_words.STREET),
        _field("community", *header_words.COMMUNITY),
        _field("grid", *header_words.GRID),
        _field("building", *header_words.BUILDING),
        _field("team", *header_words.TEAM),
        _field("party", "政治面貌", "党派"),
        _field("employer", "在职党员单位", "在职党员所在单位", "工作单位", "单位", "所在单位"),
        _field("skills", "服务特长", "特长", "技能", "专长", "技能特长"),
        _field("guardian_name", "监护人", "监护人姓名", "法定监护人", "家长姓名", "家长"),
        _field(
            *("guardian_phone", "监护人电话", "监护人手机号", "监护人手机", "监护人联系电话"),
            *("监护人手机号码", "监护人联系方式", "家长电话", "家长手机号"),
        ),
        _need(
            *("registered_on", "注册日期", "注册时间", "登记日期", "登记时间", "入队日期"),
            *("入队时间", "加入日期", "加入时间"),
        ),
        _field("remark", "备注", "说明"),
        # Only a profile gives the meaning of its words.
        _field("status", "平台状态"),
        _APPROVED,
    ),
)
SERVICE_LOG = Kind(
    "service_log",
    N_("志愿服务记录"),
    (
        _need("event", "活动名称", "活动", "服务活动", "活动主题", "志愿服务活动名称", "活动项目"),
        _need("on", "活动日期", "日期", "服务日期", "开展日期"),
        _need(
            *("start", "开始时间", "起始时间", "活动开始时间", "服务开始时间", "开始"),
            else_words=header_words.CHECKED_IN,
        ),
        _need(
            *("end", "结束时间", "终止时间", "活动结束时间", "服务结束时间", "结束"),
            else_words=header_words.CHECKED_OUT,
        ),
        _field(
            *("span", "活动时间", "时间段", "时段", "起止时间", "活动时间段", "服务时间段"),
            *("活动起止时间", "服务起止时间", "时间", "日期时间", "日期和时间", "日期及时间"),
            *("活动日期时间", "活动日期和时间", "活动日期及时间", "服务日期时间", "服务日期和时间"),
            *("服务日期及时间", "起止日期时间"),
        ),
        _field("place", "地点", "活动地点", "服务地点", "地址", "活动地址"),
        _field("content", "服务内容", "内容", "活动内容", "志愿服务内容"),
        _need(
            *("minutes", "服务时长", "时长", "志愿服务时长", "小时数", "服务小时", "服务小时数"),
            *("时数", "服务时间", "工时"),
        ),
        _need("team", *header_words.TEAM),
        _field("leader", "活动负责人", "负责人", "队长", "带队人", "领队", "组织者"),
        _need("name", *header_words.NAME),
        _need("phone", *header_words.PHONE),
        _field("status", "平台状态"),
        _PRESENT,
        _APPROVED,
        _field("method", "记录方式", "认定方式", "登记方式", "签到方式", "记录来源", "记录形式"),
    ),
)
GIFTS = Kind(
    "gifts",
    N_("兑换礼品目录"),
    (
        _need("name", "礼品名称", "礼品", "物品名称", "兑换物品", "品名", "商品名称"),
        _need("points", "所需积分", "积分", "兑换积分", "需要积分", "积分值", "分值"),
        _need("stock", "库存数量", "库存", "数量", "现有库存", "剩余数量"),
        _field("minimum_star", "最低星级", "星级要求", "所需星级"),
    ),
)
_CARD = (
    *("身份证号", "身份证号码", "身份证", "证件号码", "证件号", "公民身份号码", "居民身份证号"),
    *("身分证号", "身分证号码", "身分证", "身分证字号"),
)
#: The person, and the earlier system, which only opening balances name.
TAKEN_OVER = (
    _need("name", *header_words.NAME),
    _need("phone", *header_words.PHONE),
    _field("id_number", *_CARD),
    _need(
        *("source", "原系统", "原系统名称", "原平台", "原平台名称", "原来的系统", "原小程序"),
        *("来源系统", "来源平台"),
    ),
)
OPENING_POINTS = Kind(
    "open_points",
    N_("期初积分"),
    (
        *TAKEN_OVER,
        _need(
            *("points", "积分余额", "剩余积分", "可用积分", "期初积分", "现有积分", "未用积分"),
            *("积分", "积分数"),
        ),
        _need(
            *("expires_on", "到期日期", "有效期至", "到期日", "有效期", "失效日期", "积分有效期"),
            *("积分到期日", "积分到期日期"),
        ),
    ),
)
OPENING_HOURS = Kind(
    "open_hours",
    N_("期初时长"),
    (
        *TAKEN_OVER,
        _need("year", "年度", "年份", "服务年度", "服务年份", "年"),
        _need(
            *("minutes", "服务时长", "时长", "累计时长", "年度时长", "志愿服务时长", "小时数"),
            *("服务小时", "服务小时数", "时数"),
        ),
    ),
)
OPENING_STARS = Kind(
    "open_stars",
    N_("期初星级"),
    (
        *TAKEN_OVER,
        _need("half_year", "评定半年", "半年", "评定周期", "评定期", "评定时段", "评定年度"),
        _need("stars", "星级", "评定星级", "获得星级", "星级结果"),
    ),
)
OPENING_PAPERS = Kind(
    "open_papers",
    N_("期初证书"),
    (
        *TAKEN_OVER,
        _need("number", "证书编号", "证书号", "证书号码", "证书编码"),
        _need("issued_on", "发证日期", "颁发日期", "签发日期", "发放日期"),
        _field("title", "证书名称", "证书", "证书种类"),
    ),
)
OPENINGS = (OPENING_POINTS, OPENING_HOURS, OPENING_STARS, OPENING_PAPERS)
#: In the order in which they build on each other.
KINDS = (AREAS, TEAMS, VOLUNTEERS, SERVICE_LOG, GIFTS, *OPENINGS)
BY_NAME = {kind.name: kind for kind in KINDS}

_IN_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_CLOSING = ")]】〕"
_BRACKETS = "()[]【】〔〕 *:"
_NUMBERED = re.compile(r"^\(?\d{1,2}[、.)]\s*")
_BEHIND = re.compile(
    r"[/|_—–-]\s*(必填|选填|文本|小时|分钟?|天|年月日|元|个|min|h)$"
    r"|[\s,;、]*单位\s*:\s*(?:个?小时|分钟?|天|元|个|件)$",
    re.IGNORECASE,
)
#: Text that a questionnaire puts before a field's name, and a list in two languages around it.
_ASKED = re.compile(
    r"^(?:Q?\d{1,3}[_.、:-]?)?(?:请(?:您|你)?(?:填写|输入|选择|填|写|选)?(?:一下)?)?"
    r"(?:(?:您|你|本人|自己)(?:所在|所属|居住|想加入|要加入|想参加|参加|加入)?的?)?(?:真实)?",
    re.IGNORECASE,
)
_LATIN = re.compile(
    r"^[A-Za-z][A-Za-z'-]*/?(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[/|]?[A-Za-z'-]+$"
)
#: More characters than any header of a list has, with the text around it.
_LONGEST_ASKED = 60
_ORNAMENT = re.compile(r"[\s*:：#、。,.★☆※●○◆◇▲△■□√]")
_MINUTES = re.compile(r"分钟|[(\[【/]\s*分\b|\bmin|单位\s*:\s*分", re.IGNORECASE)
_DAYS = re.compile(r"[(\[【/]\s*(?:单位\s*:\s*)?[天日]\s*(?:$|[)\]】])|单位\s*:\s*天|天数")
_UNIT_ABOVE = re.compile(r"单位\s*:\s*(?:分|天)")


def bare(raw: Any) -> str:
    """Return a header in simplified characters, without numbers before it, spaces, stars and
    colons, and without text in brackets or after a slash: «1、服务时长 (小时)*», «姓名/必填».
    «【姓名】» loses only its brackets.
    """
    whole = _NUMBERED.sub("", traditional.simple(cells.text(raw)))
    words = _unbracketed(whole).strip() or whole.strip(_BRACKETS)
    return _ORNAMENT.sub("", _BEHIND.sub("", words))


def asked_for(header: str) -> str:
    """Return a (bare) header without the text that a form adds around it: «Q1_您的姓名?»,
    «姓名/Name», «01姓名».
    """
    if len(header) > _LONGEST_ASKED:
        return header
    return _LATIN.sub("", _ASKED.sub("", header.rstrip("?!"), count=1))


def _unbracketed(words: str) -> str:
    """Return the words outside brackets.

    After the last closing bracket no opening one is searched, because each of thousands would be
    read to the end.
    """
    end = max(map(words.rfind, _CLOSING)) + 1
    return _IN_BRACKETS.sub("", words[:end]) + words[end:]


def is_known(header: Any) -> bool:
    """Tell whether some kind has a field of this header."""
    words = bare(header)
    return any(kind.field_of(words) or kind.else_field_of(words) for kind in KINDS)


def unit_of(header: str) -> str | None:
    """Return the unit that a header gives to the bare numbers beneath it: "minutes", "days", or
    None.
    """
    words = traditional.simple(cells.text(header))
    if _MINUTES.search(words):
        return "minutes"
    return "days" if _DAYS.search(words) else None


def unit_above(words: str) -> str | None:
    """Return the unit that a note over a list gives to all its numbers: «单位：分钟»."""
    found = traditional.simple(words)
    return unit_of(found) if _UNIT_ABOVE.search(found) else None


def column_word(kind: str, field: str) -> str:
    """Return how people mostly head the column of this field."""
    fields = BY_NAME[kind].fields if kind in BY_NAME else ()
    return next((each.words[0] for each in fields if each.name == field), field)

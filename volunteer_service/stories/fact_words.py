"""The words for the facts of an act, and the unit of each; other facts are not shown."""

from dataclasses import dataclass
from typing import Any

from volunteer_service.errors import Phrase


@dataclass(frozen=True)
class Fact:
    """One fact of an act; ``before`` is None if there was nothing before or it is not known."""

    name: str
    label: Phrase
    #: text, instant, minutes, points, hundredths, count, state, role or answer.
    unit: str
    before: Any
    value: Any

    @property
    def is_empty(self) -> bool:
        """Whether it tells nothing, as a code that has no words."""
        return self.before is None and self.value is None


#: By key: its name, and its unit.
FACTS: dict[str, tuple[Phrase, str]] = {
    "name": (Phrase("名称"), "text"),
    "title": (Phrase("标题"), "text"),
    "place": (Phrase("地点"), "text"),
    "meeting_point": (Phrase("集合地点"), "text"),
    "starts_at": (Phrase("开始时间"), "instant"),
    "ends_at": (Phrase("结束时间"), "instant"),
    "shift_starts_at": (Phrase("班次开始"), "instant"),
    "shift_ends_at": (Phrase("班次结束"), "instant"),
    "area": (Phrase("区域"), "text"),
    "of_team": (Phrase("队伍"), "text"),
    "recording_unit": (Phrase("记录单位"), "text"),
    "brand": (Phrase("品牌"), "text"),
    "project": (Phrase("项目"), "text"),
    "founded_on": (Phrase("成立日期"), "text"),
    "state": (Phrase("状态"), "state"),
    "price_centi": (Phrase("积分"), "points"),
    "minimum_stars": (Phrase("最低星级"), "count"),
    "reason": (Phrase("原因"), "text"),
    "minutes": (Phrase("时长"), "minutes"),
    "quantity": (Phrase("数量"), "count"),
    "stock": (Phrase("库存"), "count"),
    "desk_address": (Phrase("地址"), "text"),
    "desk_opening_hours": (Phrase("开放时间"), "text"),
    "desk_phone": (Phrase("电话"), "text"),
    "min_age": (Phrase("最小年龄"), "count"),
    "max_age": (Phrase("最大年龄"), "count"),
    "min_stars": (Phrase("最低星级"), "count"),
    "skills": (Phrase("技能"), "text"),
    "cover": (Phrase("保险"), "text"),
    "sign_ups": (Phrase("报名人次"), "count"),
    "people": (Phrase("人数"), "count"),
    "touched": (Phrase("涉及的人"), "count"),
    "issued": (Phrase("签发份数"), "count"),
    "withdrawn": (Phrase("撤销份数"), "count"),
    "made": (Phrase("生成"), "count"),
    "capacity": (Phrase("名额"), "count"),
    "score": (Phrase("评分"), "count"),
    "coefficient_centi": (Phrase("系数"), "hundredths"),
    "role": (Phrase("角色"), "role"),
    "approve": (Phrase("同意"), "answer"),
    "upheld": (Phrase("异议成立"), "answer"),
    "ends_on": (Phrase("截止"), "text"),
    "since": (Phrase("自"), "text"),
}
#: The words of codes, by unit.
CODES: dict[str, dict[str, Phrase]] = {
    "state": {
        "active": Phrase("有效"),
        "closed": Phrase("已关闭"),
        "offered": Phrase("上架"),
        "withdrawn": Phrase("下架"),
        "confirmed": Phrase("已确认"),
        "waiting": Phrase("待确认"),
        "refused": Phrase("未确认"),
        "disowned": Phrase("已停用"),
    },
    "role": {
        "leader": Phrase("队长"),
        "coordinator": Phrase("管理员"),
        "desk": Phrase("兑换点"),
        "auditor": Phrase("审核员"),
        "admin": Phrase("系统管理员"),
    },
    "answer": {"True": Phrase("是"), "False": Phrase("否")},
}
#: States whose words are others for the subject of the act: by table, by code.
STATES_OF: dict[str, dict[str, Phrase]] = {
    "sign_ups": {
        "confirmed": Phrase("报上了"),
        "waiting": Phrase("候补"),
    },
    "volunteers": {
        "waiting": Phrase("等待批准"),
        "done": Phrase("已更改"),
        "refused": Phrase("没有批准"),
        "withdrawn": Phrase("已撤回"),
    },
    "corrections": {
        "waiting": Phrase("等待批准"),
        "done": Phrase("已更正"),
        "refused": Phrase("没有批准"),
    },
    "objections": {
        "upheld": Phrase("已支持"),
        "dismissed": Phrase("维持原结果"),
    },
    "disputes": {
        "upheld": Phrase("已支持"),
        "dismissed": Phrase("维持原结果"),
    },
}


def of_code(subject: str, unit: str, code: Any) -> Any:
    """Return a value in words where it is a code; None for a code without words, never the code."""
    if unit not in CODES or code is None:
        return code
    own = STATES_OF.get(subject, {}) if unit == "state" else {}
    return own.get(str(code)) or CODES[unit].get(str(code))

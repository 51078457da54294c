"""A row of each list that may be taken, and what the judges say of another."""

from datetime import date
from typing import Any

from tests.workbooks.street_cells import id_number
from volunteer_service.workbooks.judging.taken_or_refused import RefusedRow, Taken

Outcome = Taken | RefusedRow
ADULT = id_number(date(1980, 5, 1), "女", 11)
SISTER = id_number(date(1982, 5, 1), "女", 12)
AREAS = ("社区", "网格", "楼栋")
TEAMS = ("队名", "所属社区", "记录单位", "成立日期")
ROSTER = (
    *("姓名", "身份证号", "手机号", "性别", "社区", "网格", "楼栋", "服务队"),
    *("监护人", "监护人电话", "注册日期"),
)
LOG = (
    *("活动名称", "活动日期", "开始时间", "结束时间", "服务内容", "服务时长", "服务队"),
    *("志愿者姓名", "手机号", "记录方式"),
)
GIFTS = ("礼品名称", "所需积分", "库存数量", "最低星级")
LI_MEI = ("李梅", ADULT, 13900000001, "女", "庆丰社区", "一网格", "1号楼", "护学队", None, None)
SERVED = (
    "护学",
    "2026-03-01",
    "8:00",
    "9:30",
    "护学",
    1.5,
    "护学队",
    "李梅",
    "13900000001",
    "扫码签到",
)


def reason(outcome: Outcome) -> tuple[str, str | None]:
    assert isinstance(outcome, RefusedRow), outcome
    return outcome.reason_code, outcome.field


def changed(row: tuple[Any, ...], heads: tuple[str, ...], **new: Any) -> tuple[Any, ...]:
    return tuple(new.get(head, cell) for head, cell in zip(heads, row, strict=True))

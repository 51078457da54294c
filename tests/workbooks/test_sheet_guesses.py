"""Which list a header is the header of: our own are certain, what only looks like one is asked."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from volunteer_service.workbooks.reading import sheet_guesses, sheet_readings
from volunteer_service.workbooks.reading.grid import Row
from volunteer_service.workbooks.reading.sheet_readings import NOTHING_SAID, Memory, SaidSheet
from volunteer_service.workbooks.reading.sheets import Workbook

PROGRAMME = Path(__file__).resolve().parents[2] / "examples" / "programme"

#: What a street office keeps that has every column of one of our lists and is another list.
LOOK_ALIKES = {
    "成员单位": "序号 成员单位名称 单位简称 社区 所在网格 楼栋 单位性质 信用代码 联系方式",
    "岗位清单": "序号 岗位 所属社区 网格 楼号 需求人数 岗位职责 认领人 认领人手机号 状态 备注",
    "报到名册": "序号 姓名 手机号 身份证号 工作单位 类型 报到党组织 登记日期 特长 认领岗位",
    "社团": "序号 团队名称 社区 主管单位 负责人 联系电话 成员人数 成立日期 活动地点",
    "物资": "序号 物品名称 分值 数量 存放地点 备注",
    "楼栋长名册": "社区 网格 楼栋 楼栋长 联系电话",
    "住户登记": "社区 网格 楼栋 户主姓名 电话",
    "消防检查": "社区 网格 楼栋 检查日期 隐患",
    "商户登记": "姓名 身份证号 联系电话 注册日期 店铺名称 经营范围",
    "老年大学学员": "姓名 性别 身份证号 手机号 注册日期 班级",
    "低保名册": "姓名 身份证号 联系电话 登记日期 社区 楼栋 金额",
    "培训签到": "活动名称 日期 开始时间 结束时间 时长 团队 姓名 电话",
    "值班表": "活动名称 日期 开始时间 结束时间 工时 队伍 姓名 手机号 值班费",
    "家政工单": "活动 服务日期 开始时间 结束时间 服务时长 服务队 服务人员 电话 费用 客户",
    "广场舞队": "队名 所属社区 主管单位 成立时间 领舞",
    "礼品发放": "礼品名称 兑换积分 数量 领取人 领取日期 电话",
    "采购清单": "品名 积分 数量 供应商",
}
OURS = {
    "areas": "序号 街道 社区 网格 楼栋 户数 备注",
    "teams": "队名 所属社区 记录单位",
    "volunteers": "姓名 身份证号 手机号 注册日期 民族 学历 住址",
    "service_log": "活动名称 活动日期 开始时间 结束时间 服务时长 服务队 姓名 手机号 签名",
    "gifts": "礼品名称 所需积分 库存数量 规格",
}


def rows_of(*rows: Sequence[str]) -> list[Row]:
    return [Row(number, tuple(row), tuple(row)) for number, row in enumerate(rows, 1)]


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_what_looks_like_a_list_of_ours_is_asked(name: str) -> None:
    reading = sheet_readings.read(rows_of(LOOK_ALIKES[name].split()), NOTHING_SAID)

    assert reading.state == "asked"
    assert reading.kind is not None
    assert reading.missing == ()


@pytest.mark.parametrize("kind", OURS)
def test_a_list_of_ours_is_taken_whatever_stands_beside(kind: str) -> None:
    reading = sheet_readings.read(rows_of(OURS[kind].split()), NOTHING_SAID)

    assert (reading.state, reading.kind) == ("taken", kind)


@pytest.mark.parametrize("name", ["areas", "teams", "volunteers", "service_log", "gifts"])
def test_the_example_street_is_certain(name: str) -> None:
    book = Workbook(PROGRAMME / f"{name}.xlsx")

    assert [(reading.state, reading.kind) for _, reading in book.sheets] == [("taken", name)]


def test_what_lacks_a_column_is_named_with_it() -> None:
    header = ("活动名称", *OURS["service_log"].split()[1:6], "参与者", "手机号")

    reading = sheet_readings.read(rows_of(["6月台账"], header), NOTHING_SAID)

    assert (reading.state, reading.kind, reading.row_number) == ("unknown", "service_log", 2)
    assert reading.missing == ("姓名",)
    assert reading.unused == ["参与者"]
    assert reading.title == "6月台账"


def test_what_is_near_nothing_has_no_kind() -> None:
    rows = rows_of(["填写说明"], ["列名", "填写要求"], ["岗位", "必填"])

    reading = sheet_readings.read(rows, NOTHING_SAID)

    assert (reading.state, reading.kind, reading.row_number) == ("unknown", None, 2)


def test_what_the_street_said_decides_whatever_the_order_of_columns() -> None:
    header = tuple(LOOK_ALIKES["楼栋长名册"].split())
    key = sheet_readings.fingerprint(header)
    shuffled = rows_of(header[::-1])

    ours = sheet_readings.read(shuffled, Memory({key: SaidSheet("areas", "2026-11-20")}))
    none = sheet_readings.read(shuffled, Memory({key: SaidSheet("none", "2026-11-20")}))

    assert (ours.state, ours.kind, ours.columns["community"]) == ("taken", "areas", 4)
    assert (ours.because, ours.said) == ("memory", "2026-11-20")
    assert (none.state, none.kind) == ("left_out", None)


def test_a_column_that_was_said_comes_before_what_its_word_means() -> None:
    header = ("活动名称", *OURS["service_log"].split()[1:6], "参与者", "手机号", "电话")
    said = {("service_log", "参与者"): ("name",), ("service_log", "手机号"): ()}

    reading = sheet_readings.read(rows_of(header), Memory(columns=said))

    assert reading.state == "taken"
    assert (reading.columns["name"], reading.columns["phone"]) == (6, 8)
    assert reading.unused == ["手机号"]


def test_two_columns_of_one_header_have_two_words() -> None:
    assert sheet_guesses.words_of(("时间", "姓 名", None, "时间", 3)) == [
        *("时间", "姓名", "", "时间#2", "")
    ]


def test_a_reading_that_is_kept_reads_the_same() -> None:
    reading = sheet_readings.read(rows_of(OURS["volunteers"].split()), NOTHING_SAID)

    assert sheet_readings.of_facts(reading.facts()) == reading

"""The log, one row a case: what is taken, and why the rest is not."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Book

from tests.workbooks.judged import (
    LI_MEI,
    LOG,
    ROSTER,
    SERVED,
    SISTER,
    Outcome,
    changed,
    reason,
)
from tests.workbooks.street_cells import TODAY
from volunteer_service.scoring.rules.policy import STANDING
from volunteer_service.workbooks.judging import service_log
from volunteer_service.workbooks.judging.hand_in import HandIn
from volunteer_service.workbooks.judging.known import NothingYet
from volunteer_service.workbooks.judging.taken_or_refused import RefusedRow, ServiceRow, Taken


@pytest.mark.parametrize(
    ("new", "code", "cure"),
    [
        ({"志愿者姓名": "李海"}, "unknown_volunteer", "花名册中有这个手机号"),
        ({"手机号": "13900000009"}, "unknown_volunteer", "花名册中有同名志愿者"),
        ({"志愿者姓名": "王五", "手机号": None}, "unknown_volunteer", "请先把"),
        ({"结束时间": "7:00"}, "impossible_time", "早于"),
        ({"结束时间": "8:00"}, "hours_exceed_event", "0 分钟"),
        ({"服务时长": "半天"}, "hours_exceed_event", "90 分钟"),
        ({"服务时长": 0}, "hours_not_positive", "核对"),
        ({"服务内容": "周一工作例会"}, "not_volunteer_service", "不计入"),
        ({"活动日期": "2026-11-23"}, "date_in_the_future", "2026-11-22"),
        ({"服务时长": None}, "unreadable_hours", "1.5"),
        ({"服务时长": "一上午"}, "unreadable_hours", "1.5"),
        ({"服务队": "护学对"}, "unknown_team", None),
    ],
)
def test_the_log(
    judge: Callable[..., list[Outcome]], new: dict[str, Any], code: str, cure: str | None
) -> None:
    (outcome,) = judge(LOG, changed(SERVED, LOG, **new))

    assert isinstance(outcome, RefusedRow)
    assert outcome.reason_code == code
    assert cure is None or cure in (outcome.cure or "")


def test_of_two_people_whom_nothing_tells_apart_neither_is_guessed(
    judge: Callable[..., list[Outcome]], tmp_path: Path
) -> None:
    judge(ROSTER, changed((*LI_MEI, "2025-01-01"), ROSTER, 身份证号=SISTER))
    book = Book()
    page = book.create_sheet("记录")
    page.append(LOG)
    page.append(SERVED)
    book.save(tmp_path / "log.xlsx")

    paths = [tmp_path / "all.xlsx", tmp_path / "log.xlsx"]
    *_, last = HandIn(paths, NothingYet(), str, TODAY, STANDING)

    assert reason(last) == ("ambiguous_volunteer", "name")


def test_a_night_watch_ends_the_next_morning(judge: Callable[..., list[Outcome]]) -> None:
    night = changed(SERVED, LOG, 开始时间="22:00", 结束时间="0:30", 服务时长="2.5小时")
    late = changed(SERVED, LOG, 活动日期="2026-03-02", 开始时间="0:15", 结束时间="1:15", 服务时长=1)

    first, second = judge(LOG, night, late)

    assert isinstance(first, Taken)
    assert isinstance(first.row, ServiceRow)
    assert first.row.end == datetime(2026, 3, 2, 0, 30)  # noqa: DTZ001  wall-clock, as typed
    assert reason(second) == ("overlaps_another_record", "start")


def test_services_that_touch_do_not_overlap(judge: Callable[..., list[Outcome]]) -> None:
    after = changed(SERVED, LOG, 活动名称="助老", 开始时间="9:30", 结束时间="11:00")

    assert all(isinstance(outcome, Taken) for outcome in judge(LOG, SERVED, after))


def test_the_second_of_two_overlapping_is_refused_and_blocks_nothing(
    judge: Callable[..., list[Outcome]],
) -> None:
    second = changed(SERVED, LOG, 活动名称="助老", 开始时间="9:00", 结束时间="11:00")
    third = changed(SERVED, LOG, 活动名称="巡逻", 开始时间="10:00", 结束时间="11:30")

    outcomes = judge(LOG, SERVED, second, third)

    assert [type(outcome) for outcome in outcomes] == [Taken, RefusedRow, Taken]


@pytest.mark.parametrize(
    ("method", "grade"),
    [
        *(("扫码签到", "scanned"), ("队长确认", "leader"), ("纸质补录", "backfilled")),
        *(("微信接龙", "imported"), ("", "imported"), ("队长补录", "backfilled")),
    ],
)
def test_the_grade_of_evidence(method: str, grade: str) -> None:
    assert service_log.grade_of(method) == grade


@pytest.mark.parametrize(
    "content", ["会议引导服务", "志愿服务会议保障服务", "文明劝导", "协助工作人员维持秩序"]
)
def test_helping_at_a_meeting_is_service(judge: Callable[..., list[Outcome]], content: str) -> None:
    (outcome,) = judge(LOG, changed(SERVED, LOG, 服务内容=content))

    assert isinstance(outcome, Taken)

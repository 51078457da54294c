"""Times of day and lengths of time as people write them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from tests.workbooks.judged import LOG, ROSTER, SERVED, TEAMS, Outcome, changed
from tests.workbooks.street_cells import id_number
from volunteer_service.scoring.rules.policy import STANDING
from volunteer_service.workbooks.judging.taken_or_refused import RefusedRow, ServiceRow, Taken
from volunteer_service.workbooks.reading import cells, times

Judges = Callable[..., list[Outcome]]


@pytest.mark.parametrize(
    ("raw", "minute"),
    [
        *(("晚上12点", 1440), ("晚上12:00", 1440), ("午夜12点", 1440), ("24:00", 1440)),
        *(("晚上12点半", 1470), ("晚上7点", 1140), ("晚上11:59", 1439), ("晚上1点", 60)),
        *(("凌晨12:30", 30), ("凌晨12点", 0), ("凌晨5点一刻", 315), ("半夜2点", 120)),
        *(("上午12:00", 720), ("上午12点30分", 750), ("上午9点", 540), ("早上七点半", 450)),
        *(("中午12点", 720), ("中午1点", 780), ("中午11:30", 690), ("正午12点整", 720)),
        *(("下午2点半", 870), ("下午12:30", 750), ("下午14:00", 840), ("下午两点", 840)),
        *(("傍晚6点", 1080), ("二十点", 1200), ("十二点十五分", 735), ("早8点", 480)),
        *(("２：３０", 150), ("下午２点半", 870), ("7點30分", 450), ("下午3時", 900)),
        *(("2:30 PM", 870), ("8:05 am", 485), ("12:00 AM", 0), ("12:15pm", 735), ("8am", 480)),
        *(("PM 2:30", 870), ("07:30:00.000", 450), ("2026-03-05 07:30:00", 450)),
        *(("2026年3月5日 下午2点", 840), ("2026/3/5 7:30", 450), ("2026-03-05T19:00:00", 1140)),
        *((0.3125, 450), ("0.3125", 450), (46086.3125, 450), (datetime(1900, 1, 1), 1440)),  # noqa: DTZ001
        *((time(7, 30), 450), (datetime(2026, 3, 5, 7, 30), 450)),  # noqa: DTZ001
    ],
)
def test_a_time_of_day(raw: object, minute: int) -> None:
    assert times.minute_of_day(raw) == minute


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "25:00",
            "24:01",
            "7:60",
            "下午",
            "晚上",
            "7.5",
            "7",
            7,
            8.5,
            True,
            None,
            "",
            "十点二十三十",
        ),
        *("2026-03-05", "7:00-8:30", "一二三点", "13pm点", "99点", "上午下午3点", -0.5, "晚上25点"),
    ],
)
def test_what_is_no_time_is_none(raw: object) -> None:
    assert times.minute_of_day(raw) is None


@pytest.mark.parametrize(
    ("raw", "both"),
    [
        *(("7:00-8:30", (420, 510)), ("7:00～8:30", (420, 510)), ("7:00 — 8:30", (420, 510))),
        *(
            ("上午8点至10点", (480, 600)),
            ("下午2点到4点半", (840, 990)),
            ("14:00至16:00", (840, 960)),
        ),
        *(("晚上10点-凌晨1点", (1320, 1500)), ("22:00-24:00", (1320, 1440))),
        *(
            ("晚上7点-9点", (1140, 1260)),
            ("上午11点-下午1点", (660, 780)),
            ("9:00--11:00", (540, 660)),
        ),
        *(("2026-03-05 7:00-8:30", (420, 510)), ("７：００－８：３０", (420, 510))),
    ],
)
def test_begin_and_end_in_one_cell(raw: str, both: tuple[int, int]) -> None:
    assert times.span(raw) == both


@pytest.mark.parametrize(
    "raw", ["7:00", "7:00-8:30-9:00", "7-8", "2026-03-05", None, 0.5, "到", "-"]
)
def test_what_is_no_span_is_none(raw: object) -> None:
    assert times.span(raw) is None


@pytest.mark.parametrize(
    ("raw", "minutes"),
    [
        *(
            ("1个半小时", 90),
            ("一个半小时", 90),
            ("1小时半", 90),
            ("两个半钟头", 150),
            ("半小时", 30),
        ),
        *(
            ("半个小时", 30),
            ("两小时", 120),
            ("十二个小时", 720),
            ("1.5個小時", 90),
            ("1小時30分鐘", 90),
        ),
        *(("一刻钟", 15), ("三刻钟", 45), ("九十分钟", 90), ("1小时零5分", 65), ("1 h 30 m", 90)),
        *(
            ("7:00-8:30", 90),
            ("下午2点到4点", 120),
            ("１個半小時", 90),
            ("2hrs", 120),
            ("2 hrs left", None),
        ),
        *((timedelta(hours=26), 1560), (datetime(1900, 1, 1, 2), 1560), (time(1, 30), 90)),  # noqa: DTZ001
        # Excel turned «1-5» into a day, which is no length.
        *((datetime(2026, 1, 5), None), ("一会儿", None), ("一天", None), ("若干", None)),  # noqa: DTZ001
    ],
)
def test_a_length_of_time(raw: object, minutes: int | None) -> None:
    assert times.minutes(raw) == minutes


@pytest.mark.parametrize(
    ("raw", "halves"),
    [
        *(
            ("半天", 1),
            ("半日", 1),
            ("两个半天", 2),
            ("一天", 2),
            ("1天", 2),
            ("全天", 2),
            ("1天半", 3),
        ),
        *(("整天", 2), ("2天", 4)),
    ],
)
def test_half_a_day_is_the_policy_s(raw: str, halves: int) -> None:
    assert times.minutes(raw, half_day=200) == halves * 200


def served(outcome: Outcome) -> ServiceRow:
    assert isinstance(outcome, Taken), outcome
    assert isinstance(outcome.row, ServiceRow)
    return outcome.row


def test_half_a_day_in_a_log(judge: Judges) -> None:
    row = changed(SERVED, LOG, 开始时间="上午8点", 结束时间="上午12:00", 服务时长="半天")

    assert served(judge(LOG, row)[0]).minutes == STANDING.half_day_minutes == 240


def test_an_evening_ends_at_its_midnight(judge: Judges) -> None:
    late = changed(SERVED, LOG, 开始时间="晚上10点", 结束时间="晚上12点", 服务时长=2)
    behind = changed(SERVED, LOG, 开始时间="24:00", 结束时间="1:30")

    assert [(row.start, row.end) for row in map(served, judge(LOG, late, behind))] == [
        (datetime(2026, 3, 5 - 4, 22), datetime(2026, 3, 2)),  # noqa: DTZ001
        (datetime(2026, 3, 2), datetime(2026, 3, 2, 1, 30)),  # noqa: DTZ001
    ]


def test_begin_and_end_in_the_begin_s_cell_or_a_column_of_their_own(judge: Judges) -> None:
    one = changed(SERVED, LOG, 开始时间="7:00-8:30", 结束时间=None)
    heads = ("活动名称", "活动日期", "活动时间", "服务时长", "服务队", "姓名", "手机号")
    other = ("护老", "2026-03-02", "下午2点至3点半", 1.5, "护学队", "李梅", "13900000001")

    assert served(judge(LOG, one)[0]).end == datetime(2026, 3, 1, 8, 30)  # noqa: DTZ001
    assert served(judge(heads, other)[0]).start == datetime(2026, 3, 2, 14)  # noqa: DTZ001
    (bad,) = judge(heads, (*other[:2], "下午", *other[3:]))
    assert isinstance(bad, RefusedRow)
    assert (bad.reason_code, bad.field) == ("impossible_time", "span")


@pytest.mark.parametrize(
    ("typed", "cure"),
    [
        *(("26.3.5", "四位"), ("26/3/5", "四位"), ("26年3月5日", "四位"), ("260305", "四位")),
        *(
            ("农历三月初五", "公历"),
            ("腊月初八", "公历"),
            ("正月十五", "公历"),
            ("農曆二月廿三", "公历"),
        ),
        *(
            ("3月5日", "年份"),
            ("3.5", "年份"),
            ("昨天", "2026-06-30"),
            ("2026-02-30", "2026-06-30"),
        ),
    ],
)
def test_what_is_no_day_says_its_cure_in_every_list(judge: Judges, typed: str, cure: str) -> None:
    person = ("许二", id_number(date(1975, 5, 1), "女", 3), "17000000002", "女", "庆丰社区")
    rows: dict[tuple[str, ...], tuple[object, ...]] = {
        LOG: changed(SERVED, LOG, 活动日期=typed),
        ROSTER: (*person, "一网格", "1号楼", "护学队", None, None, typed),
        TEAMS: ("助老队", "庆丰社区", "居委会", typed),
    }
    for heads, row in rows.items():
        (outcome,) = judge(heads, row)
        assert isinstance(outcome, RefusedRow)
        assert outcome.reason_code == "impossible_date"
        assert cure in str(outcome.cure)


@pytest.mark.parametrize("typed", ["二〇二六年三月五日", "二零二六年3月5日"])
def test_a_day_in_words(typed: str) -> None:
    assert cells.day(typed) == date(2026, 3, 5)

"""A paper sheet entered whole: names judged, everybody or nobody, one approval."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import make
from tests.make_attendance import record
from volunteer_service.attendance import refusals
from volunteer_service.attendance.backfills import backfill_sheets
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.teams import pasted_names

AT = make.MORNING + timedelta(days=2)


def sheet(cast: make.Cast) -> backfill_sheets.Sheet:
    return backfill_sheets.Sheet(
        team_id=cast.team.id,
        event_name="公园清洁",
        place="河滨公园",
        content="捡拾垃圾",
        starts_at=make.MORNING,
        ends_at=make.MORNING + timedelta(hours=2),
        minutes=120,
        leader_name="李梅",
        reason="公园没有信号，纸质签到",
    )


def enter(cast: make.Cast, people, account=None):
    by = make.acting(account or cast.li_mei)
    return backfill_sheets.enter_sheet(sheet(cast), [row.id for row in people], by=by, at=AT)


@pytest.mark.parametrize(
    "text",
    [
        "1. 张三 2. 李四 3. 买买提·吐尔逊",
        "1、张三\n2、李四\n3、买买提·吐尔逊",
        "张三，李四, 买买提·吐尔逊",
        "张三、李四、买买提·吐尔逊",
        "（1）张三\r\n（2）李四\r\n（3）买买提·吐尔逊\r\n\r\n",
        "①张三②李四③买买提·吐尔逊",
        "- 张三\n- 李四\n- 买买提·吐尔逊\n- 张三",
    ],
)
def test_a_list_from_a_chat_is_read_however_it_is_written(text: str) -> None:
    assert pasted_names.names_in(text) == ["张三", "李四", "买买提·吐尔逊"]


def test_each_line_is_judged(cast) -> None:
    one, two = (make.volunteer("张伟", team=cast.team) for _ in range(2))
    names = ["王建国", "张伟", "赵芳", "没有此人", one.number]
    by = make.acting(cast.coordinator)
    lines = backfill_sheets.judged("\n".join(names), team_id=cast.team.id, by=by, at=AT)
    assert [line.only and line.only.id for line in lines] == [
        cast.wang.id,
        None,
        cast.zhao.id,
        None,
        one.id,
    ]
    assert {row.id for row in lines[1].likely} == {one.id, two.id}
    assert lines[3].likely == ()


def test_a_tail_or_initials_find_those_of_the_team_before_others(cast) -> None:
    own = make.volunteer("欧阳雪", team=cast.team)
    make.volunteer("欧阳霞")
    by = make.acting(cast.coordinator)
    typed = ["ouyang", f"欧阳 {own.number[-4:]}"]
    lines = backfill_sheets.judged("\n".join(typed), team_id=cast.team.id, by=by, at=AT)
    assert [[row.id for row in line.likely] for line in lines] == [[own.id], [own.id]]


def test_a_whole_name_comes_before_a_part_of_one_in_the_team(cast) -> None:
    make.volunteer("欧阳雪梅", team=cast.team)
    whole = make.volunteer("欧阳雪")
    by = make.acting(cast.coordinator)
    (line,) = backfill_sheets.judged("欧阳雪", team_id=cast.team.id, by=by, at=AT)
    assert line.only == whole


def test_a_leader_finds_others_of_her_street_by_a_whole_name_alone(cast) -> None:
    make.volunteer("周远", area_id=make.area("东街").id)
    by = make.acting(cast.li_mei)
    names = "\n".join(("赵芳", "赵", "周远"))
    lines = backfill_sheets.judged(names, team_id=cast.team.id, by=by, at=AT)
    assert [line.likely for line in lines] == [(cast.zhao,), (), ()]
    with pytest.raises(NotFound):
        backfill_sheets.judged(
            "王建国", team_id=cast.team.id, by=make.acting(cast.zhao_account), at=AT
        )


def test_thirty_at_once_and_one_approval(cast) -> None:
    people = [make.volunteer(f"队员{n:02d}", team=cast.team) for n in range(30)]
    records = enter(cast, people)
    key = backfill_sheets.sheet_of(records[0])
    assert {backfill_sheets.sheet_of(row) for row in records} == {key}
    assert {(row.state, row.waits_for, row.grade) for row in records} == {
        ("waiting", "second", "backfilled")
    }
    done = backfill_sheets.approve_sheet(key, by=make.acting(cast.coordinator), at=AT)
    assert {(row.volunteer_id, row.state, row.minutes) for row in done} == {
        (row.id, "confirmed", 120) for row in people
    }
    with pytest.raises(refusals.RecordNotWaiting):
        backfill_sheets.approve_sheet(key, by=make.acting(cast.coordinator), at=AT)


def test_who_entered_it_does_not_approve_it(cast) -> None:
    key = backfill_sheets.sheet_of(enter(cast, [cast.wang], cast.coordinator)[0])
    for account, refusal in (
        (cast.coordinator, SecondPersonNeeded),
        (cast.li_mei, NotAllowed),
        (cast.zhao_account, NotFound),
    ):
        with pytest.raises(refusal):
            backfill_sheets.approve_sheet(key, by=make.acting(account), at=AT)
    assert {row.state for row in db.session.scalars(select(ServiceRecord))} == {"waiting"}


def test_all_of_it_or_nothing(cast) -> None:
    record(cast.zhao, team=cast.team)  # served elsewhere at that time
    with pytest.raises(refusals.RecordOverlaps), db.session.begin_nested():
        enter(cast, [cast.wang, cast.zhao])
    assert db.session.scalar(select(func.count(ServiceRecord.id))) == 1
    with pytest.raises(refusals.SheetOfNobody):
        enter(cast, [])


def test_nobody_enters_or_approves_themself(cast) -> None:
    me = make.volunteer("周静", team=cast.team)
    cast.coordinator.volunteer_id = me.id
    db.session.flush()
    with pytest.raises(OwnCase), db.session.begin_nested():
        enter(cast, [cast.wang, me], cast.coordinator)
    key = backfill_sheets.sheet_of(enter(cast, [cast.wang, me])[0])
    with pytest.raises(OwnCase), db.session.begin_nested():
        backfill_sheets.approve_sheet(key, by=make.acting(cast.coordinator), at=AT)
    assert len(backfill_sheets.approve_sheet(key, by=make.acting(cast.second), at=AT)) == 2


def test_a_record_entered_alone_is_of_no_sheet(cast) -> None:
    assert backfill_sheets.sheet_of(record(cast.wang, team=cast.team)) is None
    with pytest.raises(NotFound):
        backfill_sheets.on_sheet("0" * 32, by=make.acting(cast.coordinator))
    with pytest.raises(NotFound):
        backfill_sheets.on_sheet("%", by=make.acting(cast.coordinator))

"""A list handed in again: what it says otherwise is shown, agreed to, made, told and taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from tests import make
from tests.make import acting
from tests.workbooks import log, town
from tests.workbooks.street_cells import id_number
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import NotFound, WrittenByNewerProgram
from volunteer_service.identifiers.masks import mask_identity
from volunteer_service.people.changes import person_changes, person_edits
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.models import Guardian, Message, Volunteer
from volunteer_service.scoring.rewards import gifts
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks import agreed_changes, applying, change_values
from volunteer_service.workbooks.models import Import, ImportChange
from volunteer_service.workbooks.refusals import ImportNotReady
from volunteer_service.workbooks.taking_back import undoing

AREAS = ("街道", "社区", "网格", "楼栋")
TEAMS = ("队名", "所属社区", "记录单位", "服务品牌", "服务项目", "成立日期")
PEOPLE = (
    *("姓名", "身份证号", "手机号", "注册日期", "社区", "网格", "楼栋", "服务队"),
    *("监护人", "监护人电话", "政治面貌", "工作单位", "服务特长", "备注"),
)
GIFTS = ("礼品名称", "所需积分", "库存数量", "最低星级")
XU, CHILD = id_number(date(1980, 5, 1), "女", 22), id_number(date(2016, 5, 1), "男", 31)
OTHER_CARD = id_number(date(1981, 6, 2), "女", 44)
#: Fields whose change waits for a second person.
BY_TWO = person_edits.BY_TWO
STREET: dict[tuple[str, ...], list[tuple[Any, ...]]] = {
    AREAS: [
        ("和风街道", "和风社区", "一网格", "1号楼"),
        ("和风街道", "和风社区", "二网格", "7号楼"),
        ("和风街道", "细雨社区", "三网格", "9号楼"),
    ],
    TEAMS: [
        ("护学队", "和风社区", "和风居委会", "红马甲", None, "2020-01-01"),
        ("助老队", "和风社区", "和风居委会", None, None, None),
    ],
    PEOPLE: [
        (
            *("许一", XU, "17000000001", "2026-01-05", "和风社区", None, None, "护学队"),
            *(None, None, "群众", "和风小学", "书法", None),
        ),
        (
            *("许小", CHILD, None, "2026-01-05", "和风社区", None, None, None),
            *("许一", "17000000001", None, None, None, None),
        ),
    ],
    GIFTS: [("毛巾", 5, 20, 3)],
}
#: What each edit of the street's lists is told as: field, old and new value in words.
EDITS = [
    (PEOPLE, 0, 2, "17000000099", [("phone", "170****0001", "170****0099")]),
    (PEOPLE, 0, 0, "许依", [("name", "许一", "许依")]),
    (PEOPLE, 0, 1, OTHER_CARD, [("identity", mask_identity(XU), mask_identity(OTHER_CARD))]),
    (PEOPLE, 0, 3, "2026-02-03", [("registered", "2026-01-05", "2026-02-03")]),
    (PEOPLE, 0, 10, "中共党员", [("party", "群众", "中共党员")]),
    (PEOPLE, 0, 11, "细雨小学", [("employer", "和风小学", "细雨小学")]),
    (PEOPLE, 0, 12, "急救", [("skills", "书法", "急救")]),
    (PEOPLE, 1, 13, "周末有空", [("remark", "没有登记", "周末有空")]),
    (PEOPLE, 0, 4, "细雨社区", [("home", "和风社区", "细雨社区")]),
    (PEOPLE, 0, 7, "助老队", [("team", "护学队", "助老队")]),
    (PEOPLE, 1, 9, "17000000077", [("guardian", "许* 170****0001", "许* 170****0077")]),
    (TEAMS, 0, 1, "细雨社区", [("community", "和风社区", "细雨社区")]),
    (TEAMS, 0, 2, "细雨居委会", [("recording_unit", "和风居委会", "细雨居委会")]),
    (TEAMS, 0, 3, "蓝马甲", [("brand", "红马甲", "蓝马甲")]),
    (TEAMS, 1, 4, "陪伴", [("project", "没有登记", "陪伴")]),
    (TEAMS, 0, 5, "2021-02-03", [("founded_on", "2020-01-01", "2021-02-03")]),
    (GIFTS, 0, 1, 6.5, [("price", "5.00 分", "6.50 分")]),
    (GIFTS, 0, 2, 30, [("stock", "20 件", "30 件")]),
    (GIFTS, 0, 3, None, [("stars", "3 星", "没有要求")]),
    (AREAS, 1, 2, "一网格", [("above", "二网格", "和风社区 一网格")]),
    (AREAS, 2, 1, "和风社区", [("above", "细雨社区", "和风社区")]),
]

Write = Callable[..., Path]


@pytest.fixture
def write(session: None, tmp_path: Path) -> Write:
    """The street's lists as one workbook, with one cell edited."""

    def run(header: tuple[str, ...] = (), row: int = 0, column: int = 0, value: Any = None) -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for heads, lines in STREET.items():
            page = book.create_sheet(str(len(book.worksheets)))
            page.append(heads)
            for number, line in enumerate(lines):
                is_it = heads == header and number == row
                page.append((*line[:column], value, *line[column + 1 :]) if is_it else line)
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.xlsx"
        book.save(path)
        return path

    return run


def told(row: Import) -> list[tuple[str, str, str]]:
    found = agreed_changes.changes(row.id, by=town.SYSTEM).items
    values = [(one, *change_values.was_and_now(one)) for one in found]
    return [
        (one.field, *(str(change_values.in_words(one.field, value)) for value in (was, now)))
        for one, was, now in values
    ]


def states(row: Import) -> list[str]:
    query = select(ImportChange.state).where(ImportChange.import_id == row.id)
    return list(db.session.scalars(query.order_by(ImportChange.id)))


def agreed(path: Path) -> Import:
    row = town.previewed([path])
    agreed_changes.agree(row.id, None, by=town.SYSTEM, at=town.NOON)
    return applying.apply(row.id, by=town.SYSTEM, at=town.NOON)


def standing() -> list[Any]:
    """All that a list can change, as it is."""
    db.session.flush()
    db.session.expire_all()
    people = [
        (one.name, one.phone, one.identity, one.area_id, one.registered_on, one.details)
        for one in db.session.scalars(select(Volunteer))
    ]
    places = select(Membership.volunteer_id, Membership.team_id).where(Membership.state == "active")
    teams = [
        (one.name, one.area_id, one.recording_unit, one.brand_id, one.project_id, one.founded_on)
        for one in db.session.scalars(select(Team))
    ]
    return [
        *(sorted(people, key=str), sorted(teams, key=str)),
        sorted(tuple(row) for row in db.session.execute(places)),
        [one.phone for one in db.session.scalars(select(Guardian))],
        [(g.price_centi, g.stock, g.minimum_stars) for g in db.session.scalars(select(Gift))],
        sorted((one.name, one.path) for one in db.session.scalars(select(Area))),
    ]


def test_the_same_lists_again_change_nothing(write: Write) -> None:
    town.applied([write()])

    assert told(town.previewed([write()])) == []


@pytest.mark.parametrize(("header", "line", "column", "value", "says"), EDITS)
def test_each_field_is_shown_agreed_to_and_taken_back(
    write: Write, header: tuple[str, ...], line: int, column: int, value: Any, says: Any
) -> None:
    town.applied([write()])
    before = standing()

    row = agreed(write(header, line, column, value))

    assert told(town.previewed([write(header, line, column, value)])) == (
        says if says[0][0] in BY_TWO else []
    )
    field = says[0][0]
    assert states(row) == ["waiting" if field in BY_TWO else "done"]
    assert (standing() == before) is (field in BY_TWO)
    undoing.undo(row.id, by=town.SYSTEM, at=town.NOON)
    assert standing() == before
    town.healthy()


def test_a_number_is_offered_to_whom_it_lacked_and_nobody_is_entered_twice(write: Write) -> None:
    town.applied([write()])
    xu = db.session.scalars(select(Volunteer).where(Volunteer.name == "许一")).one()
    xu.identity = xu.identity_key = None
    db.session.flush()

    row = town.previewed([write(PEOPLE, 0, 1, OTHER_CARD)])
    assert told(row) == [("identity", "没有登记", mask_identity(OTHER_CARD))]
    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)

    assert len(db.session.scalars(select(Volunteer)).all()) == 2
    assert states(row) == ["offered"]


def test_another_number_approved_by_the_second_person_is_taken_back_too(write: Write) -> None:
    town.applied([write()])
    before = standing()
    row = agreed(write(PEOPLE, 0, 1, OTHER_CARD))
    (waiting,) = db.session.scalars(select(PersonChange)).all()
    street = db.session.scalars(select(Area).where(Area.parent_id.is_(None))).one()
    town_admin = make.account("admin", "管理员", role="admin", area=street)
    person_changes.decide_change(
        waiting.id, approve=True, by=acting(town_admin), at=town.NOON + timedelta(hours=1)
    )
    assert standing() != before

    undoing.undo(row.id, by=town.SYSTEM, at=town.NOON + timedelta(hours=2))

    (back,) = db.session.scalars(select(PersonChange).where(PersonChange.state == "waiting")).all()
    assert back.field == "identity"


def test_the_preview_says_old_and_new(write: Write) -> None:
    town.applied([write()])
    for header, line, column, value, says in EDITS:
        row = town.previewed([write(header, line, column, value)])
        assert told(row) == says
        assert row.counts["changes"] == {says[0][0]: 1}


def test_what_was_not_agreed_to_stays(write: Write) -> None:
    town.applied([write()])
    before = standing()
    for header, line, column, value, says in EDITS:
        row = town.applied([write(header, line, column, value)])
        assert states(row) == ["offered"]
        if says[0][0] != "above":
            assert standing() == before


def test_some_of_them_field_by_field(write: Write) -> None:
    town.applied([write()])
    row = town.previewed([write(GIFTS, 0, 1, 9)])
    assert states(row) == ["offered"]
    (one,) = agreed_changes.changes(row.id, by=town.SYSTEM).items
    agreed_changes.agree(row.id, [one.id], by=town.SYSTEM, at=town.NOON)
    assert states(row) == ["agreed"]
    agreed_changes.agree(row.id, [], of=[], by=town.SYSTEM, at=town.NOON)
    with pytest.raises(NotFound):
        agreed_changes.agree(row.id, [one.id + 1], by=town.SYSTEM, at=town.NOON)
    assert states(row) == ["agreed"]
    agreed_changes.agree(row.id, [], by=town.SYSTEM, at=town.NOON)
    assert states(row) == ["offered"]
    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)
    with pytest.raises(ImportNotReady):
        agreed_changes.agree(row.id, None, by=town.SYSTEM, at=town.NOON)


def test_the_person_is_told_and_the_next_log_has_the_new_phone(
    write: Write, tmp_path: Path
) -> None:
    town.applied([write()])
    xu = db.session.scalars(select(Volunteer).where(Volunteer.name == "许一")).one()
    row = agreed(write(PEOPLE, 0, 2, "17000000099"))

    assert db.session.scalars(select(PersonChange.reason)).all() == [f"导入 #{row.id}"]
    mine = select(Message.kind).where(Message.volunteer_id == xu.id).order_by(Message.id)
    kinds = db.session.scalars(mine).all()
    assert kinds == ["import_entered_you", "person_changed"]
    team = db.session.scalars(select(Team)).first()
    assert team is not None
    folder = tmp_path / "log"
    folder.mkdir()
    path = log.written(folder / "log.xlsx", log.lines(xu, team, 1))
    again = town.previewed([path], area_id=row.area_id)
    assert again.counts["by_kind"]["service_log"] == [1, 1, 0]


def test_names_that_no_font_draws_are_told(write: Write) -> None:
    row = town.previewed([write(PEOPLE, 0, 0, "许𬎆")])
    assert row.counts["undrawn"] == {"𬎆": 1}
    assert "undrawn" not in town.previewed([write()]).counts


def test_a_change_of_a_newer_program_says_what_to_do(write: Write) -> None:
    town.applied([write()])
    row = town.previewed([write(GIFTS, 0, 1, 9)])
    (one,) = agreed_changes.changes(row.id, by=town.SYSTEM).items
    one.format = change_values.FORMAT + 1

    with pytest.raises(WrittenByNewerProgram):
        change_values.was_and_now(one)


def test_what_was_changed_since_stays_and_is_said(write: Write) -> None:
    town.applied([write()])
    row = agreed(write(GIFTS, 0, 2, 30))
    gift = db.session.scalars(select(Gift)).one()
    gifts.receive(gift.id, 5, by=town.SYSTEM, at=town.NOON + timedelta(hours=1))

    undoing.undo(row.id, by=town.SYSTEM, at=town.NOON + timedelta(hours=2))

    (kept,) = agreed_changes.changes(row.id, by=town.SYSTEM).items
    assert (kept.state, kept.problem) == ("kept", "之后又改过，保留现在的内容")
    assert db.session.scalars(select(Gift.stock)).one() == 35


def test_a_change_that_its_verb_refuses_says_why_and_the_others_are_made(write: Write) -> None:
    town.applied([write()])
    gift = db.session.scalars(select(Gift)).one()
    gift.reserved = 10
    db.session.flush()

    row = agreed(write(GIFTS, 0, 2, 4))

    (refused,) = agreed_changes.changes(row.id, by=town.SYSTEM).items
    assert refused.state == "refused"
    assert "10" in (refused.problem or "")
    assert row.state == "applied"

"""Opening balances: taken over once, by two people, marked, and taken back whole."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests import make, make_points
from tests.make import Cast, acting
from tests.make_merging import merge
from tests.workbooks import approving, openings, town
from tests.workbooks.openings import HOURS, PAPERS, POINTS, STARS, WHERE
from volunteer_service import policies
from volunteer_service.attendance.records import hours_summary
from volunteer_service.certificates import verifying
from volunteer_service.db import db
from volunteer_service.merging import steps
from volunteer_service.openings import taken_over
from volunteer_service.openings.models import TABLES
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import HouseholdTie, Message
from volunteer_service.people.personal_data import personal_data_export
from volunteer_service.scoring.points import balances, doctor
from volunteer_service.scoring.points.hledger_export import journal_export
from volunteer_service.scoring.points.models import PointsAccount, Transfer
from volunteer_service.scoring.ratings import results
from volunteer_service.scoring.rewards import orders
from volunteer_service.workbooks import applying, approval, import_overviews, refused_rows
from volunteer_service.workbooks.models import RefusedRow
from volunteer_service.workbooks.refusals import ImportNeedsSecond, NothingAccepted
from volunteer_service.workbooks.taking_back import undo_forecasts, undoing

TODAY = date(2026, 11, 22)


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


def counted() -> dict[str, int]:
    return {each.__tablename__: db.session.query(each).count() for each in TABLES}


def refused() -> list[tuple[str, str, str | None]]:
    return [
        (row.kind, row.reason, row.cure)
        for row in db.session.query(RefusedRow).order_by(RefusedRow.id)
    ]


def test_points_are_paid_by_the_account_of_openings(cast: Cast, tmp_path: Path) -> None:
    lots = [openings.of(cast.wang, 30, "2026-12-31"), openings.of(cast.wang, 12.5, "2027-12-31")]

    row = openings.applied(cast, openings.written(tmp_path, {POINTS: lots}))

    assert row.state == "applied"
    standing = balances.standing(cast.wang.id, TODAY)
    assert standing.expiring == [(date(2026, 12, 31), 3_000), (date(2027, 12, 31), 1_250)]
    assert (standing.available, standing.earned, standing.opening) == (4_250, 4_250, 4_250)
    moved = db.session.scalars(select(Transfer).order_by(Transfer.id)).all()
    assert {(one.kind, one.source_type, one.reason) for one in moved} == {
        ("opening", "opening", WHERE)
    }
    payer = db.session.get_one(PointsAccount, moved[0].debit_id)
    assert (payer.system_name, payer.posted) == ("opening", 0)
    assert doctor.doctor() == []
    journal = "\n".join(journal_export())
    assert "points:opening  -30.00 P" in journal
    assert "opening opening/1" in journal


def test_all_four_lists_are_taken_over_and_marked(cast: Cast, tmp_path: Path) -> None:
    row = openings.taken(cast, tmp_path, cast.wang)

    found = taken_over.of_person(cast.wang.id)
    assert [(one.amount, one.expires_on) for one in found.points] == [(3_000, date(2027, 12, 31))]
    assert [(one.year, one.minutes) for one in found.hours] == [(2024, 750)]
    assert [(one.half_year, one.stars) for one in found.stars] == [("2025H1", 3)]
    assert [(one.number, one.title) for one in found.papers] == [("ZYT-2024-0071", "优秀志愿者")]
    every = [*found.points, *found.hours, *found.stars, *found.papers]
    assert {(one.source, one.import_id) for one in every} == {(WHERE, row.id)}
    sums = {"points": 3_000, "minutes": 750, "stars": 1, "papers": 1}
    assert row.figures["openings"] == {"rows": 4, "people": 1, **sums}


def test_the_preview_names_who_gets_most(cast: Cast, tmp_path: Path) -> None:
    row = openings.previewed(cast, openings.written(tmp_path, openings.whole(cast.wang)))

    [most] = row.largest

    assert (most["name"], most["number"]) == ("王建国", cast.wang.number)
    assert (most["opening_points"], most["opening_minutes"], most["records"]) == (3_000, 750, 0)


def test_each_person_is_told(cast: Cast, tmp_path: Path) -> None:
    row = openings.taken(cast, tmp_path, cast.wang)
    facts = {"points": 3_000, "minutes": 750, "stars": 1, "papers": 1}

    approving.undone(row.id, cast.coordinator, cast.second)

    query = select(Message).where(Message.volunteer_id == cast.wang.id).order_by(Message.id)
    told = [(one.kind, one.facts) for one in db.session.scalars(query)]
    assert told == [
        ("import_opened_you", facts),
        ("opening_taken_back", facts),
        ("points_reversed", {"points": -3_000}),
    ]


def test_handed_in_twice_it_is_refused_with_what_is_there(cast: Cast, tmp_path: Path) -> None:
    first = openings.taken(cast, tmp_path, cast.wang)
    before = counted()

    again = openings.previewed(cast, tmp_path / "期初.xlsx")

    assert again.counts["by_kind"] == {kind: [0, 0, 1] for kind, *_ in refused()}
    where = f"（{WHERE}，导入 #{first.id}）。删除这一行即可。"
    assert refused() == [
        ("open_points", "already_taken_over", f"已有：2027-12-31 到期的 30.00 分{where}"),
        ("open_hours", "already_taken_over", f"已有：2024 年 12.5 小时{where}"),
        ("open_stars", "already_taken_over", f"已有：2025H1 3 星{where}"),
        ("open_papers", "already_taken_over", f"已有：编号 ZYT-2024-0071{where}"),
    ]
    with pytest.raises(NothingAccepted):
        applying.apply(again.id, by=acting(cast.coordinator), at=town.NOON)
    assert counted() == before
    assert balances.standing(cast.wang.id, TODAY).available == 3_000


def test_another_system_s_name_takes_nothing_over_again(cast: Cast, tmp_path: Path) -> None:
    openings.taken(cast, tmp_path, cast.wang)
    row = (cast.wang.name, cast.wang.phone, None, "别的系统", 30, "2027-12-31")

    openings.previewed(cast, openings.written(tmp_path, {POINTS: [row]}))

    assert [reason for _kind, reason, _cure in refused()] == ["already_taken_over"]


def test_one_of_a_file_is_taken_once(cast: Cast, tmp_path: Path) -> None:
    twice = {heads: rows * 2 for heads, rows in openings.whole(cast.wang).items()}

    row = openings.previewed(cast, openings.written(tmp_path, twice))

    assert [count for _kind, count in sorted(row.counts["by_kind"].items())] == [[1, 1, 1]] * 4
    assert {reason for _kind, reason, _cure in refused()} == {"duplicate_row"}


REFUSED: list[tuple[tuple[str, ...], tuple[Any, ...], str]] = [
    (POINTS, (0, "2027-12-31"), "bad_number"),
    (POINTS, (-5, "2027-12-31"), "bad_number"),
    (POINTS, (1.005, "2027-12-31"), "bad_number"),
    (POINTS, (9_999_999, "2027-12-31"), "bad_number"),
    (POINTS, (5, "2026-11-21"), "points_expired"),
    (POINTS, (5, "2027-02-30"), "impossible_date"),
    (POINTS, (5, None), "missing_value"),
    (HOURS, (2027, 5), "bad_year"),
    (HOURS, (1979, 5), "bad_year"),
    (HOURS, ("二四年", 5), "bad_year"),
    (HOURS, (2024, "很多"), "unreadable_hours"),
    (HOURS, (2024, 0), "hours_not_positive"),
    (HOURS, (2024, 8_785), "hours_exceed_year"),
    (STARS, ("2026下半年", 3), "bad_half_year"),
    (STARS, ("2025", 3), "bad_half_year"),
    (STARS, ("2025H1", 0), "bad_star"),
    (STARS, ("2025H1", 6), "bad_star"),
    (STARS, ("2025H1", "优秀"), "bad_star"),
    (PAPERS, (None, "2024-03-05", None), "missing_value"),
    (PAPERS, ("A" * 41, "2024-03-05", None), "too_long"),
    (PAPERS, ("A1", "2027-03-05", None), "date_in_the_future"),
]


@pytest.mark.parametrize(("heads", "values", "why"), REFUSED)
def test_what_is_refused(
    cast: Cast, tmp_path: Path, heads: tuple[str, ...], values: tuple[Any, ...], why: str
) -> None:
    path = openings.written(tmp_path, {heads: [openings.of(cast.wang, *values)]})
    row = openings.previewed(cast, path)
    assert [reason for _kind, reason, _cure in refused()] == [why]
    assert "openings" not in row.figures


@pytest.mark.parametrize(
    "words", ["2025H1", "2025h1", "2025上半年", "2025年上半年", "2025年第一半年", "2025-1"]
)
def test_half_years_as_people_write_them(cast: Cast, tmp_path: Path, words: str) -> None:
    openings.applied(
        cast, openings.written(tmp_path, {STARS: [openings.of(cast.wang, words, "四星级")]})
    )
    [star] = taken_over.stars_of(cast.wang.id)
    assert (star.half_year, star.stars) == ("2025H1", 4)


def test_only_people_of_the_street(cast: Cast, tmp_path: Path) -> None:
    stranger = openings.neighbour(cast)
    nobody = ("没有人", "13900000000", None, WHERE, 5, "2027-12-31")
    rows = [openings.of(stranger, 5, "2027-12-31"), nobody]

    openings.previewed(cast, openings.written(tmp_path, {POINTS: rows}))

    assert [reason for _kind, reason, _cure in refused()] == [
        "lives_elsewhere",
        "unknown_volunteer",
    ]


def test_two_people_always(cast: Cast, tmp_path: Path) -> None:
    path = openings.written(tmp_path, {HOURS: [openings.of(cast.wang, 2024, 1)]})
    row = openings.previewed(cast, path)

    with pytest.raises(ImportNeedsSecond) as alone:
        applying.begin(row.id, by=acting(cast.coordinator), at=town.NOON)

    assert "有 1 行期初余额，一律由两个人办理" in str(alone.value)
    approval.ask(row.id, by=acting(cast.coordinator), at=town.NOON)
    with pytest.raises(SecondPersonNeeded):
        applying.approve(row.id, by=acting(cast.coordinator), at=town.NOON)
    detail = import_overviews.detail(row.id, by=acting(cast.second), at=town.NOON)
    assert "decide" in detail.may


@pytest.mark.parametrize("who", ["coordinator", "second"])
def test_neither_of_the_two_is_among_the_rows(cast: Cast, tmp_path: Path, who: str) -> None:
    account = getattr(cast, who)
    mine = make.volunteer("自己", team=cast.team)
    account.volunteer_id = mine.id
    db.session.flush()
    row = openings.previewed(cast, openings.written(tmp_path, openings.whole(mine)))
    refusal = pytest.raises((OwnCase, SecondPersonNeeded))
    if who == "coordinator":
        with refusal:
            approval.ask(row.id, by=acting(account), at=town.NOON)
        assert row.state == "previewed"
        return
    approval.ask(row.id, by=acting(cast.coordinator), at=town.NOON)
    with refusal:
        applying.approve(row.id, by=acting(account), at=town.NOON)


def test_nor_is_whom_they_live_with(cast: Cast, tmp_path: Path) -> None:
    mine = make.volunteer("自己", team=cast.team)
    cast.coordinator.volunteer_id = mine.id
    one, two = sorted((mine.id, cast.wang.id))
    db.session.add(HouseholdTie(one_id=one, other_id=two, declared_at=make.MORNING))
    db.session.flush()
    row = openings.previewed(cast, openings.written(tmp_path, openings.whole(cast.wang)))
    with pytest.raises(SecondPersonNeeded):
        approval.ask(row.id, by=acting(cast.coordinator), at=town.NOON)


def test_undone_whole_and_taken_over_again(cast: Cast, tmp_path: Path) -> None:
    first = openings.taken(cast, tmp_path, cast.wang)

    approving.undone(first.id, cast.coordinator, cast.second)

    assert set(counted().values()) == {0}
    standing = balances.standing(cast.wang.id, TODAY)
    assert (standing.available, standing.opening, standing.debt) == (0, 0, 0)
    assert doctor.doctor() == []
    second = openings.taken(cast, tmp_path, cast.wang)
    assert second.counts["by_kind"]["open_points"] == [1, 1, 0]
    assert balances.standing(cast.wang.id, TODAY).available == 3_000
    assert doctor.doctor() == []


def test_points_spent_since_become_a_debt(cast: Cast, tmp_path: Path) -> None:
    row = openings.taken(cast, tmp_path, cast.wang)
    gift = make_points.gift(cast, price_centi=2_000)
    orders.order(gift.id, 1, cast.wang.id, stars=0, by=acting(cast.wang_account), at=town.NOON)
    said = undo_forecasts.forecast(row.id, by=acting(cast.second), at=town.NOON)
    assert (said.points, said.debt, said.orders, said.members) == (3_000, 2_000, 1, 1)

    approving.undone(row.id, cast.coordinator, cast.second)

    standing = balances.standing(cast.wang.id, TODAY)
    assert (standing.available, standing.held, standing.debt) == (0, 2_000, 2_000)
    assert doctor.doctor() == []


def test_who_is_in_it_does_not_take_it_back(cast: Cast, tmp_path: Path) -> None:
    row = openings.taken(cast, tmp_path, cast.wang)
    cast.second.volunteer_id = cast.wang.id
    cast.wang_account.volunteer_id = None
    db.session.flush()
    with pytest.raises((OwnCase, SecondPersonNeeded)):
        undoing.undo(row.id, by=acting(cast.second), at=town.NOON)


def test_an_old_number_says_it_was_taken_over_and_nothing_of_the_person(
    cast: Cast, tmp_path: Path
) -> None:
    assert verifying.verify("ZYT-2024-0071").state == "unknown"
    openings.taken(cast, tmp_path, cast.wang)

    found = verifying.verify("zyt 2024-0071")

    assert (found.state, found.number, found.issuer) == ("taken_over", "ZYT-2024-0071", WHERE)
    assert (found.masked_name, found.stars, found.minutes) == (None, None, None)


def test_stars_and_hours_count_only_where_the_policy_says_so(cast: Cast, tmp_path: Path) -> None:
    rows = {
        HOURS: [openings.of(cast.wang, 2024, 100)],
        STARS: [openings.of(cast.wang, "2025H2", 4)],
    }
    openings.applied(cast, openings.written(tmp_path, rows))
    hours = hours_summary.hours_of(cast.wang.id, TODAY)
    assert (hours.lifetime_minutes, hours.taken_over_minutes) == (0, 6_000)
    assert (hours.lifetime.stars, hours.rating.stars) == (0, 0)
    assert results.latest_stars(cast.wang.id) == 0

    policies.add_version({"openings_for_stars": 1}, reason="x", account_id=None, at=town.NOON)

    hours = hours_summary.hours_of(cast.wang.id, TODAY)
    assert (hours.lifetime.stars, hours.rating.stars) == (1, 0)
    assert hours.is_taken_over_counted
    assert results.latest_stars(cast.wang.id) == 4


def test_everything_taken_over_is_in_the_export(cast: Cast, tmp_path: Path) -> None:
    openings.taken(cast, tmp_path, cast.wang)
    found = personal_data_export.export_of(
        cast.wang.id, by=acting(cast.wang_account), at=town.NOON + timedelta(minutes=1)
    )
    assert {each.__tablename__ for each in TABLES} <= found.keys()
    assert found["opening_papers"][0]["number"] == "ZYT-2024-0071"


def test_refused_rows_come_back_as_a_workbook(cast: Cast, tmp_path: Path) -> None:
    path = openings.written(tmp_path, {POINTS: [openings.of(cast.wang, 5, "2020-12-31")]})
    row = openings.previewed(cast, path)
    out = tmp_path / "back.xlsx"
    with out.open("wb") as stream:
        refused_rows.refused_workbook(
            row.id, stream, by=acting(cast.coordinator), words=lambda word: word
        )
    rows = list(load_workbook(out).worksheets[0].values)
    assert any("积分已经到期" in map(str, each) for each in rows)


def test_of_merged_entries_all_is_shown_once_and_taken_back(cast: Cast, tmp_path: Path) -> None:
    kept = make.volunteer("张伟", team=cast.team, born_on=date(1980, 5, 1))
    other = make.volunteer("张伟", team=cast.team, born_on=date(1980, 5, 1))
    lists = openings.whole(other) | {POINTS: [openings.of(other, 1, "2027-12-31")]}
    row = openings.applied(cast, openings.written(tmp_path, lists))
    # The hours taken over are more than one person merges alone.
    asked = merge(cast, kept, other, at=town.NOON)
    assert asked.state == "waiting"
    steps.decide_merging(asked.id, approve=True, by=acting(cast.second), at=town.NOON)

    found = taken_over.of_person(kept.id)
    assert [one.amount for one in found.points] == [100]
    standing = balances.standing(kept.id, TODAY)
    assert (standing.available, standing.opening) == (100, 100)
    again = openings.previewed(cast, openings.written(tmp_path, openings.whole(kept)))
    assert {reason for _kind, reason, _cure in refused()} == {"already_taken_over"}
    assert "openings" not in again.figures

    approving.undone(row.id, cast.coordinator, cast.second)

    assert not taken_over.of_person(kept.id)
    assert balances.standing(kept.id, TODAY).available == 0
    told = db.session.scalars(select(Message.kind).where(Message.volunteer_id == kept.id)).all()
    assert "opening_taken_back" in told
    assert doctor.doctor() == []

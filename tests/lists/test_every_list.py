"""Every declared list: whose rows it shows, its orders, filters, columns, sums and exports."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from tests import databases, make, make_batches, make_world
from tests.make_world import ROLES, World
from volunteer_service import clock
from volunteer_service.areas.models import Area
from volunteer_service.attendance.anomalies import deciding
from volunteer_service.attendance.check_ins import rosters
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.certificates import register
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound, refusal_of
from volunteer_service.events import event_lists
from volunteer_service.events.models import Shift, SignUp
from volunteer_service.journal import Entry
from volunteer_service.lists import asking, exporting, reading, registry
from volunteer_service.lists.acts import batches
from volunteer_service.lists.acts.models import Batch
from volunteer_service.lists.asking import Asked
from volunteer_service.lists.declaration import StaffList
from volunteer_service.lists.exports import kept_exports
from volunteer_service.lists.registry import LISTS
from volunteer_service.outbox.models import Delivery
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.authorization.rights_over_people import need_on_person
from volunteer_service.people.models import Account, Look, Volunteer
from volunteer_service.people.search import people_lists
from volunteer_service.scoring.points.models import PointsAccount, Transfer
from volunteer_service.scoring.ratings.models import LateChange, RoundResult
from volunteer_service.scoring.rewards import orders
from volunteer_service.scoring.rewards.models import Gift, StockMove
from volunteer_service.teams import role_grants, team_lists
from volunteer_service.teams.models import Membership
from volunteer_service.workbooks import import_states
from volunteer_service.workbooks.models import Import, RefusedRow

pytestmark = pytest.mark.xdist_group("lists")


def _of(model: type[Any], id_: int) -> Any:
    return db.session.get_one(model, id_)


def _in_roster(row: Membership, by: Actor) -> None:
    need(by, Right.ROSTER_SEE, area_path=row.team.area.path, team_id=row.team_id)
    if row.volunteer.state != "active":
        raise NotFound()


def _account(row: Account, by: Actor) -> None:
    role_grants.grantee(row.id, by=by)
    if not by.has_role("admin") and not row.grants:
        raise NotFound()


def _act(row: Entry, by: Actor) -> None:
    if row.account_id is None:
        raise NotFound()
    _account(_of(Account, row.account_id), by)


def _entry(row: Transfer, by: Actor) -> None:
    sides = [_of(PointsAccount, id_) for id_ in (row.debit_id, row.credit_id)]
    [member] = [side.volunteer_id for side in sides if side.volunteer_id is not None]
    need_on_person(by, Right.POINTS_SEE, _of(Volunteer, member))


def _delivery(_row: Delivery, by: Actor) -> None:
    account_scope.need_whole_service(by, Right.SERVICE_EDIT)


#: What opens one row of a list: the verb that a page of its own asks.
OPENS: dict[str, Callable[[int, Actor], object]] = {
    "accounts": lambda id_, by: _account(_of(Account, id_), by),
    "anomalies": lambda id_, by: deciding.anomaly(id_, by=by),
    "batches": lambda id_, by: batches.of(id_, by=by),
    "certificates": lambda id_, by: register.readable(_of(Certificate, id_).number, by),
    "deliveries": lambda id_, by: _delivery(_of(Delivery, id_), by),
    "entries": lambda id_, by: _entry(_of(Transfer, id_), by),
    "events": lambda id_, by: event_lists.seen_by(id_, by),
    "exports": lambda id_, by: kept_exports.of(id_, by=by),
    "gifts": lambda id_, by: need(by, Right.GIFT_EDIT, area_path=_of(Gift, id_).area.path),
    "imports": lambda id_, by: import_states.allowed(id_, by),
    "journal": lambda id_, by: _act(_of(Entry, id_), by),
    "looks": lambda id_, by: need_on_person(
        by, Right.PERSONAL_SEE, _of(Volunteer, _of(Look, id_).volunteer_id)
    ),
    "late_changes": lambda id_, by: need(
        by, Right.RATING_SEE, area_path=_of(LateChange, id_).round.area.path
    ),
    "memberships": lambda id_, by: _in_roster(_of(Membership, id_), by),
    "orders": lambda id_, by: orders.seen(id_, by=by),
    "people": lambda id_, by: people_lists.volunteer(id_, by=by),
    "records": lambda id_, by: rosters.explain(id_, by=by),
    "refused_rows": lambda id_, by: import_states.allowed(_of(RefusedRow, id_).import_id, by),
    "results": lambda id_, by: need(
        by, Right.RATING_SEE, area_path=_of(RoundResult, id_).round.area.path
    ),
    "shifts": lambda id_, by: event_lists.seen_by(_of(Shift, id_).event_id, by),
    "sign_ups": lambda id_, by: event_lists.roster(_of(SignUp, id_).event_id, by=by),
    "stock_moves": lambda id_, by: need(
        by, Right.GIFT_EDIT, area_path=_of(Gift, _of(StockMove, id_).gift_id).area.path
    ),
    "teams": lambda id_, _by: team_lists.standing(id_),
    "waiting": lambda id_, by: rosters.explain(id_, by=by),
}
#: What the office reads, by the name of its list.
OFFICE = {
    "accounts": "accounts",
    "certificates": "certificates",
    "events": "events",
    "gifts": "gifts",
    "imports": "imports",
    "imports' refused rows": "refused_rows",
    "journal": "journal",
    "late changes": "late_changes",
    "looks at personal data": "looks",
    "memberships": "memberships",
    "orders": "orders",
    "people": "people",
    "points entries": "entries",
    "records": "records",
    "results of a round": "results",
    "shifts": "shifts",
    "sign-ups": "sign_ups",
    "stock moves": "stock_moves",
    "teams": "teams",
    "waiting records": "waiting",
}


def looked_at() -> World:
    """Two streets with one of everything, and a look at each person."""
    found = make_world.world()
    for import_id in db.session.scalars(db.select(Import.id)).all():
        where = {"kind": "teams", "file": "服务队.xlsx", "sheet": "一队", "row_number": 3}
        row = RefusedRow(import_id=import_id, **where, sealed="[]", reason="missing_value")
        db.session.add(row)
    at = {"created_at": make.MORNING, "moved_at": make.MORNING}
    for account_id in [*db.session.scalars(db.select(Account.id))] * 2:
        what = {"list_name": "records", "act": "confirm", "account_id": account_id}
        db.session.add(Batch(**what, state="judged", total=1, **at))
        make_batches.export(account_id)
    for place in found.places.values():
        looked = {"account_id": place.things.account_id, "volunteer_id": place.things.volunteer_id}
        db.session.add(Look(at=make.MORNING, field="phone", why="活动改期", **looked))
    return found


@pytest.fixture(scope="module")
def kept(app_of_run: Flask, databases_of_run: databases.Databases) -> Iterator[World]:
    """Two streets with one of everything; nothing here changes it for good."""
    yield databases_of_run.enter(app_of_run, looked_at)
    with app_of_run.app_context():
        db.engine.dispose()


@pytest.fixture
def world(app_of_run: Flask, kept: World) -> Iterator[World]:
    with app_of_run.test_request_context():
        yield kept
        db.session.rollback()
        db.session.info.clear()


def reader(world: World, role: str) -> Actor:
    """Who holds this role, with a reason where one is asked for."""
    if role == "visitor":
        return Actor(None, None, "", "page")
    return replace(make.acting(world.act_as(role)), purpose="核对名册")


def ask(declared: StaffList, by: Actor, *, columns: bool = True, **args: str) -> Asked:
    """A list as an address asks for it; with every column unless told otherwise."""
    chosen = [each.name for each in declared.columns] if columns else []
    return asking.read(declared, args, chosen, by=by)


def ids(asked: Asked) -> list[int]:
    return [row.id for row in reading.every_row(asked)]


def all_ids(declared: StaffList) -> list[int]:
    """The rows that there are, whoever sees them."""
    query = db.select(declared.id_)
    if declared.name == "waiting":
        query = query.where(ServiceRecord.state == "waiting")
    return list(db.session.scalars(query))


def test_every_list_says_what_opens_its_rows() -> None:
    assert sorted(OPENS) == sorted(LISTS)


def test_whatever_the_office_reads_is_a_declared_list() -> None:
    assert set(OFFICE.values()) <= LISTS.keys()


def test_a_list_of_places_has_the_filter_that_its_tree_leads_to() -> None:
    trees = {name for name, each in LISTS.items() if _filter(each, "area_id") is not None}
    assert trees == {name for name, each in LISTS.items() if each.area is not None}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", LISTS)
def test_a_reader_sees_the_rows_that_they_may_open_and_no_other(
    world: World, name: str, role: str
) -> None:
    by, declared = reader(world, role), LISTS[name]
    if not declared.is_for_all and not by.has_role("admin", *declared.roles):
        assert isinstance(refusal_of(lambda: registry.open_to(name, by=by)), NotFound)
        return
    if role == "visitor":
        return
    seen = set(ids(ask(declared, by, state="")))
    for id_ in all_ids(declared):
        refused = refusal_of(lambda id_=id_: OPENS[name](id_, by))
        assert refused is None or isinstance(refused, NotFound | NotAllowed)
        is_own_alone = name == "people" and id_ == by.volunteer_id
        assert is_own_alone or (id_ in seen) == (refused is None), (id_, role)


@pytest.mark.parametrize("name", LISTS)
def test_each_order_is_walked_whole_by_numbered_pages(world: World, name: str) -> None:
    by, declared = reader(world, "admin of all"), LISTS[name]
    whole = set(ids(ask(declared, by)))
    for sort in declared.sorts.names:
        asked = ask(declared, by, sort=sort)
        assert asked.sort == sort
        walked: list[reading.Row] = []
        for number in range(1, len(whole) + 2):
            walked += reading.rows(replace(asked, page=number, size=2))
        assert walked == list(reading.every_row(asked)), sort
        assert {row.id for row in walked} == whole
        assert len(walked) == len(whole)


@pytest.mark.parametrize("name", LISTS)
def test_an_order_goes_by_the_values_of_its_column(world: World, name: str) -> None:
    by, declared = reader(world, "admin of all"), LISTS[name]
    for column in declared.columns:
        if column.sort is not column.sql or column.kind == "text":
            continue  # A text is put in order by the database's own locale.
        at = declared.columns.index(column)
        rows = list(reading.every_row(ask(declared, by, sort=column.name)))
        values = [row.values[at] for row in rows if row.values[at] is not None]
        assert values == sorted(values), column.name
        assert [row.values[at] for row in rows[len(values) :]] == [None] * (len(rows) - len(values))


def parts(each: Any) -> Iterator[list[dict[str, str]]]:
    """Addresses of a filter that together take each row once, or nothing where that cannot be."""
    if each.control == "choice":
        yield [{each.name: code} for code in each.choices]
    elif each.control == "days":
        for day in (date(2000, 1, 1), make.MORNING.date(), date(2100, 1, 1)):
            before = (day - timedelta(days=1)).isoformat()
            yield [{each.keys[1]: before}, {each.keys[0]: day.isoformat()}]
    elif each.control == "amounts":
        for amount in (0, 1, 2, 1000):
            yield [{each.keys[1]: str(amount)}, {each.keys[0]: f"{amount}.01"}]


@pytest.mark.parametrize("name", LISTS)
def test_the_parts_of_a_filter_take_each_row_once(world: World, name: str) -> None:
    by, declared = reader(world, "admin of all"), LISTS[name]
    nothing = {each.name: "" for each in declared.filters if getattr(each, "default", "")}
    whole = ids(ask(declared, by, **nothing))
    for each in declared.filters:
        for addresses in parts(each):
            taken = [
                id_ for asked in addresses for id_ in ids(ask(declared, by, **nothing | asked))
            ]
            assert len(taken) == len(set(taken)), each.name
            assert set(taken) <= set(whole)
            unknown = {id_ for id_ in whole if id_ not in taken}
            if each.control != "days" and not (
                each.control == "choice" and each.column is not None
            ):
                assert unknown == set(), each.name


@pytest.mark.parametrize("name", LISTS)
def test_a_tree_takes_what_lies_below(world: World, name: str) -> None:
    by, declared = reader(world, "admin of all"), LISTS[name]
    if declared.area is None:
        return
    whole = ids(ask(declared, by))
    streets = db.session.scalars(db.select(Area).where(Area.parent_id.is_(None))).all()
    of_streets = [ids(ask(declared, by, area_id=str(street.id))) for street in streets]
    taken = [id_ for found in of_streets for id_ in found]
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(whole)
    assert any(of_streets)


@pytest.mark.parametrize("name", LISTS)
def test_a_text_is_found_by_what_stands_in_its_column(world: World, name: str) -> None:
    by, declared = reader(world, "admin of all"), LISTS[name]
    for each in declared.filters:
        if each.control == "search":
            first = next(iter(reading.every_row(ask(declared, by))))
            of_person = each.person is not None and not each.texts
            at = declared.columns.index(declared.column("name")) if of_person else 0
            assert first.id in ids(ask(declared, by, q=str(first.values[at])))
            assert ids(ask(declared, by, q="没有这样的人")) == []
        elif each.control == "text":
            assert ids(ask(declared, by, **{each.name: "没有这样的名称"})) == []


@pytest.mark.parametrize("name", LISTS)
def test_count_and_sums_are_those_of_all_rows(world: World, name: str) -> None:
    by, declared = reader(world, "admin of all"), LISTS[name]
    asked = ask(declared, by)
    rows = list(reading.every_row(asked))
    assert reading.count(asked) == reading.Found(len(rows), is_exact=True)
    expected = {
        column.name: sum(row.values[at] or 0 for row in rows)
        for at, column in enumerate(declared.columns)
        if column.is_summed
    }
    assert reading.sums(asked) == expected


@pytest.mark.parametrize("name", LISTS)
def test_beyond_the_limit_a_count_waits_to_be_asked_for(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, declared = reader(world, "admin of all"), LISTS[name]
    monkeypatch.setattr(reading, "COUNTED", 1)
    assert reading.count(ask(declared, by)) == reading.Found(1, is_exact=False)
    whole = reading.count(ask(declared, by, count="all"))
    assert whole == reading.Found(len(ids(ask(declared, by))), is_exact=True)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("name", LISTS)
def test_a_file_holds_the_rows_and_columns_of_the_page(world: World, name: str, kind: str) -> None:
    by, declared = reader(world, "coordinator"), LISTS[name]
    for is_all in (True, False):
        asked = ask(declared, by, columns=is_all, sort=f"-{declared.order.lstrip('-')}")
        with exporting.written(asked, kind, at=clock.now()) as made:
            head, *lines = _lines(made.read(), kind)
        assert head == [str(each.label) for each in asked.columns]
        shown = reading.rows(replace(asked, size=200))
        said = str if kind == "csv" else _said
        assert lines == [[said(value) for value in exporting._line(asked, row)] for row in shown]


def _lines(made: bytes, kind: str) -> list[list[str]]:
    if kind == "csv":
        return list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))
    page = load_workbook(io.BytesIO(made)).active
    return [["" if value is None else _said(value) for value in row] for row in page.values]


def _said(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("name", LISTS)
def test_what_cannot_be_read_is_no_filter(world: World, name: str) -> None:
    by, declared = reader(world, "coordinator"), LISTS[name]
    plain = ids(ask(declared, by))
    for nonsense in ("\0", "nonsense", "-1", "9" * 40, "NaN", "1e999", "٣", "2026-13-45"):
        keys = [key for each in declared.filters for key in each.keys if each.control != "search"]
        texts = [each.name for each in declared.filters if each.control == "text"]
        args = {key: nonsense for key in keys if key not in texts}
        args |= {"sort": nonsense, "size": nonsense, "page": nonsense}
        args = {key: value for key, value in args.items() if not _is_flag(declared, key)}
        asked = ask(declared, by, **args)
        assert (asked.sort, asked.size) == (declared.order, 30)
        assert asked.page >= 1
        if "state" not in args or not getattr(_filter(declared, "state"), "default", ""):
            assert ids(asked) == plain, nonsense


def _is_flag(declared: StaffList, key: str) -> bool:
    return _filter(declared, key).control == "flag" if _filter(declared, key) else False


def _filter(declared: StaffList, key: str) -> Any:
    return next((each for each in declared.filters if key in each.keys), None)

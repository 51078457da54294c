"""Renaming, moving, closing and opening areas; and to whom their people belong afterwards."""

import pytest
from sqlalchemy import select

from tests import make, make_points
from tests.make import acting
from volunteer_service.areas import desk_contacts, lookup, occupancy, refusals, tree
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotAllowed, NotFound
from volunteer_service.journal import Entry
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, may
from volunteer_service.people.changes import own_changes, person_changes, person_values
from volunteer_service.people.changes.person_change_refusals import ChangeWaiting
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import Grant, Volunteer
from volunteer_service.people.registrations import registration
from volunteer_service.teams import founding
from volunteer_service.visible_text import NothingSaid

AT = make.MORNING
SYSTEM = Actor.system("cli")


def entries(verb: str) -> list[dict[str, object]]:
    return [row.facts for row in db.session.scalars(select(Entry).where(Entry.verb == verb))]


def test_a_coordinator_renames_with_a_reason_that_the_journal_keeps(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    tree.rename(cast.community.id, "庆丰新社区", reason="区划调整", by=by, at=AT)
    assert lookup.name_path(lookup.of(cast.community.id)) == "市西街道 › 庆丰新社区"
    assert entries("areas.rename") == [
        {"was": "庆丰社区", "now": "庆丰新社区", "reason": "区划调整"}
    ]


def test_no_name_twice_among_siblings_and_none_among_streets(session: None) -> None:
    cast = make.cast()
    by = acting(cast.admin)
    make.area("市东街道")
    with pytest.raises(refusals.AreaExists):
        tree.rename(cast.community.id, "渤海社区", reason="合并", by=by, at=AT)
    with pytest.raises(refusals.AreaExists):
        tree.rename(cast.town.id, "市东街道", reason="合并", by=by, at=AT)
    with pytest.raises(refusals.AreaExists):
        tree.add(None, "subdistrict", "市东街道", by=SYSTEM, at=AT)


def test_a_moved_area_takes_everything_below_it_along(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    grid = tree.add(cast.community.id, "grid", "一网格", by=by, at=AT)
    house = tree.add(grid.id, "building", "3 号楼", by=by, at=AT)
    make.volunteer("陈桂英", area_id=house.id)
    make.team("楼栋服务队", area=grid)
    gained = occupancy.occupancy(grid)
    assert (gained.areas, gained.people, gained.teams) == (1, 1, 1)
    tree.move(grid.id, cast.elsewhere.id, reason="划给渤海", by=by, at=AT)
    assert grid.path == f"{cast.elsewhere.path}{grid.id}/"
    assert lookup.of(house.id).path == f"{grid.path}{house.id}/"
    assert lookup.name_path(house) == "市西街道 › 渤海社区 › 一网格 › 3 号楼"
    assert occupancy.occupancy(cast.community).people == 2
    assert entries("areas.move")[0] | {"reason": ""} == {
        "was": cast.community.id,
        "now": cast.elsewhere.id,
        "reason": "",
        "people": 1,
        "teams": 1,
    }
    tree.move(grid.id, cast.community.id, reason="搬回", by=by, at=AT)
    assert lookup.of(house.id).path == f"{cast.community.path}{grid.id}/{house.id}/"


def test_whoever_cares_for_the_new_place_cares_for_its_people(session: None) -> None:
    cast = make.cast()
    elsewhere = make.account("hejing", "何静", role="coordinator", area=cast.elsewhere)
    grid = tree.add(cast.community.id, "grid", "一网格", by=SYSTEM, at=AT)
    assert not may(acting(elsewhere), Right.VOLUNTEER_EDIT, area_path=grid.path)
    tree.move(grid.id, cast.elsewhere.id, reason="划给渤海", by=acting(cast.coordinator), at=AT)
    assert may(acting(elsewhere), Right.VOLUNTEER_EDIT, area_path=grid.path)


@pytest.mark.parametrize("target", ["itself", "below", "beside", "smaller"])
def test_nothing_goes_below_itself_or_its_like(session: None, target: str) -> None:
    cast = make.cast()
    grid = tree.add(cast.community.id, "grid", "一网格", by=SYSTEM, at=AT)
    other = tree.add(cast.elsewhere.id, "grid", "二网格", by=SYSTEM, at=AT)
    what, where = {
        "itself": (cast.community.id, cast.community.id),
        "below": (cast.community.id, grid.id),
        "beside": (cast.community.id, cast.elsewhere.id),
        "smaller": (cast.community.id, other.id),
    }[target]
    with pytest.raises(refusals.AreaFitsNotThere):
        tree.move(what, where, reason="试试", by=acting(cast.coordinator), at=AT)
    assert lookup.of(what).parent_id == cast.town.id


def test_a_street_stays_on_top(session: None) -> None:
    cast = make.cast()
    other = make.area("市东街道")
    with pytest.raises(refusals.AreaFitsNotThere):
        tree.move(other.id, cast.town.id, reason="合并", by=SYSTEM, at=AT)


def test_the_right_is_needed_at_both_places(session: None) -> None:
    cast = make.cast()
    grid = tree.add(cast.community.id, "grid", "一网格", by=SYSTEM, at=AT)
    ours = acting(make.account("fang", "方圆", role="coordinator", area=cast.community))
    theirs = acting(make.account("hejing", "何静", role="coordinator", area=cast.elsewhere))
    for by in (ours, theirs):
        with pytest.raises((NotFound, NotAllowed)):
            tree.move(grid.id, cast.elsewhere.id, reason="要", by=by, at=AT)
    with pytest.raises((NotFound, NotAllowed)):
        tree.move(cast.community.id, cast.town.id, reason="要", by=ours, at=AT)
    assert grid.path.startswith(cast.community.path)


def test_between_streets_an_admin_of_both_moves(session: None) -> None:
    cast = make.cast()
    other = make.area("市东街道")
    db.session.add(Grant(account_id=cast.coordinator.id, role="coordinator", area_id=other.id))
    db.session.flush()
    with pytest.raises(refusals.BetweenStreets):
        tree.move(cast.community.id, other.id, reason="划转", by=acting(cast.coordinator), at=AT)
    db.session.add(Grant(account_id=cast.admin.id, role="admin", area_id=other.id))
    db.session.flush()
    tree.move(cast.community.id, other.id, reason="划转", by=acting(cast.admin), at=AT)
    assert lookup.root_of(cast.community).id == other.id


def test_who_is_admin_of_every_street_adds_one_and_stays_so(session: None) -> None:
    cast = make.cast()
    by = acting(cast.admin)
    street = tree.add(None, "subdistrict", "新街道", by=by, at=AT)
    now = acting(cast.admin)
    assert account_scope.covers_service(now, Right.SERVICE_EDIT)
    assert may(now, Right.AREA_EDIT, area_path=street.path)
    one = acting(make.account("one", "只管新街道", role="admin", area=street))
    with pytest.raises(account_scope.ForTheWholeService):
        tree.add(None, "subdistrict", "第三街道", by=one, at=AT)
    with pytest.raises(NotFound):
        tree.add(None, "subdistrict", "第三街道", by=acting(cast.coordinator), at=AT)
    assert db.session.scalar(select(Area.id).where(Area.name == "第三街道")) is None


def test_only_an_empty_area_is_closed_and_then_takes_nothing_in(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    with pytest.raises(refusals.AreaNotEmpty, match="志愿者 2、队伍 1"):
        tree.close(cast.community.id, reason="撤销", by=by, at=AT)
    empty = tree.add(cast.town.id, "community", "空社区", by=by, at=AT)
    tree.close(empty.id, reason="撤销", by=by, at=AT)
    assert [area.name for _street, inside in lookup.homes() for area in inside] == [
        "渤海社区",
        "庆丰社区",
    ]
    plan = founding.TeamPlan(name="新队", area_id=empty.id, recording_unit="居委会")
    nowhere = make.volunteer("陈桂英")
    for work in (
        lambda: tree.add(empty.id, "grid", "一网格", by=by, at=AT),
        lambda: founding.create(plan, by=by, at=AT),
        lambda: registration.settle(nowhere.id, empty.id, by=SYSTEM, at=AT),
        lambda: make_points.gifts.add_gift(empty.id, "杯", price_centi=1, by=by, at=AT),
    ):
        with pytest.raises(refusals.AreaClosed):
            work()
    assert db.session.get_one(Volunteer, nowhere.id).area_id is None
    tree.reopen(empty.id, reason="恢复", by=by, at=AT)
    tree.add(empty.id, "grid", "一网格", by=by, at=AT)


def test_nobody_moves_into_a_closed_area_whoever_asks(session: None) -> None:
    cast = make.cast()
    empty = tree.add(cast.town.id, "community", "空社区", by=SYSTEM, at=AT)
    by = acting(cast.coordinator)
    seen = person_values.mark(cast.wang, "home")
    edit = PersonEdit("home", "本人搬家", seen, area_id=empty.id)
    asked = own_changes.ask_to_move(empty.id, seen=seen, by=acting(cast.wang_account), at=AT)
    tree.close(empty.id, reason="撤销", by=by, at=AT)
    for work in (
        lambda: person_changes.change_person(cast.wang.id, edit, by=by, at=AT),
        lambda: own_changes.ask_to_move(empty.id, seen=seen, by=acting(cast.wang_account), at=AT),
        lambda: person_changes.decide_change(asked.id, approve=True, by=by, at=AT),
    ):
        with pytest.raises((refusals.AreaClosed, ChangeWaiting)) as told:
            work()
    assert isinstance(told.value, refusals.AreaClosed)
    assert cast.wang.area_id == cast.community.id


def test_a_reason_is_needed(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    for work in (
        lambda: tree.rename(cast.community.id, "新", reason="。。", by=by, at=AT),
        lambda: tree.move(cast.community.id, cast.town.id, reason=" ", by=by, at=AT),
        lambda: tree.close(cast.community.id, reason="", by=by, at=AT),
    ):
        with pytest.raises(NothingSaid):
            work()


def test_the_desk_says_where_it_is_and_who_lives_below_is_told(session: None) -> None:
    cast = make.cast()
    grid = tree.add(cast.community.id, "grid", "一网格", by=SYSTEM, at=AT)
    assert desk_contacts.desk_of(grid.id) is None
    where = desk_contacts.Contact("庆丰路 8 号", "周一至周五 9:00—17:00", "0856-5221234 转 8001")
    desk_contacts.set_contact(cast.town.id, where, by=acting(cast.desk), at=AT)
    desk = desk_contacts.desk_of(grid.id)
    assert desk is not None
    assert (desk.name, desk.phone) == ("市西街道", "0856-5221234 转 8001")
    own = desk_contacts.Contact(phone="13800000000")
    desk_contacts.set_contact(cast.community.id, own, by=acting(cast.coordinator), at=AT)
    nearest = desk_contacts.desk_of(grid.id)
    assert nearest is not None
    assert (nearest.name, nearest.address) == ("庆丰社区", None)
    assert [(top.name, [each.name for each in below]) for top, below in desk_contacts.desks()] == [
        ("市西街道", ["庆丰社区"])
    ]


@pytest.mark.parametrize("phone", ["打电话", "12", "javascript:1", "1" * 41, "tel<1234567>"])
def test_a_desk_s_phone_can_be_called(session: None, phone: str) -> None:
    cast = make.cast()
    with pytest.raises((refusals.ContactPhoneWrong, Invalid)):
        desk_contacts.set_contact(
            cast.town.id, desk_contacts.Contact(phone=phone), by=acting(cast.desk), at=AT
        )


def test_nobody_else_says_where_the_desk_is(session: None) -> None:
    cast = make.cast()
    for account in (cast.li_mei, cast.auditor, cast.wang_account):
        with pytest.raises((NotFound, NotAllowed)):
            desk_contacts.set_contact(
                cast.community.id, desk_contacts.Contact(phone="5221234"), by=acting(account), at=AT
            )
    assert cast.community.phone is None

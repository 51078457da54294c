"""One rule decides which staff care for a person, also for a person without a home."""

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, acting
from tests.people.test_account_scope import Two, two_streets
from volunteer_service.areas.models import Area
from volunteer_service.attendance import complaints
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization import rights_over_people
from volunteer_service.people.authorization.conflicts import SecondPersonNeeded
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Grant, Volunteer
from volunteer_service.people.personal_data import personal_data
from volunteer_service.people.registrations import registration
from volunteer_service.people.search import people_lists
from volunteer_service.scoring.points import adjustments, balances
from volunteer_service.scoring.rewards import catalogue, desk_search, gifts, orders
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.scoring.rewards.refusals import HomeNeeded


@pytest.fixture
def two(session: None) -> Two:
    return two_streets()


@pytest.fixture
def nowhere(two: Two) -> Volunteer:
    """Somebody who joined without saying where she lives."""
    found = make.volunteer("叶无居")
    found.area_id = None
    db.session.flush()
    return found


def _gift(two: Two) -> Gift:
    by = acting(make.account("guigui", "柜台", role="desk", area=two.cast.town))
    return gifts.add_gift(two.cast.town.id, name="洗衣液", price_centi=100, by=by, at=MORNING)


def test_who_lives_nowhere_is_found_by_who_cares_for_every_street_and_by_nobody_else(
    two: Two, nowhere: Volunteer
) -> None:
    whole = acting(two.whole)
    assert nowhere in people_lists.volunteers(by=whole, q="叶无居").items
    assert people_lists.volunteer(nowhere.id, by=whole) == nowhere
    for account in (two.cast.coordinator, two.cast.admin, *two.theirs.values()):
        by = acting(account)
        assert people_lists.volunteers(by=by, q="叶无居").items == []
        with pytest.raises(NotFound):
            people_lists.volunteer(nowhere.id, by=by)
        with pytest.raises(NotFound):
            personal_data.reveal(nowhere.id, "phone", "有人来问", by=by, at=MORNING)
        with pytest.raises(NotFound):
            balances.need_sight(nowhere.id, by=by)
        with pytest.raises(NotFound):
            adjustments.adjust(nowhere.id, 100, "帮忙", by=by, at=MORNING)


def test_no_desk_serves_who_lives_nowhere(two: Two, nowhere: Volunteer) -> None:
    gift = _gift(two)
    desk = acting(db.session.query(Account).filter_by(login="guigui").one())
    assert desk_search.find_people(nowhere.number, by=desk) == ([], 0)
    with pytest.raises(NotFound):
        desk_search.need_customer(nowhere, by=desk)
    with pytest.raises(NotFound):
        orders.order(gift.id, 1, nowhere.id, stars=0, by=desk, at=MORNING)


def test_who_lives_nowhere_is_told_to_choose_before_ordering(two: Two, nowhere: Volunteer) -> None:
    gift = _gift(two)
    own = acting(make.account("yewuju", "叶无居", volunteer=nowhere))
    assert catalogue.gifts(by=own).items == []
    with pytest.raises(HomeNeeded):
        orders.order(gift.id, 1, nowhere.id, stars=0, by=own, at=MORNING)


def test_in_a_service_of_one_street_its_coordinator_finds_who_lives_nowhere(session: None) -> None:
    cast = make.cast()
    person = make.volunteer("叶无居")
    person.area_id = None
    db.session.flush()
    assert people_lists.volunteer(person.id, by=acting(cast.coordinator)) == person
    # A leader or the staff of one community care for their own part only.
    with pytest.raises(NotFound):
        people_lists.volunteer(person.id, by=acting(cast.li_mei))


def test_a_complaint_about_who_lives_nowhere_is_heard_by_who_cares_for_every_street(
    two: Two, nowhere: Volunteer
) -> None:
    whole = acting(two.whole)
    own = acting(make.account("yewuju", "叶无居", volunteer=nowhere))
    row = complaints.complain(
        nowhere.id, happened_on=MORNING.date(), words="迟到", by=whole, at=MORNING
    )
    complaints.reply(row.id, words="没有迟到", by=own, at=MORNING)
    for account in (two.cast.admin, two.cast.coordinator):
        with pytest.raises(NotFound):
            complaints.decide_complaint(row.id, upheld=True, by=acting(account), at=MORNING)
    with pytest.raises(SecondPersonNeeded) as alone:
        complaints.decide_complaint(row.id, upheld=True, by=whole, at=MORNING)
    assert "目前没有别人可以办理" in str(alone.value)
    other = make.account("another", "林全")
    for street in db.session.scalars(select(Area).where(Area.parent_id.is_(None))):
        db.session.add(Grant(account_id=other.id, role="admin", area_id=street.id))
    db.session.flush()
    with pytest.raises(SecondPersonNeeded) as refused:
        complaints.decide_complaint(row.id, upheld=True, by=whole, at=MORNING)
    assert "林全" in str(refused.value)
    assert row.state == "open"
    by = acting(other)
    assert complaints.decide_complaint(row.id, upheld=True, by=by, at=MORNING).state == "upheld"


def test_the_points_of_who_lives_nowhere_are_decided_by_who_cares_for_every_street(
    two: Two, nowhere: Volunteer
) -> None:
    whole = acting(two.whole)
    asked = adjustments.adjust(nowhere.id, 90_000, "补", by=whole, at=MORNING)
    (seen,) = adjustments.waiting_adjustments(by=whole, at=MORNING)
    assert "目前没有别人可以办理" in str(seen.who)
    assert adjustments.waiting_adjustments(by=acting(two.cast.coordinator), at=MORNING) == []
    with pytest.raises(NotFound):
        adjustments.decide_adjustment(
            asked.id, approve=True, by=acting(two.cast.coordinator), at=MORNING
        )


def test_homes_of_many_are_asked_in_one_statement(two: Two, nowhere: Volunteer) -> None:
    ids = [nowhere.id, two.cast.wang.id]
    assert rights_over_people.homes_of(ids) == {None, two.cast.community.path}
    with pytest.raises(NotFound):
        rights_over_people.need_on_people(acting(two.cast.coordinator), Right.POINTS_SEE, ids)
    rights_over_people.need_on_people(acting(two.whole), Right.POINTS_SEE, ids)


def test_who_lives_nowhere_is_settled_once_and_told(two: Two, nowhere: Volunteer) -> None:
    whole, here = acting(two.whole), two.cast.community
    assert people_lists.homeless(whole) == 1
    assert people_lists.volunteers(by=whole, is_homeless=True).items == [nowhere]
    assert people_lists.homeless(acting(two.cast.admin)) == 0
    with pytest.raises(NotFound):
        registration.settle(nowhere.id, here.id, by=acting(two.cast.coordinator), at=MORNING)

    registration.settle(nowhere.id, here.id, by=whole, at=MORNING)

    assert people_lists.volunteer(nowhere.id, by=acting(two.cast.coordinator)) == nowhere
    own = acting(make.account("yewuju", "叶无居", volunteer=nowhere))
    assert [each.kind for each in messages.messages_of(own).items] == ["settled"]
    # From now on it is a move, which takes a reason.
    for by in (own, whole):
        with pytest.raises(registration.Settled):
            registration.settle(nowhere.id, two.cast.elsewhere.id, by=by, at=MORNING)


def test_one_settles_oneself(two: Two, nowhere: Volunteer) -> None:
    own = acting(make.account("yewuju", "叶无居", volunteer=nowhere))
    registration.settle(nowhere.id, two.cast.community.id, by=own, at=MORNING)
    assert nowhere.area_id == two.cast.community.id
    assert messages.unread(own) == 0

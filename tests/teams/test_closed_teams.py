"""Nothing new begins in a closed team: no member, no leader, no event; what is there stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make, make_attendance
from tests.events.test_planning import PLAN, with_shift
from volunteer_service.areas import tree
from volunteer_service.areas.refusals import AreaClosed
from volunteer_service.attendance.backfills import backfill
from volunteer_service.db import db
from volunteer_service.errors import told_to
from volunteer_service.events import cancelling, planning
from volunteer_service.people.models import Account
from volunteer_service.people.registrations import consents, registration
from volunteer_service.people.registrations.registration_state import RegistrationEnded
from volunteer_service.teams import leading, membership, placing, role_grants
from volunteer_service.teams.membership import TeamClosed
from volunteer_service.teams.models import Membership

NOW = make.MORNING
DAY = timedelta(days=1)


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def asked(cast: make.Cast) -> Membership:
    return membership.join(cast.team.id, by=make.acting(cast.zhao_account), at=NOW)


def place_of(cast: make.Cast, account: Account) -> Membership:
    query = select(Membership).where(
        Membership.team_id == cast.team.id, Membership.volunteer_id == account.volunteer_id
    )
    return db.session.scalars(query).one()


def test_who_asked_before_it_closed_is_not_taken_in(cast) -> None:
    row = asked(cast)
    cast.team.state = "closed"
    with pytest.raises(TeamClosed) as caught, told_to(is_person=False):
        membership.accept(row.id, by=make.acting(cast.li_mei), at=NOW)
    assert "重新启用" in str(caught.value)
    assert row.state == "asked"
    membership.refuse(row.id, by=make.acting(cast.li_mei), at=NOW)
    assert row.state == "left"


def test_whose_day_comes_after_it_closed_does_not_begin(cast) -> None:
    (row,) = placing.place(
        cast.team.id,
        [cast.zhao.id],
        since=(NOW + 2 * DAY).date(),
        by=make.acting(cast.coordinator),
        at=NOW,
    )
    assert row.state == "coming"
    cast.team.state = "closed"
    db.session.flush()
    placing.begin_due(at=NOW + 3 * DAY)
    assert (row.state, row.left_at) == ("left", NOW + 3 * DAY)


def _named(cast: make.Cast) -> object:
    row = place_of(cast, cast.wang_account)
    return leading.name_lead(row.id, "leader", by=make.acting(cast.coordinator), at=NOW)


def _granted(cast: make.Cast) -> object:
    return role_grants.grant(
        cast.zhao_account.id,
        "leader",
        team_id=cast.team.id,
        by=make.acting(cast.coordinator),
        at=NOW,
    )


def _event(cast: make.Cast) -> object:
    return planning.create(PLAN, team_id=cast.team.id, by=make.acting(cast.li_mei), at=NOW)


@pytest.mark.parametrize("begin", [_named, _granted, _event])
def test_no_leader_and_no_event_begins(
    cast: make.Cast, begin: Callable[[make.Cast], object]
) -> None:
    cast.team.state = "closed"
    with pytest.raises(TeamClosed):
        begin(cast)


def test_a_leader_of_before_may_still_become_deputy(cast) -> None:
    cast.team.state = "closed"
    row = place_of(cast, cast.li_mei)
    named = leading.name_lead(row.id, "deputy", by=make.acting(cast.coordinator), at=NOW)
    assert named.is_deputy


def test_a_draft_is_not_published_and_what_was_published_goes_on(cast) -> None:
    draft, by = with_shift(cast), make.acting(cast.li_mei)
    running = make.event(team=cast.team, leader=cast.li_mei)
    cast.team.state = "closed"
    with pytest.raises(TeamClosed):
        planning.publish(draft.id, by=by, at=NOW - DAY)
    make_attendance.came(running, cast.wang)
    assert running.state == "published"


def test_a_cancelled_event_comes_back_only_for_those_who_came(cast) -> None:
    by = make.acting(cast.li_mei)
    event = make.event(team=cast.team, leader=cast.li_mei)
    cancelling.cancel(event.id, reason="下雨", by=by, at=NOW - DAY)
    cast.team.state = "closed"
    with pytest.raises(TeamClosed):
        cancelling.bring_back(event.id, by=by, at=NOW - DAY)
    assert event.state == "cancelled"


def test_nobody_new_cares_for_a_closed_area(cast) -> None:
    empty = make.area("撤销社区", parent=cast.town, kind="community")
    by = make.acting(cast.admin)
    tree.close(empty.id, reason="撤销", by=by, at=NOW)
    with pytest.raises(AreaClosed):
        role_grants.grant(cast.zhao_account.id, "coordinator", area_id=empty.id, by=by, at=NOW)


@pytest.mark.parametrize("end", [registration.disown, None])
def test_who_comes_back_to_a_closed_home_lives_in_the_open_area_above(cast, end) -> None:
    by = make.acting(cast.admin)
    home = make.area("撤销社区", parent=cast.town, kind="community")
    person = make.volunteer("孙一", area_id=home.id)
    if end is None:
        consents.withdraw_consent(person.id, "register", by=by, at=NOW)
    else:
        end(person.id, by=by, at=NOW)
    tree.close(home.id, reason="撤销", by=by, at=NOW)
    consents.record_consent(person, "register", by=by, at=NOW)
    assert (person.state, person.area_id) == ("active", cast.town.id)


def test_no_service_is_entered_for_who_left(cast) -> None:
    by = make.acting(cast.coordinator)
    consents.withdraw_consent(cast.wang.id, "register", by=by, at=NOW)
    plan = backfill.Backfill(
        team_id=cast.team.id,
        volunteer_id=cast.wang.id,
        event_name="护学",
        place="东门",
        content="护送",
        starts_at=NOW - DAY,
        ends_at=NOW - DAY + timedelta(hours=1),
        minutes=60,
        leader_name="李梅",
        reason="纸质签到",
    )
    with pytest.raises(RegistrationEnded):
        backfill.backfill(plan, by=by, at=NOW)

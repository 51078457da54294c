"""A person who has left begins nothing new anywhere, until they consent anew."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import came, scan
from tests.make_points import FRIDAY, earned, gift
from volunteer_service.attendance.check_ins import check_in
from volunteer_service.attendance.models import Scan
from volunteer_service.db import db, settle_refusal
from volunteer_service.events import sign_ups
from volunteer_service.events.models import Attendance, SignUp
from volunteer_service.people.authentication import sign_in
from volunteer_service.people.models import Grant
from volunteer_service.people.registrations import consents
from volunteer_service.people.registrations.registration_state import RegistrationEnded
from volunteer_service.scoring.rewards import orders
from volunteer_service.scoring.rewards.models import Redemption
from volunteer_service.teams import membership


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def _sign_up(cast: make.Cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei)
    by, at = make.acting(cast.wang_account), event.starts_at - timedelta(days=1)
    sign_ups.sign_up(event.shifts[0].id, by=by, at=at)


def _walk_in(cast: make.Cast) -> None:
    scan(make.event(team=cast.team, leader=cast.li_mei), cast.wang)


def _scan_with_a_place(cast: make.Cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei)
    make.sign_up(event, cast.wang)
    scan(event, cast.wang)


def _tick(cast: make.Cast) -> None:
    event, by = make.event(team=cast.team, leader=cast.li_mei), make.acting(cast.li_mei)
    who = {"volunteer_id": cast.wang.id, "scan_id": "tick", "kind": "in"}
    check_in.tick(event.id, **who, by=by, at=event.starts_at)


def _order(cast: make.Cast) -> None:
    by = make.acting(cast.wang_account)
    orders.order(gift(cast).id, 1, cast.wang.id, stars=0, by=by, at=FRIDAY)


def _sign_in(cast: make.Cast) -> None:
    sign_in.sign_in(cast.wang_account.login, make.PASSWORD, at=FRIDAY)


def _join_a_team(cast: make.Cast) -> None:
    membership.join(cast.other_team.id, by=make.acting(cast.wang_account), at=FRIDAY)


@pytest.mark.parametrize("state", ["left", "disowned"])
@pytest.mark.parametrize(
    "begin", [_sign_up, _walk_in, _scan_with_a_place, _tick, _order, _sign_in, _join_a_team]
)
def test_who_left_begins_nothing(
    cast: make.Cast, begin: Callable[[make.Cast], None], state: str
) -> None:
    earned(cast.wang)
    cast.wang.state = state
    before = db.session.scalars(select(SignUp)).all()
    db.session.flush()
    with pytest.raises(RegistrationEnded, match="社区管理员恢复"):
        begin(cast)
    assert before == []
    assert db.session.scalars(select(Attendance)).all() == []
    assert db.session.scalars(select(Redemption)).all() == []


@pytest.mark.parametrize(
    "begin", [_sign_up, _walk_in, _scan_with_a_place, _tick, _order, _sign_in, _join_a_team]
)
def test_who_stays_begins_all_of_it(cast: make.Cast, begin: Callable[[make.Cast], None]) -> None:
    earned(cast.wang)
    begin(cast)


def test_the_refused_scan_is_kept_with_its_reason(cast: make.Cast) -> None:
    cast.wang.state = "left"
    with pytest.raises(RegistrationEnded):
        _walk_in(cast)
    settle_refusal()
    kept = db.session.scalars(select(Scan)).one()
    assert (kept.outcome, kept.reason) == ("refused", "registration_ended")


def test_who_leaves_while_present_still_checks_out(cast: make.Cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei)
    came(event, cast.wang, 0, None)
    cast.wang.state = "left"
    db.session.flush()
    assert scan(event, cast.wang, 118).kind == "out"


def test_a_role_still_signs_in(cast: make.Cast) -> None:
    cast.wang.state = "left"
    held = Grant(account_id=cast.wang_account.id, role="leader", team_id=cast.team.id)
    db.session.add(held)
    db.session.flush()
    found = sign_in.sign_in(cast.wang_account.login, make.PASSWORD, at=FRIDAY)
    assert found.id == cast.wang_account.id


def test_consenting_anew_reinstates(cast: make.Cast) -> None:
    by = make.acting(cast.coordinator)
    consents.withdraw_consent(cast.wang.id, "register", by=by, at=FRIDAY)
    with pytest.raises(RegistrationEnded):
        _sign_in(cast)
    consents.give_consent(cast.wang.id, "register", by=by, at=FRIDAY)
    _sign_in(cast)

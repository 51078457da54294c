"""An anomaly is found once, blocks nobody, and is decided by somebody who is not concerned."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING
from tests.make_attendance import came, minute, record, scan
from volunteer_service import policies
from volunteer_service.attendance.anomalies import deciding, finding
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.anomalies.kinds import KINDS
from volunteer_service.attendance.check_ins import check_in, event_codes
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed
from volunteer_service.events.models import Attendance
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.models import Device, HouseholdTie
from volunteer_service.visible_text import NothingSaid

LATER = MORNING + timedelta(hours=20)


def found(kind: str, *, at=LATER) -> list[Anomaly]:
    """The anomalies of this kind after a run of the job; a second run finds nothing new."""
    finding.find(at=at)
    assert finding.find(at=at) == 0
    query = select(Anomaly).where(Anomaly.kind == kind).order_by(Anomaly.id)
    return list(db.session.scalars(query))


def device(account, browser: str) -> None:
    row = {"account_id": account.id, "browser_hash": browser * 64}
    db.session.add(Device(**row, made_at=MORNING, seen_at=MORNING))
    db.session.flush()


def test_who_checks_in_regularly_is_no_anomaly(cast, event) -> None:
    came(event, cast.wang)
    for kind in KINDS:
        assert found(kind) == []


def each_with(event, browsers: str, *accounts) -> None:
    """Everybody checks in with their own account, in these browsers."""
    for n, account in enumerate(accounts):
        device(account, browsers[n])
        given = {"scan_id": f"device-{n}-scan", "by": make.acting(account), "at": minute(n * 5)}
        check_in.scan(event_codes.token(event), **given)


def test_one_device_for_several_people(cast, event) -> None:
    each_with(event, "aa", cast.wang_account, cast.zhao_account)
    (row,) = found("one_device")
    assert sorted(row.people) == sorted([cast.wang.id, cast.zhao.id])
    assert (row.event_id, row.state) == (event.id, "open")
    # Nobody was kept out.
    assert len(db.session.scalars(select(Attendance)).all()) == 2


def test_two_devices_are_two_people(cast, event) -> None:
    each_with(event, "ab", cast.wang_account, cast.zhao_account)
    assert found("one_device") == []


@pytest.mark.parametrize(("apart", "is_found"), [(0.4, True), (0.6, False)])
def test_five_within_two_seconds(cast, event, apart, is_found) -> None:
    people = [make.volunteer(f"志愿者{n}", team=cast.team) for n in range(5)]
    for n, person in enumerate(people):
        scan(event, person, n * apart / 60)
    rows = found("at_once")
    assert [sorted(row.people) for row in rows] == ([[p.id for p in people]] if is_found else [])


def test_two_places_at_once(cast, event) -> None:
    other = make.event(team=cast.team, leader=cast.li_mei, title="别处")
    came(event, cast.wang, 0, 110)
    place = make.sign_up(other, make.volunteer("别人", team=cast.team))
    times = {"checked_in_at": minute(30), "checked_out_at": minute(100), "grade": "leader"}
    ids = {"event_id": other.id, "shift_id": place.shift_id, "sign_up_id": place.id}
    db.session.add(Attendance(**ids, **times, volunteer_id=cast.wang.id))
    db.session.flush()
    (row,) = found("two_places")
    assert (row.volunteer_id, {row.event_id, row.facts["event"]}) == (
        cast.wang.id,
        {event.id, other.id},
    )


def test_one_after_the_other_is_possible(cast, event) -> None:
    later = make.event(team=cast.team, leader=cast.li_mei, starts_at=minute(150))
    came(event, cast.wang, 0, 110)
    make.sign_up(later, cast.wang)
    came(later, cast.wang, 0, 110)
    assert found("two_places") == []


def household(cast) -> None:
    """李梅, who confirmed the record, turns out later to be of 王建国's household."""
    leader = make.volunteer("李梅", team=cast.team)
    cast.li_mei.volunteer_id = leader.id
    one, other = sorted((leader.id, cast.wang.id))
    db.session.add(HouseholdTie(one_id=one, other_id=other, declared_at=LATER))
    db.session.flush()


def test_a_relative_s_record_that_was_confirmed(cast) -> None:
    given = {"team": cast.team, "confirmed_at": LATER, "confirmed_by_id": cast.li_mei.id}
    row = record(cast.wang, **given)
    assert found("own_household") == []
    household(cast)
    (anomaly,) = found("own_household")
    assert (anomaly.facts["record"], anomaly.account_id) == (row.id, cast.li_mei.id)


def test_more_hours_in_a_week_than_the_policy_thinks_plausible(cast) -> None:
    for day in range(4):
        begins = MORNING - timedelta(days=3 - day)
        record(cast.wang, team=cast.team, starts_at=begins, minutes=480)
    assert found("week_hours") == []
    numbers = {"plausible_week_minutes": 4 * 480 - 1}
    policies.add_version(numbers, reason="t", account_id=None, at=MORNING)
    (row,) = found("week_hours")
    assert (row.volunteer_id, row.facts["minutes"], row.facts["most"]) == (
        cast.wang.id,
        4 * 480,
        4 * 480 - 1,
    )


def test_a_coordinator_decides_and_a_leader_does_not(cast) -> None:
    numbers = {"plausible_week_minutes": 60}
    policies.add_version(numbers, reason="t", account_id=None, at=MORNING)
    record(cast.wang, team=cast.team)
    (row,) = found("week_hours")
    given = {"accept": True, "reason": "连着三天的活动", "at": LATER}
    with pytest.raises(NotAllowed):
        deciding.decide_anomaly(row.id, **given, by=make.acting(cast.li_mei))
    silent = given | {"reason": " "}
    with pytest.raises(NothingSaid):
        deciding.decide_anomaly(row.id, **silent, by=make.acting(cast.coordinator))
    deciding.decide_anomaly(row.id, **given, by=make.acting(cast.coordinator))
    assert (row.state, row.decided_by_id) == ("accepted", cast.coordinator.id)
    # It is not found again: it was answered.
    assert [each.state for each in found("week_hours")] == ["accepted"]


def test_whose_act_it_is_does_not_decide(cast) -> None:
    given = {"team": cast.team, "confirmed_at": LATER, "confirmed_by_id": cast.coordinator.id}
    record(cast.wang, **given)
    one = make.volunteer("周管理", team=cast.team)
    cast.coordinator.volunteer_id = one.id
    ids = {"one_id": min(one.id, cast.wang.id), "other_id": max(one.id, cast.wang.id)}
    tie = HouseholdTie(**ids, declared_at=LATER, ended_at=LATER - timedelta(days=90))
    db.session.add(tie)
    db.session.flush()
    (row,) = found("own_household")
    decide = {"accept": True, "reason": "早就分家了", "at": LATER}
    with pytest.raises(conflicts.SecondPersonNeeded):
        deciding.decide_anomaly(row.id, **decide, by=make.acting(cast.coordinator))
    deciding.decide_anomaly(row.id, **decide, by=make.acting(cast.second))
    assert row.state == "accepted"

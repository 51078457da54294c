"""Hours are worth points: nobody decides on their own."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests import make, statements
from tests.make_attendance import came, record
from volunteer_service.attendance import closing, complaints, refusals
from volunteer_service.attendance.backfills import backfill
from volunteer_service.attendance.check_ins import check_in, rosters
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import disputes, record_deciders, record_decisions
from volunteer_service.db import db
from volunteer_service.events import sign_ups
from volunteer_service.events.models import Attendance
from volunteer_service.people.authentication import one_time_codes
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Guardian, Volunteer
from volunteer_service.scoring.points import adjustments, balances
from volunteer_service.teams import membership, role_grants

DAY = timedelta(days=1)
AFTER = make.MORNING + timedelta(minutes=125)


@pytest.fixture
def li(cast) -> Volunteer:
    return db.session.get(Volunteer, cast.li_mei.volunteer_id)


@pytest.fixture
def event(cast):
    return make.event(team=cast.team, leader=cast.li_mei)


def closed(cast, event, *who) -> dict[int, ServiceRecord]:
    for each in who:
        came(event, each)
    closing.close(event.id, by=make.acting(cast.li_mei), at=AFTER)
    return {row.volunteer_id: row for row in db.session.scalars(select(ServiceRecord))}


def test_another_leader_or_a_coordinator_confirms(cast, event, li) -> None:
    made = closed(cast, event, li, cast.wang)
    both = [made[li.id].id, made[cast.wang.id].id]
    with pytest.raises(OwnCase):
        record_decisions.confirm(both, by=make.acting(cast.li_mei), at=AFTER)
    assert balances.standing(li.id, make.MORNING.date()).available == 0
    record_decisions.confirm(both[:1], by=make.acting(cast.coordinator), at=AFTER)
    assert balances.standing(li.id, make.MORNING.date()).available == 200


def test_a_leader_neither_refuses_nor_ends_her_own(cast, event, li) -> None:
    came(event, li, 0, None)
    closing.close(event.id, by=make.acting(cast.li_mei), at=AFTER)
    own, by = db.session.scalars(select(ServiceRecord)).one(), make.acting(cast.li_mei)
    with pytest.raises(OwnCase):
        record_decisions.refuse(own.id, reason="未到", by=by, at=AFTER)
    end = {"ends_at": event.ends_at, "scan_id": uuid4().hex}
    with pytest.raises(OwnCase):
        record_decisions.set_end(own.id, **end, by=by, at=AFTER)
    assert (own.state, own.waits_for) == ("waiting", "end")
    assert rosters.may_decide(own, by=by) == frozenset()


def test_a_coordinator_decides_no_dispute_of_her_own(cast) -> None:
    mine = make.volunteer("周静", team=cast.team)
    cast.coordinator.volunteer_id = mine.id
    db.session.flush()
    by = make.acting(cast.coordinator)
    said = disputes.dispute(record(mine, team=cast.team).id, words="少了", by=by, at=AFTER)
    with pytest.raises(OwnCase):
        disputes.decide_dispute(said.id, upheld=True, answer="是", minutes=9, by=by, at=AFTER)


@pytest.mark.parametrize("kind", ["in", "out"])
def test_a_leader_does_not_tick_herself(cast, event, li, kind) -> None:
    with pytest.raises(refusals.OwnTick):
        check_in.tick(
            event.id,
            volunteer_id=li.id,
            kind=kind,
            scan_id=uuid4().hex,
            by=make.acting(cast.li_mei),
            at=make.MORNING,
        )
    assert db.session.scalars(select(Attendance)).all() == []


@pytest.fixture
def zhou(cast) -> Volunteer:
    """The coordinator's own registration."""
    mine = make.volunteer("周静", team=cast.team)
    cast.coordinator.volunteer_id = mine.id
    db.session.flush()
    return mine


def test_an_account_whose_password_i_handed_out_does_not_decide_on_me(cast, zhou) -> None:
    by, at = make.acting(cast.coordinator), make.MORNING
    puppet, _plain = one_time_codes.issue_code_to(cast.zhao.id, by=by, at=at)
    system = Actor.system("cli")
    # The role is old, the password recent.
    role_grants.grant(puppet.id, "coordinator", area_id=cast.town.id, by=system, at=at - 90 * DAY)
    waiting = record(zhou, team=cast.team, state="waiting", waits_for="leader")
    acts = {
        "confirm": lambda by: record_decisions.confirm([waiting.id], by=by, at=AFTER),
        "refuse": lambda by: record_decisions.refuse(waiting.id, reason="未到", by=by, at=AFTER),
        "adjust": lambda by: adjustments.adjust(zhou.id, 100, "补", by=by, at=AFTER),
    }
    for act in acts.values():
        with pytest.raises(SecondPersonNeeded) as refused:
            act(make.acting(puppet))
        assert "可以办理的人：李梅" in str(refused.value) or "钱伟" in str(refused.value)
    assert waiting.state == "waiting"
    record_decisions.confirm([waiting.id], by=make.acting(cast.second), at=AFTER)


def test_a_backfill_is_approved_by_nobody_whose_role_the_first_one_gave(cast) -> None:
    by, at = make.acting(cast.coordinator), make.MORNING
    role_grants.grant(cast.zhao_account.id, "coordinator", area_id=cast.community.id, by=by, at=at)
    row = backfill.backfill(entry(cast, cast.wang.id), by=by, at=AFTER)
    with pytest.raises(SecondPersonNeeded):
        backfill.approve_backfill(row.id, by=make.acting(cast.zhao_account), at=AFTER)
    told = backfill.why_not_approved(row, by=make.acting(cast.zhao_account), at=AFTER)
    assert "可以办理的人：钱伟。" in str(told)
    assert backfill.why_not_approved(row, by=make.acting(cast.second), at=AFTER) is None
    late = AFTER + 30 * DAY
    backfill.approve_backfill(row.id, by=make.acting(cast.zhao_account), at=late)
    assert row.state == "confirmed"


def entry(cast, volunteer_id: int) -> backfill.Backfill:
    return backfill.Backfill(
        team_id=cast.team.id,
        volunteer_id=volunteer_id,
        event_name="护学",
        place="东门",
        content="护送",
        starts_at=make.MORNING,
        ends_at=AFTER,
        minutes=60,
        leader_name="李梅",
        reason="断网",
    )


def test_nobody_enters_their_own_service(cast, li) -> None:
    with pytest.raises(OwnCase):
        backfill.backfill(entry(cast, li.id), by=make.acting(cast.li_mei), at=AFTER)
    assert db.session.scalars(select(ServiceRecord)).all() == []


def test_nobody_lifts_their_own_block_nor_takes_themself_in(cast, zhou, li) -> None:
    zhou.no_show_blocked_at = make.MORNING
    with pytest.raises(OwnCase):
        sign_ups.lift_block(zhou.id, "病了", by=make.acting(cast.coordinator), at=AFTER)
    assert zhou.no_show_blocked_at is not None
    asked = membership.join(cast.other_team.id, by=make.acting(cast.coordinator), at=AFTER)
    with pytest.raises(OwnCase):
        membership.accept(asked.id, by=make.acting(cast.coordinator), at=AFTER)
    assert asked.state == "asked"


@pytest.fixture
def kin(cast, zhou) -> dict[str, Volunteer]:
    """People to whom 周静 is tied, by what ties them."""
    child, parent, ward = (make.volunteer(name, team=cast.team) for name in ("子", "父", "女"))
    db.session.add(Guardian(volunteer_id=child.id, name="周静", phone=zhou.phone))
    db.session.add(Guardian(volunteer_id=zhou.id, name="父", phone=parent.phone))
    db.session.flush()
    return {
        "phone": make.volunteer("弟", team=cast.team, phone=zhou.phone),
        "ward": child,
        "guardian": parent,
        "sibling": ward,
    }


@pytest.mark.parametrize("tie", ["phone", "ward", "guardian"])
def test_nobody_decides_on_whom_a_phone_or_guardian_ties_them_to(cast, kin, tie) -> None:
    """An account whose role they gave a short while ago does not decide either."""
    system = Actor.system("cli")
    helper = make.account("helper", "帮手")
    role_grants.grant(
        helper.id,
        "coordinator",
        area_id=cast.community.id,
        by=make.acting(cast.coordinator),
        at=AFTER,
    )
    person = kin[tie]
    waiting = record(person, team=cast.team, state="waiting", waits_for="leader")
    said = complaints.complain(
        person.id, happened_on=make.MORNING.date(), words="迟到", by=system, at=make.MORNING
    )
    plan = replace(
        entry(cast, person.id), starts_at=make.MORNING - 3 * DAY, ends_at=AFTER - 3 * DAY
    )
    late = backfill.backfill(plan, by=system, at=AFTER)
    asked = adjustments.adjust(person.id, 90_000, "补", by=system, at=AFTER)
    acts = (
        lambda by: record_decisions.confirm([waiting.id], by=by, at=AFTER),
        lambda by: record_decisions.refuse(waiting.id, reason="未到", by=by, at=AFTER),
        lambda by: complaints.decide_complaint(said.id, upheld=False, by=by, at=AFTER + 9 * DAY),
        lambda by: backfill.approve_backfill(late.id, by=by, at=AFTER),
        lambda by: adjustments.decide_adjustment(asked.id, approve=True, by=by, at=AFTER),
        lambda by: adjustments.adjust(person.id, 100, "补", by=by, at=AFTER),
    )
    for account in (cast.coordinator, helper):
        by = make.acting(account)
        for act in acts:
            with pytest.raises(SecondPersonNeeded) as refused:
                act(by)
            assert "钱伟" in str(refused.value) or "另一位工作人员" in str(refused.value)
        assert "须由另一个人办理" in str(backfill.why_not_approved(late, by=by, at=AFTER))
        record_deciders.need_others(
            [record(kin["sibling"], team=cast.team)], Right.RECORD_CONFIRM, by, AFTER
        )
    assert (waiting.state, said.state, late.state, asked.state) == (
        "waiting",
        "open",
        "waiting",
        "waiting",
    )


def test_twenty_people_are_asked_about_at_the_price_of_two(app, cast) -> None:
    def asked(people: int) -> int:
        rows = [record(make.volunteer(f"志愿者{n}"), team=cast.team) for n in range(people)]
        db.session.flush()
        with statements.counted(app) as said:
            record_deciders.need_others(
                rows, Right.RECORD_CONFIRM, make.acting(cast.coordinator), AFTER
            )
        return len(said)

    assert asked(20) == asked(2) > 0

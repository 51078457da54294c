"""Staff name nobody whom they cannot find: each verb that takes a person's id is tried.

The person lives in one street; the staff are of another one. To them the person does not exist, and
nothing is written. A new verb that takes a person's id is neither tried nor listed, and fails.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests import make, make_points, verbs
from tests.make import MORNING, Cast
from tests.merging.test_every_verb import argument_names
from tests.test_own_case import cast
from volunteer_service.attendance import complaints
from volunteer_service.attendance.backfills import backfill, backfill_sheets
from volunteer_service.attendance.check_ins import check_in, check_in_undo, check_out_undo, walk_ins
from volunteer_service.certificates import service_record_papers
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.events import sign_ups
from volunteer_service.events.models import Event, SignUp
from volunteer_service.journal import Entry
from volunteer_service.people.authentication import (
    account_people,
    one_time_codes,
    phone_confirmation,
)
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.people.changes import person_changes, phone_passing
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.personal_data import personal_data, personal_data_export
from volunteer_service.people.registrations import (
    consents,
    departures,
    registration,
    reinstating,
)
from volunteer_service.scoring.points import adjustments
from volunteer_service.scoring.rewards import orders
from volunteer_service.teams import placing

__all__ = ["cast"]


class Elsewhere:
    """Staff of another street, with a team and a running event; and who is none of theirs."""

    def __init__(self, cast: Cast) -> None:
        self.person = make.volunteer("周晓", team=cast.team)
        street = make.area("塘桥街道")
        community = make.area("蓝村社区", parent=street, kind="community")
        self.team = make.team("蓝村社区志愿服务队", area=community)
        self.leader = make.account("far-leader", "马丽", role="leader", team=self.team)
        self.coordinator = make.account("far", "马俊", role="coordinator", area=street)
        self.desk = make.account("far-desk", "马华", role="desk", area=street)
        self.event: Event = make.event(team=self.team, leader=self.leader)
        self.gift = make_points.gift(cast)
        self.gift.area_id = street.id
        db.session.flush()

    @property
    def shift_id(self) -> int:
        return self.event.shifts[0].id

    def plan(self) -> backfill.Backfill:
        return backfill.Backfill(volunteer_id=self.person.id, team_id=self.team.id, **_SERVED)


_SERVED: dict[str, Any] = {
    "event_name": "清洁",
    "place": "公园",
    "content": "捡拾垃圾",
    "starts_at": MORNING,
    "ends_at": MORNING + timedelta(hours=1),
    "minutes": 60,
    "leader_name": "马丽",
    "reason": "纸质签到",
}
LATER = MORNING + timedelta(days=2)


def _sign_up(x: Elsewhere, by: Actor) -> object:
    return sign_ups.sign_up(x.shift_id, volunteer_id=x.person.id, by=by, at=MORNING)


def _tick(x: Elsewhere, by: Actor) -> object:
    return check_in.tick(
        x.event.id, volunteer_id=x.person.id, kind="in", scan_id=uuid4().hex, by=by, at=MORNING
    )


def _sheet(x: Elsewhere, by: Actor) -> object:
    sheet = backfill_sheets.Sheet(team_id=x.team.id, **_SERVED)
    return backfill_sheets.enter_sheet(sheet, [x.person.id], by=by, at=LATER)


def _complain(x: Elsewhere, by: Actor) -> object:
    day = MORNING.date()
    return complaints.complain(x.person.id, happened_on=day, words="迟到", by=by, at=LATER)


def _take_back(x: Elsewhere, by: Actor) -> object:
    return check_out_undo.take_back_check_out(
        x.event.id, volunteer_id=x.person.id, by=by, at=MORNING
    )


def _move(x: Elsewhere, by: Actor) -> object:
    return walk_ins.move(
        x.event.id, volunteer_id=x.person.id, shift_id=x.shift_id, by=by, at=MORNING
    )


def _certify(x: Elsewhere, by: Actor) -> object:
    day = MORNING.date()
    return service_record_papers.certify_service(x.person.id, day, day, by=by, at=MORNING)


def _order(x: Elsewhere, by: Actor) -> object:
    return orders.order(x.gift.id, 1, x.person.id, stars=0, by=by, at=MORNING)


def _order_at_counter(x: Elsewhere, by: Actor) -> object:
    return orders.order_at_counter(x.gift.id, 1, x.person.id, stars=0, by=by, at=MORNING)


def _household(x: Elsewhere, by: Actor) -> object:
    own = make.volunteer("马上")
    return household_declarations.declare_household(
        x.person.id, housemate=own.number, housemate_name="马上", by=by, at=MORNING
    )


def _tell_apart(x: Elsewhere, by: Actor) -> object:
    return account_people.tell_apart(x.leader.id, x.person.id, reason="另一个人", by=by, at=MORNING)


def _edit(x: Elsewhere, by: Actor) -> object:
    edit = PersonEdit(field="name", reason="登记错了", seen="", name="周小")
    return person_changes.change_person(x.person.id, edit, by=by, at=MORNING)


TRIED: dict[str, Callable[[Elsewhere, Actor], object]] = {
    "attendance.backfill": lambda x, by: backfill.backfill(x.plan(), by=by, at=LATER),
    "attendance.complain": _complain,
    "attendance.enter_sheet": _sheet,
    "attendance.move": _move,
    "attendance.take_back_check_in": lambda x, by: check_in_undo.take_back_check_in(
        x.event.id, volunteer_id=x.person.id, by=by, at=MORNING
    ),
    "attendance.take_back_check_out": _take_back,
    "attendance.tick": _tick,
    "certificates.certify_service": _certify,
    "events.lift_block": lambda x, by: sign_ups.lift_block(x.person.id, "是", by=by, at=MORNING),
    "events.sign_up": _sign_up,
    "people.change_person": _edit,
    "people.confirm_phone": lambda x, by: phone_confirmation.confirm_phone(
        x.person.id, by=by, at=MORNING
    ),
    "people.declare_household": _household,
    "people.disown": lambda x, by: registration.disown(x.person.id, by=by, at=MORNING),
    "people.end_card": lambda x, by: volunteer_cards.end_card(x.person.id, by=by, at=MORNING),
    "people.print_one": lambda x, by: volunteer_cards.print_one(
        x.person.id, print_key=uuid4().hex, by=by, at=MORNING
    ),
    "people.export_of": lambda x, by: personal_data_export.export_of(
        x.person.id, by=by, at=MORNING
    ),
    "people.give_consent": lambda x, by: consents.give_consent(
        x.person.id, "publish", reason="纸质同意书", by=by, at=MORNING
    ),
    "people.issue_code_to": lambda x, by: one_time_codes.issue_code_to(
        x.person.id, by=by, at=MORNING
    ),
    "people.pass_phone_on": lambda x, by: phone_passing.pass_phone_on(
        x.person.id, reason="换了机主", by=by, at=MORNING
    ),
    "people.reinstate": lambda x, by: reinstating.reinstate(
        x.person.id, reason="回来了", by=by, at=MORNING
    ),
    "people.reveal": lambda x, by: personal_data.reveal(
        x.person.id, "phone", "打电话核实", by=by, at=MORNING
    ),
    "people.settle": lambda x, by: registration.settle(
        x.person.id, x.team.area_id, by=by, at=MORNING
    ),
    "people.mark_departed": lambda x, by: departures.mark_departed(
        x.person.id, "moved", MORNING.date(), reason="搬走了", by=by, at=MORNING
    ),
    "people.take_back_departure": lambda x, by: departures.take_back_departure(
        x.person.id, reason="弄错了", by=by, at=MORNING
    ),
    "people.tell_apart": _tell_apart,
    "people.withdraw_consent": lambda x, by: consents.withdraw_consent(
        x.person.id, "publish", reason="本人要求", by=by, at=MORNING
    ),
    "scoring.points.adjust": lambda x, by: adjustments.adjust(
        x.person.id, 100, "补", by=by, at=MORNING
    ),
    "scoring.rewards.order": _order,
    "scoring.rewards.order_at_counter": _order_at_counter,
    "teams.place": lambda x, by: placing.place(x.team.id, [x.person.id], by=by, at=MORNING),
}
_NAMES = {"volunteer_id", "volunteer_ids"}
#: Verbs that take a person's id and are tried elsewhere, or are a part of one that is tried.
LISTED = {
    "events.came_after_all": "of a record that was entered by a verb which asked",
    "teams.print_cards": "of the team's members only, whoever else is named",
    "events.need_known": "the guard itself",
    "events.place": "of a sign-up, a scan or a tick that asked the guard",
    "people.changes_of": "reads; tests/people/test_person_changes.py",
    "people.first_conflict": "a guard",
    "people.need_other": "a guard",
    "people.need_to_change_alone": "a guard",
    "people.reasons": "a guard",
    "scoring.ratings.supplement": "of the round's area only; tests/scoring/ratings",
}


def test_every_verb_that_takes_a_person_is_tried_or_listed() -> None:
    found = {name for name, verb in verbs.verbs().items() if argument_names(verb) & _NAMES}
    assert found - TRIED.keys() - LISTED.keys() == set(), "new verbs"
    assert TRIED.keys() | LISTED.keys() == found, "verbs that are no more"


def _written() -> int:
    return db.session.scalar(select(func.count()).select_from(Entry)) or 0


@pytest.mark.parametrize("role", ["leader", "coordinator", "desk"])
@pytest.mark.parametrize("name", TRIED)
def test_who_is_unknown_to_staff_is_nobody(cast: Cast, name: str, role: str) -> None:
    there = Elsewhere(cast)
    by, before = make.acting(getattr(there, role)), _written()
    with pytest.raises((NotFound, NotAllowed)):
        TRIED[name](there, by)
    assert _written() == before


@pytest.mark.parametrize("act", [_sign_up, _tick])
def test_a_stranger_signs_up_themself_and_is_known_from_then_on(
    cast: Cast, act: Callable[[Elsewhere, Actor], object]
) -> None:
    there = Elsewhere(cast)
    own = make.acting(make.account("zhou", "周晓", volunteer=there.person))
    row = sign_ups.sign_up(there.shift_id, by=own, at=MORNING - timedelta(days=1))
    assert (row.volunteer_id, row.state) == (there.person.id, "confirmed")
    if act is _sign_up:
        sign_ups.withdraw(row.id, by=own, at=MORNING - timedelta(days=1))
    act(there, make.acting(there.leader))
    db.session.expire_all()
    assert db.session.get_one(SignUp, row.id).state == "confirmed"


@pytest.mark.parametrize("name", ["attendance.backfill", "attendance.enter_sheet"])
def test_a_member_who_lives_elsewhere_is_known(cast: Cast, name: str) -> None:
    there = Elsewhere(cast)
    there.person = make.volunteer("周到", team=there.team)
    there.person.area_id = cast.community.id
    assert TRIED[name](there, make.acting(there.leader))


def test_whose_card_is_shown_is_known_for_that_act_alone(cast: Cast) -> None:
    there = Elsewhere(cast)
    by, card = make.acting(there.leader), there.person.id
    with pytest.raises(NotFound):
        backfill.backfill(there.plan(), numbered=cast.wang.id, by=by, at=LATER)
    assert backfill.backfill(there.plan(), numbered=card, by=by, at=LATER).volunteer_id == card
    with pytest.raises(NotFound):
        _sign_up(there, by)

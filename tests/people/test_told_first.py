"""The person who began an act is told a second person's decision, staff without a volunteer too."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests import make, make_points, make_ratings, verbs
from tests.make import MORNING, Cast, acting
from tests.make_attendance import record
from tests.make_points import FRIDAY
from tests.make_ratings import AFTER_NOTICE, JULY, result, round_at
from tests.people.told_of_mergings import merging, merging_undone
from tests.people.told_of_ratings import policy, signed_off
from tests.reaching import reaching
from tests.workbooks import log, town
from tests.workbooks.town import NOON
from volunteer_service.attendance import complaints
from volunteer_service.attendance.backfills import backfill, backfill_sheets
from volunteer_service.attendance.records import corrections, record_decisions
from volunteer_service.db import db
from volunteer_service.people.authentication import account_people, accounts, watchers
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.conflicts import SecondPersonNeeded
from volunteer_service.people.changes import person_changes, person_values
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import Account, Grant, Message
from volunteer_service.scoring.points import adjustments
from volunteer_service.scoring.ratings import objections, round_steps
from volunteer_service.scoring.rewards import gifts, orders
from volunteer_service.teams import role_grants
from volunteer_service.workbooks import applying, approval
from volunteer_service.workbooks.taking_back import undo_approval, undoing

DAY = timedelta(days=1)
Told = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


def told(account: Account) -> Told:
    """What the account was told, itself or the volunteer behind it; kinds of a decision only."""
    query = select(Message).where(
        (Message.account_id == account.id) | (Message.volunteer_id == account.volunteer_id)
        if account.volunteer_id
        else Message.account_id == account.id
    )
    return [(row.kind, row.facts) for row in db.session.scalars(query.order_by(Message.id))]


def a_sheet(cast: Cast, *people: make.Volunteer) -> str:
    plan = backfill_sheets.Sheet(
        team_id=cast.team.id,
        event_name="护学",
        place="东门",
        content="护送",
        starts_at=MORNING - 20 * DAY,
        ends_at=MORNING - 20 * DAY + timedelta(hours=2),
        minutes=120,
        leader_name="李梅",
        reason="断网",
    )
    ids = [person.id for person in people]
    rows = backfill_sheets.enter_sheet(plan, ids, by=acting(cast.coordinator), at=MORNING)
    return backfill_sheets.sheet_of(rows[0]) or ""


def on(cast: Cast, key: str) -> list[int]:
    return [row.id for row in backfill_sheets.on_sheet(key, by=acting(cast.coordinator))]


def _adjustment(cast: Cast, approve: bool) -> Told:
    row = adjustments.adjust(cast.wang.id, 90_000, "补", by=acting(cast.coordinator), at=MORNING)
    adjustments.decide_adjustment(row.id, approve=approve, by=acting(cast.second), at=MORNING)
    outcome = "done" if approve else "refused"
    facts = {"member": cast.wang.id, "points": 90_000, "outcome": outcome}
    return [("adjustment_answered", facts)]


def _correction(cast: Cast, approve: bool) -> Told:
    held = record(cast.wang, team=cast.team, minutes=240)
    first, second = acting(cast.coordinator), acting(cast.second)
    row = corrections.correct(held.id, minutes=0, reason="没来", by=first, at=MORNING + DAY)
    decide = corrections.decide_correction
    decide(row.id, approve=approve, answer="核对过", by=second, at=MORNING + DAY)
    outcome = "done" if approve else "refused"
    facts = {"record": held.id, "day": "2026-05-16", "outcome": outcome}
    return [("correction_answered", facts)]


def _backfill(cast: Cast, outcome: str) -> Told:
    row = on(cast, a_sheet(cast, cast.wang))[0]
    if outcome == "confirmed":
        backfill.approve_backfill(row, by=acting(cast.second), at=MORNING)
    else:
        record_decisions.refuse(row, reason="没来", by=acting(cast.second), at=MORNING)
    facts = {"record": row, "day": "2026-04-26", "records": 1, "outcome": outcome}
    return [("backfill_answered", facts)]


def _sheet(cast: Cast) -> Told:
    key = a_sheet(cast, cast.wang, cast.zhao)
    backfill_sheets.approve_sheet(key, by=acting(cast.second), at=MORNING)
    facts = {"record": on(cast, key)[0], "day": "2026-04-26", "records": 2}
    return [("backfill_answered", facts | {"outcome": "confirmed"})]


def _complaint(cast: Cast) -> Told:
    day, first = MORNING.date(), acting(cast.coordinator)
    row = complaints.complain(cast.wang.id, happened_on=day, words="迟到", by=first, at=MORNING)
    later, second = MORNING + 9 * DAY, acting(cast.second)
    complaints.decide_complaint(row.id, upheld=False, by=second, at=later)
    facts = {"person": cast.wang.id, "day": "2026-05-16", "outcome": "dismissed"}
    return [("complaint_answered", facts)]


def _objection(cast: Cast) -> Told:
    make_ratings.record(cast.wang, cast.team)
    row = round_at("notice", cast)
    first = acting(cast.coordinator)
    said = objections.object_to(result(row, cast.wang).id, "少算了", by=first, at=JULY)
    decide = objections.decide_objection
    decide(said.id, upheld=False, answer="已核对", by=acting(cast.second), at=JULY)
    about = {"round": row.id, "half_year": "2026H1", "outcome": "dismissed"}
    return [("objection_answered", about)]


def _taken_back(cast: Cast) -> Told:
    make_ratings.record(cast.wang, cast.team)
    row = round_at("notice", cast)
    first, own = acting(cast.coordinator), acting(cast.wang_account)
    said = objections.object_to(result(row, cast.wang).id, "少算了", by=own, at=JULY)
    objections.decide_objection(said.id, upheld=False, answer="已核对", by=first, at=JULY)
    objections.withdraw_decision(said.id, reason="错", by=acting(cast.second), at=JULY)
    return [("answer_taken_back", {"round": row.id, "half_year": "2026H1"})]


def _hand_over(cast: Cast) -> Told:
    make_points.earned(cast.wang)
    gift, first = make_points.gift(cast), acting(cast.coordinator)
    own = acting(cast.wang_account)
    row, _code = orders.order(gift.id, 1, cast.wang.id, stars=0, by=own, at=FRIDAY)
    cast.coordinator.grants[0].role = "admin"
    orders.hand_over(row.id, by=acting(cast.coordinator), at=FRIDAY)
    assert first.account_id == row.ended_by_id
    orders.return_same_day(row.id, "错", by=acting(cast.second), at=FRIDAY)
    return [("your_hand_over_undone", {"order": row.id})]


def _gift(cast: Cast, outcome: bool) -> Told:
    first, second = acting(cast.coordinator), acting(cast.second)
    fields = {"name": "保温杯", "minimum_stars": 0, "state": "offered", "at": FRIDAY}
    gift = gifts.add_gift(cast.town.id, "保温杯", price_centi=300, by=first, at=FRIDAY)
    gifts.edit_gift(gift.id, 1, price_centi=400, by=first, **fields)
    gifts.edit_gift(gift.id, 2, price_centi=400 + outcome, by=second, **fields)
    if not outcome:
        # Once confirmed, who saves it again confirms nothing of the first one's.
        gifts.edit_gift(gift.id, 3, price_centi=400, by=acting(cast.admin), **fields)
    return [("your_gift_saved", {"gift": gift.id, "name": "保温杯", "outcome": outcome})]


def _asked(cast: Cast, folder: Path) -> int:
    path = folder / "log.xlsx"
    log.written(path, log.lines(cast.wang, cast.team, 101))
    first = acting(cast.coordinator)
    row = town.previewed([path], first, area_id=cast.town.id)
    return approval.ask(row.id, by=first, at=NOON).id


def _import(cast: Cast, folder: Path, outcome: str) -> Told:
    number, second = _asked(cast, folder), acting(cast.second)
    if outcome == "applied":
        applying.apply(number, by=second, at=NOON)
    else:
        approval.refuse(number, "日子不对", by=second, at=NOON)
    return [("import_answered", {"import": number, "outcome": outcome})]


def _undone(cast: Cast, folder: Path, outcome: str) -> Told:
    number, second = _asked(cast, folder), acting(cast.second)
    applying.apply(number, by=second, at=NOON)
    undo_approval.ask_undo(number, "交错了文件", by=acting(cast.coordinator), at=NOON)
    if outcome == "done":
        undoing.undo(number, by=second, at=NOON)
    else:
        undo_approval.refuse_undo(number, "文件没错", by=second, at=NOON)
    answered = ("import_answered", {"import": number, "outcome": "applied"})
    return [answered, ("import_undo_answered", {"import": number, "outcome": outcome})]


def _undone_alone(cast: Cast, folder: Path) -> Told:
    path = log.written(folder / "log.xlsx", log.lines(cast.wang, cast.team, 3))
    first, second = acting(cast.coordinator), acting(cast.second)
    number = town.previewed([path], first, area_id=cast.town.id).id
    applying.apply(number, by=first, at=NOON)
    undoing.undo(number, by=second, at=NOON)
    done = ("import_done", {"import": number, "records": 3})
    return [done, ("your_import_undone", {"import": number})]


def _granted(cast: Cast) -> Told:
    by = acting(cast.admin)
    held = role_grants.grant(cast.coordinator.id, "desk", area_id=cast.town.id, by=by, at=MORNING)
    role_grants.revoke_grant(held.id, by=by, at=MORNING)
    facts = {"role": "desk", "place": "市西街道"}
    return [("role_granted", facts), ("role_revoked", facts)]


def _change(cast: Cast, outcome: str) -> Told:
    seen = person_values.mark(cast.wang, "name")
    edit = PersonEdit("name", "写错了", seen, name="王建军")
    first, second = acting(cast.coordinator), acting(cast.second)
    row = person_changes.change_person(cast.wang.id, edit, by=first, at=MORNING)
    is_done = outcome == "done"
    person_changes.decide_change(row.id, approve=is_done, answer="看过", by=second, at=MORNING)
    return [("your_change_decided", {"change": row.id, "field": "name", "outcome": outcome})]


def _unlinked(cast: Cast) -> Told:
    """周静 is an admin here: two of them end the link of the desk's account."""
    cast.coordinator.grants[0].role = "admin"
    db.session.flush()
    first = acting(cast.coordinator)
    person = make.volunteer("孙丽", team=cast.team)
    account_people.link(cast.desk.id, person.number, reason="看过证件", by=first, at=MORNING)
    account_people.ask_unlink(cast.desk.id, reason="认错了人", by=first, at=MORNING)
    account_people.decide_unlink(cast.desk.id, approve=True, by=acting(cast.admin), at=MORNING)
    facts = {"account": cast.desk.id, "login": cast.desk.login, "outcome": "done"}
    return [("unlink_answered", facts)]


def _household(cast: Cast, is_true: bool) -> Told:
    """周静 says that 钱伟 lives with 王建国, and 王建国 answers."""
    other = make.volunteer("钱伟", team=cast.team)
    cast.second.volunteer_id = other.id
    db.session.flush()
    tie = household_declarations.declare_household(
        cast.wang.id,
        housemate=other.number,
        housemate_name=other.name,
        by=acting(cast.coordinator),
        at=MORNING,
    )
    name = "confirm_household" if is_true else "deny_household"
    answer = getattr(household_declarations, name)
    answer(tie.id, by=acting(cast.wang_account), at=MORNING)
    return [("household_answered", {"outcome": "upheld" if is_true else "dismissed"})]


def _second_admin(cast: Cast) -> Told:
    """周静 is an admin too, and asks that the auditor be disabled."""
    db.session.add(Grant(account_id=cast.coordinator.id, role="admin", area_id=cast.town.id))
    db.session.flush()
    watchers.ask_second_admin(
        cast.auditor.id, "disable", reason="核查", by=acting(cast.coordinator), at=MORNING
    )
    accounts.disable(cast.auditor.id, by=acting(cast.admin), at=MORNING)
    return [("watcher_answered", {})]


#: Verbs that a second person does, each for one that 周静 began (or that is about her account).
DONE: dict[str, list[Callable[[Cast, Path], Told]]] = {
    "attendance.approve_backfill": [lambda cast, _path: _backfill(cast, "confirmed")],
    "attendance.refuse": [lambda cast, _path: _backfill(cast, "refused")],
    "attendance.approve_sheet": [lambda cast, _path: _sheet(cast)],
    "attendance.decide_correction": [
        lambda cast, _path: _correction(cast, True),
        lambda cast, _path: _correction(cast, False),
    ],
    "merging.decide_merging": [
        lambda cast, _path: merging(cast, True),
        lambda cast, _path: merging(cast, False),
    ],
    "merging.undo_merging": [lambda cast, _path: merging_undone(cast, True)],
    "merging.refuse_undo": [lambda cast, _path: merging_undone(cast, False)],
    "people.confirm_household": [lambda cast, _path: _household(cast, True)],
    "people.deny_household": [lambda cast, _path: _household(cast, False)],
    "people.disable": [lambda cast, _path: _second_admin(cast)],
    "attendance.decide_complaint": [lambda cast, _path: _complaint(cast)],
    "people.decide_change": [
        lambda cast, _path: _change(cast, "done"),
        lambda cast, _path: _change(cast, "refused"),
    ],
    "people.decide_unlink": [lambda cast, _path: _unlinked(cast)],
    "scoring.points.decide_adjustment": [
        lambda cast, _path: _adjustment(cast, True),
        lambda cast, _path: _adjustment(cast, False),
    ],
    "scoring.ratings.decide_objection": [lambda cast, _path: _objection(cast)],
    "scoring.ratings.withdraw_decision": [lambda cast, _path: _taken_back(cast)],
    "scoring.ratings.activate_policy": [lambda cast, _path: policy(cast, "done")],
    "scoring.ratings.refuse_policy": [lambda cast, _path: policy(cast, "refused")],
    "scoring.ratings.sign_off": [lambda cast, _path: signed_off(cast)],
    "scoring.rewards.return_same_day": [lambda cast, _path: _hand_over(cast)],
    "scoring.rewards.edit_gift": [
        lambda cast, _path: _gift(cast, True),
        lambda cast, _path: _gift(cast, False),
    ],
    "teams.grant": [lambda cast, _path: _granted(cast)],
    "workbooks.apply": [lambda cast, path: _import(cast, path, "applied")],
    "workbooks.refuse": [lambda cast, path: _import(cast, path, "refused")],
    "workbooks.refuse_undo": [lambda cast, path: _undone(cast, path, "refused")],
    "workbooks.undo": [lambda cast, path: _undone(cast, path, "done"), _undone_alone],
}
_READS = "says who may, and changes nothing"
_WATCHERS = "as disable: watchers.need_asked tells who asked, tests/people/test_watchers.py"
#: Verbs that ask for a second person and tell nobody, and why.
UNTOLD = {
    "attendance.decide_anomaly": "the first confirmed a record, which stands until it is corrected",
    "merging.merge": _WATCHERS,
    "merging.merge_teams": "one decides alone; a deputy's role passes teams.grant",
    "merging.undo_team_merging": "one decides alone; a deputy's role passes teams.revoke_grant",
    "merging.standing": _READS,
    "attendance.decide_dispute": "the volunteer began the dispute, and is told; who entered the"
    " record only keeps out of it",
    "attendance.why_not_decide": _READS,
    "people.change": _READS,
    "people.change_person": _WATCHERS,
    "people.confirm_phone": _WATCHERS,
    "people.pass_phone_on": _WATCHERS,
    "people.declare_household": "as confirm_household, which it calls",
    "people.disown": _WATCHERS,
    "people.enable": _WATCHERS,
    "people.take_off_factor": _WATCHERS,
    "people.issue_code": _WATCHERS,
    "people.issue_code_to": _WATCHERS,
    "people.need_asked": _WATCHERS,
    "people.need_two_to_grant": _WATCHERS,
    "people.need_to_change_alone": _WATCHERS,
    "people.open_staff": "a new account, which watches nobody",
    "people.mark_departed": _WATCHERS,
    "people.take_back_departure": _WATCHERS,
    "people.reinstate": _WATCHERS,
    "people.withdraw_consent": _WATCHERS,
    "scoring.ratings.propose_policy": "begins it; the answer tells",
    "scoring.ratings.why_not_sign": _READS,
    "teams.name_lead": "as grant, which it calls",
    "teams.revoke_grant": _WATCHERS,
    "workbooks.approve": "begins it; bringing it in tells",
    "workbooks.detail": _READS,
    "workbooks.standing": _READS,
    "workbooks.import_now": "the operator's, who asks nobody",
}


@pytest.mark.parametrize(
    "done", [each for cases in DONE.values() for each in cases], ids=lambda _each: ""
)
def test_who_began_it_is_told(cast: Cast, tmp_path: Path, done: Callable[..., Told]) -> None:
    expected = done(cast, tmp_path)
    assert told(cast.coordinator) == expected
    # Who decided knows it, and so does the operator.
    kinds = {kind for kind, _facts in expected}
    assert not kinds & {kind for kind, _facts in told(cast.second)}


def test_every_verb_that_asks_for_a_second_person_tells_the_first() -> None:
    conflicts = "volunteer_service.people.authorization.conflicts"
    asks = reaching((conflicts, "need_second"))
    found = {
        name for name, verb in verbs.verbs().items() if (verb.__module__, verb.__name__) in asks
    }
    assert found - DONE.keys() - UNTOLD.keys() == set(), "new verbs"
    assert UNTOLD.keys() - found == set(), "verbs that are no more"
    assert "scoring.points.decide_adjustment" in found


def test_taking_back_what_one_asked_for_tells_nobody(cast: Cast) -> None:
    by = acting(cast.coordinator)
    row = adjustments.adjust(cast.wang.id, 90_000, "补", by=by, at=MORNING)
    adjustments.decide_adjustment(row.id, approve=False, by=by, at=MORNING)
    assert told(cast.coordinator) == []


def test_what_is_refused_tells_nobody(cast: Cast) -> None:
    by = acting(cast.coordinator)
    row = adjustments.adjust(cast.wang.id, 90_000, "补", by=by, at=MORNING)
    with pytest.raises(SecondPersonNeeded):
        adjustments.decide_adjustment(row.id, approve=True, by=by, at=MORNING)
    assert told(cast.coordinator) == []


def test_who_objected_for_themself_is_told_once(cast: Cast) -> None:
    make_ratings.record(cast.wang, cast.team)
    row = round_at("notice", cast)
    own = acting(cast.wang_account)
    said = objections.object_to(result(row, cast.wang).id, "少算了", by=own, at=JULY)
    decide = objections.decide_objection
    decide(said.id, upheld=False, answer="已核对", by=acting(cast.second), at=JULY)
    assert [kind for kind, _facts in told(cast.wang_account)].count("objection_answered") == 0
    round_steps.close_notice(row.id, by=acting(cast.coordinator), at=AFTER_NOTICE)

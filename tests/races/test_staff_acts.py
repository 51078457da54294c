"""The same act of staff six times at once is one act: nothing doubles, and nobody sees a fault."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.make import MORNING, acting
from tests.make_attendance import record
from tests.racing import at_once, verb
from volunteer_service.areas import desk_contacts
from volunteer_service.attendance.backfills import backfill_sheets, sheet_papers
from volunteer_service.attendance.models import Correction, ServiceRecord, SheetPaper
from volunteer_service.attendance.records import corrections
from volunteer_service.db import Base, db, transaction
from volunteer_service.journal import Entry
from volunteer_service.merging import steps
from volunteer_service.paper.uploaded_pages import Page
from volunteer_service.people.authentication import accounts, one_time_codes, watchers
from volunteer_service.people.authentication.watcher_requests import WatcherRequest
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import person_changes, person_values, phone_passing
from volunteer_service.people.changes.change_models import Merging, PersonChange, RegistrationCheck
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import Grant, HouseholdTie, SignInCode, Volunteer
from volunteer_service.people.registrations import registration_checks
from volunteer_service.teams import role_grants

TIMES = 6
DAY = timedelta(days=1)
Act = Callable[[], Any]


class Town:
    """Ids and actors of the cast, with what the acts are about."""

    def __init__(self) -> None:
        cast = make.cast()
        self.team, self.area = cast.team.id, cast.town.id
        self.wang, self.zhao, self.wang_number = cast.wang.id, cast.zhao.id, cast.wang.number
        self.leader, self.coordinator = acting(cast.li_mei), acting(cast.coordinator)
        self.second, self.admin = acting(cast.second), acting(cast.admin)
        self.wang_self = acting(cast.wang_account)
        self.auditor = cast.auditor.id
        self.other_admin = acting(make.account("other", "林全", role="admin", area=cast.town))
        phone = "17055508888"
        self.kept = make.volunteer("陈双", team=cast.team, phone=phone).id
        self.merged = make.volunteer("陈双", team=cast.team, phone=phone).id
        self.holders = [
            make.volunteer(name, team=cast.team, phone="17055507777").id
            for name in ("周一", "吴二")
        ]
        self.record = record(cast.wang, team=cast.team, minutes=120).id
        row = db.session.get_one(ServiceRecord, self.record)
        self.times = row.starts_at, row.starts_at + timedelta(minutes=90)
        registration_checks.ask(cast.zhao, "newcomer", by=self.leader, at=MORNING)
        self.check = db.session.scalars(select(RegistrationCheck.id)).one()
        self.seen = {
            field: person_values.mark(cast.wang, field) for field in ("name", "sex", "phone")
        }
        self.ask = watchers.ask_second_admin(
            self.auditor, "code", reason="核查", by=self.admin, at=MORNING
        ).id
        for asked_for in ("disable", "role"):
            watchers.ask_second_admin(
                self.auditor, asked_for, reason="核查", by=self.admin, at=MORNING
            )
        self.role, self.led = (
            db.session.scalars(select(Grant.id).where(Grant.account_id == each)).one()
            for each in (self.auditor, cast.li_mei.id)
        )
        seen = person_values.mark(cast.zhao, "name")
        asked = PersonEdit("name", "身份证", seen, name="赵方")
        self.change = person_changes.change_person(
            self.zhao, asked, by=self.coordinator, at=MORNING
        ).id
        self.waiting = steps.merge(
            make.volunteer("郑一", team=cast.team).id,
            make.volunteer("郑二", team=cast.team).id,
            reason="登记了两次",
            by=self.coordinator,
            at=MORNING,
        ).id
        self.tie = household_declarations.declare_household(
            self.zhao,
            housemate=cast.wang.number,
            housemate_name=cast.wang.name,
            by=acting(cast.zhao_account),
            at=MORNING,
        ).id

    def edit(self, field: str, **fields: Any) -> PersonEdit:
        return PersonEdit(field, "身份证", self.seen[field], **fields)

    def sheet(self) -> backfill_sheets.Sheet:
        begins = MORNING - 20 * DAY
        return backfill_sheets.Sheet(
            team_id=self.team,
            event_name="护学",
            place="东门",
            content="护送",
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
            minutes=120,
            leader_name="李梅",
            reason="断网",
        )


KEY = "0123456789abcdef" * 2
PAGES = [Page(b"\xff\xd8 one \xff\xd9", 800, 600), Page(b"\xff\xd8 two \xff\xd9", 800, 600)]

#: Each act, the rows that it may add, and how many of them, whoever of the six comes first.
ACTS: dict[str, tuple[Callable[[Town], object], type[Base], int]] = {
    "change_person waits": (
        lambda it: person_changes.change_person(
            it.wang, it.edit("name", name="王新"), by=it.coordinator, at=MORNING
        ),
        PersonChange,
        1,
    ),
    "change_person at once": (
        lambda it: person_changes.change_person(
            it.wang, it.edit("sex", sex="m"), by=it.coordinator, at=MORNING
        ),
        PersonChange,
        1,
    ),
    "decide_change": (
        lambda it: person_changes.decide_change(it.change, approve=True, by=it.second, at=MORNING),
        PersonChange,
        0,
    ),
    "pass_phone_on": (
        lambda it: phone_passing.pass_phone_on(
            it.holders[0], reason="换了机主", by=it.coordinator, at=MORNING
        ),
        PersonChange,
        1,
    ),
    "merge": (
        lambda it: steps.merge(
            it.kept, it.merged, reason="登记了两次", by=it.coordinator, at=MORNING
        ),
        Merging,
        1,
    ),
    "merge crosswise": (lambda it: _either(it), Merging, 1),
    "decide_merging": (
        lambda it: steps.decide_merging(it.waiting, approve=True, by=it.second, at=MORNING),
        Merging,
        0,
    ),
    "answer_check": (
        lambda it: registration_checks.answer_check(it.check, by=it.coordinator, at=MORNING),
        RegistrationCheck,
        0,
    ),
    "ask_second_admin": (
        lambda it: watchers.ask_second_admin(
            it.auditor, "registration", reason="核查", by=it.admin, at=MORNING
        ),
        WatcherRequest,
        1,
    ),
    "withdraw_ask": (
        lambda it: watchers.withdraw_ask(it.ask, by=it.admin, at=MORNING),
        WatcherRequest,
        0,
    ),
    "disable by two": (
        lambda it: accounts.disable(it.auditor, by=it.other_admin, at=MORNING),
        WatcherRequest,
        0,
    ),
    "revoke_grant": (
        lambda it: role_grants.revoke_grant(it.led, by=it.admin, at=MORNING),
        Grant,
        -1,
    ),
    "revoke_grant by two": (
        lambda it: role_grants.revoke_grant(it.role, by=it.other_admin, at=MORNING),
        Grant,
        -1,
    ),
    "issue_code by two": (
        lambda it: one_time_codes.issue_code(it.auditor, by=it.other_admin, at=MORNING),
        SignInCode,
        1,
    ),
    "declare_household": (
        lambda it: household_declarations.declare_household(
            it.kept,
            housemate=it.wang_number,
            housemate_name="王建国",
            by=it.coordinator,
            at=MORNING,
        ),
        HouseholdTie,
        1,
    ),
    "confirm_household": (
        lambda it: household_declarations.confirm_household(it.tie, by=it.wang_self, at=MORNING),
        HouseholdTie,
        0,
    ),
    "deny_household": (
        lambda it: household_declarations.deny_household(it.tie, by=it.wang_self, at=MORNING),
        HouseholdTie,
        0,
    ),
    "correct_times": (
        lambda it: corrections.correct_times(
            it.record,
            starts_at=it.times[0],
            ends_at=it.times[1],
            reason="走得早",
            by=it.coordinator,
            at=MORNING + DAY,
        ),
        Correction,
        1,
    ),
    "set_contact": (
        lambda it: desk_contacts.set_contact(
            it.area, desk_contacts.Contact("花园路 1 号"), by=it.coordinator, at=MORNING
        ),
        Entry,
        1,
    ),
    "enter_sheet": (
        lambda it: backfill_sheets.enter_sheet(
            it.sheet(), [it.wang, it.zhao], by=it.leader, at=MORNING
        ),
        ServiceRecord,
        2,
    ),
    "keep_aside": (
        lambda it: sheet_papers.keep_aside(KEY, PAGES, by=it.leader, at=MORNING),
        SheetPaper,
        2,
    ),
}

#: Entries in the journal of an act done once, where there is not one.
ENTRIES = {
    "pass_phone_on": 2,
    "enter_sheet": 3,
    "disable by two": 2,
    "revoke_grant by two": 2,
    "issue_code by two": 2,
    "keep_aside": 0,
}


def _either(it: Town) -> Merging:
    """Of the two entries whichever a caller thinks is the second one."""
    crosswise = next(_turns) % 2
    kept, merged = (it.merged, it.kept) if crosswise else (it.kept, it.merged)
    return steps.merge(kept, merged, reason="登记了两次", by=it.coordinator, at=MORNING)


_turns = iter(range(10_000))


@pytest.mark.parametrize("name", ACTS)
def test_six_at_once_are_one(app: Flask, name: str) -> None:
    act, table, more = ACTS[name]
    with app.app_context(), transaction():
        it = Town()
        before, written = _count(table), _count(Entry)

    def told(by: Actor = it.coordinator) -> object:
        act(it)
        return 0

    said = Counter(at_once([verb(app, told) for _n in range(TIMES)]))
    with app.app_context(), transaction(write=False):
        assert (_count(table) - before, said[0] > 0) == (more, True), said
        assert _count(Entry) - written == ENTRIES.get(name, 1), said
        assert _faults() == []


def _count(table: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _faults() -> list[str]:
    """What would be wrong whatever was done: a merged entry in a team, two waiting of one kind."""
    merged = select(Volunteer.number).where(
        Volunteer.merged_into_id.is_not(None), Volunteer.state == "active"
    )
    twice = (
        select(PersonChange.field)
        .where(PersonChange.state == "waiting")
        .group_by(PersonChange.volunteer_id, PersonChange.field)
        .having(func.count() > 1)
    )
    return [*db.session.scalars(merged), *db.session.scalars(twice)]

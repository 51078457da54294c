"""Every verb that takes a volunteer refuses a merged entry and names the one to use.

Found by looking into the packages: a new verb that is neither tried here nor listed fails.
"""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_type_hints
from uuid import uuid4

import pytest

from tests import make, make_points, make_ratings, verbs
from tests.make import MORNING, Cast, acting
from tests.make_merging import DAY, merge
from tests.make_points import FRIDAY
from volunteer_service.attendance import complaints
from volunteer_service.attendance.backfills import backfill, backfill_sheets
from volunteer_service.attendance.check_ins import check_in, check_in_undo, check_out_undo, walk_ins
from volunteer_service.certificates import service_record_papers
from volunteer_service.db import fetch
from volunteer_service.errors import NotFound
from volunteer_service.events import sign_ups
from volunteer_service.events.models import Event
from volunteer_service.merging import steps
from volunteer_service.people.authentication import (
    account_people,
    accounts,
    one_time_codes,
    phone_confirmation,
)
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.people.changes import person_changes, phone_passing
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.merged_entries import EntryMerged
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registrations import consents, departures, registration, reinstating
from volunteer_service.scoring.points import adjustments
from volunteer_service.scoring.ratings import supplements
from volunteer_service.scoring.rewards import orders
from volunteer_service.teams import placing, role_grants


class Merged:
    """An entry that was merged into another, its account, and an admin who tries to use it."""

    def __init__(self, cast: Cast, kept: Volunteer, other: Volunteer) -> None:
        self.cast, self.kept, self.id, self.number = cast, kept, other.id, other.number
        self.account: Account = make.account("old", "张伟", volunteer=other)
        self.by: Actor = acting(cast.admin)
        self.gift_id = make_points.gift(cast).id
        self.event: Event = make.event(team=cast.team, leader=cast.li_mei)
        merge(cast, kept, other)

    @property
    def shift_id(self) -> int:
        return self.event.shifts[0].id

    def staff(self) -> Account:
        """A staff account of which it is not known whose it is."""
        return make.account("staff", "赵丽", role="desk", area=self.cast.town)

    def final_round(self) -> int:
        make_ratings.record(self.kept, self.cast.team)
        return make_ratings.round_at("final", self.cast).id

    def plan(self) -> backfill.Backfill:
        return backfill.Backfill(volunteer_id=self.id, **vars(self.sheet()))

    def sheet(self) -> backfill_sheets.Sheet:
        begins = MORNING - 20 * DAY
        return backfill_sheets.Sheet(
            team_id=self.cast.team.id,
            event_name="护学",
            place="东门",
            content="护送",
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
            minutes=120,
            leader_name="李梅",
            reason="断网",
        )


#: What an admin tries with the merged entry.
REFUSES: dict[str, Callable[[Merged], object]] = {
    "attendance.backfill": lambda it: backfill.backfill(it.plan(), by=it.by, at=FRIDAY),
    "attendance.complain": lambda it: complaints.complain(
        it.id, happened_on=MORNING.date(), words="迟到", by=it.by, at=FRIDAY
    ),
    "attendance.enter_sheet": lambda it: backfill_sheets.enter_sheet(
        it.sheet(), [it.kept.id, it.id], by=it.by, at=FRIDAY
    ),
    "attendance.move": lambda it: walk_ins.move(
        it.event.id, volunteer_id=it.id, shift_id=it.shift_id, by=it.by, at=MORNING
    ),
    "attendance.take_back_check_in": lambda it: check_in_undo.take_back_check_in(
        it.event.id, volunteer_id=it.id, by=it.by, at=MORNING
    ),
    "attendance.take_back_check_out": lambda it: check_out_undo.take_back_check_out(
        it.event.id, volunteer_id=it.id, by=it.by, at=MORNING
    ),
    "attendance.tick": lambda it: check_in.tick(
        it.event.id, volunteer_id=it.id, kind="out", scan_id=uuid4().hex, by=it.by, at=MORNING
    ),
    "certificates.certify_service": lambda it: service_record_papers.certify_service(
        it.id, MORNING.date(), FRIDAY.date(), by=it.by, at=FRIDAY
    ),
    "events.lift_block": lambda it: sign_ups.lift_block(it.id, "病了", by=it.by, at=FRIDAY),
    "events.place": lambda it: sign_ups.place(
        it.event.shifts[0], it.id, source="page", by=it.by, at=MORNING
    ),
    "events.sign_up": lambda it: sign_ups.sign_up(
        it.shift_id, volunteer_id=it.id, by=it.by, at=MORNING
    ),
    "merging.merge": lambda it: steps.merge(
        it.cast.wang.id, it.id, reason="登记了两次", by=it.by, at=FRIDAY
    ),
    "people.change_person": lambda it: person_changes.change_person(
        it.id, PersonEdit("name", "改名", "seen", name="张维"), by=it.by, at=FRIDAY
    ),
    "people.end_card": lambda it: volunteer_cards.end_card(it.id, by=it.by, at=FRIDAY),
    "people.make_cards": lambda it: volunteer_cards.make_cards(
        [fetch(Volunteer, it.id)], print_key="the-print", by=it.by, at=FRIDAY
    ),
    "people.print_one": lambda it: volunteer_cards.print_one(
        it.id, print_key="the-print", by=it.by, at=FRIDAY
    ),
    "people.confirm_phone": lambda it: phone_confirmation.confirm_phone(it.id, by=it.by, at=FRIDAY),
    "people.declare_household": lambda it: household_declarations.declare_household(
        it.id,
        housemate=it.cast.wang.number,
        housemate_name=it.cast.wang.name,
        by=it.by,
        at=FRIDAY,
    ),
    "people.disown": lambda it: registration.disown(it.id, by=it.by, at=FRIDAY),
    "people.enable": lambda it: accounts.enable(it.account.id, by=it.by, at=FRIDAY),
    "people.give_consent": lambda it: consents.give_consent(
        it.id, "publish", reason="纸质", by=it.by, at=FRIDAY
    ),
    "people.issue_code": lambda it: one_time_codes.issue_code(it.account.id, by=it.by, at=FRIDAY),
    "people.issue_code_to": lambda it: one_time_codes.issue_code_to(it.id, by=it.by, at=FRIDAY),
    "people.link": lambda it: account_people.link(
        it.staff().id, it.number, reason="问过本人", by=it.by, at=FRIDAY
    ),
    "people.open_staff": lambda it: one_time_codes.open_staff(
        "new", "张伟", number=it.number, is_nobody=False, by=it.by, at=FRIDAY
    ),
    "people.pass_phone_on": lambda it: phone_passing.pass_phone_on(
        it.id, reason="换了机主", by=it.by, at=FRIDAY
    ),
    "people.mark_departed": lambda it: departures.mark_departed(
        it.id, "moved", FRIDAY.date(), reason="家属来说", by=it.by, at=FRIDAY
    ),
    "people.take_back_departure": lambda it: departures.take_back_departure(
        it.id, reason="标错了", by=it.by, at=FRIDAY
    ),
    "people.reinstate": lambda it: reinstating.reinstate(
        it.id, reason="又来了", by=it.by, at=FRIDAY
    ),
    "people.set_password": lambda it: accounts.set_password(
        it.account.id, "correct horse battery", by=Actor.system("cli"), at=FRIDAY
    ),
    "people.settle": lambda it: registration.settle(it.id, it.cast.town.id, by=it.by, at=FRIDAY),
    "people.tell_apart": lambda it: account_people.tell_apart(
        it.staff().id, it.id, reason="问过本人", by=it.by, at=FRIDAY
    ),
    "people.withdraw_consent": lambda it: consents.withdraw_consent(
        it.id, "register", by=it.by, at=FRIDAY
    ),
    "scoring.points.adjust": lambda it: adjustments.adjust(it.id, 100, "补记", by=it.by, at=FRIDAY),
    "scoring.ratings.supplement": lambda it: supplements.supplement(
        it.final_round(), [it.id], reason="漏了", by=it.by, at=FRIDAY
    ),
    "scoring.rewards.order": lambda it: orders.order(
        it.gift_id, 1, it.id, stars=0, by=it.by, at=FRIDAY
    ),
    "scoring.rewards.order_at_counter": lambda it: orders.order_at_counter(
        it.gift_id, 1, it.id, stars=0, by=it.by, at=FRIDAY
    ),
    "teams.grant": lambda it: role_grants.grant(
        it.account.id, "leader", team_id=it.cast.team.id, by=it.by, at=FRIDAY
    ),
    "teams.place": lambda it: placing.place(it.cast.team.id, [it.id], by=it.by, at=FRIDAY),
}

_READS = "reads; the old entry's page and history stay"
_GUARD = "a guard, or a part of a verb that has asked"
_OWN = "one's own account; that of a merged entry is ended and its sessions with it"
_NO_ROLE = "the account of a merged entry holds no role, which this is about"
#: Verbs that take a volunteer or an account and need not refuse, and why.
LISTED: dict[str, str] = {
    "merging.merge_teams": "about teams; their members keep their entries",
    "merging.preview_teams": _READS,
    "teams.need_to_give": _GUARD,
    "events.need_known": _GUARD,
    "certificates.revoke_key": "the number of a key, not of a person",
    "certificates.revoke": "a paper's number, not a person's; the paper goes along",
    "events.came_after_all": "part of confirming a record, which has asked",
    "merging.preview": "names the obstacle that the merging would meet",
    "people.ask_second_admin": _NO_ROLE,
    "people.ask_unlink": _NO_ROLE,
    "people.change_own_phone": _OWN,
    "people.change_password": _OWN,
    "people.changes_of": _READS,
    "people.decide_unlink": _NO_ROLE,
    "people.disable": "ends an account for good, that of a merged entry too",
    "people.export_of": _READS,
    "people.first_conflict": _GUARD,
    "teams.keep_looks": "keeps that somebody was found; a merged entry is found as the kept one",
    "people.need_other": _GUARD,
    "people.need_to_change_alone": _GUARD,
    "people.open_account": _GUARD,
    "people.opened": _READS,
    "people.reasons": _GUARD,
    "people.reveal": _READS,
    "people.say_nobody": "of an account that is nobody's yet",
    "people.sign_out_everywhere": _OWN,
    "people.take_off_factor": "the account of a merged entry stays disabled anyhow",
    "people.unlock": "the account of a merged entry stays disabled, whoever waits",
    "teams.need_placeable": _GUARD,
    "teams.print_cards": "prints for active members, and a merged entry is none",
}
_NAMES = frozenset(
    {"volunteer_id", "volunteer_ids", "kept_id", "merged_id", "number", "housemate", "account_id"}
)


def argument_names(verb: Callable[..., Any]) -> set[str]:
    """The names of a verb's arguments, and of the fields of plans among them."""
    hints = get_type_hints(verb)
    hints.pop("return", None)
    names = set(hints)
    for name, hint in hints.items():
        if name != "by" and dataclasses.is_dataclass(hint):
            names |= {field.name for field in dataclasses.fields(hint)}
    return names


def takes_a_person(verb: Callable[..., Any]) -> bool:
    """Whether a volunteer, a number or an account is among the arguments, or within a plan."""
    hints = get_type_hints(verb)
    hints.pop("return", None)
    names = argument_names(verb)
    is_entry = any("models.Volunteer" in str(hint) for hint in hints.values())
    return is_entry or not names.isdisjoint(_NAMES)


@pytest.mark.parametrize("name", REFUSES)
def test_a_merged_entry_is_refused_with_the_one_to_use(cast, kept, other, name: str) -> None:
    with pytest.raises(EntryMerged) as refused:
        REFUSES[name](Merged(cast, kept, other))
    assert refused.value.numbers["number"] == kept.number


@pytest.mark.parametrize("name", ["attendance.complain", "scoring.points.adjust"])
def test_who_has_no_right_there_learns_of_no_merging(cast, kept, other, name: str) -> None:
    it = Merged(cast, kept, other)
    it.by = acting(cast.zhao_account)
    with pytest.raises(NotFound):
        REFUSES[name](it)


def test_every_verb_that_takes_a_person_is_tried_or_says_why_not() -> None:
    found = {name for name, verb in verbs.verbs().items() if takes_a_person(verb)}
    assert found - REFUSES.keys() - LISTED.keys() == set(), "new verbs"
    assert (REFUSES.keys() | LISTED.keys()) - found == set(), "verbs that are no more"

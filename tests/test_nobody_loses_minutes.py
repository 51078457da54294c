"""A volunteer inside keeps the minutes when somebody else edits, removes, closes or ends something.

Every verb of events, teams, people and areas is either tried here while 王建国 is inside, or says
why it takes nothing from anybody. Who came still checks out, the event still closes, and the record
has all its minutes, whatever the verb did or refused.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests import make, verbs
from tests.make_attendance import scan
from volunteer_service import settings
from volunteer_service.attendance import closing
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.events import (
    cancelling,
    change_undoing,
    event_states,
    planning,
    rescheduling,
    series,
    series_changes,
    series_shifts,
    series_undoing,
    serving_posts,
    sharing,
    sign_ups,
)
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people.authentication import accounts
from volunteer_service.people.changes import own_changes, person_changes, person_values
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import Grant
from volunteer_service.people.registrations import consents, registration
from volunteer_service.teams import founding, membership, placing, role_grants
from volunteer_service.teams.models import Membership

HOUR = timedelta(hours=1)
NOW = make.MORNING + timedelta(minutes=30)
AFTER = make.MORNING + timedelta(minutes=125)


@dataclass
class Scene:
    """王建国 is inside an event of 李梅's."""

    cast: make.Cast
    event: Event
    place: SignUp

    def by(self, who: str):
        return make.acting(getattr(self.cast, who))


def edited(s: Scene, *, starts: timedelta = 0 * HOUR, ends: timedelta = 0 * HOUR) -> None:
    plan = planning.EventPlan(
        title="别的名称",
        content="别的内容",
        place="别处",
        starts_at=s.event.starts_at + starts,
        ends_at=s.event.ends_at + ends,
    )
    planning.edit(s.event.id, plan, version=s.event.version, by=s.by("li_mei"), at=NOW)


def shift_edited(
    s: Scene,
    *,
    starts: timedelta = 0 * HOUR,
    ends: timedelta = 0 * HOUR,
    capacity: int = 10,
    at: datetime = NOW,
) -> None:
    shift = s.event.shifts[0]
    rescheduling.edit_shift(
        shift.id,
        starts_at=shift.starts_at + starts,
        ends_at=shift.ends_at + ends,
        capacity=capacity,
        reason="换时间",
        by=s.by("li_mei"),
        at=at,
    )


def shifts_edited(
    s: Scene,
    *,
    starts: timedelta = 0 * HOUR,
    ends: timedelta = 0 * HOUR,
    is_removed: bool = False,
) -> None:
    (shift,) = s.event.shifts
    state = event_states.shift_state(shift)
    span = state.starts_at + starts, state.ends_at + ends
    wanted = replace(state, starts_at=span[0], ends_at=span[1], is_removed=is_removed)
    by = s.by("li_mei")
    rescheduling.edit_shifts(
        s.event.id, {shift.id: wanted}, span=span, reason="换时间", by=by, at=NOW
    )


def handed_over(s: Scene) -> None:
    rescheduling.hand_over(
        s.event.id,
        team_id=s.cast.other_team.id,
        reason="人手不够",
        by=s.by("coordinator"),
        at=NOW,
    )


def shared(s: Scene) -> None:
    other = s.cast.other_team.id
    sharing.share(s.event.id, team_id=other, by=s.by("li_mei"), at=NOW)


def not_shared_any_more(s: Scene) -> None:
    shared(s)
    other = s.cast.other_team.id
    sharing.stop_sharing(s.event.id, team_id=other, by=s.by("li_mei"), at=NOW)


def no_longer_serving(s: Scene) -> None:
    post_id = s.event.shifts[0].post_id
    by = s.by("li_mei")
    serving_posts.change_serves(post_id, serves=False, reason="只听课", by=by, at=NOW)


def carried_back(s: Scene) -> None:
    by = s.by("li_mei")
    first = in_series(s).id
    series_changes.carry_over(first, scope="all", shifts=True, reason="早些", by=by, at=NOW)
    series_undoing.undo_carry_over(first, by=by, at=NOW)


def undone(s: Scene) -> None:
    handed_over(s)
    change_undoing.undo_change(
        s.event.id, version=s.event.version, by=s.by("coordinator"), at=NOW + HOUR / 6
    )


def team_edited(s: Scene, state: str = "active", **changes: int) -> None:
    team = s.cast.team
    plan = replace(founding.TeamPlan("改名的队", team.area_id, "别的单位"), **changes)
    founding.edit(team.id, plan, state=state, version=team.version, by=s.by("coordinator"), at=NOW)


def membership_of(s: Scene) -> int:
    query = select(Membership.id).where(Membership.volunteer_id == s.cast.wang.id)
    return db.session.scalars(query).one()


def leader_s_role(s: Scene) -> int:
    return db.session.scalars(select(Grant.id).where(Grant.account_id == s.cast.li_mei.id)).one()


def consent_ended(s: Scene, purpose: str) -> None:
    consents.withdraw_consent(s.cast.wang.id, purpose, by=s.by("wang_account"), at=NOW)


def person_changed(s: Scene, field: str, **to: Any) -> PersonChange:
    edit = PersonEdit(field, "本人说的", person_values.mark(s.cast.wang, field), **to)
    return person_changes.change_person(s.cast.wang.id, edit, by=s.by("coordinator"), at=NOW)


def in_series(s: Scene) -> Event:
    """A later event of the running one's series, at another hour."""
    until = settings.local_day(s.event.starts_at) + timedelta(days=7)
    wanted = series.Repeat(rule="FREQ=WEEKLY", until=until)
    series.repeat(s.event.id, wanted, by=s.by("li_mei"), at=NOW)
    later = series.held(s.event, by=s.by("li_mei"))[-1].event
    later.starts_at -= HOUR
    return later


#: What removes, closes, withdraws, moves, shortens or ends, tried while somebody is inside.
TRIED: dict[str, list[Callable[[Scene], object]]] = {
    "events.cancel": [
        lambda s: cancelling.cancel(s.event.id, reason="大雨", by=s.by("li_mei"), at=NOW)
    ],
    "events.cancel_series": [
        lambda s: series_changes.cancel_series(
            in_series(s).id, scope="all", reason="停课", by=s.by("li_mei"), at=NOW
        )
    ],
    "events.undo_carry_over": [carried_back],
    "events.carry_over": [
        lambda s: series_changes.carry_over(
            in_series(s).id, scope="all", reason="冬令时", by=s.by("li_mei"), at=NOW
        ),
        lambda s: series_shifts.carry(
            in_series(s), s.event, reason="冬令时", by=s.by("li_mei"), at=NOW
        ),
        lambda s: shifts_edited(s, starts=HOUR / 4),
        lambda s: shifts_edited(s, starts=24 * HOUR, ends=24 * HOUR),
        lambda s: shifts_edited(s, ends=HOUR),
        lambda s: shifts_edited(s, is_removed=True),
    ],
    "events.bring_back": [lambda s: cancelling.bring_back(s.event.id, by=s.by("li_mei"), at=NOW)],
    "events.edit": [
        edited,
        lambda s: edited(s, ends=-HOUR),
        lambda s: edited(s, starts=HOUR),
        lambda s: edited(s, ends=2 * HOUR),
        lambda s: edited(s, starts=24 * HOUR, ends=24 * HOUR),
    ],
    "events.edit_shift": [
        lambda s: shift_edited(s, starts=-HOUR),
        lambda s: shift_edited(s, starts=HOUR / 4),
        lambda s: shift_edited(s, ends=HOUR),
        lambda s: shift_edited(s, ends=4 * HOUR),
        lambda s: shift_edited(s, starts=24 * HOUR, ends=24 * HOUR),
        lambda s: shift_edited(s, starts=3 * HOUR, ends=3 * HOUR),
        lambda s: shift_edited(s, capacity=1),
    ],
    "events.remove_shift": [
        lambda s: rescheduling.remove_shift(
            s.event.shifts[0].id, reason="不办了", by=s.by("li_mei"), at=NOW
        )
    ],
    "events.put_off": [
        lambda s: rescheduling.put_off(
            s.event.id,
            starts_at=s.event.starts_at + 24 * HOUR,
            reason="大雨",
            by=s.by("li_mei"),
            at=NOW,
        )
    ],
    "events.hand_over": [handed_over],
    "events.stop_sharing": [not_shared_any_more],
    "events.change_serves": [no_longer_serving],
    "events.share": [shared],
    "events.undo_change": [undone],
    "events.withdraw": [
        lambda s: sign_ups.withdraw(s.place.id, by=s.by("wang_account"), at=NOW),
        lambda s: sign_ups.withdraw(s.place.id, by=s.by("li_mei"), at=NOW),
    ],
    "events.give_away": [
        lambda s: sign_ups.give_away(s.place.id, by=s.by("li_mei"), at=NOW),
    ],
    "teams.edit": [
        lambda s: team_edited(s, "closed"),
        lambda s: team_edited(s, area_id=s.cast.elsewhere.id),
    ],
    "teams.leave": [lambda s: membership.leave(s.cast.team.id, by=s.by("wang_account"), at=NOW)],
    "teams.end_place": [lambda s: placing.end_place(membership_of(s), by=s.by("li_mei"), at=NOW)],
    "teams.move": [
        lambda s: placing.move(
            membership_of(s), s.cast.other_team.id, by=s.by("coordinator"), at=NOW
        )
    ],
    "teams.refuse": [lambda s: membership.refuse(membership_of(s), by=s.by("li_mei"), at=NOW)],
    "teams.revoke_grant": [
        lambda s: role_grants.revoke_grant(leader_s_role(s), by=s.by("coordinator"), at=NOW)
    ],
    "people.disown": [
        lambda s: registration.disown(s.cast.wang.id, by=s.by("wang_account"), at=NOW),
        lambda s: registration.disown(s.cast.wang.id, by=s.by("coordinator"), at=NOW),
    ],
    "people.disable": [
        lambda s: accounts.disable(s.cast.wang_account.id, by=s.by("admin"), at=NOW),
        lambda s: accounts.disable(s.cast.li_mei.id, by=s.by("admin"), at=NOW),
    ],
    "people.change_person": [
        lambda s: person_changed(s, "phone", phone="13912345678"),
        lambda s: person_changed(s, "home", area_id=s.cast.elsewhere.id),
        lambda s: person_changed(s, "born_on", born_on=date(1990, 1, 1)),
    ],
    "people.decide_change": [
        lambda s: person_changes.decide_change(
            person_changed(s, "name", name="王建军").id, approve=True, by=s.by("second"), at=NOW
        )
    ],
    "people.change_own_phone": [
        lambda s: own_changes.change_own_phone(
            s.cast.wang_account.id,
            "13912345678",
            make.PASSWORD,
            seen=person_values.mark(s.cast.wang, "phone"),
            by=s.by("wang_account"),
            at=NOW,
        )
    ],
    "people.sign_out_everywhere": [
        lambda s: accounts.sign_out_everywhere(
            s.cast.wang_account.id, by=s.by("wang_account"), at=NOW
        )
    ],
    "people.withdraw_consent": [
        lambda s: consent_ended(s, "register"),
        lambda s: consent_ended(s, "name"),
    ],
}

_ADDS = "adds something and takes nothing away"
_READS = "reads, or asks whether somebody may"
_SIGN_IN = "how somebody signs in; coming and going needs none of it, a leader ticks"
_HOUSES = "who decides on whom; coming and going asks no household"
_AREAS = "the area stays, with all that happens in it"
_BEGINS = "happens before anybody comes, or as the event closes"
_LETTERS = "about copies of messages; hours are not in it"
_UNDO = "asks for the undo of a merging or an import, which are tried by their own verbs"
_CARD = "a way to be scanned; whoever is inside is checked out by name as well"
_SWAPS = "about coming places; one on which somebody checked in is not exchanged"
#: What takes nothing from anybody, and why.
HARMLESS: dict[str, str] = {
    "areas.add": _ADDS,
    "areas.close": "an empty area; events and people keep theirs open",
    "areas.move": _AREAS,
    "areas.rename": _AREAS,
    "areas.reopen": _ADDS,
    "areas.set_contact": _AREAS,
    "events.add_post": _ADDS,
    "events.add_shift": _ADDS,
    "events.add_shift_at": _ADDS,
    "events.add_term": _ADDS,
    "events.came_after_all": _ADDS,
    "events.copy": _ADDS,
    "events.end_feed": "calendars read places and hold none",
    "events.foresee": _READS,
    "events.need_known": _READS,
    "events.new_feed": "calendars read places and hold none",
    "events.remove_term": "events that were made by a term stay",
    "events.repeat": _ADDS,
    "events.require": "who has a place keeps it",
    "events.add_photos": _ADDS,
    "events.take_photo_down": "a photo has no hours",
    "events.create": _ADDS,
    "events.mark_no_shows": _BEGINS,
    "events.change_shift": "part of walk_ins.move, which asks whether minutes stay",
    "events.place": _ADDS,
    "events.promote": _ADDS,
    "events.accept": _ADDS,
    "events.give": _ADDS,
    "events.end": "a part of verbs that have asked whether somebody is inside",
    "events.agree_to_swap": _SWAPS,
    "events.arrange_swap": _SWAPS,
    "events.ask_swap": _SWAPS,
    "events.decline_swap": _SWAPS,
    "events.exchangeable": _READS,
    "events.mine": _READS,
    "events.take_swap_back": _SWAPS,
    "events.decline": "gives back a place that is kept for who waits, where nobody is inside",
    "events.lapse_due": "passes on places that are kept for who waits, where nobody is inside",
    "events.publish": _BEGINS,
    "events.sign_up": _ADDS,
    "people.change_own_guardian": _HOUSES,
    "people.choose": _LETTERS,
    "people.come_back": _LETTERS,
    "people.give_up": _LETTERS,
    "people.resume_door": _LETTERS,
    "people.set_email": _LETTERS,
    "people.try_again": _LETTERS,
    "people.ask_to_move": "waits for the staff of the new home",
    "people.change": _READS,
    "people.answer_check": _READS,
    "people.ask": _UNDO,
    "people.answer": _UNDO,
    "people.decided": _UNDO,
    "people.begin_factor": _SIGN_IN,
    "people.change_password": _SIGN_IN,
    "people.confirm_factor": _SIGN_IN,
    "people.remove_factor": _SIGN_IN,
    "people.renew_recovery_codes": _SIGN_IN,
    "people.state_of": _READS,
    "people.take_off_factor": _SIGN_IN,
    "people.trust_no_device": _SIGN_IN,
    "people.unlock": _SIGN_IN,
    "people.changes_of": _READS,
    "people.agree_as_guardian": _ADDS,
    "people.claim": _SIGN_IN,
    "events.lift_block": _ADDS,
    "events.hold_again": _ADDS,
    "events.take_back_no_show": _ADDS,
    "people.ask_second_admin": "asks, and does nothing yet",
    "people.acts_on": _READS,
    "people.asks_about": _READS,
    "people.drop": "ends a change that still waits and has changed nothing",
    "people.taken_along": _READS,
    "people.withdraw_ask": "takes back what nobody has answered",
    "people.need_asked": _READS,
    "people.need_two_to_grant": _READS,
    "people.need_to_change_alone": _READS,
    "people.opened": _READS,
    "people.confirm_household": _HOUSES,
    "people.confirm_phone": _SIGN_IN,
    "people.end_card": _CARD,
    "people.make_cards": _CARD,
    "people.key_of": "reads the key of one's own code",
    "people.record": "the journal of a verb that is listed",
    "teams.remove_robot": "where a team is told what waits; it moves nobody",
    "teams.set_robot": "where a team is told what waits; it moves nobody",
    "people.print_one": _CARD,
    "teams.print_cards": _CARD,
    "people.deny_household": _HOUSES,
    "people.declare_household": _ADDS,
    "people.enable": _ADDS,
    "people.mark_departed": "nothing new begins; what was earned stays",
    "people.take_back_departure": _ADDS,
    "people.reinstate": _ADDS,
    "people.settle": _ADDS,
    "people.end_household": _HOUSES,
    "people.end_session": _SIGN_IN,
    "people.export_of": _READS,
    "people.first_conflict": _READS,
    "people.give_consent": _ADDS,
    "people.household_never_so": _HOUSES,
    "people.issue_code": _SIGN_IN,
    "people.issue_code_to": _SIGN_IN,
    "people.join": _ADDS,
    "people.make_token": _SIGN_IN,
    "people.mark_read": _READS,
    "people.need_grantor": _READS,
    "people.need_other": _READS,
    "people.need_second": _READS,
    "people.open_account": _ADDS,
    "people.open_staff": _ADDS,
    "people.reasons": _READS,
    "people.pass_phone_on": _SIGN_IN,
    "people.register": _ADDS,
    "people.reveal": _READS,
    "people.reveal_change": _READS,
    "people.revoke_token": _SIGN_IN,
    "people.sentence": _READS,
    "people.sessions_of": _READS,
    "people.ask_unlink": _SIGN_IN,
    "people.decide_unlink": _SIGN_IN,
    "people.link": _SIGN_IN,
    "people.say_nobody": _READS,
    "people.standing": _READS,
    "people.tell_apart": _READS,
    "people.set_password": _SIGN_IN,
    "people.take_in": _ADDS,
    "people.use_code": _SIGN_IN,
    "people.leave": _SIGN_IN,
    "people.why_not": _READS,
    "people.why_not_each": _READS,
    "people.withdraw_change": "what one asked for is as it was",
    "teams.accept": _ADDS,
    "teams.need_to_give": _READS,
    "teams.create": _ADDS,
    "teams.grant": _ADDS,
    "teams.join": _ADDS,
    "teams.judged": _READS,
    "teams.keep_looks": _READS,
    "teams.name_lead": _ADDS,
    "teams.need_placeable": _READS,
    "teams.place": _ADDS,
}


def concerned() -> set[str]:
    domains = {"areas", "events", "people", "teams"}
    return {name for name in verbs.verbs() if name.partition(".")[0] in domains}


def test_every_verb_is_tried_or_takes_nothing() -> None:
    """A new verb: try it in ``TRIED`` while somebody is inside, or say in ``HARMLESS`` why not."""
    listed = TRIED.keys() | HARMLESS.keys()
    assert (concerned() - listed, listed - concerned()) == (set(), set())
    assert TRIED.keys() & HARMLESS.keys() == set()


ACTS = [(name, n) for name, acts in TRIED.items() for n in range(len(acts))]


def test_who_is_told_of_an_earlier_end_and_leaves_then_has_all_of_it(session) -> None:
    """Half of the long shift would be worth nothing; of the shortened one it is all."""
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei, published_at=make.MORNING)
    scene = Scene(cast, event, make.sign_up(event, cast.wang))
    scan(event, cast.wang, 0)
    shift_edited(scene, ends=-HOUR, at=NOW)
    scan(event, cast.wang, 60)
    closing.close(event.id, by=make.acting(cast.admin), at=event.ends_at)
    assert db.session.scalars(select(ServiceRecord)).one().minutes == 60


@pytest.mark.parametrize(("name", "n"), ACTS)
def test_whatever_happens_meanwhile(session, name: str, n: int) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei, published_at=make.MORNING)
    scene = Scene(cast, event, make.sign_up(event, cast.wang))
    scan(event, cast.wang, 0)
    with suppress(Refused), db.session.begin_nested():
        TRIED[name][n](scene)
    # Two hours after the first scan, wherever the event begins by now.
    scan(event, cast.wang, 120 + (make.MORNING - event.starts_at) // timedelta(minutes=1))
    # Whoever has the right closes it; it need not be who led it.
    closing.close(event.id, by=make.acting(cast.admin), at=max(AFTER, event.ends_at))
    record = db.session.scalars(select(ServiceRecord)).one()
    assert (record.volunteer_id, record.minutes, record.state) == (cast.wang.id, 120, "waiting")

"""Places on a shift: never one too many, a freed one given on exactly once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.make import MORNING, acting
from tests.racing import at_once, codes, overlapped, verb
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock, journal
from volunteer_service.attendance import closing
from volunteer_service.db import db, transaction
from volunteer_service.events import cancelling, place_offers, sign_ups, swaps
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer

DAY_BEFORE = MORNING - timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """An event and people who want to come."""

    event_id: int
    shift_id: int
    leader: Actor
    people: list[int]
    api: dict[str, str]


def planned(app: Flask, *, capacity: int = 1, people: int = 4, **event: Any) -> Plan:
    with app.app_context():
        with transaction():
            cast = make.cast()
            row = make.event(team=cast.team, leader=cast.li_mei, capacity=capacity, **event)
            who = [make.volunteer(f"志愿者{n}").id for n in range(people)]
            found = Plan(
                row.id, row.shifts[0].id, acting(cast.li_mei), who, token_for(cast.zhao_account)
            )
        db.session.remove()
    return found


def take(plan: Plan, person: int, shift_id: int | None = None) -> Callable[[], Any]:
    by = Actor(None, person, "", "page")
    return lambda: sign_ups.sign_up(shift_id or plan.shift_id, by=by, at=DAY_BEFORE).state


def states(app: Flask) -> list[str]:
    with app.app_context(), transaction(write=False):
        return list(db.session.scalars(select(SignUp.state).order_by(SignUp.id)))


def test_the_last_place_is_given_once_through_every_door(app: Flask) -> None:
    plan = planned(app, starts_at=clock.now() + timedelta(days=1))
    page = app.test_client()
    sign_in(page, "wang")
    form = hidden(page, f"/e/{plan.event_id}")

    def at_the_page() -> int:
        return page.post(f"/shifts/{plan.shift_id}/sign-up", data=form).status_code

    def api() -> int:
        answer = app.test_client().post(
            "/api/v1/sign-ups",
            json={"shift_id": plan.shift_id},
            headers=plan.api | {"Idempotency-Key": "once"},
        )
        return answer.status_code

    said = at_once([at_the_page, api, api, *(verb(app, take(plan, who)) for who in plan.people)])
    assert said[:3] == [303, 201, 201]
    # Six people for one place: the call with its key said twice is one sign-up.
    assert sorted(states(app)) == ["confirmed"] + ["waiting"] * 5


def test_the_last_place_while_another_is_taking_it(app: Flask) -> None:
    plan = planned(app)
    said = overlapped(app, take(plan, plan.people[0]), take(plan, plan.people[1]))
    assert said == ("confirmed", "waiting")


def test_one_person_signs_up_once(app: Flask) -> None:
    plan = planned(app, capacity=9)
    said = at_once([verb(app, take(plan, plan.people[0]))] * 4)
    assert sorted(said) == ["already_signed_up"] * 3 + ["confirmed"]
    assert states(app) == ["confirmed"]


def test_nobody_takes_two_places_at_a_time(app: Flask) -> None:
    plan = planned(app)
    with app.app_context():
        with transaction():
            team = db.session.scalars(select(make.Team).order_by(make.Team.id)).first()
            leader = db.session.scalars(select(make.Account).filter_by(login="limei")).one()
            other = make.event(team=team, leader=leader, title="同时").shifts[0].id
        db.session.remove()
    who = plan.people[0]
    said = overlapped(app, take(plan, who), take(plan, who, other))
    assert said == ("confirmed", "sign_up_overlaps")


def filled(app: Flask, *, waiting: int = 2) -> tuple[Plan, list[int]]:
    plan = planned(app, people=1 + waiting)
    with app.app_context():
        with transaction():
            for number, who in enumerate(plan.people):
                by, at = Actor(None, who, "", "page"), DAY_BEFORE + timedelta(minutes=number)
                sign_ups.sign_up(plan.shift_id, by=by, at=at)
            ids = list(db.session.scalars(select(SignUp.id).order_by(SignUp.id)))
        db.session.remove()
    assert states(app) == ["confirmed"] + ["waiting"] * waiting
    return plan, ids


def withdraw(plan: Plan, sign_up_id: int) -> Callable[[], Any]:
    return lambda: (
        sign_ups.withdraw(sign_up_id, by=plan.leader, at=MORNING - timedelta(hours=2)).state
    )


def test_a_place_given_back_by_many_hands_promotes_once(app: Flask) -> None:
    plan, ids = filled(app)
    said = at_once([verb(app, withdraw(plan, ids[0]))] * 4)
    assert sorted(said) == ["cancelled"] + ["sign_up_ended"] * 3
    assert states(app) == ["cancelled", "confirmed", "waiting"]
    with app.app_context(), transaction(write=False):
        promoted = select(func.count()).where(journal.Entry.verb == "events.promote")
        assert db.session.scalar(promoted) == 1


def test_one_who_accepts_while_the_offer_lapses_has_the_place_or_has_not(app: Flask) -> None:
    plan, ids = filled(app)
    week = timedelta(days=7)
    with app.app_context():
        with transaction():
            sign_ups.withdraw(ids[0], by=plan.leader, at=MORNING - week)
        db.session.remove()
    ends = MORNING - week + timedelta(days=1)
    asked = Actor(None, plan.people[1], "", "page")
    before = ends - timedelta(seconds=1)
    said = overlapped(
        app,
        lambda: place_offers.accept(ids[1], by=asked, at=before).state,
        lambda: place_offers.lapse_due(by=Actor.system("job"), at=ends),
    )
    assert said == ("confirmed", 0)
    assert states(app) == ["cancelled", "confirmed", "waiting"]


def test_the_next_one_withdraws_while_being_promoted(app: Flask) -> None:
    plan, ids = filled(app)
    said = overlapped(app, withdraw(plan, ids[0]), withdraw(plan, ids[1]))
    assert said == ("cancelled", "cancelled")
    assert states(app) == ["cancelled", "cancelled", "confirmed"]


def test_a_freed_place_goes_to_the_waiting_list_not_to_who_comes_by(app: Flask) -> None:
    plan, ids = filled(app, waiting=1)
    said = overlapped(app, withdraw(plan, ids[0]), take(plan, plan.people[0]))
    assert said == ("cancelled", "waiting")
    assert states(app) == ["waiting", "confirmed"]


def cancel(plan: Plan) -> Callable[[], Any]:
    return lambda: (
        cancelling.cancel(plan.event_id, reason="下雨", by=plan.leader, at=DAY_BEFORE).state
    )


def test_nobody_signs_up_for_what_is_being_called_off(app: Flask) -> None:
    plan = planned(app)
    said = overlapped(app, cancel(plan), take(plan, plan.people[0]))
    assert said == ("cancelled", "event_not_open_for_sign_up")
    assert states(app) == []


def test_calling_off_ends_a_sign_up_under_way(app: Flask) -> None:
    plan = planned(app)
    said = overlapped(app, take(plan, plan.people[0]), cancel(plan))
    assert said == ("confirmed", "cancelled")
    assert states(app) == ["cancelled"]


def test_of_two_edits_of_one_version_one_is_told(app: Flask) -> None:
    plan = planned(app, state="draft")
    doors = []
    for title in ("甲", "乙"):
        page = app.test_client()
        sign_in(page, "limei")
        form = {
            "title": title,
            "content": "护送",
            "place": "东门",
            "starts_at": "2026-05-16T09:00",
            "ends_at": "2026-05-16T11:00",
            "team_id": "1",
            "version": "1",
        } | {"csrf_token": hidden(page, f"/e/{plan.event_id}/edit")["csrf_token"]}
        doors.append(
            lambda page=page, form=form: (
                page.post(f"/e/{plan.event_id}/edit", data=form).status_code
            )
        )
    assert sorted(at_once(doors)) == [303, 422]
    with app.app_context(), transaction(write=False):
        assert db.session.scalar(select(Event.version)) == 2


def test_the_fifth_no_show_blocks_though_two_events_close_at_once(app: Flask) -> None:
    plan = planned(app)
    ends = []
    with app.app_context():
        with transaction():
            team = db.session.scalars(select(make.Team).order_by(make.Team.id)).first()
            leader = db.session.scalars(select(make.Account).filter_by(login="limei")).one()
            absent = db.session.get_one(Volunteer, plan.people[0])
            for days in range(1, 6):
                event = make.event(
                    team=team, leader=leader, starts_at=MORNING + timedelta(days=days)
                )
                row = make.sign_up(event, absent)
                if days <= 3:
                    row.state = "no_show"
                else:
                    ends.append(event.id)
        db.session.remove()

    def close(event_id: int) -> Callable[[], Any]:
        at = MORNING + timedelta(days=9)
        return lambda: closing.close(event_id, by=plan.leader, at=at).no_shows

    assert overlapped(app, close(ends[0]), close(ends[1])) == (1, 1)
    with app.app_context(), transaction(write=False):
        blocked = select(Volunteer.no_show_blocked_at).where(Volunteer.id == plan.people[0])
        assert db.session.scalar(blocked) is not None
    assert codes(states(app)).count("no_show") == 5


def test_sixty_at_once_for_five_places_and_the_freed_ones_go_by_the_list(app: Flask) -> None:
    plan = planned(app, capacity=5, people=60)
    said = at_once([verb(app, take(plan, who)) for who in plan.people[:20]])
    assert sorted(said) == ["confirmed"] * 5 + ["waiting"] * 15
    with app.app_context():
        with transaction(write=False):
            held = select(SignUp.id).where(SignUp.state == "confirmed")
            ids = list(db.session.scalars(held))
        db.session.remove()
    # Five give back while forty more come by: nobody passes those who wait.
    week = MORNING - timedelta(days=7)
    freed = [
        verb(app, lambda id_=id_: sign_ups.withdraw(id_, by=plan.leader, at=week).state)
        for id_ in ids
    ]
    at_once([*freed, *(verb(app, take(plan, who)) for who in plan.people[20:])])
    with app.app_context(), transaction(write=False):
        asked = select(func.count()).where(SignUp.offered_until.is_not(None))
        assert db.session.scalar(asked) == 5
        late = SignUp.volunteer_id.in_(plan.people[20:])
        among = select(func.count()).where(late, SignUp.offered_until.is_not(None))
        assert db.session.scalar(among) == 0
        taken = select(func.count()).where(sign_ups.takes_place())
        assert db.session.scalar(taken) == 5


def test_of_two_who_stand_in_at_once_one_does(app: Flask) -> None:
    plan, ids = filled(app, waiting=0)
    with app.app_context():
        with transaction():
            team = db.session.get_one(Event, plan.event_id).team
            helpers = [make.volunteer(f"替班{n}", team=team).id for n in range(2)]
            asker = Actor(None, plan.people[0], "", "page")
            swap = swaps.ask_swap(ids[0], by=asker, at=DAY_BEFORE + timedelta(hours=1)).id
        db.session.remove()

    def agree(who: int) -> Callable[[], Any]:
        by, at = Actor(None, who, "", "page"), DAY_BEFORE + timedelta(hours=2)
        return lambda: swaps.agree_to_swap(swap, by=by, at=at).state

    said = overlapped(app, agree(helpers[0]), agree(helpers[1]))
    assert said == ("agreed", "swap_over")
    assert sorted(states(app)) == ["cancelled", "confirmed"]

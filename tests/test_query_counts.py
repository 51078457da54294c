"""A list of twenty costs as many SQL statements as a list of one."""

from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_doors, make_points, make_ratings
from tests.make import acting
from tests.make_doors import PEOPLE, Things
from tests.signing import sign_in, token_for
from tests.statements import counted
from volunteer_service import clock
from volunteer_service.areas import tree
from volunteer_service.attendance.records import disputes
from volunteer_service.certificates import service_record_papers
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import person_changes, person_values
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.messages import messages
from volunteer_service.scoring.points import adjustments
from volunteer_service.scoring.rewards import gifts, orders
from volunteer_service.teams.models import Team
from volunteer_service.workbooks.models import Import

SYSTEM = Actor.system("cli")
#: Lists: the address, and the letter (``make_doors.PEOPLE``) of who reads it.
LISTS = {
    "/": "l",
    "/?of=office": "c",
    "/accounts": "A",
    "/areas": "c",
    "/areas/{area_id}": "c",
    "/desk": "d",
    "/e/{event_id}": "c",
    "/e/{event_id}/manage": "c",
    "/events": "c",
    "/figures": "c",
    "/gifts": "w",
    "/gifts/catalogue": "d",
    "/imports": "c",
    "/find?q=2026H1": "c",
    "/find?q=%E7%8E%8B": "c",
    "/lists/people?sums=1&col=teams&col=street&col=area&col=hours&col=last": "c",
    "/me": "w",
    "/my/days": "w",
    "/me/devices": "w",
    "/my/certificates": "w",
    "/my/messages": "w",
    "/my/points": "w",
    "/my/records": "w",
    "/notice/{round_id}": "-",
    "/people": "c",
    "/people/{volunteer_id}": "c",
    "/people/changes": "c",
    "/people/changes/all": "a",
    "/me/changes": "w",
    "/points": "c",
    "/points/entries": "a",
    "/ratings": "c",
    "/ratings/{round_id}": "c",
    "/records/waiting": "c",
    "/teams": "c",
    "/teams/{team_id}": "l",
    "/api/v1/areas": "c",
    "/api/v1/certificates": "c",
    "/api/v1/disputes": "c",
    "/api/v1/events": "c",
    "/api/v1/events/{event_id}/attendances": "c",
    "/api/v1/events/{event_id}/sign-ups": "c",
    "/api/v1/gifts": "w",
    "/api/v1/imports": "c",
    "/api/v1/messages": "w",
    "/api/v1/person-changes": "c",
    "/api/v1/points/{volunteer_id}/statement": "c",
    "/api/v1/records": "c",
    "/api/v1/redemptions": "d",
    "/api/v1/rounds": "c",
    "/api/v1/rounds/{round_id}/results": "c",
    "/api/v1/teams": "c",
    "/api/v1/teams/{team_id}/roster": "c",
    "/api/v1/volunteers": "c",
    "/api/v1/volunteers/{volunteer_id}/changes": "c",
}


def changed(person: make.Volunteer, field: str, **to: str) -> None:
    """A change by the coordinator, done or waiting."""
    edit = PersonEdit(field, "本人说的", person_values.mark(person, field), **to)
    by = acting(make_doors.account_of("c"))
    person_changes.change_person(person.id, edit, by=by, at=clock.now())


def more(things: Things) -> None:
    """Nineteen more of everything that a list shows."""
    cast_team = db.session.get_one(Team, things.team_id)
    leader, desk = make_doors.account_of("l"), make_doors.account_of("d")
    now = clock.now()
    running = db.session.get_one(make.Event, things.event_id)
    wang = db.session.get_one(make.Volunteer, things.volunteer_id)
    for number in range(19):
        make_doors.session_of(make_doors.account_of("w"))
        person = make.volunteer(f"志愿者{number}", team=cast_team)
        make.account(f"more{number}", person.name, role="leader", team=cast_team, volunteer=person)
        make.sign_up(running, person)
        make.team(f"第{number}服务队", area=cast_team.area)
        tree.add(things.area_id, "community", f"社区{number}", by=SYSTEM, at=now)
        tree.rename(things.area_id, f"街道{number}", reason="改名", by=SYSTEM, at=now)
        make.event(team=cast_team, leader=leader, starts_at=now + timedelta(days=2 + number))
        record = make_ratings.record(wang, cast_team, on=date(2026, 8, 1) + timedelta(number))
        disputes.dispute(record.id, words="少算了", by=acting(make_doors.account_of("w")), at=now)
        make_ratings.record(
            wang, cast_team, on=date(2026, 9, 1) + timedelta(number), state="waiting"
        ).waits_for = "leader"
        make_points.earned(person, 500)
        make_points.earned(wang, 500)
        gift = gifts.add_gift(
            things.area_id, f"礼品{number}", price_centi=1, minimum_stars=0, by=acting(desk), at=now
        )
        gifts.receive(gift.id, 3, by=acting(desk), at=make_points.FRIDAY)
        orders.order(gift.id, 1, person.id, stars=5, by=acting(desk), at=now)
        changed(person, "name", name="新名字")
        changed(wang, "sex", sex="fm"[number % 2])
        asker = make.account(f"asks{number}", "许可", role="coordinator", area=cast_team.area)
        by = acting(asker if number % 2 else make_doors.account_of("c"))
        adjustments.adjust(person.id, 90_000, "补记", by=by, at=now)
        messages.tell(wang.id, "certificate_revoked", at=now, number=things.number)
        db.session.add(
            Import(
                state="previewed",
                area_id=things.area_id,
                sub_district="市西街道",
                account_id=leader.id,
                files=[],
                counts={},
                total=0,
                created_at=now,
            )
        )
        service_record_papers.certify_service(
            wang.id,
            date(2026, 1, 1),
            date(2026, 6, 30) + timedelta(number),
            by=acting(make_doors.account_of("w")),
            at=now,
        )
    db.session.flush()


def costs(app: Flask, town: Things) -> dict[str, int]:
    """Statements of every list; each is asked once before, for what is read once a process."""
    found = {}
    clients: dict[str, FlaskClient] = {}
    for letter in sorted(set(LISTS.values())):
        clients[letter] = app.test_client()
        if letter != "-":
            sign_in(clients[letter], PEOPLE[letter])
    with app.app_context(), transaction():
        tokens = {letter: token_for(make_doors.account_of(letter), "read") for letter in "cdw"}
    for rule, letter in LISTS.items():
        path = rule.format(**town.values())
        headers = tokens[letter] if path.startswith("/api/") else {}
        clients[letter].get(path, headers=headers)
        with counted(app) as said:
            answer = clients[letter].get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code)
        found[rule] = len(said)
    return found


def test_twenty_cost_what_one_costs(app: Flask, town: Things) -> None:
    one = costs(app, town)
    with app.app_context(), transaction():
        more(town)
    twenty = costs(app, town)
    grown = {rule: (one[rule], n) for rule, n in twenty.items() if n > one[rule]}
    assert grown == {}
    assert {rule: n for rule, n in twenty.items() if n > 40} == {}

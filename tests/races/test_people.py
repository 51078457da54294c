"""One person is registered once; a sign-in, a role, a place in a team is given once."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.make import MORNING, PASSWORD, acting
from tests.make_doors import PHONE
from tests.racing import at_once, overlapped, verb
from tests.signing import hidden
from volunteer_service.areas import tree
from volunteer_service.db import Base, db, transaction
from volunteer_service.identifiers import check_characters
from volunteer_service.people.authentication import accounts, self_registration
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Consent, Grant, Volunteer
from volunteer_service.people.registrations import consents, registration, registration_fields
from volunteer_service.scoring.rewards import gifts
from volunteer_service.teams import founding, membership, placing, role_grants
from volunteer_service.teams.models import Membership

IDENTITY = "11010119900301" + "001"
IDENTITY += check_characters.check_character(IDENTITY)
NOBODY = Actor(None, None, "", "page")


def cast(app: Flask) -> dict[str, Any]:
    """Ids and actors of the cast."""
    with app.app_context():
        with transaction():
            town = make.cast()
            found = {
                "town": town.town.id,
                "community": town.community.id,
                "team": town.team.id,
                "wang": town.wang.id,
                "zhao": acting(town.zhao_account),
                "zhao_account": town.zhao_account.id,
                "leader": acting(town.li_mei),
                "coordinator": acting(town.coordinator),
                "second": acting(town.second),
                "admin": acting(town.admin),
            }
        db.session.remove()
    return found


def rows(app: Flask, model: type[Base]) -> int:
    with app.app_context(), transaction(write=False):
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def register(by: Actor = NOBODY, **asked: Any) -> Callable[[], Any]:
    plan = registration_fields.RegisterIn("张三", PHONE, True, **asked)
    return lambda: type(registration.register(plan, by=by, at=MORNING))


def test_the_same_identity_while_it_is_being_registered(app: Flask) -> None:
    said = overlapped(app, register(identity=IDENTITY), register(identity=IDENTITY))
    assert said[0] is Volunteer
    assert said[1] in ("identity_known", "already_registered")
    assert rows(app, Volunteer) == rows(app, Consent) == 1


def test_the_same_name_and_phone_while_they_are_being_registered(app: Flask) -> None:
    """At the page by themselves, and by the coordinator from a sheet of paper."""
    coordinator, before = cast(app)["coordinator"], rows(app, Volunteer)
    assert overlapped(app, register(), register(coordinator)) == (Volunteer, "already_registered")
    assert rows(app, Volunteer) == before + 1


def test_a_namesake_while_one_is_being_entered_is_asked_about(app: Flask) -> None:
    """Two desks with the same paper, nobody with a phone."""
    found, before = cast(app), rows(app, Volunteer)

    def enter(by: Actor) -> Callable[[], Any]:
        plan = registration_fields.RegisterIn("张三", None, True, area_id=found["community"])
        return lambda: type(registration.register(plan, by=by, at=MORNING))

    said = overlapped(app, enter(found["coordinator"]), enter(found["second"]))
    assert said == (Volunteer, "maybe_same_person")
    assert rows(app, Volunteer) == before + 1


def test_one_person_is_put_into_a_team_once(app: Flask) -> None:
    found, before = cast(app), rows(app, Membership)
    person = found["zhao"].volunteer_id

    def put(by: Actor) -> Callable[[], Any]:
        return lambda: len(placing.place(found["team"], [person], by=by, at=MORNING))

    assert overlapped(app, put(found["leader"]), put(found["second"])) == (1, "already_in_team")
    assert rows(app, Membership) == before + 1


def test_a_family_on_one_phone_registers_at_once(app: Flask) -> None:
    def one(name: str) -> Callable[[], Any]:
        plan = registration_fields.RegisterIn(name, PHONE, True)
        return lambda: registration.register(plan, by=NOBODY, at=MORNING).name

    names = ["张父", "张母", "张女"]
    assert at_once([verb(app, one(name)) for name in names]) == names


def test_two_taps_on_join_make_one_person(app: Flask) -> None:
    pages = [app.test_client() for _ in range(3)]
    form = {"name": "张三", "phone": PHONE, "password": PASSWORD, "consent": "true"}

    def tap(page: Any) -> Callable[[], int]:
        sent = form | {"csrf_token": hidden(page, "/join")["csrf_token"]}
        return lambda: page.post("/join", data=sent).status_code

    assert sorted(at_once([tap(page) for page in pages])) == [303, 303, 303]
    assert rows(app, Volunteer) == rows(app, Account) == rows(app, Consent) == 1


def test_one_registration_is_claimed_once(app: Flask) -> None:
    verb(app, register(identity=IDENTITY))()

    def claim() -> Any:
        return type(
            self_registration.claim("张三", PHONE, IDENTITY, PASSWORD, by=NOBODY, at=MORNING)
        )

    said = overlapped(app, claim, claim)
    assert said == (Account, "claim_refused")
    assert rows(app, Account) == 1


def test_a_user_name_is_given_once(app: Flask) -> None:
    admin = cast(app)["admin"]

    def open_account() -> Any:
        return accounts.open_account(
            "newcomer", PASSWORD, name="新人", volunteer=None, by=admin, at=MORNING
        ).login

    assert overlapped(app, open_account, open_account) == ("newcomer", "login_taken")


def test_a_consent_is_given_once(app: Flask) -> None:
    town = cast(app)

    def agree() -> str:
        return consents.give_consent(
            town["wang"], "publish", by=town["coordinator"], at=MORNING
        ).purpose

    assert overlapped(app, agree, agree) == ("publish", "publish")
    with app.app_context(), transaction(write=False):
        standing = select(func.count(Consent.id)).filter_by(purpose="publish")
        assert db.session.scalar(standing) == 1


def test_a_role_is_given_once(app: Flask) -> None:
    town = cast(app)
    before = rows(app, Grant)

    def name() -> str:
        return role_grants.grant(
            town["zhao_account"], "leader", team_id=town["team"], by=town["coordinator"], at=MORNING
        ).role

    assert overlapped(app, name, name) == ("leader", "leader")
    assert rows(app, Grant) == before + 1


def test_asking_to_join_twice_is_asking_once(app: Flask) -> None:
    town = cast(app)

    def ask() -> str:
        return membership.join(town["team"], by=town["zhao"], at=MORNING).state

    assert overlapped(app, ask, ask) == ("asked", "already_in_team")


def test_who_takes_back_the_asking_is_not_taken_in(app: Flask) -> None:
    town = cast(app)

    def ask() -> int:
        return membership.join(town["team"], by=town["zhao"], at=MORNING).id

    asked = verb(app, ask)()

    def leave() -> str:
        return membership.leave(town["team"], by=town["zhao"], at=MORNING).state

    def accept() -> str:
        return membership.accept(asked, by=town["leader"], at=MORNING).state

    assert overlapped(app, leave, accept) == ("left", "left")
    with app.app_context(), transaction(write=False):
        assert db.session.get_one(Membership, asked).state == "left"


def test_a_name_is_taken_once(app: Flask) -> None:
    """Two coordinators found the same team under the same new brand, add the same grid and gift."""
    town = cast(app)
    by, at = town["coordinator"], MORNING

    def found() -> str:
        plan = founding.TeamPlan(
            "新队", town["community"], "居委会", brand="新品牌", project="新项目"
        )
        return founding.create(plan, by=by, at=at).name

    def add() -> str:
        return tree.add(town["community"], "grid", "一网格", by=by, at=at).name

    def offer() -> str:
        return gifts.add_gift(town["town"], "毛巾", price_centi=100, by=by, at=at).name

    assert overlapped(app, found, found) == ("新队", "team_exists")
    assert overlapped(app, add, add) == ("一网格", "area_exists")
    assert overlapped(app, offer, offer) == ("毛巾", "name_taken")

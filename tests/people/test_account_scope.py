"""Two streets in one service: whose accounts somebody sees and changes, and who acts for both."""

from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.make import MORNING, acting
from tests.signing import hidden, sign_in, token_for
from volunteer_service import policies, working_days
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotFound
from volunteer_service.lists import asking, reading
from volunteer_service.lists.registry import LISTS
from volunteer_service.people.authentication import accounts, one_time_codes
from volunteer_service.people.authentication.one_time_codes import HasRoles
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Account, Grant
from volunteer_service.people.registrations.registration_state import RegistrationEnded
from volunteer_service.people.search import people_lists
from volunteer_service.scoring.ratings import policy_versions, working_day_corrections
from volunteer_service.teams import role_grants


@dataclass
class Two:
    """The cast's street, and another one with people of its own."""

    cast: make.Cast
    theirs: dict[str, Account]
    whole: Account

    @property
    def admin(self) -> Actor:
        return acting(self.cast.admin)

    @property
    def coordinator(self) -> Actor:
        return acting(self.cast.coordinator)


def two_streets() -> Two:
    cast = make.cast()
    town = make.area("临海街道")
    community = make.area("海滨社区", parent=town, kind="community")
    team = make.team("海滨护学队", area=community)
    person = make.volunteer("陈海", team=team)
    theirs = {
        "coordinator": make.account("linhai", "林海", role="coordinator", area=town),
        "leader": make.account("chenhai", "陈海", role="leader", team=team, volunteer=person),
        "admin": make.account("seaadmin", "海管理", role="admin", area=town),
        "volunteer": make.account("wuhai", "吴海", volunteer=make.volunteer("吴海", team=team)),
    }
    whole = make.account("whole", "总管理", role="admin", area=cast.town)
    db.session.add(Grant(account_id=whole.id, role="admin", area_id=town.id))
    db.session.flush()
    return Two(cast, theirs, whole)


def logins(by: Actor, q: str = "") -> set[str]:
    asked = asking.read(LISTS["accounts"], {"q": q}, ["login"], by=by)
    found = {str(row.values[0]) for row in reading.every_row(asked)}
    by_login = people_lists.account_by_login(q, by=by)
    return found | ({by_login.login} if by_login else set())


def test_staff_of_another_street_are_in_no_list(session: None) -> None:
    two = two_streets()
    theirs = {account.login for account in two.theirs.values()}
    ours = {"admin", "limei", "qianwei", "sunli", "whole", "wumin", "zhoujing"}
    assert logins(two.coordinator) == ours
    assert logins(two.admin) == ours | {"wang", "zhao"}
    for account in two.theirs.values():
        assert logins(two.coordinator, account.login) == set()
        assert logins(two.admin, account.name) == set()
    assert theirs <= logins(acting(two.whole))
    assert logins(acting(two.theirs["coordinator"])) == theirs - {"wuhai"} | {"whole"}
    assert logins(acting(two.theirs["volunteer"])) == set()


def test_another_street_s_account_is_not_there(session: None) -> None:
    two = two_streets()
    for account in two.theirs.values():
        for by in (two.coordinator, two.admin):
            with pytest.raises(NotFound):
                role_grants.grantee(account.id, by=by)
            with pytest.raises(NotFound):
                role_grants.grant(account.id, "leader", team_id=two.cast.team.id, by=by, at=MORNING)
        for by in (two.admin, two.coordinator):
            with pytest.raises(NotFound):
                one_time_codes.issue_code(account.id, by=by, at=MORNING)
            with pytest.raises(NotFound):
                accounts.disable(account.id, by=by, at=MORNING)
        assert account.disabled_at is None
    both = acting(two.whole)
    assert accounts.disable(two.theirs["leader"].id, by=both, at=MORNING).disabled_at == MORNING


def test_who_has_a_role_elsewhere_too_is_changed_by_an_admin_of_both(session: None) -> None:
    two = two_streets()
    before = two.whole.password_hash
    with pytest.raises(account_scope.RolesElsewhere):
        one_time_codes.issue_code(two.whole.id, by=two.admin, at=MORNING)
    with pytest.raises(account_scope.RolesElsewhere):
        accounts.disable(two.whole.id, by=two.admin, at=MORNING)
    assert (two.whole.password_hash, two.whole.disabled_at) == (before, None)
    one_time_codes.issue_code(two.cast.li_mei.id, by=two.admin, at=MORNING)


def test_a_volunteer_here_with_a_role_there_keeps_the_password(session: None) -> None:
    two = two_streets()
    two.theirs["leader"].volunteer.area_id = two.cast.town.id
    db.session.flush()
    with pytest.raises(HasRoles):
        one_time_codes.issue_code_to(two.theirs["leader"].volunteer_id, by=two.admin, at=MORNING)


def test_a_new_account_of_the_staff_is_found_to_give_it_a_role(session: None) -> None:
    two = two_streets()
    new = accounts.open_account(
        "newcomer", "a new long one", volunteer=None, by=two.admin, at=MORNING
    )
    assert "newcomer" in logins(two.admin)
    assert "newcomer" not in logins(two.coordinator)
    assert logins(two.coordinator, "newcomer") == {"newcomer"}
    role_grants.grant(new.id, "desk", area_id=two.cast.town.id, by=two.admin, at=MORNING)
    assert logins(acting(two.theirs["admin"]), "newcomer") == set()


@pytest.mark.parametrize("who", ["coordinator", "admin"])
def test_one_street_changes_nothing_for_the_other(session: None, who: str) -> None:
    two = two_streets()
    by = getattr(two, who)
    with pytest.raises(account_scope.ForTheWholeService):
        policy_versions.propose_policy({"late_minutes": 20}, reason="试用", by=by, at=MORNING)
    with pytest.raises(account_scope.ForTheWholeService):
        working_day_corrections.correct_day(
            date(2026, 7, 2), working=False, reason="台风", by=by, at=MORNING
        )
    assert len(policies.versions()) == 1
    assert working_days.is_working(date(2026, 7, 2))
    both = acting(two.whole)
    row = policy_versions.propose_policy({"late_minutes": 20}, reason="试", by=both, at=MORNING)
    policy_versions.activate_policy(row.version, by=Actor.system(), at=MORNING)
    working_day_corrections.correct_day(
        date(2026, 7, 2), working=False, reason="台风", by=both, at=MORNING
    )
    assert policies.active().late_minutes == 20


def test_with_one_street_its_admin_acts_for_the_service(session: None) -> None:
    cast = make.cast()
    assert account_scope.covers_service(acting(cast.admin), Right.SERVICE_EDIT)
    assert not account_scope.covers_service(acting(cast.coordinator), Right.SERVICE_EDIT)
    assert not account_scope.covers_service(acting(cast.wang_account), Right.SERVICE_EDIT)
    assert account_scope.covers_service(Actor.system("cli"), Right.SERVICE_EDIT)


def test_no_admin_of_a_part_is_one_of_the_service(session: None) -> None:
    cast = make.cast()
    part = make.account("part", "部分", role="admin", area=cast.community)
    assert not account_scope.covers_service(acting(part), Right.SERVICE_EDIT)


def test_the_pages_and_the_api_say_the_same(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        two = two_streets()
        ids = [account.id for account in two.theirs.values()]
        team = two.cast.team.id
        headers = token_for(two.cast.coordinator, "read", "write")
    sign_in(client, "zhoujing")
    listed = client.get("/accounts").get_data(as_text=True)
    assert "周静" in listed
    assert "林海" not in listed
    page = client.get("/ratings/calendar").get_data(as_text=True)
    assert "由管理全部街道的系统管理员更正" in page
    assert 'name="working"' not in page
    for id_ in ids:
        assert client.get(f"/accounts/{id_}").status_code == 404
        body = {"account_id": id_, "role": "leader", "team_id": team}
        answer = client.post("/api/v1/grants", json=body, headers=headers)
        assert answer.status_code == 404
        held = client.get(f"/api/v1/grants?account_id={id_}", headers=headers).get_json()
        assert held == {"items": []}
    key = {"Idempotency-Key": "of-the-scope"}
    day = {"day": "2026-07-02", "working": False, "reason": "台风"}
    answer = client.post("/api/v1/working-day-corrections", json=day, headers=headers | key)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "for_the_whole_service")


def test_a_street_s_admin_reads_the_figures_of_that_street(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        two = two_streets()
        theirs = len(two.theirs) + 1
    sign_in(client, "seaadmin")
    page = client.get("/").get_data(as_text=True)
    assert f">{theirs}<" in page
    form = hidden(client, "/accounts") | {"x": "y"}
    assert client.post("/accounts/1/disable", data=form).status_code == 404


def test_a_disabled_account_is_enabled_by_who_may_disable_it(session: None) -> None:
    two = two_streets()
    both, whose = acting(two.whole), two.theirs["leader"]
    accounts.disable(whose.id, by=both, at=MORNING)
    epoch = whose.epoch
    for by in (two.admin, two.coordinator):
        with pytest.raises(NotFound):
            accounts.enable(whose.id, by=by, at=MORNING)
    assert whose.disabled_at == MORNING
    assert accounts.enable(whose.id, by=both, at=MORNING).disabled_at is None
    # Sessions and tokens that ended stay so.
    assert whose.epoch == epoch


def test_nobody_enables_who_left(session: None) -> None:
    two = two_streets()
    account = two.cast.wang_account
    accounts.disable(account.id, by=two.admin, at=MORNING)
    two.cast.wang.state = "left"
    with pytest.raises(RegistrationEnded):
        accounts.enable(account.id, by=two.admin, at=MORNING)
    assert account.disabled_at == MORNING


def test_enabling_is_a_button_of_the_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        whose = make.cast().li_mei.id
    sign_in(client, "admin")
    path = f"/accounts/{whose}"
    client.post(f"{path}/disable", data=hidden(client, path))
    assert f'action="{path}/enable"' in client.get(path).get_data(as_text=True)
    assert client.post(f"{path}/enable", data=hidden(client, path)).status_code == 303
    page = client.get(path).get_data(as_text=True)
    assert "账号已恢复。" in page
    assert "这个账号已停用" not in page
    sign_in(app.test_client(), "limei")

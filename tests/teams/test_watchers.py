"""Nobody appoints or removes the person who oversees them, or changes their account."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service.areas.models import Area
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.people.authentication import (
    accounts,
    one_time_codes,
    phone_confirmation,
    watchers,
)
from volunteer_service.people.authentication.staff_registrations import StaffOfOthers
from volunteer_service.people.models import Account, Consent, Grant
from volunteer_service.people.registrations import consents, registration
from volunteer_service.teams import role_grants
from volunteer_service.teams.role_grants import WatchesYou

NOW = make.MORNING


def _grant_of(account: Account) -> int:
    return db.session.scalars(db.select(Grant.id).where(Grant.account_id == account.id)).one()


def _roles(account: Account) -> list[str]:
    return [held.role for held in make.acting(account).grants]


def test_a_coordinator_removes_neither_peer_nor_auditor(session: None) -> None:
    cast = make.cast()
    below = make.account("below", "下级审核", role="auditor", area=cast.community)
    by = make.acting(cast.coordinator)
    for watcher in (cast.second, cast.auditor, below):
        with pytest.raises(WatchesYou):
            role_grants.revoke_grant(_grant_of(watcher), by=by, at=NOW)
    for watcher in (cast.desk, cast.admin):
        with pytest.raises(NotAllowed):
            role_grants.revoke_grant(_grant_of(watcher), by=by, at=NOW)
    assert [_roles(each) for each in (cast.second, cast.auditor, below, cast.desk, cast.admin)] == [
        ["coordinator"],
        ["auditor"],
        ["auditor"],
        ["desk"],
        ["admin"],
    ]


def test_she_takes_what_she_gives_below(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    below = make.account("below", "下级", role="coordinator", area=cast.community)
    peer = make.account("peer", "同级", role="coordinator", area=cast.community)
    for held in (cast.li_mei, below):
        role_grants.revoke_grant(_grant_of(held), by=by, at=NOW)
        assert _roles(held) == []
    with pytest.raises((NotAllowed, NotFound)):
        role_grants.revoke_grant(_grant_of(cast.coordinator), by=make.acting(peer), at=NOW)
    assert _roles(cast.coordinator) == ["coordinator"]


def test_an_admin_takes_each_of_them(session: None) -> None:
    cast = make.cast()
    other = make.account("other", "林全", role="admin", area=cast.town)
    _asked(cast.auditor, "role", other)
    for held in (cast.second, cast.auditor, cast.desk):
        role_grants.revoke_grant(_grant_of(held), by=make.acting(cast.admin), at=NOW)
        assert _roles(held) == []


def _asked(account: Account, act: str, by: Account) -> None:
    watchers.ask_second_admin(account.id, act, reason="核查", by=make.acting(by), at=NOW)


@pytest.mark.parametrize(
    ("role", "place"), [("coordinator", "town"), ("auditor", "town"), ("auditor", "community")]
)
def test_nobody_names_who_will_watch_them(session: None, role: str, place: str) -> None:
    cast = make.cast()
    area: Area = getattr(cast, place)
    with pytest.raises(WatchesYou):
        role_grants.grant(
            cast.zhao_account.id, role, area_id=area.id, by=make.acting(cast.coordinator), at=NOW
        )
    assert _roles(cast.zhao_account) == []
    admin = make.acting(cast.admin)
    assert role_grants.grant(cast.zhao_account.id, role, area_id=area.id, by=admin, at=NOW).id


def _staff_volunteer(cast: make.Cast) -> int:
    """The auditor is a volunteer of the street too, with a phone that nobody has confirmed."""
    person = make.volunteer("吴敏", team=cast.team, phone="13900000088")
    person.phone_confirmed_at = None
    db.session.add(
        Consent(
            volunteer_id=person.id, purpose="register", how="page", by_guardian=False, given_at=NOW
        )
    )
    cast.auditor.volunteer_id = person.id
    db.session.flush()
    return person.id


def test_her_account_is_not_touched_by_whom_she_watches(session: None) -> None:
    cast = make.cast()
    person_id = _staff_volunteer(cast)
    by = make.acting(cast.coordinator)
    with pytest.raises(StaffOfOthers):
        registration.disown(person_id, by=by, at=NOW)
    with pytest.raises(StaffOfOthers):
        consents.withdraw_consent(person_id, "register", by=by, at=NOW)
    with pytest.raises(StaffOfOthers):
        phone_confirmation.confirm_phone(person_id, by=by, at=NOW)
    with pytest.raises(one_time_codes.HasRoles):
        one_time_codes.issue_code_to(person_id, by=by, at=NOW)
    with pytest.raises(NotFound):
        accounts.disable(cast.auditor.id, by=by, at=NOW)
    db.session.refresh(cast.auditor)
    person = cast.auditor.volunteer
    assert person is not None
    assert (person.state, person.phone_confirmed_at) == ("active", None)
    assert (cast.auditor.epoch, cast.auditor.disabled_at) == (0, None)


def test_herself_and_an_admin_may(session: None) -> None:
    cast = make.cast()
    person_id = _staff_volunteer(cast)
    admin, other = (
        make.acting(cast.admin),
        make.account("other", "林", role="admin", area=cast.town),
    )
    _asked(cast.auditor, "registration", other)
    assert phone_confirmation.confirm_phone(person_id, by=admin, at=NOW).phone_confirmed_at == NOW
    consents.withdraw_consent(person_id, "register", by=make.acting(cast.auditor), at=NOW)
    person = cast.auditor.volunteer
    assert person is not None
    assert person.state == "left"
    _asked(cast.auditor, "registration", other)
    assert registration.disown(person_id, by=admin, at=NOW).state == "disowned"


def test_the_page_offers_what_will_be_done(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        auditor, leader = cast.auditor.id, cast.li_mei.id
    signing.sign_in(client, "zhoujing")
    page = client.get(f"/accounts/{auditor}").get_data(as_text=True)
    assert "由上一级收回" in page
    assert "确定收回" not in page
    assert 'value="auditor"' not in page
    assert 'value="coordinator"' in page
    assert "确定收回" in client.get(f"/accounts/{leader}").get_data(as_text=True)

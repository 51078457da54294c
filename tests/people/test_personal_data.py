"""Personal data in plain, who looked, what is held, tokens and roles."""

from datetime import timedelta

import pytest

from tests import make
from tests.people.test_register import IDENTITY, VISITOR
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound, SignInNeeded
from volunteer_service.people.authentication import api_tokens, self_registration, sessions
from volunteer_service.people.authentication.api_tokens import ScopeNotYours
from volunteer_service.people.authentication.self_registration import ClaimRefused
from volunteer_service.people.models import Look
from volunteer_service.people.personal_data import personal_data, personal_data_export
from volunteer_service.people.personal_data.personal_data import ReasonMissing
from volunteer_service.people.registrations import consents, registration, registration_fields
from volunteer_service.teams import role_grants
from volunteer_service.teams.role_grants import MoreThanYours

NOW = make.MORNING


def test_a_coordinator_looks_with_a_reason_that_is_kept(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    with pytest.raises(ReasonMissing):
        personal_data.reveal(cast.wang.id, "phone", " ", by=by, at=NOW)
    shown = personal_data.reveal(cast.wang.id, "phone", "活动改期", by=by, at=NOW)
    assert shown == cast.wang.phone
    look = db.session.scalars(db.select(Look)).one()
    assert (look.account_id, look.volunteer_id, look.field, look.why) == (
        cast.coordinator.id,
        cast.wang.id,
        "phone",
        "活动改期",
    )


def test_a_leader_does_not_see_the_whole_phone(session: None) -> None:
    cast = make.cast()
    with pytest.raises((NotFound, NotAllowed)):
        personal_data.reveal(cast.wang.id, "phone", "好奇", by=make.acting(cast.li_mei), at=NOW)
    assert db.session.scalars(db.select(Look)).all() == []


def test_one_s_own_data_needs_no_reason(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.wang_account)
    assert personal_data.reveal(cast.wang.id, "phone", "", by=by, at=NOW) == cast.wang.phone
    assert db.session.scalars(db.select(Look)).all() == []


def test_the_export_holds_all_of_mine_and_nothing_of_others(session: None) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei)
    mine = make.sign_up(event, cast.wang)
    make.sign_up(event, cast.zhao)
    held = personal_data_export.export_of(cast.wang.id, by=make.acting(cast.wang_account), at=NOW)
    assert held["volunteers"][0]["phone"] == cast.wang.phone
    assert [row["id"] for row in held["sign_ups"]] == [mine.id]
    assert {"consents", "memberships", "accounts"} <= set(held)
    assert cast.zhao.name not in str(held)
    assert "password_hash" not in str(held)


def test_the_export_of_a_leader_has_no_event_of_the_team(session: None) -> None:
    cast = make.cast()
    make.sign_up(make.event(team=cast.team, leader=cast.li_mei), cast.wang)
    by = make.acting(cast.li_mei)
    held = personal_data_export.export_of(by.volunteer_id or 0, by=by, at=NOW)
    assert "events" not in held
    assert "sign_ups" not in held


def test_a_consent_is_given_and_withdrawn(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.wang_account)
    first = consents.give_consent(cast.wang.id, "publish", by=by, at=NOW)
    assert consents.give_consent(cast.wang.id, "publish", by=by, at=NOW) is first
    consents.withdraw_consent(cast.wang.id, "publish", by=by, at=NOW)
    assert first.withdrawn_at == NOW
    consents.withdraw_consent(cast.wang.id, "register", by=by, at=NOW)
    assert cast.wang.state == "left"


def test_a_token_acts_until_it_is_revoked_or_expires(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.wang_account)
    token, plain = api_tokens.make_token("表", ["read"], 30, by=by, at=NOW)
    assert plain not in token.token_hash
    actor, scopes = sessions.bearer(plain, at=NOW)
    assert (actor.account_id, scopes) == (cast.wang_account.id, {"read"})
    with pytest.raises(SignInNeeded):
        sessions.bearer(plain, at=NOW + timedelta(days=31))
    with pytest.raises(NotFound):
        api_tokens.revoke_token(token.id, by=make.acting(cast.zhao_account), at=NOW)
    api_tokens.revoke_token(token.id, by=by, at=NOW)
    with pytest.raises(SignInNeeded):
        sessions.bearer(plain, at=NOW)


def test_a_token_can_do_no_more_than_its_maker(session: None) -> None:
    cast = make.cast()
    with pytest.raises(ScopeNotYours):
        api_tokens.make_token("表", ["desk"], 30, by=make.acting(cast.wang_account), at=NOW)


def test_who_was_registered_on_paper_claims_the_account(session: None) -> None:
    cast = make.cast()
    asked = registration_fields.RegisterIn(
        "孙晓", "13900000001", True, identity=IDENTITY, area_id=cast.community.id
    )
    person = registration.register(asked, by=make.acting(cast.coordinator), at=NOW)
    facts = {"name": "孙晓", "phone": "13900000001", "password": "a fine long one"}
    with pytest.raises(ClaimRefused):
        self_registration.claim(**facts, identity=IDENTITY[:-2] + "99", by=VISITOR, at=NOW)
    account = self_registration.claim(**facts, identity=IDENTITY, by=VISITOR, at=NOW)
    assert account.volunteer_id == person.id
    with pytest.raises(ClaimRefused):
        self_registration.claim(**facts, identity=IDENTITY, by=VISITOR, at=NOW)


def test_nobody_gives_more_than_they_hold(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    given = role_grants.grant(cast.wang_account.id, "leader", team_id=cast.team.id, by=by, at=NOW)
    assert (
        role_grants.grant(cast.wang_account.id, "leader", team_id=cast.team.id, by=by, at=NOW)
        is given
    )
    for role in ("desk", "admin"):
        with pytest.raises(MoreThanYours):
            role_grants.grant(cast.wang_account.id, role, area_id=cast.town.id, by=by, at=NOW)
    leader = make.acting(cast.li_mei)
    with pytest.raises((NotFound, NotAllowed)):
        role_grants.grant(cast.zhao_account.id, "leader", team_id=cast.team.id, by=leader, at=NOW)
    role_grants.revoke_grant(given.id, by=by, at=NOW)
    assert make.acting(cast.wang_account).grants == ()


def test_nobody_takes_their_own_role_away(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.admin)
    (own,) = role_grants.grants_of(cast.admin.id, by=by)
    with pytest.raises(NotAllowed):
        role_grants.revoke_grant(own.id, by=by, at=NOW)

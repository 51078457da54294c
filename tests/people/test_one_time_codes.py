"""One-time codes: who issues, who uses, once, within a day; and what they do not do."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from tests.make import MORNING, acting
from volunteer_service.db import db, settle_refusal, transaction
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.identifiers import base32, check_characters
from volunteer_service.journal import Entry
from volunteer_service.people.authentication import accounts, known_devices, one_time_codes, sign_in
from volunteer_service.people.authentication.one_time_codes import (
    CodeOfYours,
    CodeRefused,
    HasRoles,
)
from volunteer_service.people.authentication.sign_in import SignInDelayed, Whence
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import Account, Message, SignInCode
from volunteer_service.people.registrations.registration_state import RegistrationEnded
from volunteer_service.teams import role_grants

NOW = make.MORNING
NEW = "my very own words"
HERE = Whence("192.0.2.1", "the person's browser")


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def issue(cast: make.Cast) -> str:
    by = make.acting(cast.coordinator)
    account, code = one_time_codes.issue_code_to(cast.wang.id, by=by, at=NOW)
    assert account.id == cast.wang_account.id
    return code


def use(code: str, *, login: str = "wang", whence: Whence = HERE, by=None, at=NOW) -> Account:
    return one_time_codes.use_code(login, code, NEW, whence=whence, by=by, at=at)


def test_the_person_sets_a_password_and_everything_before_ends(cast: make.Cast) -> None:
    code = issue(cast)
    assert sign_in.sign_in("wang", make.PASSWORD, at=NOW).epoch == 0
    assert use(f" {base32.spaced(code).lower()} ").id == cast.wang_account.id
    assert cast.wang_account.epoch == 1
    assert sign_in.sign_in("wang", NEW, at=NOW).id == cast.wang_account.id
    told = db.session.scalars(db.select(Message.kind).order_by(Message.id)).all()
    assert told == ["sign_in_code_issued", "sign_in_code_used"]
    verbs = [(row.verb, row.account_id) for row in db.session.scalars(db.select(Entry))]
    assert ("people.reset_password", cast.coordinator.id) in verbs
    assert ("people.use_code", cast.wang_account.id) in verbs


def test_it_is_used_once(cast: make.Cast) -> None:
    code = issue(cast)
    use(code)
    with pytest.raises(CodeRefused):
        one_time_codes.use_code("wang", code, "another long one", whence=HERE, by=None, at=NOW)


def test_it_lives_for_a_day(cast: make.Cast) -> None:
    code = issue(cast)
    with pytest.raises(CodeRefused):
        use(code, at=NOW + timedelta(hours=24))
    assert use(code, at=NOW + timedelta(hours=23, minutes=59))


def test_a_new_one_ends_the_one_before(cast: make.Cast) -> None:
    first, second = issue(cast), issue(cast)
    with pytest.raises(CodeRefused):
        use(first)
    assert use(second)


def test_it_is_no_password_and_opens_no_other_account(cast: make.Cast) -> None:
    code = issue(cast)
    with pytest.raises(sign_in.SignInRefused):
        sign_in.sign_in("wang", code, at=NOW)
    with pytest.raises(CodeRefused):
        use(code, login="zhao")
    assert cast.wang_account.epoch == cast.zhao_account.epoch == 0


def test_it_is_kept_hashed(cast: make.Cast) -> None:
    code = issue(cast)
    kept = db.session.scalars(db.select(SignInCode)).one()
    assert code not in kept.code_hash


def test_who_issued_it_does_not_use_it(cast: make.Cast) -> None:
    code = issue(cast)
    desk = Whence("192.0.2.7", "the office's browser")
    with pytest.raises(CodeOfYours):
        use(code, by=make.acting(cast.coordinator), whence=Whence("192.0.2.7"))
    known_devices.remember_device(cast.coordinator, desk.browser, at=NOW)
    with pytest.raises(CodeOfYours):
        use(code, whence=desk)
    by = make.acting(cast.coordinator)
    accounts.sign_out_everywhere(cast.coordinator.id, by=by, at=NOW)
    with pytest.raises(CodeOfYours):
        use(code, whence=desk)
    assert cast.wang_account.epoch == 0
    assert use(code).id == cast.wang_account.id


def test_who_issued_it_is_no_second_person_to_that_account(cast: make.Cast) -> None:
    use(issue(cast))
    account, by = cast.wang_account, make.acting(cast.wang_account)
    later = NOW + timedelta(days=1)
    assert conflicts.why_not(by, cast.second.id, at=later) is None
    with pytest.raises(conflicts.SecondPersonNeeded):
        conflicts.need_second(by, cast.coordinator.id, at=later)
    with pytest.raises(conflicts.SecondPersonNeeded):
        conflicts.need_second(make.acting(cast.coordinator), account.id, at=later)


def test_who_may_issue(cast: make.Cast) -> None:
    for account in (cast.wang_account, cast.zhao_account, cast.li_mei, cast.desk, cast.auditor):
        with pytest.raises((NotFound, NotAllowed)):
            one_time_codes.issue_code_to(cast.wang.id, by=make.acting(account), at=NOW)
    by, admin = make.acting(cast.coordinator), make.acting(cast.admin)
    for staff in (cast.desk, cast.admin, cast.coordinator):
        with pytest.raises((NotFound, NotAllowed)):
            one_time_codes.issue_code(staff.id, by=by, at=NOW)
    with pytest.raises(HasRoles):
        one_time_codes.issue_code(cast.li_mei.id, by=by, at=NOW)
    with pytest.raises(OwnCase):
        one_time_codes.issue_code(cast.admin.id, by=admin, at=NOW)
    assert db.session.scalars(db.select(SignInCode)).all() == []
    assert (
        use(one_time_codes.issue_code(cast.desk.id, by=admin, at=NOW), login="sunli").id
        == cast.desk.id
    )


def test_nor_to_whoever_gave_the_role_or_has_the_same_phone(cast: make.Cast) -> None:
    """Whom one depends on, and whom one shares a phone with, get their code from somebody else."""
    above = make.account("above", "上级", role="admin", area=cast.town)
    role_grants.grant(above.id, "auditor", area_id=cast.town.id, by=make.acting(cast.admin), at=NOW)
    with pytest.raises(SecondPersonNeeded):
        one_time_codes.issue_code(cast.admin.id, by=make.acting(above), at=NOW)
    person = make.volunteer("周静", team=cast.team, phone=cast.wang.phone)
    cast.coordinator.volunteer_id = person.id
    db.session.flush()
    with pytest.raises(SecondPersonNeeded, match="同一个手机号"):
        one_time_codes.issue_code_to(cast.wang.id, by=make.acting(cast.coordinator), at=NOW)
    assert db.session.scalars(db.select(SignInCode)).all() == []
    assert one_time_codes.issue_code_to(cast.wang.id, by=make.acting(cast.second), at=NOW)


def test_nobody_sets_a_password_that_they_know_for_another(cast: make.Cast) -> None:
    for account in (cast.admin, cast.coordinator):
        with pytest.raises((NotFound, NotAllowed)):
            accounts.set_password(cast.wang_account.id, NEW, by=make.acting(account), at=NOW)
    assert cast.wang_account.epoch == 0


def test_who_left_gets_none(cast: make.Cast) -> None:
    cast.wang.state = "left"
    with pytest.raises(RegistrationEnded):
        issue(cast)


def test_guessing_codes_grows_slow(cast: make.Cast) -> None:
    code = issue(cast)
    wrong = base32.encode(7)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            use(wrong)
        settle_refusal()
        db.session.expire_all()
    with pytest.raises(SignInDelayed):
        use(code)
    assert use(code, at=NOW + timedelta(minutes=1))


def _wrong(times: int, **where: object) -> None:
    for _ in range(times):
        with pytest.raises((CodeRefused, SignInDelayed)):
            use(base32.encode(7), **where)
        settle_refusal()
        db.session.expire_all()


def test_strangers_elsewhere_keep_no_good_code_out(cast: make.Cast) -> None:
    code = issue(cast)
    for number in range(30):
        _wrong(5, whence=Whence(f"198.51.100.{number}", f"stranger {number}"))
    assert use(code).id == cast.wang_account.id


def test_nor_in_the_same_hall_on_a_device_of_before(cast: make.Cast) -> None:
    code = issue(cast)
    known_devices.remember_device(cast.wang_account, HERE.browser, at=NOW)
    _wrong(9, whence=Whence(HERE.origin, "somebody else in the hall"))
    assert use(code).id == cast.wang_account.id


def test_one_place_guesses_no_faster_by_other_names_of_the_account(cast: make.Cast) -> None:
    code = issue(cast)
    cast.wang.number = check_characters.volunteer_number(cast.wang.id)
    db.session.commit()
    _wrong(3)
    _wrong(2, login=cast.wang.number)
    with pytest.raises(CodeRefused):
        use(code)
    assert use(code, at=NOW + timedelta(minutes=1)).id == cast.wang_account.id


def test_one_place_has_105_tries_in_the_life_of_a_code(cast: make.Cast) -> None:
    issue(cast)
    at, tries, step = NOW, 0, timedelta(minutes=1)
    while at < NOW + one_time_codes.LIFE:
        try:
            use(base32.encode(7), at=at)
        except CodeRefused:
            tries += 1
            settle_refusal()
            db.session.expire_all()
        except SignInDelayed:
            at += step
    assert 100 <= tries <= 105


def test_what_is_not_there_is_refused_alike(cast: make.Cast) -> None:
    issue(cast)
    said = set()
    for login in ("wang", "zhao", "nobody", "13900000077"):
        with pytest.raises(CodeRefused) as refused:
            use(base32.encode(7), login=login)
        said.add(str(refused.value))
    assert len(said) == 1


# Pages


def test_from_the_counter_to_one_s_own_password(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        wang_id = make.cast().wang.id
    signing.sign_in(client, "zhoujing")
    path = f"/people/{wang_id}"
    page = client.post(f"{path}/code", data=signing.hidden(client, path)).get_data(as_text=True)
    code = next(word for word in page.replace("<", " ").replace(">", " ").split() if _is_code(word))
    form = {"login": "wang", "code": code, "password": NEW}
    own = client.post("/code", data=signing.hidden(client, "/code") | form)
    assert own.status_code == 422
    assert "发代码的人不能" in own.get_data(as_text=True)
    phone = app.test_client()
    answer = phone.post("/code", data=signing.hidden(phone, "/code") | form)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "王建国" in phone.get("/me").get_data(as_text=True)
    assert code not in client.get(path).get_data(as_text=True)


def test_a_new_member_of_staff_sets_the_password(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make.cast()
    signing.sign_in(client, "admin")
    form = signing.hidden(client, "/accounts/new") | {"login": "clerk", "name": "新来的"}
    refused = client.post("/accounts/new", data=form)
    assert (refused.status_code, "两项只选一项" in refused.get_data(as_text=True)) == (422, True)
    form |= {"is_nobody": "1"}
    page = client.post("/accounts/new", data=form).get_data(as_text=True)
    code = next(word for word in page.replace("<", " ").replace(">", " ").split() if _is_code(word))
    other = app.test_client()
    form = {"login": "clerk", "code": code, "password": NEW} | signing.hidden(other, "/code")
    assert other.post("/code", data=form).status_code == 303
    assert "新来的" in other.get("/me").get_data(as_text=True)


def _is_code(word: str) -> bool:
    return word.count("-") == 2 and base32.read(word) is not None


def test_a_new_account_is_not_another_street_s(cast: make.Cast) -> None:
    """It has no role yet, and no other street's admin hands out a code for it meanwhile."""
    other = make.account("linjiang", "陶", role="admin", area=make.area("临江街道"))
    new, _code = one_time_codes.open_staff(
        "neu", "新来", number=None, is_nobody=True, by=acting(cast.admin), at=MORNING
    )
    with pytest.raises(NotFound):
        one_time_codes.issue_code(new.id, by=acting(other), at=MORNING)
    with pytest.raises(NotFound):
        role_grants.grantee(new.id, by=acting(other))
    assert role_grants.grantee(new.id, by=acting(cast.coordinator)).id == new.id

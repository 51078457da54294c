"""Who wrote a person down may have opened their account: no second person, by whatever door."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import make
from tests.people.test_conflicts import told
from tests.workbooks import log, town
from tests.workbooks.approving import applied, asked
from tests.workbooks.street_cells import id_number
from tests.workbooks.town import NOON
from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.people.authentication import self_registration
from volunteer_service.people.authorization import account_origins
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Grant, Volunteer
from volunteer_service.people.registrations import registration, registration_fields
from volunteer_service.workbooks import agreed_changes

DAY = timedelta(days=1)
NAME, PHONE, PASSWORD = "孙小晓", "13900000001", "a fine long one"
IDENTITY = id_number(date(1970, 5, 1), "女", 11)
ByOf = Callable[[make.Cast, Path], None]


def on_a_page(cast: make.Cast, _folder: Path) -> None:
    asked_for = registration_fields.RegisterIn(
        NAME, PHONE, True, identity=IDENTITY, area_id=cast.community.id
    )
    registration.register(asked_for, by=make.acting(cast.coordinator), at=NOON)


def by_an_import(cast: make.Cast, folder: Path) -> None:
    applied(roster(cast, folder, PHONE), cast.coordinator)


def by_an_import_of_two(cast: make.Cast, folder: Path) -> None:
    applied(asked(roster(cast, folder, PHONE), cast.coordinator), cast.admin)


def by_a_merged_entry(cast: make.Cast, folder: Path) -> None:
    """The entry that she wrote down goes on as another one, and its account with it."""
    on_a_page(cast, folder)
    here = db.session.scalars(select(Volunteer).where(Volunteer.name == NAME)).one()
    account = claimed()
    kept = make.volunteer(NAME, team=cast.team)
    here.state, here.merged_into_id, account.volunteer_id = "left", kept.id, kept.id
    db.session.flush()


def roster(cast: make.Cast, folder: Path, phone: str) -> int:
    path = log.roster(folder / f"{phone}.xlsx", [(NAME, IDENTITY, phone, cast.team.name)])
    return town.previewed([path], make.acting(cast.coordinator), area_id=cast.town.id).id


def claimed(at=NOON) -> Account:
    """The account that whoever knows name, phone and number opens."""
    visitor = Actor(None, None, "", "page")
    return self_registration.claim(NAME, PHONE, IDENTITY, PASSWORD, by=visitor, at=at)


def in_office(cast: make.Cast, account: Account) -> Account:
    db.session.add(Grant(account_id=account.id, role="coordinator", area_id=cast.town.id))
    db.session.flush()
    db.session.refresh(account)
    return account


@pytest.mark.parametrize("wrote", [on_a_page, by_an_import, by_an_import_of_two])
def test_an_account_opened_upon_what_one_wrote_down_is_no_second_person(
    session: None, tmp_path: Path, wrote: ByOf
) -> None:
    cast = make.cast()
    wrote(cast, tmp_path)
    # She waits, so that what she wrote is older than the days, and opens the account then.
    late = NOON + 40 * DAY
    account = in_office(cast, claimed(late))
    assert told(account, cast.coordinator, at=late + DAY) is not None
    assert told(cast.coordinator, account, at=late + DAY) is not None
    assert told(account, cast.second, at=late + DAY) is None
    since = late + DAY - timedelta(days=policies.guarding(late).independence_days)
    assert account.id in account_origins.group(cast.coordinator.id, since)
    assert cast.coordinator.id in account_origins.group(account.id, since)
    assert told(account, cast.coordinator, at=late + 30 * DAY) is None


def test_nor_where_its_entry_goes_on_as_another(session: None, tmp_path: Path) -> None:
    cast = make.cast()
    by_a_merged_entry(cast, tmp_path)
    account = db.session.scalars(
        select(Account)
        .join(Volunteer, Volunteer.id == Account.volunteer_id)
        .where(Volunteer.name == NAME)
    ).one()
    assert told(in_office(cast, account), cast.coordinator, at=NOON + DAY) is not None
    assert told(account, cast.second, at=NOON + DAY) is None


def test_nor_whose_phone_one_handed_in_though_another_applied_it(
    session: None, tmp_path: Path
) -> None:
    cast = make.cast()
    applied(roster(cast, tmp_path, PHONE), cast.admin)
    person = db.session.scalars(select(Volunteer).where(Volunteer.name == NAME)).one()
    account = in_office(cast, make.account("sunxiao", NAME, volunteer=person))
    number = roster(cast, tmp_path, "13900000002")
    agreed_changes.agree(number, None, by=make.acting(cast.coordinator), at=NOON)
    applied(asked(number, cast.coordinator), cast.admin)
    assert person.phone == "13900000002"
    assert told(account, cast.coordinator, at=NOON + DAY) is not None
    assert told(account, cast.second, at=NOON + DAY) is None


def test_an_account_of_before_the_import_is_a_second_person(session: None, tmp_path: Path) -> None:
    """A street's first roster makes nobody of its office depend on who handed it in."""
    cast = make.cast()
    by_an_import(cast, tmp_path)
    person = db.session.scalars(select(Volunteer).where(Volunteer.name == NAME)).one()
    cast.second.volunteer_id = person.id
    db.session.flush()
    assert told(cast.second, cast.coordinator, at=NOON + DAY) is None

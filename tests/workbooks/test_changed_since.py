"""Undoing an import leaves what somebody changed since, and says so beforehand."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests import make
from tests.workbooks import town
from volunteer_service import journal
from volunteer_service.areas import tree
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.people.authentication import phone_confirmation
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registrations import consents, registration
from volunteer_service.scoring.rewards import gifts
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams import membership, placing
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.taking_back import changed_since, undoing

LATER = town.NOON + timedelta(hours=1)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return town.files_of(tmp_path / "street")


@pytest.fixture
def row(session, paths: list[Path]) -> Import:
    return town.applied(paths)


@pytest.fixture
def by(row: Import) -> Actor:
    street = db.session.get_one(Area, row.area_id)
    return make.acting(make.account("zhoujing", "周静", role="coordinator", area=street))


def undo(row: Import) -> None:
    undoing.undo(row.id, by=town.SYSTEM, at=LATER + timedelta(hours=1))
    db.session.expire_all()
    town.healthy()


def first(model):
    return db.session.scalars(select(model).where(model.import_id.is_not(None))).first()


def test_a_place_that_staff_ended_or_moved_stays(row, paths, by) -> None:
    """A roster handed in again puts people of ours into teams; staff then move one of them."""
    old = dict.fromkeys(db.session.scalars(select(Volunteer.id)))
    db.session.execute(Membership.__table__.delete())
    second = town.applied(paths)
    places = db.session.scalars(
        select(Membership).where(Membership.import_id == second.id).order_by(Membership.id)
    ).all()
    ended, moved, stays_put = places[0], places[1], places[2]
    ids = [each.id for each in (ended, moved, stays_put)]
    other = make.team("新队", area=moved.team.area)
    assert old.keys() >= {each.volunteer_id for each in places}
    placing.end_place(ended.id, by=by, at=LATER)
    ids.append(placing.move(moved.id, other.id, by=by, at=LATER).id)

    assert changed_since.count(second) == {"memberships": 2}
    undo(second)

    left = select(Membership.id, Membership.state, Membership.import_id)
    assert {tuple(each) for each in db.session.execute(left)} == {
        (ids[0], "left", None),
        (ids[1], "left", None),
        (ids[3], "active", None),
    }


def _left(person: Volunteer, by: Actor) -> None:
    consents.withdraw_consent(person.id, "register", reason="不做了", by=_own(person), at=LATER)


def _disowned(person: Volunteer, by: Actor) -> None:
    registration.disown(person.id, by=_own(person), at=LATER)


def _confirmed(person: Volunteer, by: Actor) -> None:
    person.phone_confirmed_at = None
    phone_confirmation.confirm_phone(person.id, by=by, at=LATER)


def _own(person: Volunteer) -> Actor:
    return Actor(None, person.id, person.name, "page")


@pytest.mark.parametrize("change", [_left, _disowned, _confirmed])
def test_a_person_who_changed_since_stays_with_their_home(row, paths, by, change) -> None:
    person = db.session.scalars(
        select(Volunteer).where(Volunteer.phone.is_not(None), Volunteer.area_id.is_not(None))
    ).first()
    change(person, by)
    id_, state, home = person.id, person.state, person.area_id

    assert changed_since.count(row) == {"volunteers": 1}
    _without_staff()
    undo(row)

    person = db.session.scalars(select(Volunteer)).one()
    assert (person.id, person.state, person.area_id, person.import_id) == (id_, state, home, None)
    above = db.session.get_one(Area, home).path
    paths_ = db.session.scalars(select(Area.path)).all()
    assert sorted(path for path in paths_ if above.startswith(path)) == sorted(paths_)
    # Who said «this was not me», or left, is not brought in again by the next list.
    town.applied(paths)
    same = select(func.count(Volunteer.id)).where(Volunteer.identity_key == person.identity_key)
    assert db.session.scalar(same) == 1
    assert db.session.get_one(Volunteer, id_).state == state


def test_a_team_that_was_edited_stays_with_its_area(row) -> None:
    team = first(Team)
    journal.record("teams.edit", team, account_id=None, door="cli", at=LATER, version=2)
    db.session.flush()
    name, area = team.name, team.area_id

    assert changed_since.count(row) == {"teams": 1}
    undo(row)

    assert db.session.execute(select(Team.name, Team.area_id, Team.import_id)).all() == [
        (name, area, None)
    ]
    assert db.session.get(Area, area) is not None


def test_an_area_that_was_renamed_stays_with_those_above_it(row) -> None:
    area = db.session.scalars(select(Area).where(Area.kind == "grid")).first()
    tree.rename(area.id, "第九网格", reason="重新划分", by=town.SYSTEM, at=LATER)

    assert changed_since.count(row) == {"areas": 1}
    above = set(area.path.strip("/").split("/"))
    undo(row)

    assert {str(id_) for id_ in db.session.scalars(select(Area.id))} >= above
    assert "第九网格" in db.session.scalars(select(Area.name)).all()


def test_a_gift_that_was_edited_stays_offered_without_the_pieces(row) -> None:
    gift = db.session.scalars(select(Gift).where(Gift.name == "毛巾")).one()
    shape = {"name": gift.name, "price_centi": 77, "minimum_stars": 0, "state": "offered"}
    gifts.edit_gift(gift.id, gift.version, **shape, by=town.SYSTEM, at=LATER)

    assert changed_since.count(row) == {"gifts": 1}
    undo(row)

    found = {each.name: each for each in db.session.scalars(select(Gift))}
    assert (found["毛巾"].state, found["毛巾"].price_centi, found["毛巾"].stock) == (
        *("offered", 77, 0),
    )
    assert {each.state for name, each in found.items() if name != "毛巾"} == {"withdrawn"}


def test_a_withdrawn_gift_of_another_street_is_not_swept_away(row) -> None:
    other = make.area("渤海街道")
    gift = gifts.add_gift(
        other.id, "水杯", price_centi=100, minimum_stars=0, by=town.SYSTEM, at=LATER
    )
    gift.state = "withdrawn"
    db.session.flush()
    undo(row)
    assert db.session.get(Gift, gift.id) is not None


def test_who_left_a_team_themself_stays_out_of_it(row) -> None:
    place = first(Membership)
    membership.leave(place.team_id, by=_own(place.volunteer), at=LATER)
    assert changed_since.count(row) == {"memberships": 1}
    undo(row)
    left = db.session.execute(select(Membership.state, Membership.volunteer_id)).all()
    assert left == [("left", db.session.scalars(select(Volunteer.id)).one())]


def test_what_nobody_touched_goes_whole(row) -> None:
    assert changed_since.count(row) == {}
    undo(row)
    assert db.session.scalars(select(Volunteer)).all() == []


def _without_staff() -> None:
    """The account that acted stands on the street of the import."""
    for account in db.session.scalars(select(Account)):
        for grant in account.grants:
            db.session.delete(grant)
    db.session.flush()

"""The doctor of mergings finds every kind of row that stayed with a merged entry."""

import pytest
from sqlalchemy import insert, select, update

from tests import make, make_points
from tests.make_attendance import scan
from tests.make_merging import DAY, merge, served
from tests.make_points import FRIDAY
from volunteer_service import jobs
from volunteer_service.attendance import complaints
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.records import disputes
from volunteer_service.certificates import service_record_papers
from volunteer_service.db import Base, db
from volunteer_service.merging import doctor, tables
from volunteer_service.openings.models import TABLES
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.changes.change_models import PersonChange, RegistrationCheck
from volunteer_service.people.messages import messages
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.models import Account, Consent, Grant, Guardian, SearchKey, Volunteer
from volunteer_service.scoring.points import adjustments
from volunteer_service.scoring.rewards import orders

#: What stays with a merged entry for good, and so is no leftover in any state.
FOR_GOOD = {
    *("account_findings.volunteer_id", "calendar_feeds.volunteer_id", "looks.volunteer_id"),
    *("certificates.rated_id", "late_changes.volunteer_id"),
    *("round_results.volunteer_id", "scans.volunteer_id", "volunteer_cards.volunteer_id"),
    *(f"{model.__tablename__}.volunteer_id" for model in TABLES),
}


def test_every_table_is_looked_at_unless_its_rows_stay_for_good() -> None:
    assert set(doctor.LEFTOVERS) == set(tables.HOW) - FOR_GOOD
    assert all(isinstance(tables.HOW[name], tables.Stays) for name in FOR_GOOD)


@pytest.fixture
def merged(cast, kept, other) -> Volunteer:
    """The merged entry of somebody who had one row of everything."""
    by = make.acting(cast.coordinator)
    account = make.account("o", "张伟", volunteer=other)
    event = make.event(team=cast.team, leader=cast.li_mei)
    make.sign_up(event, other)
    scan(event, other)
    row = served(other, cast, day=1)
    disputes.dispute(row.id, words="少了", by=make.acting(account), at=FRIDAY)
    complaints.complain(other.id, happened_on=FRIDAY.date(), words="迟到", by=by, at=FRIDAY)
    adjustments.adjust(other.id, 90_000, "补", by=by, at=FRIDAY)
    messages.tell(other.id, "phone_confirmed", at=FRIDAY)
    db.session.add(Guardian(volunteer_id=other.id, name="张母", consented_at=FRIDAY))
    db.session.add(MessageSettings(volunteer_id=other.id, language="en", off=[]))
    db.session.add(Consent(volunteer_id=other.id, purpose="publish", how="paper", given_at=FRIDAY))
    household_declarations.declare_household(
        other.id, housemate=cast.zhao.number, housemate_name="赵芳", by=by, at=FRIDAY
    )
    make_points.earned(other, 600)
    gift = make_points.gift(cast)
    orders.order(gift.id, 1, other.id, stars=0, by=make.acting(account), at=FRIDAY)
    served(other, cast, day=3, minutes=30)
    period = ((make.MORNING - 5 * DAY).date(), FRIDAY.date())
    service_record_papers.certify_service(other.id, *period, by=by, at=FRIDAY)
    assert merge(cast, kept, other).state == "done"
    db.session.expire_all()
    return other


def test_after_a_merging_nothing_is_found(merged) -> None:
    assert doctor.doctor() == []


@pytest.mark.parametrize("name", sorted(doctor.LEFTOVERS))
def test_each_kind_of_leftover_is_found(cast, kept, merged, name) -> None:
    table, _, column = name.partition(".")
    _leave(cast, kept, merged, table, column)
    found = [each.check for each in doctor.doctor()]
    assert f"{name} is the kept entry's" in found
    assert {each.check for each in jobs.doctor()} >= set(found)


def _leave(cast, kept: Volunteer, merged: Volunteer, table: str, column: str) -> None:
    """Put back what the merging moved, or leave open what it ended."""
    made = _OPEN.get(f"{table}.{column}")
    if made is not None:
        made(cast, kept, merged)
        db.session.flush()
        return
    rows = Base.metadata.tables[table]
    query = select(rows.c.id).where(rows.c[column] == kept.id).order_by(rows.c.id.desc())
    moved = db.session.scalars(query.limit(1)).one()
    db.session.execute(update(rows).where(rows.c.id == moved).values({column: merged.id}))


def _opened(_cast, _kept, merged: Volunteer) -> None:
    accounts = update(Account).where(Account.volunteer_id == merged.id)
    db.session.execute(accounts.values(disabled_at=None))


def _in_team(cast, _kept, merged: Volunteer) -> None:
    table = Base.metadata.tables["memberships"]
    values = {"team_id": cast.team.id, "volunteer_id": merged.id, "state": "active"}
    db.session.execute(insert(table).values(**values, joined_at=FRIDAY))


def _tied(one_id: int | None = None, other_id: int | None = None, declarer: bool = False):
    def made(cast, kept: Volunteer, merged: Volunteer) -> None:
        # A housemate with the higher, or the lower number: the pair is kept in order.
        mate = cast.wang.id if other_id else make.volunteer("刘洋", team=cast.team).id
        one, two = sorted((kept.id if declarer else merged.id, mate))
        values = {"one_id": one, "other_id": two, "declared_at": FRIDAY, "is_pending": False}
        values["declarer_id"] = merged.id if declarer else None
        db.session.execute(insert(Base.metadata.tables["household_ties"]).values(**values))

    return made


def _merging(column: str):
    def made(cast, _kept, merged: Volunteer) -> None:
        third = make.volunteer("张伟", team=cast.team)
        pair = {"kept_id": third.id, "merged_id": third.id, column: merged.id}
        table = Base.metadata.tables["mergings"]
        if column == "merged_id":
            db.session.execute(
                update(table).where(table.c.merged_id == merged.id).values(state="undone")
            )
        values = {"taken": [], "minutes": 0, "reason": "又一次", "state": "waiting"}
        db.session.execute(insert(table).values(**pair, **values, asked_at=FRIDAY))

    return made


def _change(_cast, _kept, merged: Volunteer) -> None:
    shape = {"field": "name", "reason": "写错了", "asked_at": FRIDAY, "state": "waiting"}
    db.session.add(PersonChange(volunteer_id=merged.id, **shape))


def _key(_cast, _kept, merged: Volunteer) -> None:
    db.session.add(SearchKey(kind="name", key="张伟", volunteer_id=merged.id))


def _points(_cast, _kept, merged: Volunteer) -> None:
    table = Base.metadata.tables["points_accounts"]
    mine = table.c.volunteer_id == merged.id
    db.session.execute(update(table).where(mine).values(posted=100))


def _check(_cast, _kept, merged: Volunteer) -> None:
    row = RegistrationCheck(volunteer_id=merged.id, kind="same_name", asked_at=FRIDAY)
    db.session.add(row)


#: What a merging ends or never meets, and so cannot be put back.
def _anomaly(cast, _kept, merged: Volunteer) -> None:
    facts = {"kind": "week", "key": "of the merged", "team_id": cast.team.id}
    when = {"happened_on": FRIDAY.date(), "found_at": FRIDAY}
    db.session.add(Anomaly(volunteer_id=merged.id, **facts, **when))


_OPEN = {
    "accounts.volunteer_id": _opened,
    "anomalies.volunteer_id": _anomaly,
    "household_ties.declarer_id": _tied(declarer=True),
    "household_ties.one_id": _tied(one_id=1),
    "household_ties.other_id": _tied(other_id=1),
    "memberships.volunteer_id": _in_team,
    "mergings.kept_id": _merging("kept_id"),
    "mergings.merged_id": _merging("merged_id"),
    "person_changes.volunteer_id": _change,
    "person_search_keys.volunteer_id": _key,
    "points_accounts.volunteer_id": _points,
    "registration_checks.volunteer_id": _check,
}


def test_a_role_of_the_closed_account_is_found(cast, kept, merged) -> None:
    account = db.session.scalars(select(Account).where(Account.volunteer_id == merged.id)).one()
    db.session.add(Grant(account_id=account.id, role="desk", area_id=cast.town.id))
    db.session.flush()
    assert [each.subject for each in doctor.doctor()] == [f"accounts/{account.id}"]


@pytest.mark.parametrize(
    ("values", "check"),
    [
        ({"state": "active"}, "a merged entry has left"),
        ({"merged_into_id": 9_999}, "a merged entry leads to one that goes on"),
    ],
)
def test_what_is_wrong_with_the_entry_itself_is_found(kept, merged, values, check) -> None:
    table = Base.metadata.tables["volunteers"]
    db.session.execute(update(table).where(table.c.id == merged.id).values(**values))
    assert check in [each.check for each in doctor.doctor()]


def test_an_entry_that_was_never_merged_is_found(cast, kept) -> None:
    third = make.volunteer("张伟", team=cast.team)
    table = Base.metadata.tables["volunteers"]
    values = {"merged_into_id": kept.id, "state": "left"}
    db.session.execute(update(table).where(table.c.id == third.id).values(**values))
    assert "a merged entry was merged once" in [each.check for each in doctor.doctor()]

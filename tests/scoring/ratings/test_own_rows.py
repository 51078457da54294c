"""Nobody decides on their own star or signs off a round in which they took part."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import make
from tests.make import Cast, acting
from tests.make_ratings import AFTER_NOTICE, JULY, record, result, round_at
from volunteer_service import journal
from volunteer_service.attendance.models import RecordChange
from volunteer_service.certificates import issuing, revoking
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.people.authentication import account_people, one_time_codes
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import Message, Volunteer
from volunteer_service.scoring.ratings import (
    objections,
    own_rows,
    refusals,
    round_steps,
    sign_off,
    supplements,
)
from volunteer_service.scoring.ratings.models import Objection, Round
from volunteer_service.teams.models import Team


@pytest.fixture
def town(session: None) -> Cast:
    cast = make.cast()
    record(cast.wang, cast.team, 700, confirmed_by_id=cast.li_mei.id, confirmed_at=JULY)
    record(cast.zhao, cast.other_team, 700)
    return cast


def also_volunteers(cast: Cast, account: make.Account, **fields: object) -> Volunteer:
    """A coordinator who serves in a team: 700 minutes, confirmed by its leader."""
    person = make.volunteer(account.name, team=cast.team)
    account.volunteer_id = person.id
    fields = {"confirmed_by_id": cast.li_mei.id, "confirmed_at": JULY} | fields
    record(person, cast.team, 700, **fields)
    db.session.flush()
    return person


def objected(row: Round, person: Volunteer, account: make.Account) -> int:
    said = objections.object_to(result(row, person).id, "少算了", by=acting(account), at=JULY)
    return said.id


def uphold(objection_id: int, account: make.Account) -> None:
    """The records hold 800 minutes more by then."""
    objection = db.session.get_one(Objection, objection_id)
    record(objection.result.volunteer, db.session.scalars(select(Team).limit(1)).one(), 800)
    objections.decide_objection(
        objection_id,
        upheld=True,
        answer="已核对",
        by=acting(account),
        at=JULY,
    )


def told(person: Volunteer) -> list[tuple[str, dict[str, object]]]:
    query = select(Message).where(Message.volunteer_id == person.id).order_by(Message.id)
    return [(row.kind, row.facts) for row in db.session.scalars(query)]


# Objections


def test_nobody_decides_an_objection_about_their_own_star(town: Cast) -> None:
    me = also_volunteers(town, town.coordinator)
    row = round_at("notice", town)
    mine = objected(row, me, town.coordinator)
    with pytest.raises(OwnCase) as refused:
        uphold(mine, town.coordinator)
    assert "钱伟" in str(refused.value.numbers["who"])
    assert (result(row, me).stars, result(row, me).amended) == (1, None)
    uphold(mine, town.second)
    assert result(row, me).stars == 2


def test_nor_one_that_they_wrote_down_for_the_volunteer(town: Cast) -> None:
    row = round_at("notice", town)
    said = objected(row, town.wang, town.second)
    with pytest.raises(SecondPersonNeeded):
        uphold(said, town.second)
    assert result(row, town.wang).stars == 1
    uphold(said, town.coordinator)


def test_nor_one_written_through_an_account_whose_password_they_set(town: Cast) -> None:
    row = round_at("notice", town)
    one_time_codes.issue_code_to(town.wang.id, by=acting(town.second), at=JULY)
    said = objected(row, town.wang, town.wang_account)
    with pytest.raises(SecondPersonNeeded):
        uphold(said, town.second)
    assert result(row, town.wang).stars == 1


# Signing off


def test_who_decided_an_objection_signs_neither_round_nor_supplement(town: Cast) -> None:
    row = round_at("notice", town)
    uphold(objected(row, town.wang, town.wang_account), town.second)
    round_steps.close_notice(row.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    with pytest.raises(refusals.DecidedObjections):
        sign_off.sign_off(row.id, by=acting(town.second), at=AFTER_NOTICE)
    with pytest.raises(refusals.SamePersonSignsOff):
        sign_off.sign_off(row.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    assert row.state == "decided"
    assert sign_off.sign_off(row.id, by=acting(town.admin), at=AFTER_NOTICE).state == "final"
    late = supplements.supplement(
        row.id, [town.zhao.id], reason="补", by=acting(town.coordinator), at=AFTER_NOTICE
    )
    round_steps.draft(late.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    round_steps.publish_notice(late.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    over = AFTER_NOTICE + timedelta(days=14)
    round_steps.close_notice(late.id, by=acting(town.coordinator), at=over)
    with pytest.raises(refusals.DecidedObjections):
        sign_off.sign_off(late.id, by=acting(town.second), at=over)
    assert sign_off.sign_off(late.id, by=acting(town.admin), at=over).state == "final"


def test_who_depends_on_the_publisher_signs_nothing(town: Cast) -> None:
    row = round_at("decided", town)
    # As if the publisher had set the other one's password a week ago.
    journal.record(
        "people.set_password", town.second, account_id=town.coordinator.id, door="page", at=JULY
    )
    db.session.flush()
    with pytest.raises(SecondPersonNeeded):
        sign_off.sign_off(row.id, by=acting(town.second), at=AFTER_NOTICE)
    assert row.state == "decided"


# One's own row


def test_an_untouched_own_row_stops_nobody(town: Cast) -> None:
    me = also_volunteers(town, town.coordinator)
    other = also_volunteers(town, town.second)
    row = round_at("final", town)
    assert [result(row, each).stars for each in (me, other)] == [1, 1]
    assert issuing.issue_round(row.id, by=acting(town.coordinator), at=AFTER_NOTICE) == 4


def test_nor_does_its_owner_sign_off_or_certify(town: Cast) -> None:
    me = also_volunteers(town, town.second)
    row = round_at("notice", town)
    uphold(objected(row, me, town.second), town.admin)
    round_steps.close_notice(row.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    with pytest.raises(refusals.OwnRowTouched):
        sign_off.sign_off(row.id, by=acting(town.second), at=AFTER_NOTICE)
    third = make.account("third", "第三人", role="coordinator", area=town.town)
    sign_off.sign_off(row.id, by=acting(third), at=AFTER_NOTICE)
    with pytest.raises(refusals.OwnRowTouched):
        issuing.issue_round(row.id, by=acting(town.second), at=AFTER_NOTICE)
    assert db.session.scalar(select(func.count(Certificate.id))) == 0
    assert issuing.issue_round(row.id, by=acting(third), at=AFTER_NOTICE) == 3


def test_a_star_that_does_not_follow_from_frozen_facts_is_touched(town: Cast) -> None:
    me = also_volunteers(town, town.coordinator)
    row = round_at("draft", town)
    result(row, me).stars = 5
    db.session.flush()
    own = own_rows.own_row(row, acting(town.coordinator))
    assert own is not None
    assert own.touched is not None


def test_nobody_certifies_themself_alone_nor_starts_their_own_supplement(town: Cast) -> None:
    me = also_volunteers(town, town.coordinator)
    row = round_at("final", town)
    by = acting(town.coordinator)
    with pytest.raises(OwnCase):
        issuing.issue(result(row, me).id, by=by, at=AFTER_NOTICE)
    with pytest.raises(OwnCase):
        supplements.supplement(row.id, [town.wang.id, me.id], reason="补", by=by, at=AFTER_NOTICE)
    assert db.session.scalar(select(func.count(Round.id))) == 1
    assert db.session.scalar(select(func.count(Certificate.id))) == 0


# What people are told


def test_stars_objections_and_papers_are_told(town: Cast) -> None:
    row = round_at("notice", town)
    star = {"half_year": "2026H1", "stars": 1}
    assert told(town.wang) == [("star_published", star | {"until": "2026-07-08"})]
    uphold(objected(row, town.wang, town.wang_account), town.second)
    two = {"half_year": "2026H1", "stars": 2}
    assert told(town.wang)[-1] == ("objection_decided", two | {"outcome": "upheld"})
    round_steps.close_notice(row.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    sign_off.sign_off(row.id, by=acting(town.admin), at=AFTER_NOTICE)
    assert told(town.wang)[-1] == ("star_final", two)
    issuing.issue_round(row.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    query = select(Certificate).where(Certificate.volunteer_id == town.wang.id)
    number = db.session.scalars(query).one().number
    assert told(town.wang)[-1] == ("certificate_issued", {"number": number})
    revoking.revoke(number, reason="错", by=acting(town.coordinator), at=AFTER_NOTICE)
    assert told(town.wang)[-1] == ("certificate_revoked", {"number": number})
    assert [kind for kind, _facts in told(town.zhao)] == [
        "star_published",
        "star_final",
        "certificate_issued",
    ]


def test_nor_one_about_whom_they_live_with(town: Cast) -> None:
    me = also_volunteers(town, town.second)
    row = round_at("final", town)
    by = acting(town.admin)
    household_declarations.declare_household(
        me.id,
        housemate=town.wang.number,
        housemate_name="王建国",
        by=Actor.system(),
        at=AFTER_NOTICE,
    )
    with pytest.raises(SecondPersonNeeded, match="同一家人"):
        supplements.supplement(
            row.id, [town.wang.id], reason="补", by=acting(town.second), at=AFTER_NOTICE
        )
    late = supplements.supplement(row.id, [town.wang.id], reason="补", by=by, at=AFTER_NOTICE)
    assert late.supplement == 1


def test_a_supplement_tells_what_the_star_was(town: Cast) -> None:
    row = round_at("final", town)
    issuing.issue_round(row.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    record(town.wang, town.team, 800)
    late = supplements.supplement(
        row.id, [town.wang.id], reason="补", by=acting(town.coordinator), at=AFTER_NOTICE
    )
    round_steps.draft(late.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    round_steps.publish_notice(late.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    over = AFTER_NOTICE + timedelta(days=14)
    round_steps.close_notice(late.id, by=acting(town.coordinator), at=over)
    sign_off.sign_off(late.id, by=acting(town.second), at=over)
    facts = {"half_year": "2026H1", "was": 1, "stars": 2}
    assert told(town.wang)[-2] == ("star_corrected", facts)
    assert told(town.wang)[-1][0] == "certificate_replaced"
    assert issuing.issue_round(late.id, by=acting(town.coordinator), at=over) == 0


def test_nobody_decides_on_a_housemates_star(town: Cast) -> None:
    """Neither where somebody else wrote the objection down."""
    person = also_volunteers(town, town.coordinator)
    household_declarations.declare_household(
        town.wang.id,
        housemate=person.number,
        housemate_name=person.name,
        by=acting(town.wang_account),
        at=JULY,
    )
    number = objected(round_at("notice", town), town.wang, town.second)
    with pytest.raises(SecondPersonNeeded, match="同一家人"):
        uphold(number, town.coordinator)


# A name of which it is not known whose it is


def by_hand(cast: Cast, name: str) -> Volunteer:
    """Somebody in the round whose record was corrected by hand."""
    person = make.volunteer(name, team=cast.team)
    row = record(person, cast.team, 700, confirmed_by_id=cast.li_mei.id, confirmed_at=JULY)
    db.session.add(RecordChange(record_id=row.id, before={}, after={}, reason="核对", at=JULY))
    db.session.flush()
    return person


def test_who_may_be_somebody_in_the_round_by_name_takes_no_step_of_it(town: Cast) -> None:
    person = by_hand(town, "周 静")
    row = round_at("draft", town)
    with pytest.raises(SecondPersonNeeded, match="同名") as refused:
        round_steps.publish_notice(row.id, by=acting(town.coordinator), at=JULY)
    assert row.state == "draft"
    assert "钱伟" in str(refused.value.numbers["who"])
    account_people.tell_apart(
        town.coordinator.id, person.id, reason="问过本人", by=acting(town.admin), at=JULY
    )
    round_steps.publish_notice(row.id, by=acting(town.coordinator), at=JULY)
    assert row.state == "notice"


def test_nobody_is_named_whose_own_row_was_touched(town: Cast) -> None:
    """钱伟 is in the round by name, and 周静 as herself: the admin alone is left."""
    by_hand(town, "钱伟")
    me = by_hand(town, "周静")
    town.coordinator.volunteer_id = me.id
    db.session.flush()
    row = round_at("draft", town)
    with pytest.raises(refusals.OwnRowTouched) as refused:
        round_steps.publish_notice(row.id, by=acting(town.coordinator), at=JULY)
    who = str(refused.value.numbers["who"])
    assert ("钱伟" in who, "管理员" in who) == (False, True)
    round_steps.publish_notice(row.id, by=acting(town.admin), at=JULY)


def test_nobody_is_named_to_sign_who_decided_an_objection(town: Cast) -> None:
    row = round_at("notice", town)
    uphold(objected(row, town.wang, town.wang_account), town.second)
    round_steps.close_notice(row.id, by=acting(town.second), at=AFTER_NOTICE)
    with pytest.raises(refusals.DecidedObjections) as refused:
        sign_off.sign_off(row.id, by=acting(town.second), at=AFTER_NOTICE)
    who = str(refused.value.numbers["who"])
    assert ("钱伟" in who, "周静" in who, "管理员" in who) == (False, False, True)

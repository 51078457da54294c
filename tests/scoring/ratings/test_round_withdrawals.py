"""A round opened by mistake is withdrawn before its notice, a supplement before its signature."""

import pytest

from tests.make import acting, cast, volunteer
from tests.make_ratings import AFTER_NOTICE, JULY, record, result, round_at
from volunteer_service.db import db
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import Message
from volunteer_service.scoring.ratings import (
    late_changes,
    openable_rounds,
    refusals,
    results,
    round_steps,
    round_withdrawals,
    sign_off,
    supplements,
)


@pytest.mark.parametrize("state", ["open", "frozen", "draft"])
def test_a_round_of_the_wrong_area_is_withdrawn_and_the_street_opens_its_own(
    session: None, state: str
) -> None:
    town = cast()
    record(town.wang, town.team)
    by = acting(town.coordinator)
    wrong = round_at(state, town)
    with pytest.raises(refusals.RoundExists):
        round_steps.open_round(town.town.id, "2026H1", by=by, at=JULY)
    round_withdrawals.withdraw_round(wrong.id, reason="选错了区域", by=by, at=JULY)
    assert (wrong.state, wrong.withdrawn_reason) == ("withdrawn", "选错了区域")
    assert results.people(wrong.id) == 0
    assert openable_rounds.openable([town.town.id], ["2026H1"]) == {"2026H1": [town.town.id]}
    right = round_at("final", town)
    assert (right.id != wrong.id, right.supplement) == (True, 0)
    for take in (round_steps.freeze, round_steps.draft, sign_off.sign_off):
        with pytest.raises(refusals.RoundMovedOn):
            take(wrong.id, by=by, at=AFTER_NOTICE)


@pytest.mark.parametrize("state", ["notice", "decided", "final"])
def test_what_everybody_was_shown_is_not_withdrawn(session: None, state: str) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at(state, town)
    with pytest.raises(refusals.RoundPublished):
        round_withdrawals.withdraw_round(row.id, reason="x", by=acting(town.coordinator), at=JULY)
    assert row.state == state


def test_a_supplement_is_withdrawn_until_it_is_signed_and_its_people_are_free_again(
    session: None,
) -> None:
    town = cast()
    record(town.wang, town.team)
    first = round_at("final", town)
    by, at = acting(town.coordinator), AFTER_NOTICE
    extra = supplements.supplement(first.id, [town.wang.id], reason="补", by=by, at=at)
    with pytest.raises(refusals.SupplementRunning):
        supplements.supplement(first.id, [town.wang.id], reason="又补", by=by, at=at)
    round_steps.draft(extra.id, by=by, at=at)
    round_steps.publish_notice(extra.id, by=by, at=at)
    round_withdrawals.withdraw_round(extra.id, reason="补错了人", by=by, at=at)
    told = db.session.query(Message).filter_by(volunteer_id=town.wang.id)
    assert told.order_by(Message.id.desc()).first().kind == "supplement_withdrawn"
    assert [each.round_id for each in results.results_of(town.wang.id)] == [first.id]
    again = supplements.supplement(first.id, [town.wang.id], reason="再补", by=by, at=at)
    assert again.supplement == 2
    assert late_changes.due(first) == []
    assert result(again, town.wang).stars is None


def test_nobody_withdraws_a_supplement_about_themself_or_their_family(session: None) -> None:
    town = cast()
    me = volunteer("周静", team=town.team, phone="17000005555")
    child = volunteer("周小静", team=town.team, phone="17000005555")
    town.coordinator.volunteer_id = me.id
    for person in (me, child):
        record(person, town.team)
    first = round_at("final", town)
    for person, refused in ((me, OwnCase), (child, SecondPersonNeeded)):
        extra = supplements.supplement(
            first.id, [person.id], reason="补", by=acting(town.second), at=AFTER_NOTICE
        )
        with pytest.raises(refused, match="钱伟"):
            round_withdrawals.withdraw_round(
                extra.id, reason="不降星", by=acting(town.coordinator), at=AFTER_NOTICE
            )
        assert extra.state == "frozen"
        round_withdrawals.withdraw_round(
            extra.id, reason="补错了", by=acting(town.second), at=AFTER_NOTICE
        )
        assert extra.state == "withdrawn"

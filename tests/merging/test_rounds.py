"""Rounds and merging: a final one stays as it was, one under way is waited for, the next is one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_merging import merge, undo
from tests.make_ratings import AFTER_NOTICE, may_be_named, record, result, round_at
from volunteer_service.attendance.records import rating_facts
from volunteer_service.certificates import issuing, signing, verifying
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.merging import refusals, steps
from volunteer_service.policies import active
from volunteer_service.scoring.ratings import (
    late_changes,
    public_notices,
    replays,
    results,
    supplements,
)
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.half_years import HalfYear

LATER = AFTER_NOTICE + timedelta(days=30)


def merged(cast, kept, other):
    row = merge(cast, kept, other, at=LATER)
    return steps.decide_merging(row.id, approve=True, by=make.acting(cast.second), at=LATER)


def test_a_final_round_keeps_its_people_and_a_supplement_is_due(cast, kept, other) -> None:
    record(kept, cast.team, 700, on=date(2026, 4, 1))
    record(other, cast.team, 600, on=date(2026, 5, 1))
    may_be_named(kept)
    final = round_at("final", cast)
    issuing.issue_round(final.id, by=make.acting(cast.coordinator), at=AFTER_NOTICE)
    mine, theirs = result(final, kept), result(final, other)
    named = public_notices.notice(final.id, at=AFTER_NOTICE).named
    done = merged(cast, kept, other)
    assert (mine.volunteer_id, theirs.volunteer_id) == (kept.id, other.id)
    assert replays.replay(final).equal
    assert public_notices.notice(final.id, at=AFTER_NOTICE).named == named + 1
    (due,) = late_changes.due(final)
    assert (due.result_id, due.changed_at) == (mine.id, LATER)
    # Both stars and both papers are the person's, and what is signed stands.
    assert {row.id for row in results.results_of(kept.id)} == {mine.id, theirs.id}
    papers = db.session.scalars(select(Certificate)).all()
    assert [paper.volunteer_id for paper in papers] == [kept.id, kept.id]
    tokens = [signing.token_of(paper.number, paper.signature) for paper in papers]
    assert {verifying.verify(token).state for token in tokens} == {"valid"}
    again = supplements.supplement(
        final.id, [kept.id], reason="合并", by=make.acting(cast.coordinator), at=LATER
    )
    assert result(again, kept).facts["confirmed_minutes"] == 1_300
    with pytest.raises(refusals.ChangedSince):
        undo(cast, done, at=LATER + timedelta(days=1))


def test_the_next_round_counts_the_person_once(cast, kept, other) -> None:
    record(kept, cast.team, 700, on=date(2026, 4, 1))
    record(other, cast.team, 600, on=date(2026, 5, 1))
    # The same morning with the other entry: one of the two counts.
    record(other, cast.team, 300, on=date(2026, 4, 1))
    merged(cast, kept, other)
    facts = list(rating_facts.facts_for(HalfYear.parse("2026H1"), cast.town.path, active()))
    assert [(row.volunteer_id, row.confirmed_minutes) for row in facts] == [(kept.id, 1_300)]
    assert facts[0].registered_on == date(2023, 5, 1)


def test_a_round_under_way_is_waited_for(cast, kept, other) -> None:
    record(other, cast.team, 600)
    row = round_at("notice", cast)
    with pytest.raises(refusals.RoundUnderWay) as told:
        merge(cast, kept, other, at=AFTER_NOTICE)
    assert told.value.numbers["half_year"] == "2026H1"
    assert (other.state, db.session.get_one(Round, row.id).state) == ("active", "notice")

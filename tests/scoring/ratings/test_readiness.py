"""A freeze asks what of the half-year is undone."""

from datetime import date, timedelta

import pytest

from tests.make import Cast, acting, cast
from tests.make_ratings import JULY, complaint, may_be_named, odd_week, record, round_at
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.models import Complaint, Dispute
from volunteer_service.db import db
from volunteer_service.scoring.ratings import readiness, refusals, round_steps
from volunteer_service.scoring.ratings.models import Round


@pytest.fixture
def town(session: None) -> Cast:
    found = cast()
    record(found.wang, found.team, 700)
    may_be_named(found.wang)
    return found


def kinds(row: Round) -> dict[str, int]:
    return {each.kind.name: each.count for each in readiness.look(row, at=JULY)}


def freeze(town: Cast, row: Round, reason: str | None = None) -> Round:
    return round_steps.freeze(row.id, reason=reason, by=acting(town.coordinator), at=JULY)


def test_where_all_is_done_nothing_is_asked(town: Cast) -> None:
    row = round_at("open", town)
    assert kinds(row) == {}
    assert (freeze(town, row).readiness, row.lifted_reason) == ({}, None)


def test_an_open_complaint_blocks_and_no_reason_lifts_it(town: Cast) -> None:
    complaint(town.wang, state="open")
    row = round_at("open", town)
    assert kinds(row) == {"complaints": 1}
    with pytest.raises(refusals.NotReady, match="投诉"):
        freeze(town, row, "急")
    assert row.state == "open"
    db.session.query(Complaint).one().state = "dismissed"
    assert freeze(town, row).state == "frozen"


@pytest.mark.parametrize("kind", ["overdue", "waiting", "forgotten", "disputes", "anomalies"])
def test_a_reason_lifts_what_may_be_lifted_and_both_are_kept(town: Cast, kind: str) -> None:
    recent = date(2026, 6, 29)
    if kind == "waiting":
        record(town.zhao, town.other_team, state="waiting", waits_for="leader", on=recent)
    elif kind == "forgotten":
        record(town.zhao, town.other_team, state="waiting", waits_for="end")
    elif kind == "anomalies":
        odd_week(town)
    elif kind == "disputes":
        said = record(town.wang, town.team)
        db.session.add(
            Dispute(record_id=said.id, volunteer_id=town.wang.id, words="少", opened_at=JULY)
        )
        db.session.flush()
    else:
        record(town.zhao, town.other_team, state="waiting", waits_for="leader")
    row = round_at("open", town)
    assert kinds(row) == {kind: 1}
    with pytest.raises(refusals.ReasonToFreeze):
        freeze(town, row)
    freeze(town, row, "月底要公示")
    assert (row.readiness, row.lifted_reason) == ({kind: 1}, "月底要公示")
    by = acting(town.coordinator)
    round_steps.thaw(row.id, reason="更正", by=by, at=JULY + timedelta(hours=1))
    assert (row.readiness, row.lifted_reason) == (None, None)


def test_an_anomaly_that_was_answered_or_is_of_another_half_year_is_not_asked_about(
    town: Cast,
) -> None:
    row = round_at("open", town)
    found = db.session.get_one(Anomaly, odd_week(town))
    found.happened_on = date(2026, 7, 1)
    assert kinds(row) == {}
    found.happened_on = date(2026, 6, 30)
    assert kinds(row) == {"anomalies": 1}
    found.state = "rejected"
    assert kinds(row) == {}


def test_who_is_not_named_and_whose_name_cannot_be_drawn_is_told(town: Cast) -> None:
    town.zhao.name = "王\U0003104f"
    record(town.zhao, town.other_team)
    row = round_at("open", town)
    assert kinds(row) == {"unnamed": 1, "glyphs": 1}
    glyphs = readiness.look(row, at=JULY)[-1]
    assert glyphs.people == ((town.zhao.id, "王\U0003104f（\U0003104f）"),)
    assert freeze(town, row).readiness == {"unnamed": 1, "glyphs": 1}


def test_other_streets_and_half_years_are_not_asked_about(town: Cast) -> None:
    record(town.zhao, town.other_team, state="waiting", waits_for="leader", on=date(2025, 12, 31))
    assert kinds(round_at("open", town)) == {}

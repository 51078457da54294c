"""The facts of ratings come from one grouped query, people in rising order."""

from datetime import timedelta

from tests import make
from tests.make_attendance import record
from volunteer_service.attendance import complaints
from volunteer_service.attendance.models import Evaluation
from volunteer_service.attendance.records import hours_summary
from volunteer_service.attendance.records.rating_facts import facts_for
from volunteer_service.db import db
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import STANDING

H1 = HalfYear(2026, 1)


def test_confirmed_minutes_of_the_half_year_are_summed(cast) -> None:
    first = record(cast.wang, team=cast.team)
    record(cast.wang, team=cast.team, starts_at=make.MORNING + timedelta(days=1), minutes=60)
    record(cast.wang, team=cast.team, starts_at=make.MORNING + timedelta(days=60))
    record(cast.wang, team=cast.team, starts_at=make.MORNING + timedelta(days=2), state="waiting")
    record(cast.zhao, team=cast.other_team, minutes=600)
    db.session.add(Evaluation(record_id=first.id, score=4, at=make.MORNING))
    by = make.acting(cast.coordinator)
    complaint = complaints.complain(
        cast.wang.id, happened_on=make.MORNING.date(), words="迟到", by=by, at=make.MORNING
    )
    after = make.MORNING + timedelta(days=8)
    second = make.acting(cast.second)
    complaints.decide_complaint(complaint.id, upheld=True, by=second, at=after)
    wang, zhao = facts_for(H1, cast.town.path, STANDING)
    assert (wang.volunteer_id, wang.confirmed_minutes, wang.upheld_complaints) == (
        cast.wang.id,
        180,
        1,
    )
    assert (wang.evaluation_count, wang.evaluation_sum) == (1, 4)
    assert (zhao.volunteer_id, zhao.confirmed_minutes) == (cast.zhao.id, 600)


def test_people_belong_to_their_home_and_the_homeless_to_where_they_serve(cast) -> None:
    nowhere = make.volunteer("无名")
    record(nowhere, team=cast.team)
    record(cast.zhao, team=cast.team)  # at home elsewhere
    assert [row.volunteer_id for row in facts_for(H1, cast.community.path, STANDING)] == [
        nowhere.id
    ]
    assert [row.volunteer_id for row in facts_for(H1, cast.elsewhere.path, STANDING)] == [
        cast.zhao.id
    ]


def test_my_hours_tell_the_way_to_the_next_star(cast) -> None:
    record(cast.wang, team=cast.team, minutes=660)
    record(cast.wang, team=cast.team, starts_at=make.MORNING - timedelta(days=365), minutes=90)
    found = hours_summary.hours_of(cast.wang.id, make.MORNING.date())
    assert (found.now.minutes, found.rating.stars) == (660, 1)
    assert found.rating.next_star.number("short_minutes") == 540
    assert [(str(row.half_year), row.minutes) for row in found.before] == [("2025H1", 90)]
    assert found.lifetime_minutes == 750


def test_a_new_volunteer_has_no_hours_yet(cast) -> None:
    found = hours_summary.hours_of(cast.zhao.id, make.MORNING.date())
    assert (found.now.minutes, found.before) == (0, [])
    assert found.rating.next_star.number("short_minutes") == 600

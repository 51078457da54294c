"""Records to rate, and rounds walked to the step that a test begins at."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.make import MORNING, Cast, acting, next_number
from volunteer_service import clock
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.models import Complaint, Evaluation, ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.models import Consent, Volunteer
from volunteer_service.scoring.ratings import round_steps, sign_off
from volunteer_service.scoring.ratings.models import LateChange, Round, RoundResult
from volunteer_service.teams.models import Team

#: Wednesday 1 July 2026, 10:00 in Shanghai: the first half is over.
JULY = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
#: Thursday 9 July: five working days after the notice of 1 July, and one more.
AFTER_NOTICE = JULY + timedelta(days=8)


def record(volunteer: Volunteer, team: Team, minutes: int = 600, **fields: Any) -> ServiceRecord:
    """A confirmed record of the first half of 2026."""
    on = fields.pop("on", date(2026, 5, 16))
    starts_at = datetime.combine(on, time(1, 0), tzinfo=UTC)
    row = ServiceRecord(
        volunteer_id=volunteer.id,
        team_id=team.id,
        event_name="庆丰小学门前护学",
        served_on=on,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=max(minutes, 1)),
        place="庆丰小学东门",
        content="护送学生过马路",
        minutes=minutes,
        organising_unit=team.name,
        leader_name="李梅",
        recording_unit=team.recording_unit,
        recorder="李梅",
        grade=fields.pop("grade", "scanned"),
        state=fields.pop("state", "confirmed"),
        policy_version=1,
        source_type="import",
        source_key=f"test-{next_number()}",
        created_at=starts_at,
        **fields,
    )
    db.session.add(row)
    db.session.flush()
    return row


def complaint(volunteer: Volunteer, *, state: str = "upheld", on: date = date(2026, 3, 3)) -> None:
    """A complaint about something in the half-year."""
    db.session.add(
        Complaint(
            volunteer_id=volunteer.id, happened_on=on, words="迟到", state=state, opened_at=JULY
        )
    )
    db.session.flush()


def evaluation(record: ServiceRecord, score: int) -> None:
    """How well it was done."""
    db.session.add(Evaluation(record_id=record.id, score=score, at=JULY))
    db.session.flush()


def may_be_named(volunteer: Volunteer, *, withdrawn: bool = False) -> None:
    """Agreed that the masked name is published."""
    db.session.add(
        Consent(
            volunteer_id=volunteer.id,
            purpose="publish",
            how="page",
            given_at=JULY,
            withdrawn_at=JULY if withdrawn else None,
        )
    )
    db.session.flush()


def round_at(state: str, cast: Cast, *, half_year: str = "2026H1") -> Round:
    """A round of the whole town, walked by its verbs to this step."""
    by, second = acting(cast.coordinator), acting(cast.second)
    row = round_steps.open_round(cast.town.id, half_year, by=by, at=JULY)
    walk = (
        ("frozen", lambda: round_steps.freeze(row.id, reason="试", by=by, at=JULY)),
        ("draft", lambda: round_steps.draft(row.id, by=by, at=JULY)),
        ("notice", lambda: round_steps.publish_notice(row.id, by=by, at=JULY)),
        ("decided", lambda: round_steps.close_notice(row.id, by=by, at=AFTER_NOTICE)),
        ("final", lambda: sign_off.sign_off(row.id, by=second, at=AFTER_NOTICE)),
    )
    for step, take in walk:
        if row.state == state:
            break
        take()
        assert row.state == step
    return row


def still_running(row: Round) -> Round:
    """Let the notice run now, whatever the day of the test."""
    row.notice_ends_on = clock.now().date() + timedelta(days=5)
    return row


def result(row: Round, volunteer: Volunteer) -> RoundResult:
    """This person's result."""
    query = db.select(RoundResult).where(
        RoundResult.round_id == row.id, RoundResult.volunteer_id == volunteer.id
    )
    found = db.session.scalars(query).one()
    db.session.refresh(found)
    return found


def odd_week(cast: Cast) -> int:
    """Something odd about a person's week."""
    found = {"happened_on": MORNING.date(), "found_at": MORNING, "state": "open"}
    who = {"team_id": cast.team.id, "volunteer_id": cast.wang.id}
    row = Anomaly(kind="week_hours", key=f"{cast.wang.id}/2026-05-11", **who, **found)
    db.session.add(row)
    db.session.flush()
    return row.id


def late_change(row: Round, volunteer: Volunteer) -> Round:
    """The round, with a person whose facts of now would give another star, as a night counted."""
    found = LateChange(
        round_id=row.id,
        volunteer_id=volunteer.id,
        result_id=result(row, volunteer).id,
        stars_before=1,
        stars_now=2,
        minutes_before=600,
        minutes_now=6000,
    )
    row.late_counted_at = AFTER_NOTICE
    db.session.add(found)
    db.session.flush()
    return row

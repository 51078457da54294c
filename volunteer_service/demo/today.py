"""What is open today: an event that runs, one tomorrow, one to confirm, and cases to decide."""

from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service.attendance.backfills import backfill
from volunteer_service.attendance.backfills.backfill import Backfill
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import disputes
from volunteer_service.attendance.roster_sheets import printing
from volunteer_service.db import db
from volunteer_service.demo import names, occasions
from volunteer_service.demo.occasions import Visit
from volunteer_service.demo.stage import Town
from volunteer_service.people.changes import person_changes, person_values
from volunteer_service.people.changes.person_edits import PersonEdit

#: The school-escort team of 李梅, and the repairers.
ESCORT, REPAIR = 0, 4
#: How many minutes ago the running event began.
RUNNING = 40


def stand(town: Town) -> None:
    """Make the open work that a visitor of the demo finds."""
    _to_confirm(town)
    _cases(town)
    _changes(town)
    _running(town)
    _tomorrow(town)


def _to_confirm(town: Town) -> None:
    """Play yesterday's event, now closed: one person forgot to check out, one left early, one
    stayed away.
    """
    visits = (
        Visit(names.WANG),
        Visit(names.LI_MEI),
        Visit(names.ELDER),
        Visit(8, leaves=8),
        Visit(9, comes=4),
        Visit(6, leaves=None),
        Visit(7, leaves=-130),
        Visit(10, comes=None, leaves=None),
    )
    event = occasions.plan(town, ESCORT, town.days.ago(1, 14), capacity=10)
    occasions.sign_up(town, event, [visit.person for visit in visits], ESCORT)
    for visit in visits:
        occasions.attend(town, event, visit, ESCORT)
    occasions.close(town, event, ESCORT)


def _running(town: Town) -> None:
    """Play an event that began 40 minutes ago: five are in, three are awaited, four places are
    free.
    """
    event = occasions.plan(town, ESCORT, _started(town.days.at), capacity=12, minutes=150)
    came = [names.LI_MEI, names.WANG, names.ELDER, 8, 9]
    occasions.sign_up(town, event, [*came, names.MINOR, 6, 10], ESCORT)
    for n, person in enumerate(came):
        visit = Visit(person, comes=3 * n - 6, leaves=None)
        occasions.attend(town, event, visit, ESCORT)


def _tomorrow(town: Town) -> None:
    """Plan an event with four places and six people, so that two wait; its roster is printed."""
    starts_at = town.days.ago(-1, 9)
    event = occasions.plan(town, REPAIR, starts_at, capacity=4)
    occasions.sign_up(town, event, [21, names.WANG, 20, 22, 16, 14], REPAIR)
    printing.print_sheets(event.id, by=town.leaders[REPAIR], at=town.days.at)


def _cases(town: Town) -> None:
    """赵芳 disputes her last record; 李梅 enters a service of 陈桂英 that no scan proves."""
    last = select(ServiceRecord).where(
        ServiceRecord.volunteer_id == town.people[names.ZHAO].id,
        ServiceRecord.state == "confirmed",
    )
    record = db.session.scalars(last.order_by(ServiceRecord.starts_at.desc()).limit(1)).one()
    disputes.dispute(
        record.id,
        words="那天我收拾完才走，比登记的时间多了半个小时，请核对。",
        by=town.actors[names.ZHAO],
        at=town.days.ago(1, 20),
    )
    starts_at = town.days.ago(2, 7)
    backfill.backfill(
        Backfill(
            team_id=town.teams[ESCORT].id,
            volunteer_id=town.people[names.ELDER].id,
            event_name="早高峰护学",
            place="庆丰小学东门",
            content="护送学生过马路",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=90),
            minutes=90,
            leader_name="李梅",
            reason="当天没带卡，有现场照片和家长签字。",
        ),
        by=town.leaders[ESCORT],
        at=town.days.ago(1, 19),
    )


def _changes(town: Town) -> None:
    """刘小雨's guardian has another phone; the office asks for the right name of a repairer."""
    minor, repairer = town.people[names.MINOR], town.people[20]
    guardian = PersonEdit(
        "guardian",
        "家长换了手机号，当面说的",
        person_values.mark(minor, "guardian"),
        guardian_name="刘建明",
        guardian_phone="17000009001",
    )
    name = PersonEdit(
        "name",
        "登记时写错了字，看过身份证",
        person_values.mark(repairer, "name"),
        name=f"{repairer.name}华",
    )
    by, at = town.staff["coordinator"], town.days.ago(1, 16)
    for person, edit in ((minor, guardian), (repairer, name)):
        person_changes.change_person(person.id, edit, by=by, at=at)


def _started(at: datetime) -> datetime:
    """Return the instant forty minutes ago, rounded down to five minutes, as events begin."""
    begun = at - timedelta(minutes=RUNNING)
    return begun.replace(minute=begun.minute - begun.minute % 5, second=0, microsecond=0)

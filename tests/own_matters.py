"""An actor whose own matter everything is, for ``test_own_case.py``."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests import make, make_attendance, make_points
from tests.make import MORNING, Cast, acting
from tests.make_points import FRIDAY
from volunteer_service.attendance import complaints
from volunteer_service.attendance.backfills import backfill as attendance_backfill
from volunteer_service.attendance.backfills import backfill_sheets
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.events import swaps
from volunteer_service.events.models import SignUp
from volunteer_service.events.series_models import EventSeries, SeriesDay
from volunteer_service.merging import steps
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import person_values
from volunteer_service.people.changes.change_models import Merging, RegistrationCheck
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import HouseholdTie, Volunteer
from volunteer_service.people.registrations import registration_checks
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.scoring.rewards import orders
from volunteer_service.scoring.rewards.models import Redemption
from volunteer_service.teams import team_lists

SYSTEM = Actor.system("cli")
DAY = timedelta(days=1)


class Me:
    """A volunteer with an account; each thing of mine is made when asked for.

    ``by`` is who tries it, an admin of the town: myself, or (``housemate``) who lives with me.
    """

    def __init__(self, cast: Cast, *, housemate: bool = False) -> None:
        self.cast = cast
        self.person: Volunteer = make.volunteer("周晓", team=cast.team)
        self.account = cast.admin
        if housemate:
            self.account = make.account("mine", "周晓", role="desk", area=cast.town)
            other = make.volunteer("管理员", team=cast.team)
            cast.admin.volunteer_id = other.id
            one, two = sorted((self.person.id, other.id))
            db.session.add(HouseholdTie(one_id=one, other_id=two, declared_at=MORNING))
        self.account.volunteer_id = self.person.id
        db.session.flush()
        self.by, self.own = acting(cast.admin), acting(self.account)

    def record(self, **fields: Any) -> ServiceRecord:
        return make_attendance.record(self.person, team=self.cast.team, **fields)

    def waiting(self, who: str) -> int:
        return self.record(state="waiting", waits_for=who).id

    def complaint(self) -> int:
        return complaints.complain(
            self.person.id, happened_on=MORNING.date(), words="迟到", by=SYSTEM, at=MORNING
        ).id

    def event(self) -> int:
        event = make.event(team=self.cast.team, leader=self.cast.li_mei)
        make.sign_up(event, self.person)
        return event.id

    def held(self, *, state: str = "confirmed") -> SignUp:
        """My place on a shift that runs."""
        event = make.event(team=self.cast.team, leader=self.cast.li_mei)
        return make.sign_up(event, self.person, state=state)

    def swapped(self) -> SignUp:
        """My coming place exchanged for that of 王建国."""
        mine = self.held()
        again = make.event(
            team=self.cast.team, leader=self.cast.li_mei, starts_at=MORNING + 7 * DAY
        )
        theirs = make.sign_up(again, self.cast.wang)
        days = ((MORNING.date(), mine.event_id), (MORNING.date() + 7 * DAY, again.id))
        series = EventSeries(
            rule="FREQ=WEEKLY",
            days="every",
            starts_on=days[0][0],
            ends_on=days[1][0],
            created_at=MORNING,
        )
        db.session.add_all(SeriesDay(series=series, on=on, event_id=id_) for on, id_ in days)
        db.session.flush()
        return swaps.arrange_swap(mine.id, wanted_id=theirs.id, by=self.by, at=MORNING - DAY)

    def order(self, *, handed_over: bool = False) -> Redemption:
        make_points.earned(self.person)
        gift = make_points.gift(self.cast)
        row, _code = orders.order(gift.id, 1, self.person.id, stars=0, by=self.own, at=FRIDAY)
        if handed_over:
            orders.hand_over(row.id, by=acting(self.cast.desk), at=FRIDAY)
        return row

    def earning(self) -> int:
        make_points.earned(self.person)
        return db.session.scalars(select(Transfer.id).where(Transfer.kind == "earn")).one()

    def gift(self) -> int:
        """One that waits for me."""
        return self.order().gift_id

    def edit(self) -> PersonEdit:
        """Another name for me."""
        seen = person_values.mark(self.person, "name")
        return PersonEdit("name", "改了名", seen, name="管家")

    def tie(self) -> int:
        return household_declarations.declare_household(
            self.person.id,
            housemate=self.cast.wang.number,
            housemate_name="王建国",
            by=SYSTEM,
            at=MORNING,
        ).id

    def backfill(self) -> attendance_backfill.Backfill:
        return attendance_backfill.Backfill(
            team_id=self.cast.team.id,
            volunteer_id=self.person.id,
            event_name="护学",
            place="东门",
            content="护送",
            starts_at=MORNING - 20 * DAY,
            ends_at=MORNING - 20 * DAY + timedelta(hours=2),
            minutes=120,
            leader_name="李梅",
            reason="断网",
        )

    def entered(self, by: Actor) -> list[ServiceRecord]:
        common = dict(vars(self.backfill()))
        volunteer_id = common.pop("volunteer_id")
        plan = backfill_sheets.Sheet(**common)
        return backfill_sheets.enter_sheet(plan, [volunteer_id], by=by, at=MORNING)

    def sheet(self) -> str:
        return backfill_sheets.sheet_of(self.entered(SYSTEM)[0]) or ""

    def check(self) -> int:
        registration_checks.ask(self.person, "newcomer", by=SYSTEM, at=MORNING)
        return db.session.scalars(select(RegistrationCheck.id)).one()

    def place(self) -> int:
        return team_lists.memberships_of(self.person.id)[0].id

    def merging(self) -> Merging:
        """My second entry, of another name, that waits."""
        other = make.volunteer("周小", team=self.cast.team)
        return steps.merge(self.person.id, other.id, reason="两次", by=SYSTEM, at=MORNING)

    def merged(self) -> Merging:
        return steps.decide_merging(self.merging().id, approve=True, by=SYSTEM, at=MORNING)

    def undone(self) -> list[int]:
        make_points.earned(self.person, source_id=77)
        return [77]

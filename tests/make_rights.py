"""One of everything that rights protect; all of it belongs to 王建国 and his team."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select

from tests import make, make_attendance, make_points, make_ratings
from tests.make import MORNING, Cast, acting
from tests.make_ratings import AFTER_NOTICE, JULY
from volunteer_service import policies
from volunteer_service.attendance import closing, complaints
from volunteer_service.attendance.backfills import backfill as attendance_backfill
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import disputes
from volunteer_service.certificates import issuing
from volunteer_service.db import db
from volunteer_service.events.models import Event
from volunteer_service.people.authentication import api_tokens
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import adjustments
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.scoring.ratings import objections, round_steps, sign_off
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rewards import orders
from volunteer_service.teams import membership, role_grants
from volunteer_service.workbooks.models import Import

#: The letters of the table: who they are, and their sign-in.
PEOPLE = {
    "z": "zhao",  # 赵芳, a volunteer elsewhere
    "m": "fellow",  # 张敏, in 王建国's team
    "w": "wang",  # 王建国 himself
    "l": "limei",  # leads his team
    "o": "otherlead",  # leads another team
    "k": "qingfeng",  # coordinates the team's community
    "c": "zhoujing",  # coordinates the sub-district
    "e": "elsewhere",  # coordinates another community
    "d": "sunli",  # the sub-district's desk
    "D": "otherdesk",  # another community's desk
    "a": "wumin",  # the auditor
    "A": "admin",
}
SYSTEM = Actor.system("cli")
DAY = timedelta(days=1)


@dataclass
class Scene:
    """The cast; each thing is made when it is first asked for."""

    cast: Cast

    @cached_property
    def actors(self) -> dict[str, Actor]:
        cast = self.cast
        make.account("fellow", "张敏", volunteer=make.volunteer("张敏", team=cast.team))
        make.account("otherlead", "周强", role="leader", team=cast.other_team)
        make.account("qingfeng", "郑洁", role="coordinator", area=cast.community)
        make.account("elsewhere", "何静", role="coordinator", area=cast.elsewhere)
        make.account("otherdesk", "冯梅", role="desk", area=cast.elsewhere)
        found = db.session.scalars(select(make.Account))
        by_login = {account.login: acting(account) for account in found}
        return {letter: by_login[login] for letter, login in PEOPLE.items()}

    def event(self, days: int, **fields: Any) -> Event:
        starts_at = MORNING + days * DAY
        return make.event(
            team=self.cast.team, leader=self.cast.li_mei, starts_at=starts_at, **fields
        )

    @property
    def blocked(self) -> int:
        self.cast.wang.no_show_blocked_at = MORNING
        db.session.flush()
        return self.cast.wang.id

    @cached_property
    def draft(self) -> Event:
        return self.event(3, state="draft")

    @cached_property
    def coming(self) -> Event:
        return self.event(1)

    @cached_property
    def sign_up(self) -> int:
        return make.sign_up(self.coming, self.cast.wang).id

    @cached_property
    def running(self) -> Event:
        event = self.event(0)
        make.sign_up(event, self.cast.wang)
        return event

    @cached_property
    def ended(self) -> Event:
        event = self.event(-1)
        make.sign_up(event, self.cast.wang)
        make_attendance.came(event, self.cast.wang)
        return event

    def record(self, days: int, **fields: Any) -> ServiceRecord:
        starts_at = MORNING - days * DAY
        return make_attendance.record(
            self.cast.wang, team=self.cast.team, starts_at=starts_at, **fields
        )

    @cached_property
    def confirmed(self) -> int:
        return self.record(10).id

    @cached_property
    def waiting(self) -> int:
        return self.record(11, state="waiting", waits_for="leader").id

    @cached_property
    def above_the_cap(self) -> int:
        return self.record(12, state="waiting", waits_for="coordinator").id

    @cached_property
    def without_an_end(self) -> int:
        event = self.event(-2)
        make.sign_up(event, self.cast.wang)
        make_attendance.came(event, self.cast.wang, 0, None)
        closing.close(event.id, by=SYSTEM, at=event.ends_at)
        query = select(ServiceRecord.id).where(ServiceRecord.event_id == event.id)
        return db.session.scalars(query).one()

    @cached_property
    def backfill(self) -> attendance_backfill.Backfill:
        return attendance_backfill.Backfill(
            team_id=self.cast.team.id,
            volunteer_id=self.cast.wang.id,
            event_name="护学",
            place="东门",
            content="护送",
            starts_at=MORNING - 20 * DAY,
            ends_at=MORNING - 20 * DAY + timedelta(hours=2),
            minutes=120,
            leader_name="李梅",
            reason="纸质签到",
        )

    @cached_property
    def backfilled(self) -> int:
        return self.record(
            13, state="waiting", waits_for="second", grade="backfilled", source_type="backfill"
        ).id

    @cached_property
    def dispute(self) -> int:
        by = self.actors["w"]
        return disputes.dispute(self.record(14).id, words="少了", by=by, at=MORNING).id

    @cached_property
    def complaint(self) -> int:
        row = complaints.complain(
            self.cast.wang.id, happened_on=date(2026, 5, 1), words="迟到", by=SYSTEM, at=MORNING
        )
        return complaints.reply(row.id, words="路上堵车", by=self.actors["w"], at=MORNING).id

    @cached_property
    def earning(self) -> int:
        make_points.earned(self.cast.wang, 20_000)
        return db.session.scalars(select(Transfer.id).where(Transfer.kind == "earn")).one()

    @cached_property
    def small_earning(self) -> int:
        """One that a person may take back alone."""
        make_points.earned(self.cast.wang, 4_000)
        query = select(Transfer.id).where(Transfer.kind == "earn", Transfer.amount == 4_000)
        return db.session.scalars(query).one()

    @cached_property
    def adjustment(self) -> int:
        return adjustments.adjust(self.cast.wang.id, 50_000, "补记", by=SYSTEM, at=MORNING).id

    @cached_property
    def gift(self) -> int:
        policies.add_version({"orders_a_month": 9}, reason="test", account_id=None, at=MORNING)
        return make_points.gift(self.cast).id

    @cached_property
    def order(self) -> int:
        assert self.earning
        who = self.cast.wang.id
        return orders.order(self.gift, 1, who, stars=0, by=SYSTEM, at=make_points.FRIDAY)[0].id

    @cached_property
    def handed_over(self) -> int:
        assert self.earning
        at, who = make_points.FRIDAY, self.cast.wang.id
        number = orders.order(self.gift, 1, who, stars=0, by=SYSTEM, at=at)[0].id
        colleague = make.account("colleague", "蒋兰", role="desk", area=self.cast.town)
        orders.hand_over(number, by=acting(colleague), at=at)
        return number

    def round_at(self, state: str, half_year: str, month: int) -> Round:
        """A round of 庆丰社区, whose notice 钱伟 published."""
        day = date(int(half_year[:4]), month, 6)
        make_ratings.record(self.cast.wang, self.cast.team, on=day)
        by = acting(self.cast.second)
        row = round_steps.open_round(self.cast.community.id, half_year, by=by, at=JULY)
        walk = (
            lambda: round_steps.freeze(row.id, by=by, at=JULY),
            lambda: round_steps.draft(row.id, by=by, at=JULY),
            lambda: round_steps.publish_notice(row.id, by=by, at=JULY),
            lambda: round_steps.close_notice(row.id, by=by, at=AFTER_NOTICE),
            lambda: sign_off.sign_off(row.id, by=SYSTEM, at=AFTER_NOTICE),
        )
        for take in walk:
            if row.state != state:
                take()
        assert row.state == state
        return row

    @cached_property
    def open(self) -> Round:
        return self.round_at("open", "2024H1", 3)

    @cached_property
    def drafted(self) -> Round:
        return self.round_at("draft", "2024H2", 9)

    @cached_property
    def noticed(self) -> Round:
        return self.round_at("notice", "2025H1", 3)

    @cached_property
    def over(self) -> Round:
        return self.round_at("decided", "2025H2", 9)

    @cached_property
    def final(self) -> Round:
        return self.round_at("final", "2026H1", 3)

    def result(self, row: Round) -> int:
        return make_ratings.result(row, self.cast.wang).id

    @cached_property
    def objection(self) -> int:
        row = self.round_at("notice", "2023H2", 9)
        by = self.actors["w"]
        return objections.object_to(self.result(row), "少了", by=by, at=JULY).id

    @cached_property
    def certificate(self) -> str:
        result = self.result(self.final)
        return issuing.issue(result, by=SYSTEM, at=AFTER_NOTICE).number

    @cached_property
    def asked(self) -> int:
        """赵芳's asking to join the team."""
        return membership.join(self.cast.team.id, by=self.actors["z"], at=MORNING).id

    @cached_property
    def leads(self) -> int:
        """李梅's role."""
        return role_grants.grants_of(self.cast.li_mei.id, by=SYSTEM)[0].id

    @cached_property
    def token(self) -> int:
        return api_tokens.make_token("t", ("read",), 9, by=self.actors["w"], at=MORNING)[0].id

    def imported(self, state: str, **fields: Any) -> int:
        row = Import(
            state=state,
            **fields,
            area_id=self.cast.town.id,
            sub_district=self.cast.town.name,
            account_id=self.cast.coordinator.id,
            files=[],
            counts={},
            total=0,
            created_at=MORNING,
        )
        db.session.add(row)
        db.session.flush()
        return row.id

    @cached_property
    def previewed(self) -> int:
        return self.imported("previewed")

    @cached_property
    def asked_by_her(self) -> int:
        """What 周静 asks a second person for."""
        return self.imported("asked", asked_by_id=self.cast.coordinator.id)

    @cached_property
    def asked_by_another(self) -> int:
        """What 钱伟 asks a second person for."""
        return self.imported("asked", asked_by_id=self.cast.second.id)

    @cached_property
    def applied(self) -> int:
        return self.imported("applied", applied_at=make.MORNING)

"""One of everything behind every address, all of it of 王建国, and the actors that call it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from tests import (
    make,
    make_batches,
    make_circulars,
    make_deliveries,
    make_imports,
    make_merging,
    make_photos,
    make_points,
    make_ratings,
    make_views,
)
from tests.make import MORNING, Cast, acting
from volunteer_service import clock
from volunteer_service.areas.models import Area
from volunteer_service.attendance import complaints
from volunteer_service.attendance.backfills import backfill_sheets, sheet_papers
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import corrections, disputes
from volunteer_service.attendance.roster_sheets import printing
from volunteer_service.certificates import issuing
from volunteer_service.db import db
from volunteer_service.events import calendar_feeds, school_terms
from volunteer_service.events.swap_models import Swap
from volunteer_service.identifiers.check_characters import volunteer_number
from volunteer_service.merging import steps
from volunteer_service.paper.uploaded_pages import Page
from volunteer_service.people.authentication import api_tokens, sessions, watchers
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import person_changes, person_values
from volunteer_service.people.changes.change_models import RegistrationCheck
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import Account, OpenSession
from volunteer_service.scoring.points import adjustments
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.scoring.ratings import objections
from volunteer_service.scoring.rewards import desk_days, orders
from volunteer_service.teams import membership, role_grants

PHONE = "17055501234"
IDENTITY = "98010119900307123X"
#: Letters of the tables: who they are, and their sign-in ("" for nobody).
PEOPLE = {
    "-": "",  # nobody
    "z": "zhao",  # 赵芳, a volunteer elsewhere
    "o": "otherlead",  # leads another team
    "e": "elsewhere",  # coordinates another community
    "w": "wang",  # 王建国 himself
    "l": "limei",  # leads his team
    "d": "sunli",  # the desk
    "a": "wumin",  # the auditor
    "c": "zhoujing",  # the coordinator
    "A": "admin",
}


@dataclass(frozen=True)
class Things:
    """What the addresses' parameters stand for."""

    account_id: int
    adjustment_id: int
    anomaly_id: int
    answer: str
    ask_id: int
    area_id: int
    batch_id: int
    card: str
    change_id: int
    check_id: int
    circular_id: int
    claim_photo_id: int
    complaint_id: int
    correction_id: int
    delivery_id: int
    dispute_id: int
    door: str
    event_id: int
    export_id: int
    filename: str
    gift_id: int
    grant_id: int
    housemate: str
    import_id: int
    into_id: int
    kept_id: int
    key: str
    kind: str
    list_name: str
    meaning_id: int
    membership_id: int
    merged_id: int
    merging_id: int
    number: str
    objection_id: int
    order_id: int
    paper_id: int
    photo_id: int
    post_id: int
    received_id: int
    roster_sheet_id: int
    record_id: int
    redemption_id: int
    result_id: int
    round_id: int
    session_id: int
    secret: str
    sheet_id: int
    sheet_number: int
    shift_id: int
    sign_up_id: int
    step: str
    swap_id: int
    team_id: int
    team_merging_id: int
    term_id: int
    tie_id: int
    token: str
    token_id: int
    transfer_id: int
    view_id: int
    volunteer_id: int

    def values(self) -> dict[str, Any]:
        """By name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def things() -> tuple[Cast, Things]:
    """The cast with one of everything."""
    cast = make.cast()
    cast.wang.phone, cast.wang.identity = PHONE, IDENTITY
    # As a card has it: with its check character.
    cast.wang.number = volunteer_number(4711)
    make.account("otherlead", "周强", role="leader", team=cast.other_team)
    make.account("elsewhere", "何静", role="coordinator", area=cast.elsewhere)
    return cast, things_of([cast])[0]


def things_alone() -> Things:
    """What :func:`things` makes, without the cast."""
    return things()[1]


def things_of(casts: Sequence[Cast]) -> list[Things]:
    """One of everything of each cast's 王建国; casts of one town share its rounds, gift and day.

    In steps, because a round is of a whole town: all records are there before it is frozen.
    """
    lived = [_lived(cast) for cast in casts]
    shared: dict[int, dict[str, Any]] = {}
    for cast in casts:
        if cast.town.id not in shared:
            final = make_ratings.late_change(make_ratings.round_at("final", cast), cast.wang)
            notice = make_ratings.round_at("notice", cast, half_year="2025H2")
            shared[cast.town.id] = {
                "final": final,
                "notice": notice,
                "gift": make_points.gift(cast),
            }
    ordered = [_ordered(cast, shared[cast.town.id]["gift"].id) for cast in casts]
    for cast in casts:
        if "sheet_id" not in shared[cast.town.id]:
            shared[cast.town.id]["sheet_id"] = _closed(cast)
    return [
        Things(
            account_id=cast.wang_account.id,
            answer="",
            area_id=cast.town.id,
            batch_id=make_batches.judged(cast),
            export_id=make_batches.export(cast.coordinator.id),
            card=cast.wang.number,
            filename="icons.svg",
            kind="png",
            door="email",
            list_name="people",
            step="",
            team_id=cast.team.id,
            into_id=cast.other_team.id,
            view_id=make_views.shared(cast),
            volunteer_id=cast.wang.id,
            **_rated(cast, shared[cast.town.id]),
            **_granted(cast),
            **_household(cast),
            **_merging(cast),
            team_merging_id=make_merging.teams(cast),
            **_asked_of_two(cast),
            **alive,
            **spent,
        )
        for cast, alive, spent in zip(casts, lived, ordered, strict=True)
    ]


def _lived(cast: Cast) -> dict[str, Any]:
    """An event with a sign-up, a disputed record, a complaint, who asked to join, a token."""
    wang, coordinator = acting(cast.wang_account), acting(cast.coordinator)
    now = clock.now()
    event = make.event(team=cast.team, leader=cast.li_mei, starts_at=now + timedelta(days=1))
    sign_up = make.sign_up(event, cast.wang)
    swap = Swap(sign_up_id=sign_up.id, state="asked", asked_at=now)
    db.session.add(swap)
    db.session.flush()
    record = make_ratings.record(cast.wang, cast.team)
    other = make_ratings.record(cast.wang, cast.team, on=date(2025, 11, 8))
    early = f"{cast.wang.name}走得早"
    correction = corrections.correct(other.id, minutes=60, reason=early, by=coordinator, at=now)
    dispute = disputes.dispute(record.id, words=f"{cast.wang.name}的工时少算了", by=wang, at=now)
    complaint = complaints.complain(
        cast.wang.id,
        happened_on=date(2026, 8, 1),
        words=f"{cast.wang.name}迟到",
        by=coordinator,
        at=now,
    )
    asked = membership.join(cast.team.id, by=acting(cast.zhao_account), at=MORNING)
    return {
        "anomaly_id": make_ratings.odd_week(cast),
        "change_id": _name_asked(cast),
        "check_id": _asked_about(cast.wang.id),
        "claim_photo_id": make_photos.of_claim(record),
        "circular_id": make_circulars.written(cast, at=now),
        "complaint_id": complaint.id,
        "correction_id": correction.id,
        "delivery_id": make_deliveries.dead_letter(cast),
        "dispute_id": dispute.id,
        "event_id": event.id,
        "import_id": make_imports.previewed(cast),
        "meaning_id": make_imports.said_of_a_sheet(cast),
        "sheet_number": 0,
        **_sheet(cast),
        "membership_id": asked.id,
        "photo_id": make_photos.of_event(event, cast),
        "post_id": event.posts[0].id,
        "received_id": make_circulars.sent(cast, at=now),
        "record_id": record.id,
        "roster_sheet_id": printing.print_sheets(event.id, by=acting(cast.li_mei), at=now)[0].id,
        "session_id": session_of(cast.wang_account),
        "secret": calendar_feeds.new_feed(None, by=wang, at=now).secret_key,
        "shift_id": event.shifts[0].id,
        "term_id": _term(cast),
        "sign_up_id": sign_up.id,
        "swap_id": swap.id,
        "token": event_codes.token(event),
        "token_id": api_tokens.make_token("t", ("read",), 9, by=wang, at=now)[0].id,
    }


def _term(cast: Cast) -> int:
    """A school term that is over and overlaps none of the area, so that others may be entered."""
    area = db.session.get_one(Area, cast.team.area_id)
    first = date(2025 - len(school_terms.of_area(area)), 9, 1)
    return school_terms.add_term(
        cast.team.area_id,
        name=f"{first.year} 年秋季学期",
        starts_on=first,
        ends_on=first + timedelta(days=130),
        by=acting(cast.coordinator),
        at=clock.now(),
    ).id


def _sheet(cast: Cast) -> dict[str, Any]:
    """A paper sheet with one name, which waits for its approval, and a page of it."""
    plan = backfill_sheets.Sheet(
        team_id=cast.team.id,
        event_name="公园清洁",
        place="公园",
        content="捡拾垃圾",
        starts_at=MORNING - timedelta(days=30),
        ends_at=MORNING - timedelta(days=30) + timedelta(hours=1),
        minutes=60,
        leader_name="李梅",
        reason=f"{cast.wang.name}当时没有手机",
    )
    by, at = acting(cast.coordinator), clock.now()
    records = backfill_sheets.enter_sheet(plan, [cast.wang.id], by=by, at=at)
    key = backfill_sheets.sheet_of(records[0]) or ""
    (paper,) = sheet_papers.add(key, [Page(b"\xff\xd8 a page", 800, 600)], by=by, at=at)
    return {"key": key, "paper_id": paper.id}


def _rated(cast: Cast, shared: dict[str, Any]) -> dict[str, Any]:
    """A star with its certificate, and an objection to another one."""
    coordinator, wang = acting(cast.coordinator), acting(cast.wang_account)
    result = make_ratings.result(shared["final"], cast.wang)
    paper = issuing.issue(result.id, by=coordinator, at=make_ratings.AFTER_NOTICE)
    doubted = make_ratings.result(shared["notice"], cast.wang)
    objection = objections.object_to(
        doubted.id, f"{cast.wang.name}的星级不对", by=wang, at=make_ratings.JULY
    )
    return {
        "gift_id": shared["gift"].id,
        "number": paper.number,
        "objection_id": objection.id,
        "result_id": result.id,
        "round_id": shared["final"].id,
        "sheet_id": shared["sheet_id"],
    }


def session_of(account: Account) -> int:
    """A session of this account on some other device."""
    sessions.begin(account, device="android/wechat", at=clock.now())
    return db.session.scalars(db.select(db.func.max(OpenSession.id))).one()


def _asked_about(volunteer_id: int) -> int:
    """Whether the entry is a second one of somebody, for staff to look at."""
    check = RegistrationCheck(volunteer_id=volunteer_id, kind="same_name", asked_at=MORNING)
    db.session.add(check)
    db.session.flush()
    return check.id


def _name_asked(cast: Cast) -> int:
    """A new name that waits for a second person."""
    seen = person_values.mark(cast.wang, "name")
    asked = PersonEdit("name", "身份证上的名字", seen, name="王新名")
    by = acting(cast.coordinator)
    return person_changes.change_person(cast.wang.id, asked, by=by, at=MORNING).id


def _household(cast: Cast) -> dict[str, Any]:
    other = make.volunteer("王芳", team=cast.team)
    tie = household_declarations.declare_household(
        cast.wang.id,
        housemate=other.number,
        housemate_name=other.name,
        by=Actor.system("cli"),
        at=MORNING,
    )
    return {"housemate": other.number, "tie_id": tie.id}


def _merging(cast: Cast) -> dict[str, Any]:
    """Two entries of one person, which wait for a second person: the names differ."""
    phone = f"1800000{make.next_number():04d}"
    kept = make.volunteer("陈双", team=cast.team, phone=phone)
    merged = make.volunteer("陈霜", team=cast.team, phone=phone)
    by, reason = acting(cast.coordinator), "登记了两次"
    row = steps.merge(kept.id, merged.id, reason=reason, by=by, at=clock.now())
    return {"kept_id": kept.id, "merged_id": merged.id, "merging_id": row.id}


def _asked_of_two(cast: Cast) -> dict[str, int]:
    """What the admin asked a second one to do to the auditor."""
    by = acting(cast.admin)
    row = watchers.ask_second_admin(cast.auditor.id, "code", reason="核查", by=by, at=clock.now())
    return {"ask_id": row.id}


def _granted(cast: Cast) -> dict[str, int]:
    found = role_grants.grants_of(cast.li_mei.id, by=acting(cast.coordinator))
    return {"grant_id": found[0].id}


def _ordered(cast: Cast, gift_id: int) -> dict[str, int]:
    """Points, an order paid with them, and an adjustment that waits."""
    now = clock.now()
    query = select(ServiceRecord.id).where(ServiceRecord.volunteer_id == cast.wang.id)
    source_id = db.session.scalars(query.order_by(ServiceRecord.id)).first()
    make_points.earned(cast.wang, 200_000, source_id=source_id, expires_on=date(2099, 12, 31))
    # One that a person may take back alone.
    last_id = db.session.scalars(query.order_by(ServiceRecord.id.desc())).first()
    make_points.earned(cast.wang, 4_000, source_id=last_id, expires_on=date(2099, 12, 31))
    earning = db.session.scalars(db.select(Transfer.id).order_by(Transfer.id.desc()).limit(1)).one()
    wang = acting(cast.wang_account)
    order, _code = orders.order(gift_id, 1, cast.wang.id, stars=5, by=wang, at=now)
    asked = adjustments.adjust(cast.wang.id, 50_000, "补记", by=acting(cast.coordinator), at=now)
    return {
        "order_id": order.id,
        "redemption_id": order.id,
        "adjustment_id": asked.id,
        "transfer_id": earning,
    }


def _closed(cast: Cast) -> int:
    """The sheet of the desk's day."""
    now, desk = clock.now(), acting(cast.desk)
    lines = desk_days.day_of(cast.town.id, by=desk, at=now)
    counts = {line.gift_id: line.closing for line in lines}
    return desk_days.close_day(cast.town.id, counts, by=desk, at=now).id


def account_of(letter: str) -> Account:
    """The account behind a letter."""
    return db.session.scalars(db.select(Account).where(Account.login == PEOPLE[letter])).one()

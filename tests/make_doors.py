"""One of everything, so that every address has something behind it, and who comes to the doors.

All of it is 王建国's: his event, record, dispute, order, points, star, certificate, complaint.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from tests import make, make_points, make_ratings
from tests.make import MORNING, Cast, acting
from volunteer_service import clock
from volunteer_service.attendance import codes
from volunteer_service.attendance import service as attendance
from volunteer_service.certificates import service as certificates
from volunteer_service.db import db
from volunteer_service.people import service as people
from volunteer_service.people.models import Account
from volunteer_service.scoring.points import service as points
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.scoring.ratings import service as ratings
from volunteer_service.scoring.rewards import service as rewards
from volunteer_service.teams import service as teams
from volunteer_service.workbooks.models import Import

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
    answer: str
    area_id: int
    card: str
    complaint_id: int
    dispute_id: int
    event_id: int
    filename: str
    gift_id: int
    grant_id: int
    import_id: int
    kind: str
    membership_id: int
    number: str
    objection_id: int
    order_id: int
    post_id: int
    record_id: int
    redemption_id: int
    result_id: int
    round_id: int
    sheet_id: int
    shift_id: int
    sign_up_id: int
    step: str
    team_id: int
    token: str
    token_id: int
    transfer_id: int
    volunteer_id: int

    def values(self) -> dict[str, Any]:
        """By name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def things() -> tuple[Cast, Things]:
    """The cast with one of everything."""
    cast = make.cast()
    wang, leader, coordinator = (
        acting(each) for each in (cast.wang_account, cast.li_mei, cast.coordinator)
    )
    now = clock.now()
    cast.wang.phone, cast.wang.identity = PHONE, IDENTITY
    _strangers(cast)
    event = make.event(team=cast.team, leader=cast.li_mei, starts_at=now + timedelta(days=1))
    sign_up = make.sign_up(event, cast.wang)
    record = make_ratings.record(cast.wang, cast.team)
    dispute = attendance.dispute(record.id, words="少算了", by=wang, at=now)
    complaint = attendance.complain(
        cast.wang.id, happened_on=date(2026, 8, 1), words="迟到", by=coordinator, at=now
    )
    rounds = make_ratings.round_at("final", cast)
    result = make_ratings.result(rounds, cast.wang)
    make_ratings.record(cast.wang, cast.team, on=date(2025, 11, 8))
    late = make_ratings.round_at("notice", cast, half_year="2025H2")
    objection = ratings.object_to(
        make_ratings.result(late, cast.wang).id, "不对", by=wang, at=make_ratings.JULY
    )
    return cast, Things(
        account_id=cast.wang_account.id,
        answer="",
        area_id=cast.town.id,
        card=cast.wang.number,
        complaint_id=complaint.id,
        dispute_id=dispute.id,
        event_id=event.id,
        filename="icons.svg",
        kind="png",
        membership_id=teams.join(cast.team.id, by=acting(cast.zhao_account), at=MORNING).id,
        number=certificates.issue(result.id, by=coordinator, at=make_ratings.AFTER_NOTICE).number,
        objection_id=objection.id,
        post_id=event.posts[0].id,
        record_id=record.id,
        result_id=result.id,
        round_id=rounds.id,
        shift_id=event.shifts[0].id,
        sign_up_id=sign_up.id,
        step="",
        team_id=cast.team.id,
        token=codes.token(event),
        token_id=people.make_token("t", ("read",), 9, by=wang, at=now)[0].id,
        volunteer_id=cast.wang.id,
        **_imported(cast),
        **_spent(cast),
        **_granted(cast, leader.account_id),
    )


def _strangers(cast: Cast) -> None:
    make.account("otherlead", "周强", role="leader", team=cast.other_team)
    make.account("elsewhere", "何静", role="coordinator", area=cast.elsewhere)


def _granted(cast: Cast, account_id: int | None) -> dict[str, int]:
    found = teams.grants_of(account_id or 0, by=acting(cast.coordinator))
    return {"grant_id": found[0].id}


def _imported(cast: Cast) -> dict[str, int]:
    row = Import(
        state="previewed",
        area_id=cast.town.id,
        sub_district=cast.town.name,
        account_id=cast.coordinator.id,
        files=[],
        counts={},
        total=0,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return {"import_id": row.id}


def _spent(cast: Cast) -> dict[str, int]:
    now, desk = clock.now(), acting(cast.desk)
    make_points.earned(cast.wang, 200_000, expires_on=date(2099, 12, 31))
    gift = make_points.gift(cast)
    order, _code = rewards.order(
        gift.id, 1, cast.wang.id, stars=5, by=acting(cast.wang_account), at=now
    )
    counts = {line.gift_id: line.closing for line in rewards.day_of(cast.town.id, by=desk, at=now)}
    sheet = rewards.close_day(cast.town.id, counts, by=desk, at=now)
    asked = points.adjust(cast.wang.id, 50_000, "补记", by=acting(cast.coordinator), at=now)
    return {
        "gift_id": gift.id,
        "order_id": order.id,
        "redemption_id": order.id,
        "sheet_id": sheet.id,
        "adjustment_id": asked.id,
        "transfer_id": db.session.scalars(db.select(Transfer.id).limit(1)).one(),
    }


def account_of(letter: str) -> Account:
    """The account behind a letter."""
    return db.session.scalars(db.select(Account).where(Account.login == PEOPLE[letter])).one()


def body(things: Things) -> dict[str, Any]:
    """A value for every field of every form and call: each takes what it knows."""
    day = timedelta(days=1)
    starts_at = clock.now().replace(microsecond=0) + 3 * day
    return things.values() | {
        "amount_centi": 100,
        "answer": "已核对",
        "approve": True,
        "begins_on": "2026-01-01",
        "capacity": 5,
        "card": things.card,
        "changes": {"late_minutes": 20},
        "code": things.token,
        "coefficient_centi": 100,
        "consent": True,
        "content": "护送学生过马路",
        "counts": [],
        "day": "2026-12-30",
        "days": 9,
        "decision": "dismissed",
        "ends_at": (starts_at + day / 12).isoformat(),
        "ends_on": "2026-06-30",
        "event_name": "护学",
        "field": "phone",
        "half_year": "2026H2",
        "happened_on": "2026-08-02",
        "kind": "in",
        "leader_name": "李梅",
        "level": "read",
        "login": "newcomer",
        "minutes": 60,
        "name": "新来的",
        "parent_id": things.area_id,
        "password": "a long enough one",
        "place": "东门",
        "points": "1.00",
        "post": "护学岗",
        "price_centi": 100,
        "purpose": "publish",
        "quantity": 1,
        "reason": "核对",
        "record": things.record_id,
        "record_ids": [things.record_id],
        "recording_unit": "居委会",
        "role": "leader",
        "scan_id": "scan-of-the-doors",
        "scopes": ["read"],
        "score": 5,
        "starts_at": starts_at.isoformat(),
        "title": "护学",
        "upheld": False,
        "version": 1,
        "volunteer_ids": [things.volunteer_id],
        "why": "核对",
        "words": "不对",
        "working": True,
    }


#: Where a name means something else.
_OTHERWISE: dict[str, dict[str, Any]] = {
    "/e/<int:event_id>/ticks": {"card": ""},
    "/gifts/<int:gift_id>/stock": {"kind": "receive"},
    "/api/v1/gifts/<int:gift_id>/stock-moves": {"kind": "receive"},
    "/api/v1/areas": {"kind": "grid"},
    "/accounts/<int:account_id>/grants": {"area_id": ""},
    "/api/v1/grants": {"area_id": None},
}


def form_of(rule: str, body: dict[str, Any]) -> dict[str, str]:
    """The fields as a browser sends them; local times have no offset."""
    sent = {name: str(value) for name, value in (body | _OTHERWISE.get(rule, {})).items()}
    sent["number"] = sent.pop("card")
    for name in ("starts_at", "ends_at"):
        sent[name] = sent[name][:16]
    return sent


def json_of(rule: str, names: set[str], body: dict[str, Any]) -> dict[str, Any]:
    """The fields that the call knows."""
    whole = body | _OTHERWISE.get(rule, {})
    return {name: whole[name] for name in names & whole.keys() if whole[name] is not None}

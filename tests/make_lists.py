"""Five rows for every list of the API, with equal and empty values among what it is sorted by.

Names are Latin letters: which of two Chinese characters comes first, the database's locale says.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests import make, make_points, make_ratings
from tests.make import MORNING
from tests.signing import token_for
from volunteer_service.attendance.models import Dispute, ServiceRecord
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.events.models import Event, Post, Shift, SignUp
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings.models import LateChange, Objection, Round, RoundResult
from volunteer_service.scoring.rewards.models import DaySheet, Gift, Redemption
from volunteer_service.workbooks.models import Import, ImportChange, RefusedRow, SheetMeaning

#: Equal, later, earlier, equal again, latest: neither rising nor falling with the ids.
TURNS = (1, 2, 0, 1, 3)
NAMES = ("b", "c", "a", "b", "d")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Town:
    """Tokens by person, what stands for the addresses' parameters, and what no answer says."""

    headers: dict[str, dict[str, str]]
    places: dict[str, int]
    #: Name of a volunteer, beginning of a shift, id of a certificate's number.
    names: dict[int, str]
    begins: dict[int, Any]
    numbers: dict[str, int]


def town() -> Town:
    """The cast with five rows in every list."""
    cast = make.cast()
    people = [_volunteer(cast, *each) for each in zip(NAMES, TURNS, strict=True)]
    events = [
        make.event(team=cast.team, leader=cast.li_mei, starts_at=MORNING + turn * DAY)
        for turn in TURNS
    ]
    _areas_and_teams(cast)
    _sign_ups(events[0], people)
    _disputes([_record(cast, person, turn) for person, turn in zip(people, TURNS, strict=True)])
    rated = _rounds(cast, people)
    certificates = [_certificate(people[0], turn) for turn in TURNS]
    imported = _imports(cast)
    _gifts(cast)
    _day_sheets(cast)
    return Town(
        headers={
            "coordinator": token_for(cast.coordinator),
            "volunteer": token_for(cast.wang_account),
        },
        places={
            "event_id": events[0].id,
            "import_id": imported.id,
            "round_id": rated.id,
            "team_id": cast.team.id,
            "area_id": cast.community.id,
            "volunteer_id": people[0].id,
            "shift_id": events[0].shifts[0].id,
        },
        names={person.id: person.name for person in db.session.scalars(db.select(Volunteer))},
        begins={shift.id: shift.starts_at for shift in db.session.scalars(db.select(Shift))},
        numbers={certificate.number: certificate.id for certificate in certificates},
    )


def _volunteer(cast: make.Cast, name: str, turn: int) -> Volunteer:
    found = make.volunteer(f"n{name}", registered_on=date(2025, 1, 1) + turn * DAY)
    found.area_id = cast.community.id if turn else cast.elsewhere.id
    membership = {"team_id": cast.team.id, "volunteer_id": found.id}
    make._added(make.Membership(joined_at=MORNING + turn * HOUR, **membership))
    return found


def _areas_and_teams(cast: make.Cast) -> None:
    founded = (None, date(2020, 1, 1), None, date(2020, 1, 1), date(2010, 1, 1))
    for name, day in zip(NAMES, founded, strict=True):
        place = make.area(f"x{len(name)}{day}{name}", parent=cast.community, kind="grid")
        make.team(f"t{name}", area=place, founded_on=day)
        make.area(f"g{name}", parent=make.area("p", parent=place, kind="building"), kind="grid")


def _sign_ups(event: Event, people: list[Volunteer]) -> None:
    # A second shift at the same hour: the order by shift goes on by its id.
    first = event.shifts[0]
    post = make._added(Post(event_id=event.id, name="机动岗"))
    hours = {"starts_at": first.starts_at, "ends_at": first.ends_at}
    second = make._added(Shift(event_id=event.id, post_id=post.id, capacity=9, **hours))
    for person, turn in zip(people, TURNS, strict=True):
        make._added(
            SignUp(
                event_id=event.id,
                shift_id=(second if turn == 2 else first).id,
                volunteer_id=person.id,
                state="waiting" if turn == 3 else "confirmed",
                source="page",
                created_at=MORNING - turn * HOUR,
            )
        )
    db.session.expire(event)


def _record(cast: make.Cast, person: Volunteer, turn: int) -> ServiceRecord:
    # Two in the half-year before, one of the other team, one that waits.
    on = date(2026, 5, 16) + turn * DAY if turn != 1 else date(2025, 12, 31)
    team = cast.other_team if turn == 2 else cast.team
    return make_ratings.record(person, team, on=on, state="waiting" if turn == 3 else "confirmed")


def _day_sheets(cast: make.Cast) -> None:
    """Days of two desks; both closed one of them."""
    for desk, turn in zip((0, 1, 0, 0, 1), (0, 0, 1, 2, 3), strict=True):
        make._added(
            DaySheet(
                area_id=(cast.town, cast.community)[desk].id,
                day=MORNING.date() + turn * DAY,
                lines=[],
                closed_at=MORNING + turn * DAY,
                closed_by_id=cast.desk.id,
            )
        )


def _disputes(records: list[ServiceRecord]) -> None:
    decided = (None, MORNING, None, MORNING, MORNING - DAY)
    for record, turn, at in zip(records, TURNS, decided, strict=True):
        make._added(
            Dispute(
                record_id=record.id,
                volunteer_id=record.volunteer_id,
                words="少算了",
                state="upheld" if at else "open",
                opened_at=MORNING - 9 * DAY + turn * DAY,
                decided_at=at,
            )
        )


def _rounds(cast: make.Cast, people: list[Volunteer]) -> Round:
    for supplement, turn in enumerate(TURNS):
        last = make._added(
            Round(
                area_id=(cast.elsewhere if turn == 2 else cast.community).id,
                half_year=f"202{turn}H1",
                supplement=supplement,
                state="open" if turn == 3 else "final",
                opened_at=MORNING - turn * DAY,
            )
        )
        last.policy_version = 1
    rated = db.session.scalars(db.select(Round).where(Round.state == "final")).first()
    for person, stars, turn in zip(people, (3, None, 5, 3, 0), TURNS, strict=True):
        result = make._added(
            RoundResult(round_id=rated.id, volunteer_id=person.id, facts={}, stars=stars)
        )
        make._added(
            LateChange(
                round_id=rated.id,
                volunteer_id=person.id,
                result_id=result.id,
                stars_before=turn % 3,
                stars_now=5 - turn % 2,
                minutes_before=600,
                minutes_now=600 + turn,
            )
        )
        make._added(
            Objection(
                result_id=result.id,
                words="不对",
                state="dismissed" if turn == 1 else "open",
                opened_at=MORNING + turn * DAY,
                decided_at=MORNING if turn == 1 else None,
            )
        )
    return rated


def _certificate(person: Volunteer, turn: int) -> Certificate:
    return make._added(
        Certificate(
            number=f"K{make.next_number():05d}",
            kind="service",
            volunteer_id=person.id,
            words={},
            signature="0" * 64,
            issued_at=MORNING + turn * DAY,
            revoked_at=MORNING + 9 * DAY if turn == 2 else None,
        )
    )


def _imports(cast: make.Cast) -> Import:
    for place, turn in enumerate(TURNS):
        row = make._added(
            Import(
                state="undone" if turn == 2 else "previewed",
                area_id=(cast.elsewhere if turn == 3 else cast.community).id,
                sub_district=cast.town.name,
                files=[],
                created_at=MORNING + turn * DAY,
            )
        )
        said = {"about": "column", "kind": "teams", "meaning": {}, "format": 1}
        words, at = ("甲", "乙", "甲", "丙", "乙")[turn % 5], MORNING + (turn // 2) * DAY
        where = {"area_id": cast.town.id, "word_key": str(place), "words": words}
        make._added(SheetMeaning(**said, **where, said_at=at))
    kinds = ("teams", "volunteers", "areas", "teams", "volunteers")
    reasons = ("bad_phone", "unknown_team", "bad_phone", "missing_name", "bad_phone")
    for number, (kind, reason) in enumerate(zip(kinds, reasons, strict=True)):
        sheet = {"file": "x.xlsx", "sheet": "x", "row_number": number, "sealed": "[]"}
        make._added(RefusedRow(import_id=row.id, kind=kind, reason=reason, **sheet))
    fields = ("brand", "price", "stock", "brand", "price")
    for number, name in enumerate(fields):
        kind = "teams" if name == "brand" else "gifts"
        says = {
            "target_id": 1,
            "was": None,
            "now": None,
            "state": "offered" if number else "agreed",
        }
        place = {"file": "x.xlsx", "sheet": "x", "row_number": number}
        make._added(ImportChange(import_id=row.id, kind=kind, field=name, **says, **place))
    return row


def _gifts(cast: make.Cast) -> None:
    places = (cast.town, cast.community, cast.community, cast.elsewhere, cast.town)
    gifts: list[Gift] = []
    for name, turn, place in zip(NAMES, TURNS, places, strict=True):
        price = {"price_centi": 100 + turn}
        gifts.append(make_points.gift(cast, f"g{name}", stock=0, area=place, **price))
    gifts[1].state = "withdrawn"
    for gift, turn in zip(gifts, TURNS, strict=True):
        at = MORNING + turn * DAY
        make._added(
            Redemption(
                volunteer_id=cast.wang.id,
                gift_id=gift.id,
                quantity=1,
                points_centi=100,
                state="cancelled" if turn == 1 else "handed_over",
                code_hash=f"h{gift.id}",
                month="2026-05",
                ordered_at=at,
                lapses_at=at + DAY,
            )
        )

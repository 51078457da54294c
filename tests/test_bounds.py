"""Every verb checks its own bounds: each is called with values that no form accepts.

The verbs are those that other packages call (``tests/verbs.py``), so a new one is tried by itself.
Blank reasons are another rule's (tests/test_reasons.py); here it is sizes and what can be kept.
"""

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, get_type_hints

import pytest
from sqlalchemy import select

from tests import make_doors, verbs
from tests.make import acting
from volunteer_service import clock
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.errors import Invalid, Refused
from volunteer_service.paper.uploaded_pages import Page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.rewards import catalogue, gifts

#: Guards are handed places and people by a verb, never by a person.
GUARDS = (
    ".conflicts",
    ".rights",
    ".account_scope",
    ".rights_over_people",
    ".own_rows",
    ".background_steps",
)

NUMBERS = (0, -1, 2**31, 2**63, -(2**63) - 1, 10**400)
TEXTS = ("", " ", "字" * 30_000, "a\0b", "\ud800")
#: Blank is for another rule to refuse.
BLANK = ("", " ")

#: What a verb with an instant takes although it looks odd, and why.
_SOURCE = "a program names the source, nobody types it"
_CUT = "the statement keeps its first 120 characters, the journal all"
_READ = "a read: there is nothing of such a person"
_ANSWER = "a refusal is an answer that fills the leader's screen; the scan is not made"
ACCEPTED = {
    "certificates.print_paper(reason)": "a first print keeps no reason",
    "people.decided(words)": "what to write, without writing it; refuse_undo reads the words",
    "attendance.correct(minutes)": "0 minutes are a correction",
    "attendance.decide_dispute(minutes)": "0 minutes are a decision",
    "attendance.found(typed)": "a read: what nobody is called finds nobody",
    "attendance.judged(text)": "a read: an empty list has no lines",
    "attendance.keep_aside(key)": "a key that is none gets a new one",
    "attendance.scan_at_gate(kind)": _ANSWER,
    "attendance.scan_at_gate(scan_id)": _ANSWER,
    "attendance.scan_at_gate(text)": _ANSWER,
    "attendance.tick_lines(sign_up_ids)": "lines that are none of the event's are left out",
    "events.came_after_all(shift_id)": "part of confirming a claim, which has found the shift",
    "events.came_after_all(volunteer_id)": "part of confirming a claim, which has found the person",
    "events.hold_again(shift_ids)": "part of reopening, which has found the shifts",
    "events.mine(event_id)": "a read: nobody is asked to swap at an event that is none",
    "people.export_of(why)": _CUT,
    "people.choose(quiet_from)": "0 is midnight",
    "people.choose(quiet_to)": "0 is midnight",
    "people.mark_read(up_to)": "one's own messages up to any number",
    "people.need_to_change_alone(volunteer_id)": "a guard: who has no account is no staff",
    "people.reveal(why)": _CUT,
    "people.reveal_change(why)": _CUT,
    "points.adjust(amount)": "below 0 takes points",
    "points.grant(amount)": "0 hundredths are no grant: nothing is written",
    "points.grant(reason)": _CUT,
    "points.grant(source_id)": _SOURCE,
    "points.grant(source_type)": _SOURCE,
    "points.hold(source_id)": _SOURCE,
    "points.hold(source_type)": _SOURCE,
    "points.reverse_many(reason)": "nothing of these sources is taken back",
    "points.reverse_many(source_ids)": _SOURCE,
    "points.reverse_many(source_type)": _SOURCE,
    "rewards.add_gift(minimum_stars)": "0 is for everybody",
    "rewards.affordable(stars)": _READ,
    "rewards.affordable(volunteer_id)": _READ,
    "rewards.orders_left(volunteer_id)": _READ,
    "rewards.purse(volunteer_id)": _READ,
    "rewards.waiting(limit)": "a read: no rows, or all there are",
}

#: Arguments by name, where ``make_doors.Things`` has none.
GIVEN: dict[str, Any] = {
    "act": "disable",
    "pages": (Page(b"a page", 800, 600),),
    "amount": 100,
    "answer": "核对过签到表",
    "browser": "the hash of a key",
    "capacity": 5,
    "code": "00000000",
    "coefficient_centi": 100,
    "content": "擦洗栏杆",
    "door": "email",
    "email": "wang@example.cn",
    "language": "zh",
    "on": ("points:email",),
    "quiet_from": 1_260,
    "quiet_to": 480,
    "address": "https://open.feishu.cn/open-apis/bot/v2/hook/not-a-robot",
    "counted": 5,
    "days": 30,
    "dpi": 150,
    "event_name": "清洁家园",
    "field": "phone",
    "half_year": "2026H2",
    "housemate_name": "王芳",
    "identity": "98010119900307123X",
    "kind": "receive",
    "lead": "deputy",
    "leader_name": "李梅",
    "limit": 20,
    "login": "newlogin",
    "minimum_stars": 0,
    "minutes": 30,
    "name": "新名字",
    "new": "correct horse battery",
    "origin": "192.0.2.1",
    "parent_id": 1,
    "path": "/1/",
    "password": "correct horse battery",
    "phone": "17055509999",
    "place": "庆丰小学东门",
    "post": "岗位",
    "present": "correct horse",
    "price_centi": 100,
    "purpose": "notice",
    "quantity": 1,
    "q": "王",
    "profile": {},
    "reason": "核对过签到表",
    "recording_unit": "居委会",
    "role": "leader",
    "scan_id": "0123456789abcdef",
    "print_key": "0123456789abcdef",
    "scopes": ("read",),
    "score": 5,
    "under": 1,
    "up_to": 1,
    "step": "gifts",
    "is_aside": True,
    "source_id": 1,
    "wanted_id": 1,
    "source_type": "record",
    "stars": 5,
    "taken": (),
    "state": "active",
    "text": "王建国",
    "title": "清洁家园",
    "typed": "TEST0001",
    "version": 1,
    "why": "核对",
    "words": "少算了",
}


def offered() -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, verb in sorted(verbs.offered().items()):
        is_asked = "by" in inspect.signature(verb).parameters
        if is_asked and not verb.__module__.endswith(GUARDS):
            yield name.removeprefix("scoring."), verb


@dataclasses.dataclass
class Call:
    """A verb with arguments by name; those of a plan (a dataclass) are its fields."""

    verb: Callable[..., Any]
    given: dict[str, Any]
    hints: dict[str, Any]
    plans: dict[str, type]

    def told(self, **other: Any) -> str:
        """``ok``, or the refusal; nothing stays. What else is raised goes up."""
        given = self.given | other
        for name, plan in self.plans.items():
            fields = {field.name: given.pop(field.name) for field in dataclasses.fields(plan)}
            given[name] = plan(**fields)
        point = db.session.begin_nested()
        try:
            found = self.verb(**given)
            if inspect.isgenerator(found):
                list(found)
            db.session.flush()
        except Refused as refused:
            return refused.code()
        finally:
            point.rollback()
            db.session.expire_all()
        return "ok"


def filled(hint: Any, name: str, known: dict[str, Any], at: datetime) -> Any:
    """A plausible argument of this name and type."""
    words = str(hint)
    if hint is bool:
        return True
    if "HalfYear" in words:
        return None
    if "tuple[datetime.datetime" in words:
        return ()
    if "datetime.datetime" in words:
        return at + timedelta(hours=25 if "end" in name else 24)
    if "date" in words:
        return date(2026, 8, 1)
    if re.search(r"(Sequence|Collection|Iterable)\[int\]", words):
        return [1]
    if "Mapping" in words:
        return {}
    return known.get(name)


def call_of(verb: Callable[..., Any], known: dict[str, Any], at: datetime) -> Call | None:
    """The verb with plausible arguments; None where it is handed rows, files or streams."""
    hints, call = get_type_hints(verb), Call(verb, {}, {}, {})
    for name in inspect.signature(verb).parameters:
        hint = hints[name]
        if name in ("by", "at"):
            continue
        if "HalfYear'>" in str(hint):
            return None
        if dataclasses.is_dataclass(hint):
            call.plans[name] = hint
            call.hints |= get_type_hints(hint)
        elif re.search(
            r"models\.|UndoneByTwo|Upload|Callable|Path|IO\b|HalfYear|Grant\]|Attribute|Column|(Kept|Written)\b",
            str(hint),
        ):
            return None
        else:
            call.hints[name] = hint
    for name, hint in call.hints.items():
        call.given[name] = filled(hint, name, known, at)
    return call


def hostile(hint: Any) -> tuple[Any, ...]:
    """What to try for an argument of this type."""
    words = str(hint).replace("<class '", "").replace("'>", "")
    if words in ("int", "int | None"):
        return NUMBERS
    if words in ("str", "str | None") or "Literal" in words:
        return TEXTS
    if re.search(r"(Sequence|Collection|Iterable)\[int\]", words):
        return tuple([number] for number in NUMBERS)
    return ()


@pytest.fixture
def actors(session: None) -> tuple[list[Actor], dict[str, Any]]:
    """Everybody who decides something, and one of everything."""
    things = make_doors.things()[1]
    staff = [acting(make_doors.account_of(letter)) for letter in "cAdwl"]
    paper = db.session.scalars(select(Certificate.id).order_by(Certificate.id)).first()
    return staff, things.values() | GIVEN | {"certificate_id": paper}


def tries(
    staff: list[Actor], known: dict[str, Any], at: datetime
) -> Iterator[tuple[str, Call, str, Any]]:
    """Each verb as somebody who may do it, each argument of it, each hostile value."""
    for name, verb in offered():
        call, parameters = call_of(verb, known, at), inspect.signature(verb).parameters
        if call is None:
            continue
        call.given |= {"at": at} if "at" in parameters else {}
        if "by" in parameters:
            call.given["by"] = next((b for b in staff if call.told(by=b) == "ok"), staff[0])
        for argument, hint in call.hints.items():
            # Who does it is the caller's actor, not what anybody typed.
            if not (argument == "account_id" and name.startswith("points.")):
                yield from ((name, call, argument, value) for value in hostile(hint))


def test_every_verb_refuses_what_it_cannot_keep(
    actors: tuple[list[Actor], dict[str, Any]],
) -> None:
    # Tomorrow: today's desk is closed.
    at = clock.now() + timedelta(days=1)
    faults, taken, tried = [], set(), 0
    for name, call, argument, value in tries(*actors, at):
        tried += 1
        try:
            said = call.told(**{argument: value})
        except Exception as fault:
            faults.append(f"{name}({argument}={value!r:.20}): {fault!r:.120}")
            continue
        if said == "ok" and "at" in call.given and value not in BLANK:
            taken.add(f"{name}({argument})")
    assert tried > 800
    assert faults == []
    assert taken - set(ACCEPTED) == set()


@pytest.mark.parametrize("quantity", [0, -5, 100_001, True, 1.5])
def test_a_refused_number_names_its_field_and_its_bounds(
    actors: tuple[list[Actor], dict[str, Any]], quantity: Any
) -> None:
    staff, known = actors
    at = clock.now() + timedelta(days=1)
    gift = catalogue.gift_for(known["gift_id"], by=staff[0])
    stock = gift.stock
    with pytest.raises(Invalid) as refused:
        gifts.receive(gift.id, quantity, by=staff[0], at=at)
    assert (refused.value.field, refused.value.numbers["most"]) == ("quantity", 100_000)
    db.session.expire_all()
    assert gift.stock == stock

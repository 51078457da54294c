"""Days with more than one shift and plans that change, as a client lives them over the API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import token_for
from volunteer_service import clock
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Event

ZONE = ZoneInfo("Asia/Shanghai")


class Town:
    """Calls of the people of a town at times of its own clock: ``16 09:00`` of May 2026."""

    def __init__(self, app: Flask, client: FlaskClient, set_clock: Callable[[datetime], None]):
        self.app, self.client, self.set_clock = app, client, set_clock
        self.at("15 08:00")
        with app.app_context(), transaction():
            cast = make.cast()
            self.team, self.wang, self.zhao = cast.team.id, cast.wang.id, cast.zhao.id
            self.headers = {
                "li": token_for(cast.li_mei),
                "wang": token_for(cast.wang_account),
                "zhao": token_for(cast.zhao_account),
                "zhou": token_for(cast.coordinator),
                "qian": token_for(cast.second),
            }

    def at(self, when: str) -> None:
        day, time = when.split()
        self.set_clock(datetime.fromisoformat(f"2026-05-{day}T{time}").replace(tzinfo=ZONE))

    def call(self, who: str, method: str, path: str, body: Any = None, **wanted: int) -> Any:
        headers = self.headers[who] | {"Idempotency-Key": uuid4().hex}
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
        assert answer.status_code < 500, answer.text
        if wanted:
            assert answer.status_code == wanted["status"], answer.text
        return answer.json

    def event(self, *shifts: tuple[str, str], capacity: int = 5) -> tuple[int, list[int]]:
        """A published event with these shifts at one post."""
        instants = [tuple(map(instant, pair)) for pair in shifts]
        made = self.call(
            "li",
            "POST",
            "/events",
            {
                "team_id": self.team,
                "title": "便民集市",
                "content": "引导",
                "place": "人民广场",
                "starts_at": min(first for first, _last in instants),
                "ends_at": max(last for _first, last in instants),
            },
            status=201,
        )
        here = f"/events/{made['id']}"
        post = self.call("li", "POST", f"{here}/posts", {"name": "引导岗"}, status=201)["id"]
        ids = [
            self.call(
                "li",
                "POST",
                f"{here}/shifts",
                {"post_id": post, "starts_at": first, "ends_at": last, "capacity": capacity},
                status=201,
            )["id"]
            for first, last in instants
        ]
        self.call("li", "POST", f"{here}/publish", status=200)
        return made["id"], ids

    def sign_up(self, who: str, shift_id: int) -> Any:
        return self.call(who, "POST", "/sign-ups", {"shift_id": shift_id}, status=201)

    def scan(self, who: str, event_id: int, when: str, kind: str | None = None, **more: Any) -> Any:
        self.at(when)
        with self.app.app_context(), transaction(write=False):
            code = event_codes.token(db.session.get_one(Event, event_id))
        body = {"code": code, "scan_id": uuid4().hex, **more} | ({"kind": kind} if kind else {})
        return self.call(who, "POST", "/check-ins", body)

    def close(self, event_id: int, when: str) -> Any:
        self.at(when)
        return self.call("li", "POST", f"/events/{event_id}/close")

    def records(self, event_id: int) -> list[tuple[str, int, str | None]]:
        found = self.call("zhou", "GET", f"/records?event_id={event_id}&sort=starts_at")["items"]
        return [(row["state"], row["minutes"], row["waits_for"]) for row in found]


def instant(when: str) -> str:
    day, time = when.split()
    return f"2026-05-{day}T{time}:00+08:00"


@pytest.fixture
def town(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Town:
    return Town(app, client, lambda at: monkeypatch.setattr(clock, "now", lambda: at))


def test_closing_early_ends_only_what_is_over_on_each_of_three_days(town) -> None:
    event, shifts = town.event(*((f"{day} 09:00", f"{day} 11:00") for day in (16, 17, 18)))
    for who in ("wang", "zhao"):
        for shift in shifts:
            town.sign_up(who, shift)
    assert town.close(event, "16 09:01")["code"] == "shifts_running"
    assert town.scan("wang", event, "16 09:02")["kind"] == "in"
    assert town.scan("wang", event, "16 11:00")["kind"] == "out"
    closed = town.close(event, "16 11:05")
    assert (closed["records"], closed["no_shows"], closed["open_shifts"]) == (1, 1, 2)
    town.call("li", "POST", f"/events/{event}/reopen", {"reason": "点早了"}, status=200)
    assert town.close(event, "16 11:30")["no_shows"] == 1
    mine = town.call("li", "GET", f"/events/{event}/sign-ups?state=no_show")["items"]
    back = town.call(
        "li", "POST", f"/sign-ups/{mine[0]['id']}/take-back-no-show", {"reason": "来过"}, status=200
    )
    assert back["state"] != "no_show"
    for who in ("wang", "zhao"):
        assert town.scan(who, event, "17 09:00")["kind"] == "in"
        assert town.scan(who, event, "17 11:00")["kind"] == "out"
    assert town.close(event, "17 11:05")["no_shows"] == 0


def test_three_shifts_back_to_back_by_one_entry_and_one_exit(town) -> None:
    event, shifts = town.event(*((f"16 {h:02}:00", f"16 {h + 1:02}:00") for h in (9, 10, 11)))
    for shift in shifts:
        town.sign_up("wang", shift)
    town.scan("wang", event, "16 09:00")
    town.scan("wang", event, "16 12:00", "out")
    closed = town.close(event, "16 12:05")
    assert closed["no_shows"] == 0
    assert sum(minutes for _state, minutes, _waits in town.records(event)) == 180


def test_who_forgot_to_check_out_is_in_on_the_next_day_and_asked_for_the_first(town) -> None:
    event, shifts = town.event(("16 08:00", "16 16:00"), ("17 08:00", "17 16:00"))
    for shift in shifts:
        town.sign_up("zhao", shift)
    town.scan("zhao", event, "16 08:00")
    assert town.scan("zhao", event, "17 08:00")["kind"] == "in"
    assert town.scan("zhao", event, "17 16:00")["kind"] == "out"
    town.close(event, "17 16:05")
    first, second = town.records(event)
    assert (first[0], first[2]) == ("waiting", "end")
    assert second[1] == 480


def test_who_only_waits_is_free_elsewhere_and_comes_before_strangers(town) -> None:
    full, (shift,) = town.event(("16 09:00", "16 11:00"), capacity=1)
    other, _shifts = town.event(("16 09:00", "16 11:00"))
    held = town.sign_up("wang", shift)
    waiting = town.sign_up("zhao", shift)
    assert (held["state"], waiting["state"]) == ("confirmed", "waiting")
    assert town.scan("zhao", other, "16 09:05")["kind"] == "in"
    assert town.scan("zhao", other, "16 09:20", "out")["kind"] == "out"
    town.call("li", "POST", f"/sign-ups/{held['id']}/give-away", status=200)
    came = town.scan("zhao", full, "16 09:30")
    assert came.get("kind") == "in", came
    # Nobody is at two places: back to the first one only after leaving the second.
    back = town.scan("zhao", other, "16 09:40")
    assert "kind" not in back, back
    # And one who waits withdraws after the beginning.
    _late, (shift,) = town.event(("17 09:00", "17 11:00"), capacity=1)
    town.sign_up("wang", shift)
    waiting = town.sign_up("zhao", shift)
    town.at("17 09:30")
    assert town.call("zhao", "POST", f"/sign-ups/{waiting['id']}/withdraw", status=200)


def test_an_earlier_shift_than_one_s_own_lunch_and_a_second_walk_in(town) -> None:
    event, (_morning, noon) = town.event(("16 09:00", "16 11:00"), ("16 12:00", "16 16:00"))
    town.sign_up("wang", noon)
    assert town.scan("wang", event, "16 09:00")["kind"] == "in"
    assert town.scan("wang", event, "16 11:00", "out")["kind"] == "out"
    for when, kind in (("12:00", "in"), ("13:00", "out"), ("13:30", "in"), ("16:00", "out")):
        assert town.scan("wang", event, f"16 {when}", kind)["kind"] == kind
    second, _shifts = town.event(("16 17:00", "16 19:00"))
    assert town.scan("wang", second, "16 17:00")["kind"] == "in"
    town.close(event, "16 16:05")
    assert [minutes for _state, minutes, _waits in town.records(event)] == [120, 210]


def test_whoever_entered_it_does_not_uphold_it(town) -> None:
    body = {
        "volunteer_id": town.wang,
        "team_id": town.team,
        "event_name": "夜间巡逻",
        "place": "河边",
        "content": "巡逻",
        "starts_at": instant("13 08:00"),
        "ends_at": instant("13 16:00"),
        "minutes": 480,
        "leader_name": "李梅",
        "reason": "当时没有手机",
    }
    record = town.call("zhou", "POST", "/records", body, status=201)
    opened = town.call(
        "wang", "POST", f"/records/{record['id']}/disputes", {"words": "应该是八小时"}, status=201
    )
    decision = {"upheld": True, "answer": "对，是八小时", "minutes": 480}
    said = town.call("zhou", "POST", f"/disputes/{opened['id']}/decide", decision, status=403)
    assert said["code"]
    now = town.call("zhou", "GET", f"/records?volunteer_id={town.wang}")["items"]
    assert now[0]["state"] == "waiting"


def test_a_clock_that_goes_back_and_one_scan_six_times(town) -> None:
    event, (shift,) = town.event(("16 09:00", "16 11:00"))
    town.sign_up("wang", shift)
    scan_id = uuid4().hex
    answers = [town.scan("wang", event, "16 09:00", scan_id=scan_id) for _ in range(6)]
    assert [each["kind"] for each in answers] == ["in"] * 6
    town.at("16 08:59")
    early = town.scan("wang", event, "16 08:59", "out")
    assert early.get("kind") == "out" or "code" in early

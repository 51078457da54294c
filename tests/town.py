"""A town whose people act over the API at times of its own clock."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import token_for
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
        self.set_clock(datetime.fromisoformat(instant(when)))

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

    def move(self, shift_id: int, first: str, last: str, capacity: int = 5, **more: Any) -> Any:
        """Other times or places of a shift, by its leader; ``status`` is what is expected."""
        wanted = {"status": more.pop("status")} if "status" in more else {}
        body = {
            "starts_at": instant(first),
            "ends_at": instant(last),
            "capacity": capacity,
            "reason": "场地有变",
            **more,
        }
        return self.call("li", "PUT", f"/shifts/{shift_id}", body, **wanted)

    def outcomes(self, changed: Any) -> dict[str, str]:
        """The effect of a change on each person, by their name here."""
        who = {self.wang: "wang", self.zhao: "zhao"}
        return {who[row["volunteer_id"]]: row["outcome"] for row in changed["touched"]}

    def told(self, who: str) -> list[str]:
        """The kinds of this person's messages, oldest first."""
        found = self.call(who, "GET", "/messages", status=200)["items"]
        return [row["kind"] for row in reversed(found)]

    def places(self, who: str, event_id: int) -> list[str]:
        """The states of this person's places at an event, the earlier shifts first."""
        mine = {"wang": self.wang, "zhao": self.zhao}[who]
        found = self.call("li", "GET", f"/events/{event_id}/sign-ups", status=200)["items"]
        rows = [row for row in found if row["volunteer_id"] == mine]
        return [row["state"] for row in sorted(rows, key=lambda row: row["shift_id"])]

    def records(self, event_id: int) -> list[tuple[str, int, str | None]]:
        found = self.call("zhou", "GET", f"/records?event_id={event_id}&sort=starts_at")["items"]
        return [(row["state"], row["minutes"], row["waits_for"]) for row in found]


def instant(when: str) -> str:
    """A time of May 2026 as the API takes it: ``16 09:00``, of another month ``06-01 09:00``."""
    day, time = when.split()
    date = day if "-" in day else f"05-{day}"
    at = datetime.fromisoformat(f"2026-{date}T{time}").replace(tzinfo=ZONE)
    return at.isoformat()

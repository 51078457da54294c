"""A paper sheet on its page: thirty names at once, and what is unclear stays as it was typed."""

import re

import pytest
from sqlalchemy import select

from tests import make
from tests.signing import sign_in
from tests.web.test_events_pages import page, rows, send
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import transaction
from volunteer_service.people.models import Volunteer

PLAN = {
    "event_name": "公园清洁",
    "place": "河滨公园",
    "content": "捡拾垃圾",
    "starts_at": "2026-05-09T09:00",
    "ends_at": "2026-05-09T11:00",
    "minutes": "120",
    "leader_name": "李梅",
    "reason": "公园没有信号",
}
NEW = "/records/sheets/new"


@pytest.fixture
def town(app) -> dict[str, int]:
    with app.app_context(), transaction():
        cast = make.cast()
        made = [make.volunteer(f"队员{n:02d}", team=cast.team).id for n in range(30)]
        twins = [make.volunteer("张伟", team=cast.team).id for _ in range(2)]
        return {"team": cast.team.id, "first": made[0], "twin": twins[1]}


def test_thirty_names_from_a_chat_and_one_approval(app, client, town) -> None:
    sign_in(client, "limei")
    names = " ".join(f"{n + 1}. 队员{n:02d}" for n in range(30))
    done = send(client, NEW, NEW, team_id=town["team"], names=names, **PLAN)
    assert done.status_code == 303
    kept = rows(app, select(ServiceRecord))
    assert {(row.state, row.waits_for) for row in kept} == {("waiting", "second")}
    assert len(kept) == 30
    assert "整张通过" not in page(client, done.location)
    sign_in(client, "zhoujing")
    assert "整张通过" in page(client, done.location)
    assert send(client, done.location, f"{done.location}/approve").status_code == 303
    assert {row.state for row in rows(app, select(ServiceRecord))} == {"confirmed"}


def test_unclear_lines_stay_with_what_was_typed_and_nothing_is_entered(app, client, town) -> None:
    sign_in(client, "limei")
    typed = {"team_id": town["team"], "names": "队员00\n张伟\n没有此人", **PLAN}
    again = send(client, NEW, NEW, **typed)
    text = again.get_data(as_text=True)
    assert again.status_code == 422
    assert "有 2 行还不清楚是谁" in text
    assert "没有此人" in text
    assert "公园没有信号" in text
    assert rows(app, select(ServiceRecord)) == []
    lines = dict(re.findall(r'name="(typed-\d)" value="([^"]+)"', text))
    assert lines == {"typed-0": "队员00", "typed-1": "张伟", "typed-2": "没有此人"}
    picks = {"who-0": town["first"], "who-1": town["twin"], "who-2": "out"}
    done = send(client, NEW, NEW, **typed, **lines, **picks)
    assert done.status_code == 303
    people = {row.volunteer_id for row in rows(app, select(ServiceRecord))}
    assert people == {town["first"], town["twin"]}


def test_what_is_not_clear_stands_before_what_is(client, town) -> None:
    """On a phone nobody has to scroll past thirty settled lines to the two that need a choice."""
    sign_in(client, "limei")
    names = "\n".join([*(f"队员{n:02d}" for n in range(9)), "张伟", "队员09", "没有此人"])
    typed = {"team_id": town["team"], "names": names, **PLAN}
    text = send(client, NEW, NEW, **typed).get_data(as_text=True)
    unclear, folded, settled = text.partition("认出的 10 行（可以展开核对）")
    assert folded
    assert re.findall(r'name="typed-(\d+)"', unclear) == ["9", "11"]
    shown = re.findall(r'name="typed-(\d+)" value="([^"]+)"', settled)
    assert shown == [(str(n), name) for n, name in enumerate(names.split("\n")) if n not in (9, 11)]
    # The picked person is settled, although another question is open.
    lines = dict(re.findall(r'name="(typed-\d+)" value="([^"]+)"', text))
    again = send(client, NEW, NEW, **typed, **lines, **{"who-9": town["twin"]})
    unclear = again.get_data(as_text=True).partition("认出的 11 行（可以展开核对）")[0]
    assert re.findall(r'name="typed-(\d+)"', unclear) == ["11"]


def test_picked_from_the_team(app, client, town) -> None:
    sign_in(client, "limei")
    assert "队员29" in page(client, NEW)
    done = send(client, NEW, NEW, team_id=town["team"], member=town["first"], **PLAN)
    assert done.status_code == 303
    (row,) = rows(app, select(ServiceRecord))
    assert row.volunteer_id == town["first"]


def test_one_person_is_entered_by_a_whole_name_that_one_alone_has(app, client, town) -> None:
    sign_in(client, "limei")
    form = {"team_id": town["team"], **PLAN}
    for typed in ("张伟", "队员", "没有此人"):
        refused = send(client, "/records/backfill", "/records/backfill", number=typed, **form)
        assert refused.status_code == 422
    assert rows(app, select(ServiceRecord)) == []
    done = send(client, "/records/backfill", "/records/backfill", number="王建国", **form)
    assert done.status_code == 303
    named = select(Volunteer.name).join(ServiceRecord, ServiceRecord.volunteer_id == Volunteer.id)
    assert rows(app, named) == ["王建国"]

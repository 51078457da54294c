"""Acts on many rows: judged by the verb, done row by row, undone, each row in the journal."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_attendance
from tests.make import MORNING, Cast, acting
from tests.signing import hidden, sign_in
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotFound
from volunteer_service.journal import Entry
from volunteer_service.lists import asking
from volunteer_service.lists.acts import batches, beside_requests, declared, refusals
from volunteer_service.lists.acts.models import Batch
from volunteer_service.lists.registry import LISTS
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Message, Volunteer
from volunteer_service.scoring.points.models import Adjustment, Transfer
from volunteer_service.teams.models import Membership


def waiting(cast: Cast, *people: Any) -> list[int]:
    """A record of each that waits for a leader."""
    rows = [make_attendance.record(each, team=cast.team) for each in people]
    for row in rows:
        row.state, row.waits_for = "waiting", "leader"
    db.session.flush()
    return [row.id for row in rows]


def begun(
    by: Actor,
    list_name: str,
    act: str,
    chosen: list[int] | None,
    values: dict[str, Any] | None = None,
    **args: str,
) -> Batch:
    asked = asking.read(LISTS[list_name], args, [], by=by)
    row = batches.begin(asked, act, values or {}, chosen=chosen, by=by, at=MORNING)
    return taken_on(row, by)


def taken_on(row: Batch, by: Actor) -> Batch:
    while batches.advance(row.id, by=by, at=MORNING):
        pass
    return row


def run(row: Batch, by: Actor) -> Batch:
    batches.run(row.id, by=by, at=MORNING)
    return taken_on(row, by)


def undone(row: Batch, by: Actor) -> Batch:
    batches.undo(row.id, by=by, at=MORNING)
    return taken_on(row, by)


def test_the_preview_does_nothing_and_knows_what_the_verb_knows(session: None) -> None:
    cast = make.cast()
    leader = acting(cast.li_mei)
    mine, hers = waiting(cast, db.session.get_one(Volunteer, leader.volunteer_id), cast.wang)
    row = begun(leader, "records", "confirm", [mine, hers])
    assert (row.state, batches.counted(row)) == ("judged", {"fit": 1, "unfit": 1})
    [left] = batches.rows_of(row, "unfit", limit=9)
    assert left.row_id == mine
    assert left.trouble
    assert left.trouble["code"] in ("own_case", "second_person_needed")
    states = set(db.session.scalars(db.select(ServiceRecord.state)))
    assert states == {"waiting"}
    assert db.session.query(Transfer).count() == 0
    assert db.session.query(Message).count() == 0
    assert db.session.query(Entry).filter(Entry.verb.contains("confirm")).count() == 0


def test_what_was_shown_is_done_under_one_number(session: None) -> None:
    cast = make.cast()
    leader = acting(cast.li_mei)
    ids = waiting(cast, cast.wang, cast.zhao)
    row = run(begun(leader, "records", "confirm", None, state="waiting"), leader)
    assert (row.state, batches.counted(row)) == ("done", {"done": 2})
    assert db.session.query(Transfer).count() == 2
    kept = db.session.query(Entry).filter(Entry.subject_type == "service_records").all()
    assert sorted(each.subject_id for each in kept) == sorted(ids)
    assert {each.facts["batch"] for each in kept} == {row.id}
    with pytest.raises(refusals.BatchNotReady):
        batches.run(row.id, by=leader, at=MORNING)
    with pytest.raises(refusals.ActNotUndone):
        batches.undo(row.id, by=leader, at=MORNING)


def test_what_changed_since_the_preview_is_left_out_and_says_why(session: None) -> None:
    cast = make.cast()
    leader = acting(cast.li_mei)
    first, second = waiting(cast, cast.wang, cast.zhao)
    row = begun(leader, "records", "refuse", [first, second], {"reason": "没有来"})
    db.session.get_one(ServiceRecord, first).state = "withdrawn"
    run(row, leader)
    assert batches.counted(row) == {"done": 1, "refused": 1}
    [left] = batches.rows_of(row, "refused", limit=9)
    assert (left.row_id, left.trouble["code"]) == (first, "record_not_waiting")  # type: ignore[index]


def test_a_move_to_another_team_is_undone(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    other = make.team("另一队", area=cast.community)
    chen = make.volunteer("陈强", team=cast.team)
    both = {cast.wang.id, chen.id}
    places = db.session.scalars(db.select(Membership).where(Membership.volunteer_id.in_(both)))
    ids = [each.id for each in places]
    row = run(begun(by, "memberships", "move", ids, {"team": "另一队"}), by)
    assert batches.counted(row) == {"done": 2}
    assert members(other.id) == both
    undone(row, by)
    assert (row.state, batches.counted(row)) == ("undone", {"undone": 2})
    assert members(other.id) == set()
    assert both <= members(cast.team.id)


def members(team_id: int) -> set[int]:
    query = db.select(Membership.volunteer_id).where(
        Membership.team_id == team_id, Membership.state == "active"
    )
    return set(db.session.scalars(query))


def test_a_team_is_named_whole_and_is_the_actor_s(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    make.team("外队", area=make.area("外街道"))
    for name in ("没有这支队", "外队"):
        with pytest.raises(refusals.TeamNotNamed) as refused:
            begun(by, "memberships", "move", None, {"team": name})
        assert refused.value.field == "team"
    assert db.session.query(Batch).count() == 0


def test_a_row_that_is_not_seen_is_in_no_batch(session: None) -> None:
    cast = make.cast()
    far = make.team("外队", area=make.area("外街道"))
    person = make.volunteer("外人", team=far)
    record = make_attendance.record(person, team=far)
    by = acting(cast.li_mei)
    with pytest.raises(refusals.NothingChosen):
        begun(by, "records", "confirm", [record.id, 10**9])
    with pytest.raises(refusals.NothingChosen):
        begun(by, "records", "confirm", [])
    with pytest.raises(NotFound):
        begun(by, "accounts", "disable", [1])


def test_more_than_one_batch_takes_are_refused(
    session: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make.cast()
    waiting(cast, cast.wang, cast.zhao)
    monkeypatch.setattr(batches, "MOST", 1)
    with pytest.raises(refusals.TooManyChosen):
        begun(acting(cast.li_mei), "records", "confirm", None)


def test_a_batch_is_its_own_account_s(session: None) -> None:
    cast = make.cast()
    ids = waiting(cast, cast.wang)
    row = begun(acting(cast.li_mei), "records", "confirm", ids)
    for verb in (batches.run, batches.stop, batches.undo):
        with pytest.raises(NotFound):
            verb(row.id, by=acting(cast.coordinator), at=MORNING)


def test_a_batch_that_is_stopped_did_nothing(session: None) -> None:
    cast = make.cast()
    by = acting(cast.li_mei)
    row = begun(by, "records", "confirm", waiting(cast, cast.wang))
    batches.stop(row.id, by=by, at=MORNING)
    assert row.state == "stopped"
    assert not batches.advance(row.id, by=by, at=MORNING)
    assert batches.counted(row) == {"fit": 1}
    with pytest.raises(refusals.BatchNotReady):
        batches.stop(row.id, by=by, at=MORNING)


def test_every_act_is_of_a_list_and_its_form_has_the_fields_that_it_asks_for() -> None:
    assert declared.ACTS.keys() <= LISTS.keys()
    for acts in declared.ACTS.values():
        assert len({each.name for each in acts}) == len(acts)


@pytest.fixture
def ids(app: Flask) -> list[int]:
    with app.app_context(), transaction():
        cast = make.cast()
        return waiting(cast, cast.wang, cast.zhao)


def test_ticked_rows_are_refused_from_the_page(
    app: Flask, client: FlaskClient, ids: list[int]
) -> None:
    sign_in(client, "limei")
    form = hidden(client, "/records")
    page = client.post(
        "/lists/records/act", data=form | {"act": "refuse", "row": ids, "scope": "rows"}
    ).get_data(as_text=True)
    assert "勾选的 2 条" in page
    sent = form | {"act": "refuse", "row": ids, "scope": "rows", "asked": "1"}
    assert client.post("/lists/records/act", data=sent | {"reason": ""}).status_code == 422
    answer = client.post("/lists/records/act", data=sent | {"reason": "没有来"})
    assert answer.status_code == 303
    preview = client.get(answer.location).get_data(as_text=True)
    assert "会办 2 条，不会办 0 条" in preview
    assert client.post(f"{answer.location}/run", data=hidden(client, answer.location)).status_code
    assert "已办 2 条" in client.get(answer.location).get_data(as_text=True)
    with app.app_context():
        assert set(db.session.scalars(db.select(ServiceRecord.state))) == {"refused"}


def test_a_long_batch_goes_on_beside_the_request(
    app: Flask, client: FlaskClient, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    monkeypatch.setattr(batches, "CHUNK", 1)
    sign_in(client, "limei")
    data = hidden(client, "/records") | {"act": "confirm", "scope": "all"}
    answer = client.post("/lists/records/act?state=waiting", data=data)
    beside_requests.wait()
    assert "会办 2 条" in client.get(answer.location).get_data(as_text=True)
    client.post(f"{answer.location}/run", data=hidden(client, answer.location))
    beside_requests.wait()
    assert "已办 2 条" in client.get(answer.location).get_data(as_text=True)


def test_points_are_adjusted_and_above_the_limit_wait_for_a_second_person(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        people = [cast.wang.id, cast.zhao.id]
    sign_in(client, "zhoujing")
    for points, state in (("1.5", "done"), ("9000", "waiting")):
        sent = {"act": "adjust", "row": people, "scope": "rows", "asked": "1"}
        data = hidden(client, "/people") | sent | {"points": points, "reason": "补发"}
        preview = client.post("/lists/people/act", data=data).location
        client.post(f"{preview}/run", data=hidden(client, preview))
        with app.app_context():
            query = db.select(Adjustment.amount, Adjustment.state).order_by(Adjustment.id.desc())
            found = db.session.execute(query.limit(2)).all()
        assert {tuple(each) for each in found} == {(round(float(points) * 100), state)}

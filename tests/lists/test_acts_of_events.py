"""Acts on many events, teams, sign-ups and people: close, call off, sign up, and their undo."""

from datetime import timedelta

import pytest

from tests import make
from tests.lists.test_acts import begun, run, undone
from tests.make import MORNING, Cast, acting
from volunteer_service import wording
from volunteer_service.db import db
from volunteer_service.events.models import Event, SignUp
from volunteer_service.lists.acts import batches, refusals
from volunteer_service.people.models import Message
from volunteer_service.teams.models import Membership, Team

TOMORROW = MORNING + timedelta(days=1)


def ahead(cast: Cast, title: str = "护学", **fields: object) -> Event:
    """An event of tomorrow."""
    return make.event(
        team=cast.team,
        leader=cast.li_mei,
        title=title,
        starts_at=TOMORROW,
        **fields,  # type: ignore[arg-type]
    )


def shift_of(title: str = "护学") -> dict[str, object]:
    return {"event": title, "day": TOMORROW.date()}


def states(*rows: Event | Team) -> list[str]:
    for row in rows:
        db.session.refresh(row)
    return [row.state for row in rows]


def test_events_are_called_off_with_one_reason_and_brought_back(session: None) -> None:
    cast = make.cast()
    by = acting(cast.li_mei)
    first = ahead(cast, published_at=MORNING)
    second = ahead(cast, "助老", published_at=MORNING)
    make.sign_up(first, cast.wang)
    row = begun(by, "events", "cancel", [first.id, second.id], {"reason": "台风"})
    assert (batches.counted(row), states(first, second)) == ({"fit": 2}, ["published"] * 2)
    assert db.session.query(Message).count() == 0
    run(row, by)
    assert states(first, second) == ["cancelled"] * 2
    assert first.cancel_reason == "台风"
    assert db.session.query(Message).filter_by(kind="event_cancelled").count() == 1
    undone(row, by)
    assert (batches.counted(row), states(first, second)) == ({"undone": 2}, ["published"] * 2)
    assert db.session.query(SignUp).one().state == "confirmed"


def test_what_is_no_draft_is_not_published_and_says_why(session: None) -> None:
    cast = make.cast()
    by = acting(cast.li_mei)
    draft, shown = ahead(cast, state="draft"), ahead(cast, "助老")
    row = begun(by, "events", "publish", [draft.id, shown.id])
    [left] = batches.rows_of(row, "unfit", limit=9)
    assert left.trouble is not None
    assert (left.row_id, left.trouble["code"]) == (shown.id, "event_not_draft")
    run(row, by)
    assert states(draft) == ["published"]


def test_teams_are_closed_and_opened_again_as_they_were(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    closed = make.team("旧队", area=cast.community)
    closed.state = "closed"
    db.session.flush()
    name, unit = cast.team.name, cast.team.recording_unit
    row = begun(by, "teams", "close", [cast.team.id, closed.id], state="")
    [left] = batches.rows_of(row, "unfit", limit=9)
    assert left.trouble is not None
    assert (left.row_id, left.trouble["code"]) == (closed.id, "nothing_to_change")
    run(row, by)
    assert states(cast.team, closed) == ["closed", "closed"]
    undone(row, by)
    assert states(cast.team, closed) == ["active", "closed"]
    assert (cast.team.name, cast.team.recording_unit) == (name, unit)


@pytest.mark.parametrize("list_name", ["people", "memberships"])
def test_people_are_signed_up_for_a_named_shift_and_taken_off_again(
    session: None, list_name: str
) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    event, chen = ahead(cast), make.volunteer("陈强", team=cast.team)
    make.sign_up(event, chen)
    ids = [cast.wang.id, chen.id]
    if list_name == "memberships":
        found = db.select(Membership.id).where(Membership.volunteer_id.in_(ids))
        ids = list(db.session.scalars(found))
    row = run(begun(by, list_name, "sign_up", ids, shift_of()), by)
    assert batches.counted(row) == {"done": 1, "unfit": 1}
    held = db.session.query(SignUp).filter_by(volunteer_id=cast.wang.id).one()
    assert (held.event_id, held.state, held.source) == (event.id, "confirmed", "leader")
    undone(row, by)
    db.session.refresh(held)
    assert held.state == "cancelled"
    assert db.session.query(SignUp).filter_by(volunteer_id=chen.id).one().state == "confirmed"


def test_a_shift_is_named_by_one_event_and_day_that_the_actor_leads(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    street = make.area("外街道")
    make.event(
        team=make.team("外队", area=street), leader=cast.li_mei, title="外面的", starts_at=TOMORROW
    )
    ahead(cast, "草稿", state="draft")
    ahead(cast, "两场"), ahead(cast, "两场")
    for title in ("没有这场", "外面的", "草稿", "两场"):
        with pytest.raises(refusals.ShiftNotNamed) as refused:
            begun(by, "people", "sign_up", [cast.wang.id], shift_of(title))
        assert refused.value.field == "event"


def test_many_places_are_given_back(session: None) -> None:
    cast = make.cast()
    by = acting(cast.li_mei)
    event = ahead(cast)
    rows = [make.sign_up(event, each) for each in (cast.wang, make.volunteer("陈强"))]
    batch = run(begun(by, "sign_ups", "withdraw", [each.id for each in rows]), by)
    assert batches.counted(batch) == {"done": 2}
    for each in rows:
        db.session.refresh(each)
    assert [each.state for each in rows] == ["cancelled", "cancelled"]


def test_a_full_shift_says_who_would_wait_before_and_after(session: None) -> None:
    """Nobody takes a place of the waiting list for a sure one."""
    cast = make.cast()
    by = acting(cast.li_mei)
    event = ahead(cast, published_at=MORNING)
    event.shifts[0].capacity = 1
    members = [make.volunteer(f"队员{n}", team=cast.team) for n in range(3)]
    query = db.session.query(Membership).filter(
        Membership.volunteer_id.in_([each.id for each in members])
    )
    row = begun(by, "memberships", "sign_up", [each.id for each in query], shift_of())

    def said(state: str) -> list[str]:
        found = batches.rows_of(row, state, limit=9)
        return sorted(wording.told(each.trouble) if each.trouble else "" for each in found)

    # Each is tried by itself, and taken back: the preview knows of the places that are taken now.
    assert said("fit") == ["", "", ""]
    run(row, by)
    assert said("done") == ["", "已满，排候补第 1 位", "已满，排候补第 2 位"]
    late = make.volunteer("晚来", team=cast.team)
    (place,) = db.session.query(Membership).filter_by(volunteer_id=late.id)
    row = begun(by, "memberships", "sign_up", [place.id], shift_of())
    assert said("fit") == ["已满，排候补第 3 位"]

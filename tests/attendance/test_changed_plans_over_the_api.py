"""Plans that change while people are signed up or inside, as an API client sees them."""

from uuid import uuid4

import pytest

from tests.town import Town, instant


@pytest.fixture
def through(town: Town) -> tuple[int, list[int]]:
    """王建国 came to the first of two shifts back to back, and stays; it is half past eleven."""
    event, shifts = town.event(("16 09:00", "16 11:00"), ("16 11:00", "16 13:00"))
    for shift in shifts:
        town.sign_up("wang", shift)
    assert town.scan("wang", event, "16 08:55")["kind"] == "in"
    town.at("16 11:30")
    return event, shifts


def hours(town: Town, event: int) -> list[int]:
    """The minutes of each shift after the last exit, the earlier shift first."""
    assert town.scan("wang", event, "16 13:00")["kind"] == "out"
    assert town.close(event, "16 13:05")["no_shows"] == 0
    return [minutes for _state, minutes, _waits in town.records(event)]


def test_whoever_stays_through_is_there_though_no_scan_says_so(town, through) -> None:
    event, (_first, second) = through
    found = town.call("li", "GET", f"/events/{event}/sign-ups", status=200)["items"]
    (place,) = (row["id"] for row in found if row["shift_id"] == second)
    for act in ("give-away", "withdraw"):
        said = town.call("li", "POST", f"/sign-ups/{place}/{act}")
        assert said.get("code") == "already_there", (act, said)
    gone = town.call("li", "POST", f"/shifts/{second}/remove", {"reason": "不用了"})
    assert gone.get("code") == "people_came_to_shift", gone
    said = town.move(second, "16 15:00", "16 17:00")
    assert said.get("code") == "change_loses_minutes", said
    post = town.call("li", "GET", f"/events/{event}", status=200)["posts"][0]["id"]
    said = town.call("li", "PUT", f"/posts/{post}/serves", {"serves": False, "reason": "改上课"})
    assert said.get("code") == "people_served_on_post", said
    assert hours(town, event) == [120, 120]


def test_whoever_stays_through_keeps_the_place_where_places_become_fewer(town) -> None:
    event, (first, second) = town.event(("16 09:00", "16 11:00"), ("16 11:00", "16 13:00"))
    town.sign_up("zhao", second)
    for shift in (first, second):
        town.sign_up("wang", shift)
    town.scan("wang", event, "16 08:55")
    town.at("16 11:30")
    said = town.move(second, "16 11:00", "16 13:00", 1, status=200)
    assert town.outcomes(said) == {"zhao": "waiting"}
    assert town.places("wang", event) == ["confirmed", "confirmed"]
    longer = town.move(second, "16 11:00", "16 13:30", 1, status=200)
    assert town.outcomes(longer)["wang"] == "inside"
    assert hours(town, event) == [120, 120]


def test_whoever_left_does_not_stay_through(town) -> None:
    event, (first, second) = town.event(("16 09:00", "16 11:00"), ("16 11:00", "16 13:00"))
    for shift in (first, second):
        town.sign_up("wang", shift)
    town.scan("wang", event, "16 08:55")
    town.scan("wang", event, "16 10:58", "out")
    town.at("16 11:30")
    assert town.move(second, "16 15:00", "16 17:00", status=200)
    assert town.scan("wang", event, "16 15:00")["kind"] == "in"


def test_a_shift_is_moved_to_another_day_resized_and_taken_out(town) -> None:
    event, (early, late) = town.event(("17 07:00", "17 07:40"), ("17 16:20", "17 17:00"))
    for who in ("wang", "zhao"):
        for shift in (early, late):
            town.sign_up(who, shift)
    town.at("16 20:00")
    dry = town.move(early, "18 07:10", "18 07:50", dry_run=True, status=200)
    assert town.outcomes(dry) == {"wang": "moved", "zhao": "moved"}
    assert "event_changed" not in town.told("wang")
    done = town.move(early, "18 07:10", "18 07:50", seen=dry["mark"], status=200)
    assert done["touched"] == dry["touched"]
    assert town.outcomes(town.move(late, "17 16:20", "17 17:00", 1, status=200)) == {
        "zhao": "waiting"
    }
    gone = town.call("li", "POST", f"/shifts/{late}/remove", {"reason": "放假"}, status=200)
    assert set(town.outcomes(gone).values()) == {"removed"}
    assert town.places("wang", event) == ["confirmed", "cancelled"]
    version = town.call("li", "GET", f"/events/{event}", status=200)["event"]["version"]
    town.call("li", "POST", f"/events/{event}/undo-change", {"version": version}, status=200)
    assert town.places("wang", event) == ["confirmed", "confirmed"]
    assert town.places("zhao", event) == ["confirmed", "waiting"]
    assert town.scan("wang", event, "18 07:10")["kind"] == "in"
    assert town.scan("wang", event, "18 07:50", "out")["kind"] == "out"
    town.close(event, "18 07:55")
    assert [row[1] for row in town.records(event)] == [36]


def test_an_event_is_put_off_over_midnight_with_people_signed_up(town) -> None:
    event, (_one, _two) = shifts = town.event(("16 20:00", "16 23:00"), ("16 23:00", "17 01:00"))
    for shift in shifts[1]:
        town.sign_up("zhao", shift)
    body = {"starts_at": instant("17 20:00"), "reason": "暴雨"}
    town.at("16 18:00")
    dry = town.call("li", "POST", f"/events/{event}/put-off", body | {"dry_run": True}, status=200)
    assert town.outcomes(dry) == {"zhao": "moved"}
    town.call("li", "POST", f"/events/{event}/put-off", body, status=200)
    assert town.scan("zhao", event, "16 20:00")["code"] == "event_not_open"
    assert town.scan("zhao", event, "17 20:00")["kind"] == "in"
    town.at("17 21:00")
    said = town.call(
        "li", "POST", f"/events/{event}/put-off", body | {"starts_at": instant("18 20:00")}
    )
    assert said["code"] == "people_came_already"
    assert town.scan("zhao", event, "18 01:00", "out")["kind"] == "out"
    town.close(event, "18 01:05")
    assert [row[1] for row in town.records(event)] == [180, 120]


def test_a_shift_is_shortened_while_two_are_inside_and_one_has_left(town) -> None:
    event, (shift,) = town.event(("16 14:00", "16 18:00"))
    for who in ("wang", "zhao"):
        town.sign_up(who, shift)
        town.scan(who, event, "16 14:00", "in")
    town.scan("zhao", event, "16 16:30", "out")
    town.at("16 16:40")
    cut = town.move(shift, "16 14:00", "16 16:00")
    assert cut.get("code") in ("changed_into_past", "change_loses_minutes"), cut
    town.move(shift, "16 14:00", "16 17:00", status=200)
    town.scan("wang", event, "16 17:00", "out")
    town.close(event, "16 17:05")
    assert sorted(row[1] for row in town.records(event)) == [150, 180]


def ticked(town: Town, who: int, event: int, when: str, kind: str) -> dict:
    town.at(when)
    body = {"volunteer_id": who, "kind": kind, "scan_id": uuid4().hex}
    return town.call("li", "POST", f"/events/{event}/ticks", body, status=201)


@pytest.mark.parametrize(("out", "minutes"), [("11:24", 144), ("11:23", 0)])
def test_the_share_of_the_shift_holds_for_a_leader_s_ticks(town, out, minutes) -> None:
    """Sixty per cent of four hours are 144 minutes; a minute less earns nothing."""
    event, (shift,) = town.event(("16 09:00", "16 13:00"))
    town.sign_up("zhao", shift)
    ticked(town, town.zhao, event, "16 09:00", "in")
    ticked(town, town.zhao, event, f"16 {out}", "out")
    town.close(event, "16 13:05")
    assert [row[1] for row in town.records(event)] == [minutes]


def test_nobody_inside_withdraws_and_a_place_for_one_credits_one(town) -> None:
    event, (shift,) = town.event(("16 09:00", "16 11:00"), capacity=1)
    held = town.sign_up("wang", shift)
    waits = town.sign_up("zhao", shift)
    town.scan("wang", event, "16 08:40")
    for who in ("wang", "li"):
        said = town.call(who, "POST", f"/sign-ups/{held['id']}/withdraw")
        assert said["code"] == "already_there"
    assert town.scan("zhao", event, "16 09:10").get("kind") is None
    town.scan("wang", event, "16 11:00", "out")
    # The person left again; the place was used, and nobody else gets it.
    said = town.call("wang", "POST", f"/sign-ups/{held['id']}/withdraw")
    assert said["code"] == "already_there"
    assert town.call("zhao", "POST", f"/sign-ups/{waits['id']}/withdraw", status=200)
    town.close(event, "16 11:05")
    assert [row[1] for row in town.records(event)] == [120]


def test_whoever_is_next_is_looked_at_again_before_they_move_up(town) -> None:
    """The first on the waiting list serves elsewhere now, so the place stays free for somebody
    else.
    """
    full, (shift,) = town.event(("16 09:00", "16 11:00"), capacity=1)
    held = town.sign_up("wang", shift)
    town.sign_up("zhao", shift)
    _other, (elsewhere,) = town.event(("16 10:00", "16 12:00"))
    taken = town.sign_up("zhao", elsewhere)
    town.at("15 20:00")
    town.call("wang", "POST", f"/sign-ups/{held['id']}/withdraw", status=200)
    assert town.places("zhao", full) == ["waiting"]
    town.call("zhao", "POST", f"/sign-ups/{taken['id']}/withdraw", status=200)
    town.move(shift, "16 09:00", "16 11:00", 2, status=200)
    assert town.places("zhao", full) == ["confirmed"]


def test_a_decision_after_ten_working_days_is_marked_late(town) -> None:
    event, (shift,) = town.event(("16 09:00", "16 11:00"))
    town.sign_up("zhao", shift)
    town.scan("zhao", event, "16 09:00")
    town.scan("zhao", event, "16 11:00", "out")
    town.close(event, "16 11:05")
    found = town.call("li", "GET", f"/records?event_id={event}", status=200)["items"][0]
    assert found["reasons"] == []
    town.at("06-01 12:00")
    (said,) = town.call("li", "POST", "/records/confirm", {"record_ids": [found["id"]]}, status=200)
    assert [reason["code"] for reason in said["reasons"]] == ["entered_late"]


def test_a_dispute_about_a_missing_end_is_somebody_s_word_and_says_its_times(town) -> None:
    event, (shift,) = town.event(("16 13:00", "16 17:00"))
    town.sign_up("wang", shift)
    town.scan("wang", event, "16 13:00")
    town.close(event, "16 17:31")
    found = town.call("zhou", "GET", f"/records?event_id={event}", status=200)["items"][0]
    assert (found["waits_for"], found["minutes"]) == ("end", 0)
    town.at("16 20:00")
    said = {
        "words": "四点半就走了",
        "starts_at": instant("16 13:00"),
        "ends_at": instant("16 16:30"),
    }
    opened = town.call("wang", "POST", f"/records/{found['id']}/disputes", said, status=201)
    decision = {"upheld": True, "answer": "和签到表一致"}
    town.call("wang", "POST", f"/disputes/{opened['id']}/decide", decision, status=404)
    town.call("zhou", "POST", f"/disputes/{opened['id']}/decide", decision, status=200)
    now = town.call("zhou", "GET", f"/records?event_id={event}", status=200)["items"][0]
    assert (now["state"], now["minutes"], now["grade"]) == ("confirmed", 210, "leader")
    assert [now["starts_at"], now["ends_at"]] == [said["starts_at"], said["ends_at"]]


@pytest.mark.parametrize("seconds", [2, 59])
def test_an_exit_by_a_slower_clock_is_answered_and_loses_nothing(town, seconds) -> None:
    """Two servers: the clock of the second one is some seconds behind the first one's."""
    event, (shift,) = town.event(("16 09:00", "16 11:00"))
    town.sign_up("zhao", shift)
    assert town.scan("zhao", event, "16 09:01")["kind"] == "in"
    early = town.scan("zhao", event, f"16 09:00:{60 - seconds:02}", "out")
    assert early["code"] == "already_checked_in"
    again = town.scan("zhao", event, "16 09:00:30")
    assert again["code"] == "already_checked_in"
    assert town.scan("zhao", event, "16 11:00")["kind"] == "out"
    town.close(event, "16 11:05")
    assert [row[1] for row in town.records(event)] == [114]

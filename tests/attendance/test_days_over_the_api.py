"""Days with more than one shift and changing plans, as a client sees them over the API."""

from uuid import uuid4

from tests.town import instant


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


def test_two_shifts_stayed_through_and_a_third_walked_into_without_leaving(town) -> None:
    spans = (("16 09:00", "16 11:00"), ("16 11:00", "16 13:00"), ("16 13:00", "16 15:00"))
    event, (first, second, _third) = town.event(*spans)
    for shift in (first, second):
        town.sign_up("wang", shift)
    assert town.scan("wang", event, "16 09:00")["kind"] == "in"
    assert town.scan("wang", event, "16 13:05", "in")["kind"] == "in"
    assert town.scan("wang", event, "16 15:00", "out")["kind"] == "out"
    assert town.close(event, "16 15:05")["no_shows"] == 0
    assert [minutes for _state, minutes, _waits in town.records(event)] == [120, 120, 114]


def test_whoever_left_two_places_comes_back_to_one_and_is_never_at_both(town) -> None:
    """A volunteer is called away for an hour and comes back; the time at each place counts once."""
    long, (first,) = town.event(("16 09:00", "16 13:00"))
    short, (_second,) = town.event(("16 10:00", "16 11:00"))
    town.sign_up("zhao", first)
    assert town.scan("zhao", long, "16 09:00")["kind"] == "in"
    assert town.scan("zhao", long, "16 09:58", "out")["kind"] == "out"
    assert town.scan("zhao", short, "16 10:00")["kind"] == "in"
    assert town.scan("zhao", long, "16 10:30", "in")["code"] == "sign_up_overlaps"
    assert town.scan("zhao", short, "16 11:00", "out")["kind"] == "out"
    assert town.scan("zhao", long, "16 11:02", "in")["kind"] == "in"
    assert town.scan("zhao", short, "16 11:03", "in").get("kind") is None
    assert town.scan("zhao", long, "16 13:00", "out")["kind"] == "out"
    town.close(short, "16 13:05")
    town.close(long, "16 13:05")
    found = [town.records(each)[0] for each in (short, long)]
    assert [(state, minutes) for state, minutes, _waits in found] == [
        ("waiting", 60),
        ("waiting", 174),
    ]
    for each in (short, long):
        rows = town.call("li", "GET", f"/records?event_id={each}", status=200)["items"]
        done = town.call("li", "POST", "/records/confirm", {"record_ids": [rows[0]["id"]]})
        assert "code" not in done, done


def test_whoever_signs_up_anew_after_a_forgotten_check_out_checks_in_again(town) -> None:
    """A shift that was closed without an exit is over, even if a place next to it is taken."""
    event, (first, second) = town.event(("16 09:00", "16 11:00"), ("16 11:00", "16 13:00"))
    town.sign_up("wang", first)
    town.scan("wang", event, "16 09:00")
    assert town.close(event, "16 11:10")["records"] == 1
    town.sign_up("wang", second)
    assert town.scan("wang", event, "16 11:30")["kind"] == "in"
    assert town.scan("wang", event, "16 13:00", "out")["kind"] == "out"
    town.close(event, "16 13:05")
    assert [row[1:] for row in town.records(event)] == [(0, "end"), (90, "leader")]

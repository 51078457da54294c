"""Recognised minutes: inside the shift, in steps of 6, never from nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_service.scoring.rules.policy import STANDING
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.scoring.rules.recognised_minutes import (
    REASONS,
    Recognised,
    recognise,
    window,
)

START = datetime(2026, 3, 7, 1, tzinfo=UTC)
END = START + timedelta(minutes=120)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def presence(
    entered: float, left: float | None, shift_minutes: float = 120, already: int = 0
) -> Recognised:
    check_out = None if left is None else after(left)
    pairs = [(after(entered), check_out)]
    end = after(shift_minutes)
    return recognise(START, end, pairs, STANDING, minutes_already_today=already)


def test_a_whole_shift_counts_whole() -> None:
    assert presence(0, 120) == Recognised(120, "recognised")


@pytest.mark.parametrize(
    ("entered", "left", "minutes", "state", "codes"),
    [
        (-30, 135, 120, "recognised", []),
        (-31, 120, 120, "recognised", ["check_in_before_window"]),
        (0, 136, 120, "recognised", ["check_out_after_window"]),
        (10, 120, 108, "recognised", ["rounded_down"]),
        (0, 119.99, 114, "recognised", ["rounded_down"]),
        (0, 72, 72, "recognised", []),
        (0, 71.99, 0, "nothing", ["presence_too_short"]),
        (60, 120, 0, "nothing", ["presence_too_short"]),
        (121, 130, 0, "nothing", ["presence_too_short"]),
        (-60, -40, 0, "nothing", ["check_in_before_window", "presence_too_short"]),
        (50, 50, 0, "nothing", ["presence_too_short"]),
        (60, 59.5, 0, "nothing", ["check_out_before_check_in"]),
        (0, None, 0, "waiting", ["no_check_out"]),
        (90, None, 0, "waiting", ["no_check_out"]),
    ],
)
def test_what_a_presence_on_two_hours_is_worth(
    entered: float, left: float | None, minutes: int, state: str, codes: list[str]
) -> None:
    seen = presence(entered, left)
    assert (seen.minutes, seen.state, [r.code for r in seen.reasons]) == (minutes, state, codes)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (
            presence(0, 71.5),
            Reason.of("presence_too_short", minutes=71, needed_minutes=72, shift_minutes=120),
        ),
        (
            presence(0, 71.5, shift_minutes=120.5),
            Reason.of("presence_too_short", minutes=71, needed_minutes=73, shift_minutes=120),
        ),
        (
            presence(0, 119.99),
            Reason.of("rounded_down", minutes=114, from_minutes=119, step_minutes=6),
        ),
        (
            presence(0, 5, shift_minutes=5),
            Reason.of("rounded_down", minutes=0, from_minutes=5, step_minutes=6),
        ),
        (presence(60, 59.5), Reason.of("check_out_before_check_in", minutes=1)),
        (presence(-30.5, 120), Reason.of("check_in_before_window", minutes=31, allowed_minutes=30)),
        (presence(0, 150), Reason.of("check_out_after_window", minutes=30, allowed_minutes=15)),
        (
            presence(0, 120, already=361),
            Reason.of("over_day_cap", day_minutes=481, cap_minutes=480),
        ),
    ],
)
def test_reasons_carry_the_numbers_to_word_them(seen: Recognised, reason: Reason) -> None:
    assert seen.reasons == (reason,)
    assert tuple(sorted(REASONS[reason.code])) == tuple(name for name, _ in reason.numbers)


def test_a_step_that_is_not_reached_earns_nothing() -> None:
    short = presence(0, 5, shift_minutes=5)
    assert (short.minutes, short.state) == (0, "nothing")
    assert presence(0, 0.5, shift_minutes=1).reasons[0].code == "presence_too_short"


def test_eight_hours_a_day_are_fine_and_more_waits_with_its_minutes() -> None:
    assert presence(0, 120, already=360).state == "recognised"
    assert presence(0, 120, already=366) == Recognised(
        120, "waiting", (Reason.of("over_day_cap", day_minutes=486, cap_minutes=480),)
    )
    assert presence(0, 540, shift_minutes=540).state == "waiting"


def test_a_day_begins_with_no_minutes() -> None:
    minute = replace(STANDING, rounding_minutes=1)
    full = recognise(START, after(480), [(START, after(480))], minute)
    assert full == Recognised(480, "recognised")
    over = recognise(START, after(481), [(START, after(481))], minute)
    assert over.reasons == (Reason.of("over_day_cap", day_minutes=481, cap_minutes=480),)


def test_the_window_is_the_policys() -> None:
    assert window(START, END, STANDING) == (after(-30), after(135))
    strict = replace(STANDING, early_minutes=0, late_minutes=0)
    assert window(START, END, strict) == (START, END)


def test_a_shift_has_a_length_and_instants_have_a_zone() -> None:
    for end in (START, START - timedelta(minutes=1)):
        with pytest.raises(ValueError, match="ends after it starts"):
            recognise(START, end, [(START, START)], STANDING)
    with pytest.raises(ValueError, match="aware"):
        recognise(START, END, [(START.replace(tzinfo=None), END)], STANDING)


def test_a_clock_change_during_the_shift_adds_no_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 29, 1, tzinfo=berlin)
    end = datetime(2026, 3, 29, 4, tzinfo=berlin)  # two hours later, three by the wall clock
    assert recognise(start, end, [(start, end)], STANDING).minutes == 120


SECONDS = st.integers(-6 * 3600, 18 * 3600).map(lambda seconds: START + timedelta(seconds=seconds))
LENGTHS = st.integers(1, 14 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@given(SECONDS, st.none() | SECONDS, LENGTHS, st.integers(0, 600))
def test_never_more_than_the_presence_inside_the_shift(
    entered: datetime, left: datetime | None, length: timedelta, already: int
) -> None:
    seen = recognise(START, START + length, [(entered, left)], STANDING, already)
    assert seen.minutes % 6 == 0
    assert timedelta() <= timedelta(minutes=seen.minutes) <= length
    assert all(set(REASONS[r.code]) == set(dict(r.numbers)) for r in seen.reasons)
    # A page says whole minutes.
    assert all(
        type(n) is int for n in (seen.minutes, *(n for r in seen.reasons for _, n in r.numbers))
    )
    if left is None:
        assert (seen.minutes, seen.state) == (0, "waiting")
    elif left < entered:
        assert (seen.minutes, seen.state) == (0, "nothing")
    else:
        assert timedelta(minutes=seen.minutes) <= left - entered
    assert (seen.minutes == 0) == (seen.state == "nothing" or left is None)
    assert seen.state == "recognised" or seen.reasons


@given(SECONDS, SECONDS, LENGTHS, LENGTHS)
def test_staying_longer_never_earns_less(
    entered: datetime, left: datetime, more: timedelta, length: timedelta
) -> None:
    end = START + length
    sooner = recognise(START, end, [(entered, left)], STANDING)
    later = recognise(START, end, [(entered, left + more)], STANDING)
    assert later.minutes >= sooner.minutes


MINUTES = st.integers(-60, 660)


@given(st.lists(MINUTES, min_size=2, max_size=6, unique=True), st.sets(st.integers(0, 9)))
def test_breaks_give_nothing_and_are_not_asked_for(edges: list[int], hours: set[int]) -> None:
    """Counted minute by minute: of the pairs, inside a shift of ten hours, outside the breaks."""
    edges.sort()
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    breaks = [(60 * hour, 60 * hour + 40) for hour in hours]
    paused = {minute for first, last in breaks for minute in range(first, last)}
    there = {minute for first, last in pairs for minute in range(max(first, 0), min(last, 600))}
    served, asked = len(there - paused), 600 - len(paused)

    def at(spans: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
        return [tuple(START + timedelta(minutes=each) for each in span) for span in spans]

    seen = recognise(START, START + timedelta(hours=10), at(pairs), STANDING, breaks=at(breaks))
    worth = served // 6 * 6 if served * 100 >= asked * STANDING.presence_percent else 0
    assert seen.minutes == worth
    taken_off = [r.number("minutes") for r in seen.reasons if r.code == "breaks_taken_off"]
    assert sum(taken_off) == len(there & paused)


def test_of_several_pairs_the_first_entry_and_the_last_exit_are_off_the_window() -> None:
    pairs = [(after(-40), after(30)), (after(40), after(140))]
    assert recognise(START, END, pairs, STANDING).reasons[:2] == (
        Reason.of("check_in_before_window", minutes=40, allowed_minutes=30),
        Reason.of("check_out_after_window", minutes=20, allowed_minutes=15),
    )


def test_a_break_is_told_in_whole_minutes() -> None:
    breaks = [(after(60), after(90.5))]
    reasons = recognise(START, END, [(START, END)], STANDING, breaks=breaks).reasons
    assert reasons[0] == Reason.of("breaks_taken_off", minutes=30)

"""Volunteer numbers: every wrong character and every swap of two neighbours is detected."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_service.identifiers.check_characters import (
    check_character,
    checks,
    read_volunteer_number,
    volunteer_number,
)

SERIALS = st.integers(1, 10**9 - 1)


def test_a_number_is_its_serial_and_a_check_character() -> None:
    assert volunteer_number(1) == "000000001X"
    assert volunteer_number(2987) == "0000029875"  # 2*5 + 9*8 + 8*4 + 7*2 + 5 = 1 modulo 11
    assert read_volunteer_number("000000001X") == "000000001X"


def test_the_check_character_is_that_of_identity_numbers() -> None:
    assert check_character("99010919520304253") == "X"
    assert checks("990133196212033306")


@pytest.mark.parametrize(
    "text",
    ["000000001x", " 0000 0000 1X ", "０００００００ ０１Ｘ", "000-000-001-X", "\u200b000000001X"],
)
def test_it_is_read_however_it_is_typed(text: str) -> None:
    assert read_volunteer_number(text) == "000000001X"


@pytest.mark.parametrize(
    "text",
    ["", "X", "0000000011", "00000001X", "0000000001X", "00000000X1", "٠٠٠٠٠٠٠٠١X", "王建国"],
)
def test_anything_else_is_no_number(text: str) -> None:
    assert read_volunteer_number(text) is None


@pytest.mark.parametrize("serial", [0, -1, 10**9])
def test_serials_that_do_not_fit(serial: int) -> None:
    with pytest.raises(ValueError, match="no volunteer number"):
        volunteer_number(serial)


@given(SERIALS)
def test_every_wrong_character_is_caught(serial: int) -> None:
    number = volunteer_number(serial)
    assert read_volunteer_number(number) == number
    for place, right in enumerate(number):
        for wrong in "0123456789X".replace(right, ""):
            assert read_volunteer_number(number[:place] + wrong + number[place + 1 :]) is None


@given(SERIALS)
def test_every_swap_of_two_neighbours_is_caught(serial: int) -> None:
    number = volunteer_number(serial)
    for place, (one, two) in enumerate(pairwise(number)):
        if one != two:
            swapped = number[:place] + two + one + number[place + 2 :]
            assert read_volunteer_number(swapped) is None

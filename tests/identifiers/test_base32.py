"""Pick-up codes: read aloud, typed by somebody else, never mistaken for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_service.identifiers import base32

NUMBERS = st.integers(0, 2**base32.BITS - 1)


def test_a_code_has_eight_characters_and_a_check_symbol() -> None:
    assert base32.encode(0) == "000000000"
    assert base32.encode(1234) == "0000016JD"  # Crockford's own example: 16J with check D
    assert base32.encode(2**40 - 1) == "ZZZZZZZZF"  # 2**40 - 1 = 15 modulo 37
    assert base32.spaced("0000016JD") == "0000-016J-D"


@pytest.mark.parametrize(
    "text", ["0000-016J-D", " oooo oi6j d", "ＯＯＯＯ０Ｌ６ＪＤ", "00000l6jd", "00000I6JD"]
)
def test_it_is_read_however_it_is_typed(text: str) -> None:
    assert base32.read(text) == "0000016JD"


@pytest.mark.parametrize("check", "*~$=U")
def test_the_five_symbols_that_only_check(check: str) -> None:
    code = base32.encode(32 + "*~$=U".index(check))
    assert code[-1] == check
    assert base32.read(code.lower()) == code


@pytest.mark.parametrize("text", ["", "0000016J", "0000016JDD", "0000016JE", "U000016JD", "取件码"])
def test_anything_else_is_no_code(text: str) -> None:
    assert base32.read(text) is None


@pytest.mark.parametrize("bits", [-1, 2**40])
def test_numbers_that_do_not_fit(bits: int) -> None:
    with pytest.raises(ValueError, match="40 bits"):
        base32.encode(bits)


@given(NUMBERS, NUMBERS)
def test_two_numbers_never_share_a_code(one: int, two: int) -> None:
    assert (base32.encode(one) == base32.encode(two)) == (one == two)
    assert base32.read(base32.spaced(base32.encode(one))) == base32.encode(one)


@given(NUMBERS, st.integers(0, 8), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"))
def test_every_wrong_character_is_caught(bits: int, place: int, wrong: str) -> None:
    code = base32.encode(bits)
    typed = code[:place] + wrong + code[place + 1 :]
    assert base32.read(typed) == (code if typed == code else None)


@given(NUMBERS)
def test_every_swap_of_two_neighbours_is_caught(bits: int) -> None:
    code = base32.encode(bits)
    for place in range(8):
        typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert base32.read(typed) == (code if typed == code else None)

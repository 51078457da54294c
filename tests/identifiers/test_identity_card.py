"""Identity numbers in rosters: right, mistyped, or damaged by a spreadsheet."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_service.identifiers.check_characters import check_character
from volunteer_service.identifiers.identity_card import IdCard, IdProblem, read

TODAY = date(2026, 7, 1)


def whole(seventeen: str) -> str:
    return seventeen + check_character(seventeen)


def test_a_number_says_birth_and_sex() -> None:
    assert read("990133196212033306", TODAY) == IdCard("990133196212033306", date(1962, 12, 3), "f")
    assert read("990179196110170296", TODAY) == IdCard(
        "990179196110170296", date(1961, 10, 17), "m"
    )


@pytest.mark.parametrize(
    "cell",
    [
        "99010919520304253x",
        " 990109 19520304 253X ",
        "９９０１０９１９５２０３０４２５３Ｘ",
        "990109-19520304-253X",
        "'99010919520304253X",
        "\ufeff99010919520304253X\t",
    ],
)
def test_it_is_read_however_it_is_typed(cell: str) -> None:
    assert read(cell, TODAY) == IdCard("99010919520304253X", date(1952, 3, 4), "m")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (None, "id_missing"),
        ("", "id_missing"),
        ("　 ", "id_missing"),
        (990133196212033000, "id_lost_digits"),
        (9.90133196212033e17, "id_lost_digits"),
        (1e17, "id_lost_digits"),
        ("9.90133E+17", "id_lost_digits"),
        ("9.90133196212033e17", "id_lost_digits"),
        ("990133196212033000", "id_lost_digits"),
        ("990133196212033307", "id_check_digit"),
        ("990133196212030336", "id_check_digit"),
        ("990133621203330", "id_malformed"),
        ("99013319621203330", "id_malformed"),
        ("99013319621203X306", "id_malformed"),
        ("٩٩٠١٣٣١٩٦٢١٢٠٣٣٣٠٦", "id_malformed"),
        (13312.0, "id_malformed"),
        (7, "id_malformed"),
        (whole("99013319620230330"), "impossible_date"),
        (whole("99013319621303330"), "impossible_date"),
        (whole("99013318991203330"), "impossible_date"),
        (whole("99013300000000330"), "impossible_date"),
        (whole("99013320260702330"), "impossible_date"),
    ],
)
def test_what_is_wrong_with_it(cell: str | int | float | None, code: str) -> None:
    found = read(cell, TODAY)
    assert isinstance(found, IdProblem)
    assert found.code == code


def test_a_number_that_truly_ends_in_zeros_holds_as_text_only() -> None:
    number = next(
        candidate
        for sequence in ("100", "200", "300", "400", "500", "600", "700", "800", "900")
        for region in range(990100, 990200)
        if (candidate := whole(f"{region}19621203{sequence}")).endswith("000")
    )
    assert isinstance(read(number, TODAY), IdCard)
    assert read(int(number), TODAY) == IdProblem("id_lost_digits")


def test_a_numeric_cell_that_kept_all_digits_holds() -> None:
    assert isinstance(read(990133196212033306, TODAY), IdCard)


def test_a_child_born_today_holds() -> None:
    found = read(whole("99013320260701330"), TODAY)
    assert isinstance(found, IdCard)
    assert found.born_on == TODAY


@given(
    st.integers(0, 999_999),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(1, 999),
    st.integers(0, 17),
    st.sampled_from("0123456789"),
)
def test_a_slip_of_one_digit_is_never_another_person(
    region: int, born_on: date, sequence: int, place: int, wrong: str
) -> None:
    number = whole(f"{region:06}{born_on:%Y%m%d}{sequence:03}")
    assert read(number, TODAY) == IdCard(number, born_on, "m" if sequence % 2 else "f")
    typed = number[:place] + wrong + number[place + 1 :]
    assert typed == number or isinstance(read(typed, TODAY), IdProblem)


@given(st.text(max_size=24) | st.integers() | st.floats())
def test_no_cell_breaks_it(cell: str | int | float) -> None:
    assert isinstance(read(cell, TODAY), IdCard | IdProblem)

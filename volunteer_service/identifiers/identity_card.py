"""Resident identity numbers (GB 11643): reads birth date and sex, or reports the first error.

18 characters: region (6, not checked, because regions change), birth date (8), sequence (3, odd for
men), check character (ISO 7064 MOD 11-2).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from volunteer_service.identifiers.check_characters import checks, normalise

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_POWER_OF_TEN = re.compile(r"[0-9]+E\+?[0-9]+")
_FIRST_YEAR = 1900
#: A spreadsheet keeps 15 significant digits of a number and writes zeros for the other three.
_ROUNDED = re.compile(r"[0-9]{15}000")


@dataclass(frozen=True, slots=True)
class IdCard:
    """A valid number: normalised, with the data in it."""

    number: str
    born_on: date
    sex: Literal["f", "m"]


@dataclass(frozen=True, slots=True)
class IdProblem:
    """An invalid number, and its first error."""

    code: Literal[
        "id_missing", "id_lost_digits", "id_malformed", "id_check_digit", "impossible_date"
    ]


def read(cell: str | int | float | None, on: date) -> IdCard | IdProblem:
    """Read a number as typed or as in a workbook's cell; ``on`` is today, to refuse future birth
    dates.

    A numeric cell of 18 digits has lost its last three, unless they are there and the check passes.
    """
    number = _digits(cell)
    if not number:
        return IdProblem("id_missing")
    if _lost_digits(number, numeric=not isinstance(cell, str)):
        return IdProblem("id_lost_digits")
    if not _SHAPE.fullmatch(number):
        return IdProblem("id_malformed")
    if not checks(number):
        return IdProblem("id_check_digit")
    born_on = _birth(number[6:14])
    if born_on is None or born_on.year < _FIRST_YEAR or born_on > on:
        return IdProblem("impossible_date")
    return IdCard(number, born_on, "m" if int(number[16]) % 2 else "f")


def _digits(cell: str | int | float | None) -> str:
    if isinstance(cell, float):
        # A spreadsheet keeps only 15 digits exactly; the others are lost.
        return normalise(f"{cell:.15g}")
    return normalise("" if cell is None else str(cell))


def _lost_digits(number: str, numeric: bool) -> bool:
    if _POWER_OF_TEN.fullmatch(number):
        return True
    return bool(_ROUNDED.fullmatch(number)) and (numeric or not checks(number))


def _birth(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None

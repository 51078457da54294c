"""Check characters of numbers that people read out and type: they detect a mistyped number.

The scheme is ISO 7064 MOD 11-2, that of China's own resident identity numbers, so a final X
surprises nobody. It catches every wrong character and every swap of two neighbours. The hybrid MOD
11,10 would need no X but misses some swaps; MOD 37-2 catches as much but may end in a star.
"""

import re
import unicodedata

_SERIAL_DIGITS = 9
_NUMBER = re.compile(rf"[0-9]{{{_SERIAL_DIGITS}}}[0-9X]")
_SHEET = re.compile(r"[0-9]{6,18}[0-9X]")
_FILLERS = re.compile(r"[\s\-'.]")


def normalise(text: str) -> str:
    """Return what was meant: half-width, upper case, without fillers (spaces, dashes, invisible
    ones).
    """
    plain = unicodedata.normalize("NFKC", text)
    shown = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    return _FILLERS.sub("", shown).upper()


def check_character(digits: str) -> str:
    """Return the ISO 7064 MOD 11-2 check character (0-9 or X) of a string of ASCII digits."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2 % 11
    return "0123456789X"[(12 - total) % 11]


def checks(number: str) -> bool:
    """Tell whether the last character of the number is the check character of those before it."""
    return check_character(number[:-1]) == number[-1]


def volunteer_number(serial: int) -> str:
    """Return the volunteer number of a serial from 1 to 999,999,999: nine digits and a check
    character.
    """
    if not 0 < serial < 10**_SERIAL_DIGITS:
        raise ValueError(f"no volunteer number for serial {serial}")
    digits = f"{serial:0{_SERIAL_DIGITS}}"
    return digits + check_character(digits)


def read_volunteer_number(text: str) -> str | None:
    """Return the volunteer number that was typed, or None if it cannot be one."""
    number = normalise(text)
    return number if _NUMBER.fullmatch(number) and checks(number) else None


def sheet_number(serial: int) -> str:
    """Return the number printed on a sheet of a roster: at least six digits, a check character."""
    digits = f"{serial:06}"
    return digits + check_character(digits)


def read_sheet_number(text: str) -> int | None:
    """Return the serial of the sheet number that was typed, or None if it cannot be one."""
    number = normalise(text)
    return int(number[:-1]) if _SHEET.fullmatch(number) and checks(number) else None

"""Codes that people read out over a counter: Crockford's base 32 with its check symbol.

No I, L, O or U among the characters; typed I and L are read as 1, O as 0. The check symbol is the
number modulo 37, so that every wrong character and every swap of two neighbours is caught.
"""

from volunteer_service.identifiers.check_characters import normalise

_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK_SYMBOLS = _SYMBOLS + "*~$=U"
_MEANT = str.maketrans("OIL", "011")
CHARACTERS = 8
#: How many random bits a code carries.
BITS = CHARACTERS * 5


def encode(bits: int) -> str:
    """Return eight characters for a number of 40 bits (``secrets.randbits(BITS)``), and a check
    symbol.
    """
    if not 0 <= bits < 1 << BITS:
        raise ValueError(f"a code carries {BITS} bits")
    places = range(BITS - 5, -1, -5)
    return "".join(_SYMBOLS[bits >> place & 31] for place in places) + _CHECK_SYMBOLS[bits % 37]


def read(text: str) -> str | None:
    """Return the code that was typed, as `encode` wrote it, or None if it cannot be one."""
    code = normalise(text).translate(_MEANT)
    if len(code) != CHARACTERS + 1:
        return None
    bits = number(code[:-1])
    return code if bits is not None and code == encode(bits) else None


def digits(number: int, places: int) -> str:
    """Return the last ``places`` digits of a number without a check symbol, for machines."""
    return "".join(_SYMBOLS[number >> 5 * place & 31] for place in reversed(range(places)))


def number(shown: str) -> int | None:
    """Return the number that :func:`digits` wrote; None for anything else."""
    if not shown or any(char not in _SYMBOLS for char in shown):
        return None
    value = 0
    for char in shown:
        value = value * 32 + _SYMBOLS.index(char)
    return value


def spaced(code: str) -> str:
    """Return the code as it is shown: ``7ZQ4-M2KX-8``."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"

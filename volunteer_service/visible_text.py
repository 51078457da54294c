"""Whether a text says anything: its visible characters, and whether a reason has words.

Blanks, zero-width characters, fillers and marks without a letter show nothing, however many there
are. Every verb that takes a reason, an answer or words names these arguments in :func:`said`.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from volunteer_service.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")

#: Characters without a shape that Unicode counts among letters, symbols or marks.
_SHAPELESS = frozenset(map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0)))

#: Formats that join letters and signs (Persian, emoji); they stay inside a text.
_JOINERS = "\u200c\u200d"

#: The planes of rare Chinese characters; characters newer than Python's tables are letters too.
_RARE = range(0x20000, 0x40000)

_NO_ASCII = 0x80


class NothingSaid(Refused):
    """A reason, an answer or a complaint contains no letter or number that anybody could read."""

    message = "请写明内容：只有空格、标点或看不见的字符不算。"


def tidied(text: str) -> str:
    """Return the text without what nobody sees: fillers, formats, and blanks at its ends.

    Marks that change the direction of the text are removed too.
    """
    kept = "".join(char for char in text if not _is_filler(char))
    return kept.strip().strip(_JOINERS).strip()


def is_visible(text: str) -> bool:
    """Tell whether at least one character shows; marks need a letter below them."""
    return any(_is_of(char, "LNPS") for char in text)


def count_said(text: str) -> int:
    """Return how many letters and numbers are visible; signs alone give no reason."""
    return sum(_is_of(char, "LN") for char in text)


def need_said(text: str, field: str) -> str:
    """Return the tidied text, or :class:`NothingSaid` about ``field``."""
    found = tidied(text)
    if not count_said(found):
        raise NothingSaid(field=field)
    return found


def said(*names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a verb: it gets these arguments tidied, and is not called if one of them is empty.

    An argument may be left out (None); given, it must say something. ``plan.title`` is the field
    of an argument that is a dataclass.
    """

    def wrap(verb: Callable[P, R]) -> Callable[P, R]:
        asked = signature(verb)

        @wraps(verb)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            bound = asked.bind(*args, **kwargs)
            for name in names:
                argument, _, field = name.partition(".")
                given = bound.arguments.get(argument)
                if given is not None:
                    bound.arguments[argument] = _tidied_in(given, field or argument)
            return verb(*bound.args, **bound.kwargs)

        checked.said = names  # type: ignore[attr-defined]
        return checked

    return wrap


def _tidied_in(given: Any, field: str) -> Any:
    if isinstance(given, str):
        return need_said(given, field)
    value = getattr(given, field)
    return given if value is None else replace(given, **{field: need_said(value, field)})


def _is_filler(char: str) -> bool:
    if ord(char) < _NO_ASCII or char in _JOINERS:
        return False
    return char in _SHAPELESS or unicodedata.category(char) == "Cf"


def _is_of(char: str, kinds: str) -> bool:
    if ord(char) in _RARE:
        return "L" in kinds
    return unicodedata.category(char)[0] in kinds and char not in _SHAPELESS

"""Names of people: letters of any script, as on an identity card."""

import unicodedata

from volunteer_service import visible_text
from volunteer_service.errors import Refused

LONGEST = 40

#: The dots that keyboards offer between the parts of a name, and the one of the identity card.
_DOTS = dict.fromkeys(map(ord, "•‧∙⋅・･"), "·")
_APOSTROPHES = dict.fromkeys(map(ord, "‘’ʼ＇"), "'")
_BETWEEN = frozenset(" ·-'")

#: The planes of rare Chinese characters; characters newer than Python's tables are letters too.
_RARE = range(0x20000, 0x40000)


class NameInvalid(Refused):
    """A name has characters that no name has (digits, < > &, other signs), or it is too long."""

    message = "姓名不对。请只填文字，名字中间可以用“·”、空格、连字符，最多 40 个字。"


def spelled(text: str) -> str:
    """Return the name as stored: single spaces, and one form of ``·`` and ``'``."""
    return " ".join(text.translate(_DOTS | _APOSTROPHES).split())


def folded(text: str) -> str:
    """Return the letters of a name for comparing, without width, case and spaces."""
    plain = unicodedata.normalize("NFKC", spelled(text)).casefold()
    return "".join(char for char in plain if _is_letter(char))


def read_name(text: str, *, field: str = "name") -> str:
    """Return the name with single spaces and ``·`` as its dot; raise NameInvalid.

    1 to 40 characters: letters of any script with their marks, and between them a space, ``·``,
    ``-`` or ``'``.
    """
    name = spelled(text)
    is_one = 0 < len(name) <= LONGEST and all(map(_may_stand, name))
    if not is_one or not _is_letter(name[0]) or name[-1] in _BETWEEN:
        raise NameInvalid(field=field)
    return name


def _may_stand(char: str) -> bool:
    # M: marks over and under a letter.
    return char in _BETWEEN or _is_letter(char) or unicodedata.category(char).startswith("M")


def _is_letter(char: str) -> bool:
    return (char.isalpha() and visible_text.is_visible(char)) or ord(char) in _RARE

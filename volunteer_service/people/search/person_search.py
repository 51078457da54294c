"""Finds people by one search field, the same way on every page and API call.

It finds people by name, its parts, pinyin or initials with any dots and blanks; by volunteer number
or its tail (three characters); by phone or its tail (four digits); by a name and a tail together;
by the text of a QR code or a card, an order's code included. Simplified and traditional characters
match each other. The caller chooses among whom to search; this module reads what was typed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service.db import db
from volunteer_service.identifiers import typed_text
from volunteer_service.identifiers.check_characters import read_volunteer_number
from volunteer_service.people.changes.contact_numbers import maybe_phone
from volunteer_service.people.models import SearchKey, Volunteer
from volunteer_service.people.search import search_keys
from volunteer_service.people.search.name_spelling import typed_as

T = TypeVar("T")

#: The shortest tail of a volunteer number that finds a person.
SHORTEST_NUMBER = 3
#: Above every character: texts with a prefix are between the prefix and the prefix with this
#: appended.
_LAST = "\U0010ffff"
_DIGITS = re.compile(r"[0-9]+[xX]?")
_SIGNS = re.compile(r"[+()\-.]")
#: Words before a number, without a colon, that say what it is: «尾号0003», «No. 426».
_SAID_OF_NUMBERS = re.compile(
    r"(?:(?:志愿者|手机|电话)?(?:尾号|尾數|尾号码|后四位|後四位|编号|編號|号码|號碼)"
    r"|手机号?|手機號?|电话|電話|(?<![^\W\d_])no\.?)[ ]*(?=[0-9])",
    re.IGNORECASE,
)
#: A Chinese letter and a digit side by side are two words: «赵芳0003».
_SEAM = re.compile(r"(?<=[^\W\d_a-zA-Z])(?=[0-9])|(?<=[0-9])(?=[^\W\d_a-zA-Z])")


#: Finds the owner of a typed or scanned text that is neither a person's name nor number.
Reader = Callable[[str], int | None]
_READERS: dict[str, Reader] = {}


def read_by(name: str, reader: Reader) -> None:
    """Register a function of a higher package that finds a person by something of theirs, for
    example an order's code.
    """
    _READERS[name] = reader


@dataclass(frozen=True)
class Asked:
    """What was typed: a name, the digits of a number or phone, and codes of letters and digits."""

    name: str = ""
    digits: str = ""
    codes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.name or self.digits or self.codes)


def read(text: str) -> Asked:
    """Sort the words that were typed or scanned into name, digits and codes."""
    plain = _SAID_OF_NUMBERS.sub(" ", typed_text.plain(text))
    number = read_volunteer_number(plain)
    if number is not None:
        return Asked(digits=number)
    words = _SEAM.sub(" ", plain).split()
    digits = [word for word in map(_bare, words) if _DIGITS.fullmatch(word)]
    names = [word for word in words if not any(char in "0123456789" for char in word)]
    codes = [
        word
        for word in map(_bare, words)
        if any(char in "0123456789" for char in word) and not _DIGITS.fullmatch(word)
    ]
    return Asked(" ".join(names), "".join(digits).upper(), tuple(codes))


def by_text(
    text: str, id_: InstrumentedAttribute[Any] = Volunteer.id, *, is_whole: bool = False
) -> list[ColumnElement[bool]]:
    """Return the WHERE of the typed text: everybody for an empty field, nobody for signs only.

    Each part is one index lookup. With ``is_whole`` only a whole name matches, in any of its
    spellings; a beginning finds nobody.
    """
    if not text.strip():
        return []
    owners = [owner for reader in _READERS.values() if (owner := reader(text)) is not None]
    if owners:
        return [id_.in_(owners)]
    asked = read(text)
    if not asked:
        return [false()]
    parts = [_code(code) for code in asked.codes]
    if asked.name:
        parts.append(_name(asked.name, is_whole=is_whole))
    if asked.digits:
        parts.append(_number(asked.digits))
    return [id_.in_(select(SearchKey.volunteer_id).where(part)) for part in parts]


def count(query: Select[Any]) -> int:
    """Count all people that a search finds, beyond those that a page shows."""
    found = query.with_only_columns(func.count()).order_by(None).limit(None)
    return db.session.scalar(found) or 0


def _name(text: str, *, is_whole: bool = False) -> ColumnElement[bool]:
    if is_whole:
        said = [typed for typed in typed_as(text) if len(typed) > 1]
        return and_(SearchKey.kind == "name", SearchKey.key.in_(said))
    return or_(false(), *(_begins("name", typed) for typed in typed_as(text)))


def _number(digits: str) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [false()]
    if len(digits) >= SHORTEST_NUMBER:
        found.append(_begins("number", search_keys.number_key(digits)))
    phone = maybe_phone(digits) if digits.isdigit() else None
    whole = [phone] if phone else []
    tail = [digits] if len(digits) in search_keys.TAILS and digits.isdigit() else []
    keys = [search_keys.phone_key(text) for text in (*whole, *tail)]
    if keys:
        found.append(and_(SearchKey.kind == "phone", SearchKey.key.in_(keys)))
    return or_(*found)


def _code(code: str) -> ColumnElement[bool]:
    """Return the number of a card of another format, or Latin letters and a tail without a
    blank.
    """
    number = _begins("number", search_keys.number_key(code))
    split = re.fullmatch(r"([^0-9]+)([0-9]+[xX]?)", code)
    if split is None:
        return number
    called = select(SearchKey.volunteer_id).where(_name(split[1]))
    return or_(number, and_(_number(split[2].upper()), SearchKey.volunteer_id.in_(called)))


def _begins(kind: str, text: str) -> ColumnElement[bool]:
    return and_(SearchKey.kind == kind, SearchKey.key.between(text, text + _LAST))


def _bare(word: str) -> str:
    return _SIGNS.sub("", word)

"""Profiles: how the export of another platform is read, as data that a street keeps and shares.

A profile names the header of each field, what codes mean, and how days and times are written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from volunteer_service.errors import Phrase
from volunteer_service.workbooks.reading import sheet_guesses, written_dates
from volunteer_service.workbooks.reading.known_columns import BY_NAME, Kind, bare
from volunteer_service.workbooks.refusals import ProfileNotReadable

FORMAT = 1
#: The longest name, header, code and meaning; the most entries of one table.
_LONGEST, _MOST = 60, 100
#: The meanings of status codes: the row may be taken, or not.
TAKE, LEAVE = "take", "leave"


@dataclass(frozen=True)
class Profile:
    """How one kind of list is read from one platform's export."""

    name: str
    kind: Kind
    #: Header by field, as the platform writes it.
    columns: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...] = ()

    def columns_in(self, header: Sequence[Any]) -> dict[str, int] | None:
        """Return the column of each field in this header; None where one of them is not there."""
        words = [bare(raw) for raw in header]
        wanted = {name: bare(title) for name, title in self.columns.items()}
        if not set(wanted.values()) <= set(words):
            return None
        return {name: words.index(word) for name, word in wanted.items()}

    def data(self) -> dict[str, Any]:
        """Return what a file or a street stores of it."""
        return {
            "format": FORMAT,
            "name": self.name,
            "kind": self.kind.name,
            "dates": list(self.dates),
            "columns": dict(self.columns),
            "codes": {name: dict(codes) for name, codes in self.codes.items()},
        }


def read(data: Mapping[str, Any]) -> Profile:
    """Read what :meth:`Profile.data` returned; :class:`ProfileNotReadable` names what is wrong."""
    _need(data.get("format") == FORMAT, Phrase("format 须为 1"))
    kind = BY_NAME.get(str(data.get("kind")))
    if kind is None:
        raise ProfileNotReadable(what=Phrase("kind 须是五种名单之一"))
    name = data.get("name")
    _need(_is_short(name), Phrase("name 须有 1 到 60 个字"))
    columns = _table(data.get("columns"), Phrase("columns 不正确"))
    codes = data.get("codes", {})
    _need(isinstance(codes, dict) and len(codes) <= _MOST, Phrase("codes 不正确"))
    meanings = {str(field): _table(codes[field], Phrase("codes 不正确")) for field in codes}
    dates = data.get("dates", [])
    _need(
        isinstance(dates, list)
        and len(dates) <= _MOST
        and all(_is_short(one) and written_dates.is_form(one) for one in dates),
        Phrase("dates 须写成 YYYY-MM-DD HH:mm 这样"),
    )
    known = {one.name for one in kind.fields}
    _need({*columns, *meanings} <= known, Phrase("有这种名单没有的项目"))
    _need(not sheet_guesses.missing(kind, dict.fromkeys(columns, 0)), Phrase("缺少必需的列"))
    statuses = set(meanings.get("status", {}).values())
    _need(statuses <= {TAKE, LEAVE}, Phrase("codes.status 的值须是 take 或 leave"))
    return Profile(str(name), kind, columns, meanings, tuple(dates))


def _table(found: Any, what: Phrase) -> dict[str, str]:
    is_table = isinstance(found, dict) and 0 < len(found) <= _MOST
    _need(is_table and all(_is_short(one) for pair in found.items() for one in pair), what)
    return {str(key): str(value) for key, value in found.items()}


def _is_short(words: Any) -> bool:
    return (
        isinstance(words, str) and re.fullmatch(rf"[^\x00-\x1f]{{1,{_LONGEST}}}", words) is not None
    )


def _need(is_so: bool, what: Phrase) -> None:
    if not is_so:
        raise ProfileNotReadable(what=what)

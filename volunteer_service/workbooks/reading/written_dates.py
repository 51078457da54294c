"""Days and times as a platform writes them: YYYY, MM, DD, HH, mm, ss and the signs between."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from volunteer_service.workbooks.reading import cells

#: Fields that hold a day or a time of day.
FIELDS = frozenset(("on", "start", "end", "registered_on", "founded_on", "expires_on", "issued_on"))
_PARTS = {
    "YYYY": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d{1,2})",
    "mm": r"(?P<minute>\d{1,2})",
    "ss": r"(?P<second>\d{1,2})",
}
_TOKEN = re.compile("|".join(_PARTS))
#: As people write a form: in Chinese, or as Excel's own formats.
_IN_CHINESE = {"年": "YYYY", "月": "MM", "日": "DD", "时": "HH", "分": "mm", "秒": "ss"}
_OF_EXCEL = re.compile(r"([A-Za-z])\1*")
_LETTERS = {"y": "YYYY", "d": "DD", "h": "HH", "s": "ss"}


def form_of(words: str) -> str | None:
    """Return the form that somebody wrote: 月/日/年, yyyy/m/d h:mm, DD-MM-YYYY; None where it is
    none.

    As in Excel, an «m» after the hour or before the second is the minute.
    """
    words = cells.text(words)
    if re.search("[A-Za-z]", words.replace("T", "")) is None:
        form = re.sub("([年月日时分秒])\\1*", lambda one: _IN_CHINESE[one[1]], words)
    else:
        form = _of_excel(words)
    return form if is_form(form) else None


def _of_excel(words: str) -> str:
    pieces, at, before = [], 0, ""
    for found in _OF_EXCEL.finditer(words):
        letter = found[1].lower()
        rest = words[found.end() :].lower()
        token = _LETTERS.get(letter, found[0])
        if letter == "y" and len(found[0]) != 4:
            token = found[0]
        if letter == "m":
            token = "mm" if before == "h" or re.match("[^a-z]*s", rest) else "MM"
        pieces += [words[at : found.start()], token]
        at, before = found.end(), letter
    return "".join([*pieces, words[at:]])


def in_chinese(form: str) -> str:
    """Return a form as people read it: 月/日/年 时:分."""
    if set(form) & set(_IN_CHINESE):
        return form
    for chinese, token in _IN_CHINESE.items():
        form = form.replace(token, chinese)
    return form


def is_form(form: str) -> bool:
    """Tell whether a form has a day, each part once, and no other letters or digits."""
    found = _TOKEN.findall(form)
    between = _TOKEN.sub("", form)
    return (
        {"YYYY", "MM", "DD"} <= set(found)
        and len(found) == len(set(found))
        and re.search(r"[A-Za-z0-9]", between.replace("T", "")) is None
    )


def read(raw: Any, forms: Sequence[str]) -> Any:
    """Return the instant of a text in one of the forms, as local wall-clock time; else ``raw``."""
    if not isinstance(raw, str):
        return raw
    words = cells.text(raw)
    for form in forms:
        found = _pattern(form).fullmatch(words)
        if found is not None:
            parts = {name: int(number) for name, number in found.groupdict().items()}
            day = [parts[name] for name in ("year", "month", "day")]
            clock = [parts.get(name, 0) for name in ("hour", "minute", "second")]
            try:
                return datetime(*day, *clock)  # type: ignore[arg-type]  # noqa: DTZ001
            except ValueError:
                continue
    return raw


@lru_cache(64)
def _pattern(form: str) -> re.Pattern[str]:
    pieces = []
    at = 0
    for token in _TOKEN.finditer(form):
        pieces += [re.escape(form[at : token.start()]), _PARTS[token[0]]]
        at = token.end()
    return re.compile("".join([*pieces, re.escape(form[at:])]))

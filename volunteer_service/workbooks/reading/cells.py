"""The meaning of one cell, however it was typed.

Every function takes the raw value of a cell (text, int, float, bool, date, time, span, None, or
:class:`Unreadable`, which has no value). The readers return None for «cannot be read»; nothing is
ever evaluated, and no float is used in arithmetic.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from volunteer_service.people.search import chinese_numbers
from volunteer_service.workbooks.reading import traditional

_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a calendar's start, not an instant
_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 12, 31)
#: A bare number of five digits is a day count of Excel (1954 to 2119), of eight a date.
_SERIALS = range(20_000, 80_000)

#: Full-width ASCII to half-width. Not NFKC, which would also fold rare compatibility characters
#: that may be in a name.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_CONTROL = (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0))
_NOTHING = dict.fromkeys((0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, 0x00AD, *_CONTROL))
_TIDY = {**_HALF_WIDTH, **_NOTHING}
_NO_CONTROL = dict.fromkeys(_CONTROL)
#: Character class of Chinese characters, in and outside the BMP.
HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACE_BY_HAN = re.compile(rf"(?<=[{HAN}·])\s+|\s+(?=[{HAN}·])")
_MIDDLE_DOTS = dict.fromkeys(map(ord, "•．‧・∙●"), "·")

_DATE = re.compile(
    r"(\d{4})\s*[-/.年、]\s*(\d{1,2})\s*[-/.月、]\s*(\d{1,2})\s*[日号]?"
    r"(?:[ T]+(?:[上下]午 ?)?[\d:.]+(?:\+08:?00)?)?"
    r"(?:\s*(?:\(?(?:星期|周)[一二三四五六日天]\)?|\([一二三四五六日天]\)))?"
)
_LUNAR = re.compile("农历|阴历|正月|冬月|腊月|闰|初[一二三四五六七八九十]|廿|除夕")
_TWO_DIGITS = re.compile(
    r"'?\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?|\d{6}|\d{1,2}([-/.])\d{1,2}\1\d{2}"
)
_SEVERAL_DAYS = re.compile(
    r".*\d\s*[日号]?\s*(?:至|到|~|～|—|–|、|和|及)\s*\d.*|.*\d[./月]\d{1,2}[日号]?\s*-+\s*\d.*"
)
_MONTHS = [
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
]
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
#: 5-Mar-2026, 5 March 2026; Mar 5, 2026.
_IN_ENGLISH = (
    re.compile(rf"(?P<day>\d{{1,2}})[-/ ]{_MONTH}[-/, ]+(?P<year>\d{{4}})"),
    re.compile(rf"{_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})"),
)
_YEAR_LAST = re.compile(r"\d{1,2}\s*([-/.])\s*\d{1,2}\s*\1\s*\d{4}")
_PARTS_ONLY = re.compile(
    r"\d{4}\s*年?|\d{4}\s*[-/.年]\s*\d{1,2}\s*月?|\d{1,2}\s*[日号]|\d{1,2}\s*月份?"
)
_NO_YEAR = re.compile(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?")
_YEAR_IN_WORDS = re.compile("[〇零一二三四五六七八九]{4}年")
_FIGURES = str.maketrans("〇零一二三四五六七八九", "00123456789")
_MOBILE = re.compile("1[0-9]{10}")
_LANDLINE = re.compile("0[0-9]{9,11}")
_POINT_ZERO = re.compile(r"(?<=\d{11})\.0+$")
_IN_PHONES = re.compile(r"[\s\-\u2010-\u2015−.()]")
_TWO_PHONES = re.compile(r"\d{11}\D+\d{7,}")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
#: A formula without a stored result, as a cell in the refused rows.
_NO_RESULT = "#无结果"
#: Words that count pieces of a gift.
_PIECES = "件个份套袋瓶盒条张把双支只本包箱桶块床副提罐"
#: What Excel and WPS show in place of a value; ``####`` is a number in a too narrow column.
_ERRORS = frozenset(
    (
        *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
        *("#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#EXTERNAL!", "#PYTHON!"),
        *("#GETTING_DATA", _NO_RESULT),
    )
)
#: «As above», which means something else once a list was sorted.
_DITTO = frozenset(("同上", "同上行", "同前", "〃", "″", '"', "''", "“", "”", "ditto"))
#: What people write for nothing.
_NONE = frozenset(
    (
        *("无", "暂无", "没有", "無", "-", "--", "—", "——", "－", "/", "\\", "N/A", "n/a"),
        # As databases export it.
        *("NULL", "Null", "null", "(null)", "None", "none", "NaN", "nan", "\\N"),
    )
)
_LONGEST_NONE = 6
_TOO_NARROW = re.compile("#{3,}")
_LOST_DIGITS = re.compile(r"\d(?:\.\d+)?E\+\d{2}", re.IGNORECASE)


@dataclass(frozen=True)
class Unreadable:
    """A cell that shows something but has no value.

    ``why``: "ditto" («as above»), "error" (``#N/A``), "formula" (its result was not stored),
    "digits" (a long number that was exported as 1.2E+17, so its last digits are lost), "struck" (a
    part of its text is struck through, and which part counts is not guessed).
    """

    words: str
    why: str

    def __str__(self) -> str:
        return _NO_RESULT if self.why == "formula" else self.words


def readable(words: str) -> str | Unreadable:
    """Return the text of a cell, or :class:`Unreadable` if it is the name of an error."""
    if words.startswith("#") and (words.strip().upper() in _ERRORS or _TOO_NARROW.fullmatch(words)):
        return Unreadable(words, "error")
    if len(words) <= _LONGEST_NONE and words.strip() in _DITTO:
        return Unreadable(words, "ditto")
    return words


def is_nothing(raw: Any) -> bool:
    """Tell whether a cell says in words that there is nothing: 无, 暂无, -, /."""
    return isinstance(raw, str) and len(raw) <= _LONGEST_NONE and raw.strip() in _NONE


def written_out(words: str) -> str | Unreadable:
    """Return the text of a cell that another program made from a number: in a CSV, never in
    Excel.
    """
    if _LOST_DIGITS.fullmatch(words.strip()):
        return Unreadable(words, "digits")
    return readable(words)


def text(raw: Any) -> str:
    """Return the words of a cell: half-width, trimmed, one space between words, no leading
    apostrophe.

    A cell that starts with ``=`` is its own text, never its result.
    """
    if raw is None or isinstance(raw, Unreadable):
        return ""
    if isinstance(raw, str):
        words = raw
    elif isinstance(raw, float) and raw.is_integer():
        words = str(int(raw))
    elif isinstance(raw, datetime | date | time):
        words = raw.isoformat()
    else:
        words = str(raw)
    return " ".join(words.translate(_TIDY).split()).lstrip("'‘’` ")


def name(raw: Any) -> str:
    """Return a person's, team's or place's name: no spaces inside Chinese, one between
    Latin words.
    """
    return _SPACE_BY_HAN.sub("", text(raw).translate(_MIDDLE_DOTS))


def match_key(words: str) -> str:
    """Return the key by which two spellings of one name are equal (compatibility forms, case,
    spaces).
    """
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())


def day(raw: Any, epoch: datetime = _EXCEL_EPOCH) -> date | None:
    """Return a calendar day in any of the usual notations, or None where there is no such day.

    2025/1/20, 2025-1-20, 2025.1.20, 2025年1月20日, 20250120, Excel's day count, a real date cell.
    """
    if isinstance(raw, datetime):
        return _within(raw.date())
    if isinstance(raw, date):
        return _within(raw)
    words = year_in_figures(traditional.simple(text(raw)))
    if re.fullmatch(r"\d{8}", words):
        return _calendar(words[:4], words[4:6], words[6:])
    if re.fullmatch(r"\d{5}(\.\d+)?", words):
        count = int(words[:5])
        return (epoch + timedelta(days=count)).date() if count in _SERIALS else None
    found = _DATE.fullmatch(words)
    return _calendar(*found.groups()) if found else _english(words.lower())


def why_no_day(raw: Any) -> str | None:
    """Return why a cell is no day, where that can be told: "two_digits" (of the year), "lunar",
    "several_days", "no_year", "year_last" (05/03/2026: which is the month?), "part" (a month, a
    year); a guessed century or calendar would be a guess about a person's hours.
    """
    words = traditional.simple(text(raw))
    if _LUNAR.search(words):
        return "lunar"
    if _YEAR_LAST.fullmatch(words):
        return "year_last"
    if _PARTS_ONLY.fullmatch(words):
        return "part"
    if _TWO_DIGITS.fullmatch(words):
        return "two_digits"
    if _SEVERAL_DAYS.fullmatch(words):
        return "several_days"
    return "no_year" if _NO_YEAR.fullmatch(words) else None


def year_in_figures(words: str) -> str:
    """Return «二〇二六年三月五日» as 2026年3月5日."""
    if not _YEAR_IN_WORDS.match(words):
        return words
    year, rest = words[:4].translate(_FIGURES), words[4:]
    return year + chinese_numbers.in_figures(rest)


def _english(words: str) -> date | None:
    for form in _IN_ENGLISH:
        if found := form.fullmatch(words):
            month = _MONTHS.index(found[1] if found[1] in _MONTHS else found[2]) + 1
            return _calendar(found["year"], str(month), found["day"])
    return None


def _calendar(year: str, month: str, day_of_month: str) -> date | None:
    try:
        return _within(date(int(year), int(month), int(day_of_month)))
    except ValueError:
        return None


def _within(found: date) -> date | None:
    return found if _EARLIEST <= found <= _LATEST else None


def centi(raw: Any) -> int | None:
    """Return points in whole hundredths: 2, '12.5', '12.50分' (1250); None where there are more
    digits.
    """
    found = re.fullmatch(r"(\d{1,7}(?:\.\d{1,2}0*)?)\s*(?:积?分)?", text(raw))
    return int(Decimal(found[1]) * 100) if found else None


def count(raw: Any) -> int | None:
    """Return a whole number of pieces, at least 0: 200, 200.0, '200件'."""
    found = re.fullmatch(rf"(\d{{1,9}})(?:\.0+)?\s*[{_PIECES}]?", text(raw))
    return int(found[1]) if found else None


def phone(raw: Any) -> str | None:
    """Return a Chinese phone number as its digits (mobile, or landline with area code), or None."""
    whole = _POINT_ZERO.sub("", text(raw))
    digits = _IN_PHONES.sub("", whole).removeprefix("+86").removeprefix("0086")
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return digits if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits) else None


def why_no_phone(raw: Any) -> str | None:
    """Return why a cell is no phone number, where that can be told: "digits" (the last ones are
    lost), "masked" (138****0000), "two" numbers.
    """
    words = text(raw)
    if _LOST_DIGITS.fullmatch(words):
        return "digits"
    if "*" in words:
        return "masked"
    return "two" if _TWO_PHONES.search(words) else None


def plain(raw: Any) -> str | int | float | bool | None:
    """Return a raw cell as JSON can store it, readable for people and for this module."""
    if raw is None or isinstance(raw, str | int | float | bool):
        return raw
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    if isinstance(raw, timedelta):
        return f"{raw.days * 1440 + raw.seconds // 60}分钟"
    return str(raw) if isinstance(raw, Unreadable) else text(raw)


def kept(raw: Any) -> Any:
    """Return a raw cell as JSON stores it with its type: a day, a time and a span have a mark."""
    if isinstance(raw, timedelta):
        return {"span": raw.total_seconds()}
    if isinstance(raw, datetime):
        return {"day": raw.isoformat()}
    if isinstance(raw, date):
        return {"day": datetime.combine(raw, time()).isoformat()}
    if isinstance(raw, time):
        return {"clock": raw.isoformat()}
    return plain(raw)


def restored(said: Any) -> Any:
    """Return the raw cell given to :func:`kept`; data from before the marks stay text."""
    if not isinstance(said, dict):
        return said
    if "span" in said:
        return timedelta(seconds=said["span"])
    if "clock" in said:
        return time.fromisoformat(said["clock"])
    return datetime.fromisoformat(said["day"])


def harmless(raw: Any) -> Any:
    """Return a cell for an outgoing workbook: text that a spreadsheet would run gets an apostrophe
    in front.

    ``text`` removes the apostrophe again, so a corrected workbook is read as it was typed. Days,
    times and spans stay as they are.
    """
    value = raw if isinstance(raw, date | time | timedelta) else plain(raw)
    if isinstance(value, str):
        value = value.translate(_NO_CONTROL)
        return f"'{value}" if value.startswith(_DANGEROUS) else value
    return value

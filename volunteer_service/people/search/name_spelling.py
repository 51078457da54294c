"""Spells names in pinyin: for the order of lists, and for every way somebody may type a name.

Readings come from pypinyin; for a surname with several (单, 曾, 解, 仇) its reading as a surname is
first. Other letters are kept, without accents.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice, product

from volunteer_service.people.search.person_names import folded, spelled
from volunteer_service.people.search.traditional_characters import both_ways

#: Each character of a name with its readings; none for letters that are not Chinese.
_Read = Sequence[tuple[str, tuple[str, ...]]]

#: The longest stored and searched spelling, in characters.
LONGEST_SPELLING = 80
#: Longest order of a name, in characters.
LONGEST_ORDER = 400
#: The most stored readings of one character and of one whole name; the usual ones come first.
_READINGS = 3
_COMBINED = 12

#: Runs of digits, and the text between them; digits are padded with zeros to this length.
_RUNS = re.compile(r"[0-9]+|[^0-9]+")
_DIGITS = 9
_VALUES = {char: value for value, char in enumerate("一二三四五六七八九", 1)}
#: Numbers below a hundred in words: 第一, 第十二, 第二十.
_NUMERALS = re.compile(r"(第)([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])")

#: Surnames of several readings, with tone, as surnames; simplified and traditional.
_SURNAMES = {
    char: reading
    for reading, chars in {
        "shan4": "单單", "zeng1": "曾", "xie4": "解", "qiu2": "仇", "ou1": "区區", "zha1": "查",
        "piao2": "朴", "zhai2": "翟", "ren2": "任", "hua4": "华華", "ge3": "盖蓋葛", "she2": "折",
        "yun4": "员員", "mi4": "宓", "miao4": "缪繆", "qin2": "覃", "xian3": "冼洗", "chong2": "种",
        "yue4": "乐樂", "shao4": "召", "ji3": "纪紀", "yan1": "燕", "bo2": "薄", "bi4": "秘",
        "he4": "黑", "po2": "繁", "mu4": "牟", "guo1": "过過", "ha3": "哈", "chen2": "谌諶",
        "zhai4": "祭", "gou1": "句", "ying1": "应應", "na1": "那", "nai4": "佴", "gui4": "炅",
        "ning4": "宁", "che1": "车車", "qu1": "曲", "shi2": "石", "du1": "都", "yao1": "么幺",
        "wei3": "隗", "kan4": "阚闞", "sheng4": "盛", "jia3": "贾賈", "bu3": "卜", "lu4": "逯",
    }.items()
    for char in chars
}  # fmt: skip
_COMPOUND = {
    "单于": ("chan2", "yu2"),
    "單于": ("chan2", "yu2"),
    "令狐": ("ling2", "hu2"),
    "长孙": ("zhang3", "sun1"),
    "長孫": ("zhang3", "sun1"),
    "尉迟": ("yu4", "chi2"),
    "尉遲": ("yu4", "chi2"),
    "万俟": ("mo4", "qi2"),
    "澹台": ("tan2", "tai2"),
}


def letters(text: str) -> str:
    """Return only the letters of a name: lower case, half width, no accent, blank or dot."""
    taken_apart = unicodedata.normalize("NFKD", folded(text))
    return "".join(char for char in taken_apart if not unicodedata.category(char).startswith("M"))


def typed_as(text: str) -> set[str]:
    """Return the forms in which to look for a typed name.

    A typed ü also means v; traditional characters also mean the simplified ones, and the reverse.
    """
    said = {letters(form) for each in both_ways(text) for form in (each, _v(each))}
    return {form[:LONGEST_SPELLING] for form in said} - {""}


@lru_cache(maxsize=4096)
def order_of(name: str) -> str:
    """Return the sort key of a name, compared by bytes: pinyin with tone, then the character.

    All 张 come before all 章; 张伟 and 章伟 do not mix. Latin names are sorted among the pinyin.
    """
    found, last_is_han = [], True
    for char, readings in _read(" ".join(_parts(name))):
        if readings:
            found.append(readings[0] + char)
        elif char != " ":
            found.append(letters(char))
        elif not last_is_han:
            found.append(char)
        last_is_han = bool(readings) or (char == " " and last_is_han)
    return "".join(found)[:LONGEST_ORDER]


@lru_cache(maxsize=4096)
def order_of_title(text: str) -> str:
    """Return the sort key of the name of a place or team, compared by bytes.

    It uses pinyin as :func:`order_of` does, but 解放路 is no surname; numbers by value, so that
    第2网格 and 第二网格 come before 第10网格.
    """
    plain = _NUMERALS.sub(_in_digits, unicodedata.normalize("NFKC", text).casefold())
    found = []
    for run in _RUNS.findall(plain):
        if run.isascii() and run.isdigit():
            found.append(run.lstrip("0").rjust(_DIGITS, "0"))
            continue
        said = _pinyin(run, heteronym=False)
        found += [said[n][0] + char if _is_han(char) else char for n, char in enumerate(run)]
    return "".join(found)[:LONGEST_ORDER]


def _in_digits(found: re.Match[str]) -> str:
    tens, ten, ones = found[2].rpartition("十")
    value = 10 * (_VALUES[tens] if tens else 1) if ten else 0
    return found[1] + str(value + (_VALUES[ones] if ones else 0))


def spellings(name: str) -> set[str]:
    """Return what a typed beginning may match: the name, its parts, pinyin and initials of both.

    Parts begin at every Chinese character, and after every blank, dot and dash. Each word of a name
    in several words is a spelling of its own, because people who are called by it are found by
    nothing else.
    """
    read = _read(" ".join(_parts(name)))
    begins = [n for n, (char, han) in enumerate(read) if han or n == 0 or read[n - 1][0] == " "]
    whole = [(char, han) for char, han in read if char != " "]
    found = {_joined(combined) for combined in _combined(whole)}
    found |= {"".join(said[:1] for said in combined) for combined in _combined(whole)}
    found |= {initials for initials in [_initials(read)] if len(initials) > 1}
    for n in begins:
        rest = [(char, han) for char, han in read[n:] if char != " "]
        found.add(letters("".join(char for char, _han in rest)))
        found.add(_joined(tuple(_plain(han[0]) if han else letters(char) for char, han in rest)))
    for word in _words(read):
        found.add(letters("".join(char for char, _han in word)))
        found |= {_joined(combined) for combined in _combined(word)}
    return {spelling[:LONGEST_SPELLING] for spelling in found} - {""}


def _words(read: _Read) -> Iterator[_Read]:
    """Yield the words of a name in several words, without those of one letter, which name
    nobody.
    """
    for is_blank, letters_ in groupby(read, key=lambda each: each[0] == " "):
        word = list(letters_)
        if not is_blank and 1 < len(word) < len(read):
            yield word


def _parts(name: str) -> list[str]:
    kept = (char if char.isalpha() or ord(char) >= 0x20000 else " " for char in _marks(name))
    return "".join(kept).split()


def _marks(name: str) -> str:
    # Marks over letters (vowel signs) are dropped as accents are; a blank would split the word.
    composed = unicodedata.normalize("NFKC", spelled(name)).replace("'", "")
    return "".join(char for char in composed if not unicodedata.category(char).startswith("M"))


def _read(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return each character with its readings, the most likely one first; none for other
    letters.
    """
    usual = _usual(text)
    return [
        (char, _readings(char, usual[n]) if _is_han(char) else ()) for n, char in enumerate(text)
    ]


def _usual(text: str) -> list[str]:
    found = [row[0] for row in _pinyin(text, heteronym=False)]
    family = _COMPOUND.get(text[:2]) or (
        (_SURNAMES[text[0]],) if text[:1] in _SURNAMES else tuple(found[:1])
    )
    return [*family, *found[len(family) :]]


def _pinyin(text: str, *, heteronym: bool) -> list[list[str]]:
    """Return the readings of each character with their tone, all of them with ``heteronym``."""
    # Imported here: its tables are a fifth of a process's imports, and only writing a name needs
    # them.
    from pypinyin import Style, pinyin

    return pinyin(
        text,
        style=Style.TONE3,
        heteronym=heteronym,
        neutral_tone_with_five=True,
        errors=_each,  # type: ignore[arg-type]
    )


def _each(other: str) -> list[str]:
    """Return letters that are no Chinese characters, one for each place."""
    return list(other)


def _readings(char: str, usual: str) -> tuple[str, ...]:
    all_of_them = _pinyin(char, heteronym=True)[0]
    others = [said for said in all_of_them if said != usual]
    return (usual, *others)[:_READINGS]


def _combined(read: _Read) -> Iterator[tuple[str, ...]]:
    """Yield the possible pronunciations of a name, the usual one first; lv is also lyu and lu."""
    choices = [_said(han) if han else [letters(char)] for char, han in read]
    return islice(product(*choices), _COMBINED)


def _said(readings: Sequence[str]) -> list[str]:
    plain = [_plain(said) for said in readings]
    more = [said.replace("v", to) for said in plain if "v" in said for to in ("yu", "u")]
    return list(dict.fromkeys([*plain, *more]))


def _joined(said: Sequence[str]) -> str:
    return "".join(said)


def _initials(read: _Read) -> str:
    """Return the first letters of the characters and of the words of a name."""
    found, begins = "", True
    for char, han in read:
        if han or (begins and char != " "):
            found += han[0][:1] if han else letters(char)[:1]
        begins = char == " " or bool(han)
    return found


def _plain(reading: str) -> str:
    return _v(reading.rstrip("12345"))


def _v(text: str) -> str:
    return text.replace("ü", "v").replace("Ü", "v")


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or 0x20000 <= ord(char) < 0x40000

"""Small whole numbers written in Chinese: 两, 十二, 二十五."""

import re

_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMBER = re.compile("[零〇一二两三四五六七八九十]+")


def in_figures(words: str) -> str:
    """Return the same words with every such number up to 99 in figures; others stay."""
    return _NUMBER.sub(_figures, words)


def _figures(found: re.Match[str]) -> str:
    tens, ten, ones = found[0].rpartition("十")
    if not ten:
        return str(_DIGITS[ones]) if len(ones) == 1 else found[0]
    if len(tens) > 1 or len(ones) > 1:
        return found[0]
    return str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))

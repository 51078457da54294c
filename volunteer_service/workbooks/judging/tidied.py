"""What had to be read past in a roster's row: counted, so that a street sees how its list is kept.

The names are those of the import's counts (``dirt`` in ``import --json``).
"""

import re
from typing import Any

from volunteer_service.workbooks.reading.cells import HAN
from volunteer_service.workbooks.reading.sheets import Line

_RARE = re.compile(f"(?![\u4e00-\u9fff])[{HAN}]")
_FULL_WIDTH_DIGIT = re.compile("[\uff10-\uff19]")
_SPACE_INSIDE = re.compile(r"\S\s+\S")
_SPACED_DIGITS = re.compile(r"\d[\s\-]+\d")
_FORMULA = re.compile(r"\s*[=+\-@]")


def of_volunteer(line: Line, name: str) -> frozenset[str]:
    """Names of what was tidied in one row; ``name`` is the tidied name."""
    number, phone = line.raw("id_number"), line.raw("phone")
    found = {
        "full_width_digits": _has(_FULL_WIDTH_DIGIT, number) or _has(_FULL_WIDTH_DIGIT, phone),
        "spaced_phones": _has(_SPACED_DIGITS, phone),
        "padded_or_lower_case_ids": isinstance(number, str)
        and (number != number.strip() or "x" in number),
        "spaces_inside_names": _has(_SPACE_INSIDE, line.raw("name")),
        "rare_character_names": _has(_RARE, name),
        "formula_like_remarks": isinstance(line.raw("remark"), str)
        and _FORMULA.match(line.raw("remark")) is not None,
    }
    return frozenset(what for what, is_so in found.items() if is_so)


def _has(pattern: re.Pattern[str], raw: Any) -> bool:
    return isinstance(raw, str) and pattern.search(raw) is not None

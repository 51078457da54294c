"""Make the key under which two names of a street, a community, a grid or a building look like one
place.

1号楼, 1栋, 一幢, ０１# and «1号楼2单元301室»; 第一社区 and 一社区 with or without its 居委会;
网格3 and 第三网格. Alike names are no proof, so the person who adds an area (``tree.py``) or
hands in a list (``workbooks/judging/alike_areas.py``) is asked.
"""

import re
import unicodedata

from volunteer_service.people.search import chinese_numbers
from volunteer_service.people.search.traditional_characters import simplified

#: Depth below the street; a street's own is one above.
STREET, COMMUNITY, GRID, BUILDING = range(-1, 3)

_NUMBER = "[0-9０-９一二三四五六七八九十〇零两]{1,4}"
_DASH = r"[-–—－_\s]*"
#: Parts of a building: 2单元301室, 东单元, 301, -2-301室.
_UNIT = re.compile(
    rf"(?<=[号#＃栋幢座楼]){_DASH}"
    rf"(?:(?:{_NUMBER}|[东西南北中A-Za-z]){_DASH}单元.*"
    rf"|{_NUMBER}(?:{_DASH}{_NUMBER})*(?:室|户|号房?)?)$"
)
_SIGNS = re.compile(r"[\s·•_.,、()\[\]【】]")
_DASH_ALONE = re.compile("(?<![0-9a-z])-|-(?![0-9a-z])")
_FIGURES = re.compile("[0-9]{1,18}")
_ORDINAL = re.compile("第(?=[0-9])")
_CLASS = re.compile("(?<=[0-9a-z])(?:号|#|栋|幢|座|楼)+")
_OF_GRID = re.compile("网格|(?<=[0-9])[号#格]")
_COMMITTEE = re.compile("(?:居民委员会|居委会|居委|村民委员会|村委会|村委)$")
_OFFICE = re.compile("(?:街道)?(?:办事处|街道办)$|街道$")
_IS_COMMUNITY = re.compile("(?<=.)社区$")


def look(name: str, depth: int, above: str = "") -> str:
    """Return the key of a name; ``above`` is the area it stands in, whose name may lead it."""
    words = _plain(without_unit(name) if depth == BUILDING else name)
    before = _plain(above)
    if before and words != before:
        words = words.removeprefix(before)
    if depth == BUILDING:
        found = _CLASS.sub("栋", words)
        found += "栋" if re.search("[0-9a-z]$", found) else ""
    elif depth == GRID:
        found = _OF_GRID.sub("", words)
    elif depth == STREET:
        found = _OFFICE.sub("", words)
    else:
        found = _IS_COMMUNITY.sub("", _COMMITTEE.sub("", words))
    return found or words


def without_unit(name: str) -> str:
    """Return the name of the building without its unit, flat and room."""
    return _UNIT.sub("", name)


def _plain(name: str) -> str:
    plain = unicodedata.normalize("NFKC", simplified(name)).casefold()
    words = chinese_numbers.in_figures("".join(plain.split()))
    words = _DASH_ALONE.sub("", _SIGNS.sub("", words))
    return _ORDINAL.sub("", _FIGURES.sub(lambda found: str(int(found[0])), words))

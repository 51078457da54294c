"""A tree of areas in one column, with each row below its parent.

Codes («330106001001» under «330106001»), a column with the level or with the area above, numbers
(«1», «1.1», «一、», «(一)»), indentation, or only names («社区», «网格», «楼») give the level of a
row. Every building becomes a line with its whole path, and so does an area with nothing
below it, which the judge then refuses for the missing values.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from volunteer_service.workbooks.reading import cells
from volunteer_service.workbooks.reading.line import Line

#: The levels from the top; ``unit`` is below a building and not used here.
LEVELS = ("district", "street", "community", "grid", "building", "unit")
#: Columns of a list that is such a tree.
COLUMNS = frozenset(("node", "level", "above"))
_BY_NAME = (
    ("unit", r".*(?:单元|室|户|层)"),
    ("grid", r".*网格.*|.*微网|.*片区"),
    ("building", r".*(?:号楼|楼栋|[栋幢座]|\d+号|\d+#)|.*\d+楼"),
    ("community", r".*(?:社区|村|居委会|居民区|居民委员会|经联社)"),
    ("street", r".*(?:街道(?:办事处|办)?|镇|乡)"),
    ("district", r".*(?:[省市县]|(?<![小社园片新院])区)"),
)
_LEVEL = tuple((level, re.compile(words)) for level, words in _BY_NAME)
#: «1.1.1 », «1、», «(1)», «一、», «(一)» before a name; the 1 of «1 号楼» belongs to the name.
_NUMBERED = re.compile(
    r"(?:(?P<dots>\d{1,4}(?:\.\d{1,4})*)(?:\.?\s+|[、.)]\s*)(?![号栋幢座楼#单网])"
    r"|\((?P<round>\d{1,3})\)\s*|(?P<han>[一二三四五六七八九十]{1,3})、\s*"
    r"|\((?P<hanround>[一二三四五六七八九十]{1,3})\)\s*)(?=\S)"
)
_SPACES = re.compile(r"[\s\u3000]*")
_CODE = re.compile(r"\d{6,24}")


@dataclass(frozen=True)
class Node:
    """An area of the tree, with everything above it by level."""

    number: int
    level: str
    path: Mapping[str, str]
    sign: tuple[str, int]
    above: int | None


def level_of(name: str) -> str | None:
    """Return the level in a name; None if it has none."""
    return next((level for level, words in _LEVEL if words.fullmatch(name)), None)


def is_one(column: int, below: Sequence[Sequence[Any]]) -> bool:
    """Tell whether a column under a header holds areas of several levels."""
    names = [_read(row[column])[1] for row in below if column < len(row)]
    levels = {level_of(name) for name in names}
    return bool({"community", "street"} & levels) and bool({"grid", "building"} & levels)


def code_of(raw: Any) -> str:
    """Return an area code without its empty groups at the end («330106001000»); else ""."""
    code = cells.text(raw)
    if not _CODE.fullmatch(code):
        return ""
    while len(code) > 6 and code.endswith("000"):
        code = code[:-3]
    return code


def lines(rows: Iterable[Line]) -> Iterator[Line]:
    """Yield a line with its path for every building, then one for every area without any."""
    tree, waiting = _Tree(), dict[int, Line]()
    for row in rows:
        node = tree.add(row)
        if node is None:
            yield row
            continue
        line = replace(row, placed=_placed(node))
        if node.above is not None and node.level != "unit":
            waiting.pop(node.above, None)
        if node.level in ("building", "unit"):
            yield line
        elif node.level in ("community", "grid"):
            waiting[node.number] = line
    yield from waiting.values()


def _placed(node: Node) -> dict[str, str]:
    names = {level: node.path.get(level, "") for level in LEVELS[1:]}
    return names if names["unit"] else names | {"unit": ""}


@dataclass
class _Tree:
    """The areas so far: those on the way to the last one, and all by code and by name."""

    _way: list[Node] = field(default_factory=list)
    _by_code: dict[str, Node] = field(default_factory=dict)
    _by_name: dict[str, Node] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def add(self, row: Line) -> Node | None:
        """Place one row; return None for an empty cell."""
        sign, name = _read(row.raw("node"))
        if not name:
            return None
        code, above = code_of(row.raw("code")), row.name("above")
        said = _level_said(row.text("level")) or level_of(name)
        if above and cells.match_key(above) in self._by_name:
            parent: Node | None = self._by_name[cells.match_key(above)]
        elif code and "code" in row.header.columns:
            parent = self._above_code(code)
        else:
            parent, said = self._on_the_way(sign, said)
        node = self._node(name, said or _below(parent), sign, parent)
        self._way.append(node)
        self._by_code[code] = self._by_name[cells.match_key(name)] = node
        return node

    def _node(self, name: str, level: str, sign: tuple[str, int], parent: Node | None) -> Node:
        path = dict(parent.path) if parent else {}
        above = parent.number if parent else None
        return Node(next(self._numbers), level, path | {level: name}, sign, above)

    def _above_code(self, code: str) -> Node | None:
        ends = range(len(code) - 1, 0, -1)
        return next((self._by_code[code[:n]] for n in ends if code[:n] in self._by_code), None)

    def _on_the_way(
        self, sign: tuple[str, int], said: str | None
    ) -> tuple[Node | None, str | None]:
        """Return the parent of a row, by its level, else by rows that begin in the same way."""
        if said is None:
            said = next((node.level for node in reversed(self._way) if node.sign == sign), None)
        level = said or (_below(self._way[-1]) if self._way else "community")
        while self._way and LEVELS.index(self._way[-1].level) >= LEVELS.index(level):
            self._way.pop()
        return (self._way[-1] if self._way else None), level


def _below(parent: Node | None) -> str:
    if parent is None:
        return "community"
    return LEVELS[min(LEVELS.index(parent.level) + 1, len(LEVELS) - 1)]


def _level_said(words: str) -> str | None:
    return level_of(words) if words else None


def _read(raw: Any) -> tuple[tuple[str, int], str]:
    """Return how a cell begins (numbered or indented, and how deep), and the name in it."""
    if not isinstance(raw, str):
        return ("", 0), cells.name(raw)
    spaces = _SPACES.match(raw)
    indent = sum(2 if sign == "\u3000" else 1 for sign in spaces[0]) if spaces else 0
    words = cells.text(raw)
    numbered = _NUMBERED.match(words)
    if numbered is None:
        return ("indent", indent), cells.name(words)
    how = numbered.lastgroup or ""
    depth = numbered[how].count(".") if how == "dots" else 0
    return (how, depth), cells.name(words[numbered.end() :])

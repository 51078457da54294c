"""Which list a row of headers is the header of, and whether that is certain.

A list is certain if every needed column is there and there are at least twice as many headers of
only this list as strange ones. A register of units has communities, grids and buildings too, a roll
of training has events, times and names; a sheet that only resembles one of our lists is asked
about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from volunteer_service.workbooks.reading import area_trees, cells, dated_times
from volunteer_service.workbooks.reading.known_columns import (
    AREAS,
    GIFTS,
    KINDS,
    OPENINGS,
    SERVICE_LOG,
    TAKEN_OVER,
    TEAMS,
    VOLUNTEERS,
    Kind,
    asked_for,
    bare,
)

#: Headers, by kind and bare word, to which a street gave a meaning: their fields, or none.
Meanings = Mapping[tuple[str, str], tuple[str, ...]]

#: The headers that we add to refused rows.
_ADDED = ("退回原因", "建议", "原因代码", "原行号")
#: Headers of any list, which show nothing.
_ANYWHERE = frozenset(
    (
        *("序号", "编号", "备注", "说明", "填写说明", "填表人", "填报人", "填报单位", "填报日期"),
        *("审核人", "NO", "No", "no", "ID", "id"),
        *_ADDED,
    )
)
_PERSON = (
    *("民族", "籍贯", "年龄", "出生日期", "出生年月", "学历", "文化程度", "婚姻状况", "健康状况"),
    *("住址", "家庭住址", "现住址", "居住地址", "详细地址", "邮箱", "电子邮箱", "微信", "微信号"),
    *("职业", "紧急联系人", "紧急联系电话", "照片"),
)
#: Headers in a list beside its own columns, which count neither for it nor against it.
_BESIDE: dict[str, frozenset[str]] = {
    AREAS.name: frozenset(("户数", "单元数", "层数")),
    TEAMS.name: frozenset(("队长", "负责人", "联系电话", "手机号", "队员人数", "人数", "口号")),
    VOLUNTEERS.name: frozenset((*_PERSON, "星级", "积分", "志愿者编号", "注册编号")),
    SERVICE_LOG.name: frozenset(
        (
            *("街道", "社区", "所属社区", "网格", "性别", "身份证号", "年龄", "积分", "星级"),
            *("志愿者编号", "签到时间", "签退时间", "照片", "签名", "人数", "参与人数", "服务对象"),
        )
    ),
    GIFTS.name: frozenset(("规格", "图片", "单位", "计量单位", "品牌")),
    **{
        kind.name: frozenset((*_PERSON, "性别", "社区", "所属社区", "街道", "服务队", "志愿者编号"))
        for kind in OPENINGS
    },
}
#: Headers that only this list has. Areas have none; they are certain without strange headers.
_OWN: dict[str, frozenset[str]] = {
    AREAS.name: frozenset(),
    TEAMS.name: frozenset(
        (
            *("服务队", "志愿服务队", "服务队名称", "志愿服务队名称", "志愿队伍", "记录单位"),
            *("记录主体", "服务品牌", "所属品牌", "品牌名称", "服务项目", "建队日期"),
        )
    ),
    VOLUNTEERS.name: frozenset(
        (
            *(
                "志愿者姓名",
                "志愿者名字",
                "志愿者",
                "志愿者名称",
                "志愿者手机号",
                "志愿者手机",
                "志愿者电话",
            ),
            *(
                "志愿者联系电话",
                "注册日期",
                "注册时间",
                "入队日期",
                "入队时间",
                "服务特长",
                "服务队",
            ),
            *("志愿服务队", "所属服务队", "服务队名称", "监护人", "监护人姓名", "法定监护人"),
            *("监护人电话", "监护人手机号", "监护人手机", "监护人联系电话", "监护人手机号码"),
        )
    ),
    SERVICE_LOG.name: frozenset(
        (
            *("志愿服务活动名称", "服务活动", "服务时长", "志愿服务时长", "服务小时", "服务小时数"),
            *("服务开始时间", "服务结束时间", "志愿服务内容", "服务内容", "志愿者姓名", "志愿者"),
            *(
                "志愿者名称",
                "志愿者名字",
                "志愿者手机号",
                "志愿者手机",
                "志愿者电话",
                "志愿者联系电话",
            ),
            *("服务队", "志愿服务队", "所属服务队", "服务队名称", "志愿服务队名称", "志愿队伍"),
            *("记录方式", "认定方式", "记录形式", "记录来源"),
        )
    ),
    GIFTS.name: frozenset(
        (
            *("礼品名称", "礼品", "兑换物品", "所需积分", "兑换积分", "需要积分", "最低星级"),
            *("星级要求", "所需星级"),
        )
    ),
    # A list that names an earlier system hands over its data.
    **{
        kind.name: frozenset(
            word for field in kind.fields[len(TAKEN_OVER) - 1 :] for word in field.words
        )
        for kind in OPENINGS
    },
}
#: A row with fewer known columns is near no list.
_NEAR = 2


@dataclass(frozen=True)
class Guess:
    """The list to which a row of headers comes closest."""

    kind: Kind
    #: Field name to column, counted from 0.
    columns: dict[str, int]
    #: Columns that the list needs and that are not there, by their usual header.
    missing: tuple[str, ...]
    is_certain: bool

    @property
    def is_whole(self) -> bool:
        """Tell whether every column that the list needs is there."""
        return not self.missing


def guess(
    row: Sequence[Any], meanings: Meanings, below: Sequence[Sequence[Any]] = ()
) -> Guess | None:
    """Return the list to which a row comes closest; None if it is near none of them.

    ``below`` are some rows under it, because one cell may contain a day and its times.
    """
    found = [_guess(kind, row, meanings, below) for kind in KINDS]
    best = max(found, key=lambda one: (one.is_whole, one.is_certain, len(one.columns)))
    return best if best.is_whole or len(best.columns) >= _NEAR else None


def columns_of(
    kind: Kind,
    row: Sequence[Any],
    meanings: Meanings,
    below: Sequence[Sequence[Any]] = (),
) -> dict[str, int]:
    """Return the fields in a row of headers, each with its column, counted from 0.

    The street's answer about a header takes precedence over our meaning of its word. Where the rows
    ``below`` have day and times in one cell, its column is that of both.
    """
    said: dict[str, int] = {}
    read: dict[str, int] = {}
    others: dict[str, int] = {}
    for column, (raw, word) in enumerate(zip(row, words_of(row), strict=True)):
        meant = meanings.get((kind.name, word)) if word else None
        if meant is not None:
            said |= {name: column for name in meant if name not in said}
            continue
        field = kind.field_of(bare(raw)) if isinstance(raw, str) else None
        # The first of two equal headers counts; the second is usually a note to the first.
        if field is not None and field.name not in read:
            read[field.name] = column
        elif field is None and isinstance(raw, str) and (other := kind.else_field_of(bare(raw))):
            others.setdefault(other.name, column)
    # Arrival and departure count if no column has the planned begin and end.
    if not {"start", "end", "span"} & {*read, *said}:
        read |= others
    return _with_shared(kind, _with_tree(kind, read, below) | said, below)


def _with_tree(
    kind: Kind, columns: dict[str, int], below: Sequence[Sequence[Any]]
) -> dict[str, int]:
    """Leave out the columns of a tree of areas if there is none, because «名称» occurs in any
    list.
    """
    if kind is not AREAS:
        return columns
    has_own = {"community", "grid", "building"} & columns.keys()
    if not has_own and "node" in columns and area_trees.is_one(columns["node"], below):
        return columns
    without = area_trees.COLUMNS | (set() if has_own else {"code"})
    return {name: column for name, column in columns.items() if name not in without}


def _with_shared(
    kind: Kind, columns: dict[str, int], below: Sequence[Sequence[Any]]
) -> dict[str, int]:
    """Add the day of a log in the cell of its time, and times in the cell of its day."""
    if kind is not SERVICE_LOG:
        return columns
    if "on" not in columns:
        for name in ("span", "start"):
            if name in columns and _has_both(columns[name], below):
                return columns | {"on": columns[name]}
    has_time = {"span", "start"} & columns.keys()
    if "on" in columns and not has_time and _has_both(columns["on"], below):
        return columns | {"span": columns["on"]}
    return columns


def _has_both(column: int, below: Sequence[Sequence[Any]]) -> bool:
    there = [row[column] for row in below if column < len(row) and cells.text(row[column])]
    return any(dated_times.read(raw) is not None for raw in there)


def words_of(row: Sequence[Any]) -> list[str]:
    """Return the bared word of each header, «» where there is none; the second of two gets a
    «#2».
    """
    seen: dict[str, int] = {}
    words = []
    for raw in row:
        word = bare(raw) if isinstance(raw, str) else ""
        seen[word] = seen.get(word, 0) + 1
        words.append(f"{word}#{seen[word]}" if word and seen[word] > 1 else word)
    return words


def unused(row: Sequence[Any], columns: Mapping[str, int]) -> list[str]:
    """Return the headers that no field is read from, as they are written, without those that we
    add to the refused rows.
    """
    used = set(columns.values())
    ours = _ADDED if set(_ADDED) <= set(row) else ()
    return [
        words
        for column, raw in enumerate(row)
        if column not in used
        and isinstance(raw, str)
        and (words := cells.text(raw))
        and words not in ours
    ]


def missing(kind: Kind, columns: Mapping[str, int]) -> tuple[str, ...]:
    """Return the headers that a list still needs, by their first word."""
    # Begin and end may be in one column; the end follows from begin and length.
    there = {*columns, *(("start", "end") if "span" in columns else ())}
    there |= {"end"} if "start" in columns and "minutes" in columns else set()
    there |= {"community", "grid", "building"} if "node" in columns else set()
    needed = (field for field in kind.fields if field.required)
    return tuple(field.words[0] for field in needed if field.name not in there)


def _guess(
    kind: Kind, row: Sequence[Any], meanings: Meanings, below: Sequence[Sequence[Any]]
) -> Guess:
    columns = columns_of(kind, row, meanings, below)
    lacking = missing(kind, columns)
    is_certain = not lacking and _is_certain(kind, row, columns, meanings)
    return Guess(kind, columns, lacking, is_certain)


def _is_certain(
    kind: Kind, row: Sequence[Any], columns: dict[str, int], meanings: Meanings
) -> bool:
    told = {word for of_kind, word in meanings if of_kind == kind.name}
    own = sum(
        1
        for column in set(columns.values())
        if {(word := bare(row[column])), asked_for(word)} & _OWN[kind.name]
    )
    passed = _ANYWHERE | _BESIDE[kind.name] | told
    strange = sum(1 for words in unused(row, columns) if not passed & _names(words))
    if kind is AREAS:
        return strange == 0
    return own >= max(1, 2 * strange)


def _names(header: str) -> set[str]:
    """Return the header, and its parts if it belongs to a group: «联系方式 邮箱»."""
    return {bare(header), *map(bare, header.split())}

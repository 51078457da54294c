"""The meanings of a platform's codes as people write them: «状态：1=在册», one on each line."""

import re
from collections.abc import Mapping, Sequence

from volunteer_service.errors import Invalid
from volunteer_service.workbooks.reading import cells, profiles
from volunteer_service.workbooks.reading.known_columns import Kind, bare

_LINE = re.compile(r"([^:：]{1,60})[:：]\s*([^=＝]{1,60})[=＝]\s*(.{1,60})")
#: The statuses with which a row is taken, and those with which it is not.
_STATUS = {
    **dict.fromkeys(("导入", "在册", "正常", "有效", "已通过", profiles.TAKE), profiles.TAKE),
    **dict.fromkeys(
        ("不导入", "注销", "退出", "无效", "停用", "取消", "未通过", profiles.LEAVE), profiles.LEAVE
    ),
}
_TOLD = {profiles.TAKE: "导入", profiles.LEAVE: "不导入"}


def codes_in(
    words: str, kind: Kind, header: Sequence[str], columns: Mapping[str, int]
) -> dict[str, dict[str, str]]:
    """Return the meanings by field and code; a field goes by the sheet's own header, else
    by its usual one.

    ``Invalid`` names the line that is not written so.
    """
    own = {bare(header[place]): name for name, place in columns.items()}
    found: dict[str, dict[str, str]] = {}
    for line in filter(None, map(str.strip, words.splitlines())):
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise Invalid(field="codes", why="请一行写一个：项目：代码=含义，例如 性别：1=男")
        field = kind.field_of(bare(parts[1]))
        name = own.get(bare(parts[1])) or (field.name if field else None)
        if name is None:
            raise Invalid(field="codes", why="冒号前要写这张表里的项目，例如 性别：1=男")
        code, meaning = cells.text(parts[2]), cells.text(parts[3])
        if name == "status":
            if meaning not in _STATUS:
                raise Invalid(field="codes", why="状态的含义请写“导入”或“不导入”")
            meaning = _STATUS[meaning]
        found.setdefault(name, {})[code] = meaning
    return found


def lines_of(kind: Kind, codes: Mapping[str, Mapping[str, str]]) -> str:
    """Return the lines that :func:`codes_in` reads."""
    titles = {field.name: field.title for field in kind.fields}
    return "\n".join(
        f"{titles[name]}：{code}={_TOLD.get(meaning, meaning) if name == 'status' else meaning}"
        for name, meanings in codes.items()
        for code, meaning in meanings.items()
    )

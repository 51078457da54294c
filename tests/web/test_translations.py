"""Every sentence has its English, with the same placeholders, and none is left over."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from volunteer_service import cli  # noqa: F401 - it imports every package
from volunteer_service.errors import Refused

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "volunteer_service/web/translations/en/LC_MESSAGES/messages.po"

_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd%]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_QUOTED = re.compile("“([^”%{]+)”")

ELSEWHERE = {
    *(
        "数据",
        "从文本",
        "分列",
        "查询和连接",
        "编辑链接",
        "断开链接",
        "选择性粘贴",
        "转置",
        "文本",
    ),  # Excel
    *("设置", "设置 → 通用 → 关于本机 → 证书信任设置", "设置 → 相机 → 格式", "兼容性最佳"),
    *("已下载描述文件", "安装", "安装证书", "受信任的根证书颁发机构", "CA 证书", "允许"),
    *("自动锁屏", "永不", "…", "在浏览器打开", "订阅", "自定义机器人"),
    *("1. 张三 2. 李四", "次日 02:00", "Excel 工作簿 (.xlsx)", "导出为 Excel", "安装 CA 证书"),
    *("是", "否", "同上", "志愿", "·", "半天", "第几个星期几", "在范围内、相距多少米"),  # no label
    "离线验签",  # on paper
}
"""Words quoted that no page of ours has: of other programs, in cells, on paper."""


def first(text: str | tuple[str, ...] | list[str]) -> str:
    """A message, or the singular of a plural one."""
    return text if isinstance(text, str) else text[0]


def strings(message: Message) -> tuple[str, ...]:
    """The translation, or both of a plural one."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def in_code() -> Iterator[set[str]]:
    """The messages that ``tools/translations.py update`` would find now."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import translations

        yield {first(message.id) for message in translations.template() if message.id}
    finally:
        sys.path.remove(str(ROOT / "tools"))


def test_every_message_of_the_code_is_in_the_catalogue_and_no_other(
    catalogue: Catalog, in_code: set[str]
) -> None:
    kept = {first(message.id) for message in catalogue if message.id}
    assert (sorted(in_code - kept), sorted(kept - in_code)) == ([], [])
    assert list(catalogue.obsolete) == []


def test_every_message_has_its_english(catalogue: Catalog) -> None:
    assert [message.id for message in catalogue if message.id and not all(strings(message))] == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_english_keeps_the_placeholders(catalogue: Catalog) -> None:
    different = [
        (message.id, english)
        for message in catalogue
        for english in strings(message)
        if message.id and placeholders(first(message.id)) != placeholders(english)
    ]
    assert different == []


def test_no_message_hides_in_an_f_string() -> None:
    """Up to Python 3.11 babel does not find it there, so it would stay Chinese unseen."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "volunteer_service").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "ngettext")
        if isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


def test_english_is_english(catalogue: Catalog) -> None:
    left = [text for message in catalogue for text in strings(message) if _CHINESE.search(text)]
    assert left == []


def test_one_kind_of_quotation_marks(catalogue: Catalog) -> None:
    """Both languages quote with “ and ”, inside with ‘ and ’; every one that opens closes."""
    said = [text for each in catalogue if each.id for text in (first(each.id), *strings(each))]
    assert [text for text in said if re.search('[「」『』«»"]', text)] == []
    assert [text for text in said if text.count("“") != text.count("”")] == []


def test_words_quoted_are_written_on_a_page(catalogue: Catalog) -> None:
    """Who is sent to a page or a button finds it under the very words."""
    ours = [first(each.id) for each in catalogue if each.id]
    quoted = {word for text in ours for word in _QUOTED.findall(text) if _CHINESE.search(word)}
    lost = {word for word in quoted if not any(text.startswith(word) for text in ours)}
    assert lost - ELSEWHERE == set()


def test_english_quotes_a_label_as_it_reads(catalogue: Catalog) -> None:
    labels = {each.id: each.string for each in catalogue if isinstance(each.id, str)}
    wrong = []
    for text, english in labels.items():
        said = {word.casefold() for word in _QUOTED.findall(english)}
        for word in (set(_QUOTED.findall(text)) & labels.keys()) - ELSEWHERE:
            if said and labels[word].casefold() not in said:
                wrong.append((word, labels[word], english))
    assert wrong == []


def test_english_has_one_word_for_who_administers(catalogue: Catalog) -> None:
    shortened = re.compile(r"\badmins?\b", re.IGNORECASE)
    assert [text for each in catalogue for text in strings(each) if shortened.search(text)] == []


def test_every_refusal_has_its_english(catalogue: Catalog) -> None:
    said = {first(message.id) for message in catalogue}
    assert [each.__name__ for each in refusals() if each.message not in said] == []


def refusals() -> Iterator[type[Refused]]:
    """Those of the package; test modules may have their own."""
    waiting = [Refused]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("volunteer_service."):
            yield kind

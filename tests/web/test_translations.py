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

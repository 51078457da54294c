"""Everything that the docs name exists: files, tests, links, commands, calls of the API, the
policy.
"""

import configparser
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from volunteer_service.cli import main
from volunteer_service.scoring.rules.policy import Policy

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "volunteer_service"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

#: What a path in the docs may stand under.
PLACES = (
    ROOT,
    PACKAGE,
    PACKAGE / "web",
    PACKAGE / "web" / "static",
    PACKAGE / "web" / "frontend/css",
)
_FILE = re.compile(r"[\w./-]+\.(?:py|html|css|js|md|svg|png|cfg|toml|txt|json|sh|po|lock)")


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def code(page: Path) -> Iterator[tuple[str, str]]:
    """Fenced blocks: their language and what is in them."""
    for block in re.finditer(r"^ *```(\w*)\n(.*?)^ *```$", text(page), re.S | re.M):
        yield block[1], block[2]


def words(page: Path) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"^ *```.*?^ *```$", "", text(page), flags=re.S | re.M)


# Links and files


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", words(page), re.M)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", words(page)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def named_files(page: Path) -> Iterator[str]:
    for quoted in re.findall(r"`([^`\n]+)`", words(page)):
        path, _, test = quoted.partition("::")
        if _FILE.fullmatch(path) and "/" in path.strip("/") and path[0] != "/":
            yield f"{path}::{test}" if test else path


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_and_test_named_is_there(page: Path) -> None:
    missing = []
    for quoted in named_files(page):
        path, _, test = quoted.partition("::")
        found = next((place / path for place in PLACES if (place / path).exists()), None)
        if found is None or (test and not re.search(rf"^def {test}\(", text(found), re.M)):
            missing.append(quoted)
    assert missing == []


def test_thirty_lines_say_which_file_to_open() -> None:
    page = words(ROOT / "docs" / "architecture.md")
    table = page.partition("## I want to change …\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in table.splitlines() if line[:2] == "| "][1:]
    assert len(lines) == 30
    opened = [set(re.findall(r"`([^`]+)`", files)) for _change, files in lines]
    assert all(opened)
    paths = {path.replace("<theme>", "events") for path in set().union(*opened)}
    paths.remove("refusals.py")  # One beside the verbs of each domain.
    assert [path for path in sorted(paths) if not (PACKAGE / path).exists()] == []


# Commands


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z0-9]+):", text(ROOT / "Makefile"), re.M))


def known_command(arguments: list[str]) -> bool:
    """Whether ``volunteer-service`` has this command, and the command these options."""
    command: click.Command = main
    while isinstance(command, click.Group):
        rest = [each for each in arguments if not each.startswith("-")]
        if not rest or rest[0] not in command.commands:
            return False
        arguments = arguments[arguments.index(rest[0]) + 1 :]
        command = command.commands[rest[0]]
    known = {option for each in command.params for option in each.opts}
    return all(each in known for each in arguments if each.startswith("--"))


def commands(page: Path) -> Iterator[list[str]]:
    """Lines of blocks without a language, as a shell would cut them, without their settings."""
    for language, block in code(page):
        for line in block.splitlines() if language == "" else ():
            for part in line.split(" #")[0].split("&&"):
                yield [each for each in shlex.split(part) if not re.match(r"[A-Z_]+=", each)]
    for quoted in re.findall(r"`((?:make|volunteer-service|tools/)[^`\n]*)`", words(page)):
        yield shlex.split(quoted)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_named_exists(page: Path) -> None:
    unknown = []
    for words_of in commands(page):
        program, *arguments = words_of or [""]
        is_ours = Path(program).name == "volunteer-service"
        targets = {each for each in arguments if not re.match(r"[A-Z_]+=", each)}
        if program == "make" and not targets <= make_targets():
            unknown.append(words_of)
        if is_ours and arguments and not known_command(arguments):
            unknown.append(words_of)
        tools = [each for each in words_of if each.startswith(("tools/", "tests/", "examples/"))]
        unknown += [[each] for each in tools if not (ROOT / each).exists()]
    assert unknown == []


def test_the_readmes_say_the_same_commands() -> None:
    english, chinese = (list(commands(ROOT / each)) for each in ("README.md", "README.zh-CN.md"))
    assert english == chinese


def sections(page: Path) -> list[tuple[int, str]]:
    """Level and words of each section, the head's own left out."""
    parts = re.split(r"^(#+) .*$", words(page), flags=re.M)[1:]
    return [(len(level), told) for level, told in zip(parts[::2], parts[1::2], strict=True)]


def marked(told: str) -> Counter[str]:
    """What stands in code marks: settings, commands, addresses, fields."""
    return Counter(re.findall(r"`([^`]+)`", told))


def figures(told: str) -> Counter[str]:
    return Counter(
        re.findall(r"(?<![\w#])\d[\d,.:-]*(?<![,.:-])", re.sub(r"`[^`]*`|\]\([^)]*\)", "", told))
    )


def test_operators_read_the_same_in_both_languages() -> None:
    english, chinese = (ROOT / "docs" / each for each in ("operations.md", "operations.zh-CN.md"))
    ours, theirs = sections(english), sections(chinese)
    assert [level for level, _told in ours] == [level for level, _told in theirs]
    for (_level, one), (_same, other) in zip(ours, theirs, strict=True):
        assert marked(one) == marked(other)
        assert figures(one) == figures(other)
        assert one.count("\n|") == other.count("\n|"), "a table has a line in one language only"
    uncommented = [
        [re.sub(r" *#.*", "", block) for _language, block in code(page)]
        for page in (english, chinese)
    ]
    assert uncommented[0] == uncommented[1]


# Facts that the docs repeat


def test_the_ladder_in_the_docs_is_the_one_that_is_kept() -> None:
    blocks = dict(code(ROOT / "docs" / "architecture.md"))
    setup = configparser.ConfigParser(interpolation=None)
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    kept = setup["importlinter:contract:ladder"]["layers"]
    assert blocks["ladder"].split() == kept.split()


def lines_of_rules() -> list[str]:
    """Lines of the tables of rules; tests/attendance/test_table_of_cases.py plays the cases."""
    before, _head, rest = text(ROOT / "docs" / "rules.md").partition("\n## Table of cases")
    _cases, head, after = rest.partition("\n## ")
    return [line for line in (before + head + after).splitlines() if line[:2] == "| "]


def test_no_rule_is_without_a_test() -> None:
    lines = lines_of_rules()
    rules = [line for line in lines if not line.endswith("| test |")]
    assert len(rules) > 70
    assert [line for line in rules if "| `tests/" not in line] == []


def test_every_rule_is_told_once_and_its_code_is_there() -> None:
    lines = lines_of_rules()
    cells = [line.strip("| ").split(" | ") for line in lines if not line.endswith("| test |")]
    told = Counter(rule[0][:60] for rule in cells)
    assert [rule for rule, times in told.items() if times > 1] == []
    files = [file for rule in cells for file in re.findall(r"`([^`]+\.py)`", rule[-2])]
    assert len(files) >= len(cells)
    assert [file for file in files if not (PACKAGE / file).exists()] == []


def test_every_number_of_the_policy_has_its_line_in_the_rules() -> None:
    page = text(ROOT / "docs" / "rules.md")
    numbers = [each for each in Policy().numbers if each != "version"]
    assert [each for each in numbers if f"| `{each}` |" not in page] == []


def test_decisions_are_numbered_without_a_gap_and_short() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        assert text(page).startswith(f"# {page.name[:4]} "), page.name
    # The table of dependencies is as long as it must be.
    long = [page.name for page in pages[1:] if len(text(page).splitlines()) > 25]
    assert long == []


def test_every_call_in_the_api_page_has_a_route(app: Flask) -> None:
    routes = {
        (method, re.sub(r"<[^>]+>", "*", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    called = [
        (call[1], f"/api/v1{re.sub(r'[$][{]?[a-zA-Z_]+[}]?', '*', call[2])}")
        for _language, block in code(ROOT / "docs" / "api.md")
        for call in re.finditer(r'call \S+ (GET|POST|PUT) "?(/[^\s"?]*)', block)
    ]
    assert called
    assert [call for call in called if call not in routes] == []

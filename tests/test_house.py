"""The rules of this code that no linter knows (docs/architecture.md)."""

import ast
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from pytest_socket import SocketConnectBlockedError

from volunteer_service.cli import main
from volunteer_service.db.schema import migrations_folder
from volunteer_service.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "volunteer_service"
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

LONGEST_VIEW, LONGEST_FUNCTION, LONGEST_MODULE = 15, 30, 400

#: Longer than the rule, and why.
LONG_FUNCTIONS: dict[str, str] = {}
LONG_MODULES: dict[str, str] = {}
#: Argued in docs/decisions/0018-long-files.md.
LONG_TESTS = {
    "tests/test_nobody_loses_minutes.py": "the table verbs x somebody inside",
    "tests/test_own_case.py": "the table verbs x one's own matter",
    "tests/test_rights.py": "the table persons x actions",
}

#: Modules that may lie directly in a package in which many subjects meet; above it a folder.
MOST_MODULES = {"": 20, "workbooks": 16}

Function = ast.FunctionDef | ast.AsyncFunctionDef


# Doors


#: Not ours to decorate: Flask's own files, and the reader's three switches.
OPEN_TO_ALL = {"static", "frame.preferences"}


def test_every_route_says_who_may_come_in(app: Flask) -> None:
    unguarded = [
        name
        for name, view in app.view_functions.items()
        if name not in OPEN_TO_ALL and not all(hasattr(each, "guard") for each in doors(view))
    ]
    assert unguarded == []


def doors(view: object) -> list[object]:
    """The functions behind an endpoint: itself, or the methods of its class."""
    of_class = getattr(view, "view_class", None)
    if of_class is None:
        return [view]
    return [getattr(of_class, method.lower()) for method in of_class.methods]


def test_no_socket_leads_out_of_this_machine() -> None:
    with (
        socket.socket() as outward,
        pytest.warns(UserWarning, match="192.0.2.1"),
        pytest.raises(SocketConnectBlockedError),
    ):
        outward.connect(("192.0.2.1", 80))


# Sizes


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def functions(path: Path) -> Iterator[tuple[str, Function]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield f"{path.relative_to(PACKAGE)}:{node.name}", node


def length(path: Path, node: Function) -> int:
    """Lines of the body that are not blank, without the docstring."""
    is_doc = isinstance(node.body[0], ast.Expr) and ast.get_docstring(node) is not None
    body = node.body[1:] if is_doc else node.body
    if not body:
        return 0
    lines = path.read_text(encoding="utf-8").splitlines()[body[0].lineno - 1 : node.end_lineno]
    return sum(1 for line in lines if line.strip())


def is_view(node: Function) -> bool:
    calls = [each.func for each in node.decorator_list if isinstance(each, ast.Call)]
    routes = {"get", "post", "put", "patch", "delete", "route"}
    return any(isinstance(call, ast.Attribute) and call.attr in routes for call in calls)


def longer_than(most: int, paths: list[Path], *, views: bool = False) -> dict[str, int]:
    return {
        name: lines
        for path in paths
        for name, node in functions(path)
        if (is_view(node) or not views) and (lines := length(path, node)) > most
    }


def test_no_view_is_longer_than_15_lines() -> None:
    callers = [path for path in sources() if path.relative_to(PACKAGE).parts[0] in {"api", "web"}]
    assert longer_than(LONGEST_VIEW, callers, views=True) == {}


def test_no_function_is_longer_than_30_lines() -> None:
    long = longer_than(LONGEST_FUNCTION, sources())
    assert sorted(long) == sorted(LONG_FUNCTIONS), long


def test_no_module_is_longer_than_400_lines() -> None:
    long = longer_files(PACKAGE)
    assert sorted(long) == sorted(LONG_MODULES), long


def test_no_test_is_longer_than_400_lines_but_a_table_that_is_argued() -> None:
    long = longer_files(ROOT / "tests")
    assert sorted(long) == sorted(LONG_TESTS), long
    argued = (ROOT / "docs" / "decisions" / "0018-long-files.md").read_text(encoding="utf-8")
    assert [name for name in LONG_TESTS if f"`{name}`" not in argued] == []


def longer_files(folder: Path) -> dict[str, int]:
    """The modules of a folder that have more lines than a module may have."""
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in folder.rglob("*.py")
    }
    return {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE}


# Papers


class Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, default)


def test_every_setting_is_in_the_operations_page(tmp_path: Path) -> None:
    asked = settings_asked(tmp_path)
    assert {"SECRET_KEY", "PORT"} <= asked
    assert sorted(name for name in asked if f"| `{name}` |" not in OPERATIONS) == []


def test_the_operations_page_names_no_setting_that_is_not_read(tmp_path: Path) -> None:
    table = OPERATIONS.partition("## Settings")[2].partition("##")[0]
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.M))
    assert named - settings_asked(tmp_path) == set()


def settings_asked(folder: Path) -> set[str]:
    """What the service and its commands read from the environment."""
    env = Asked({"VAR_DIR": str(folder)})
    Settings.from_env(env)
    return env.names | {
        option.envvar
        for _name, command in commands(main)
        for option in command.params
        if isinstance(option.envvar, str)
    }


def commands(
    group: click.Group, path: str = "volunteer-service"
) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_every_command_is_in_the_operations_page() -> None:
    named = [name for name, _command in commands(main)]
    assert sorted(name for name in named if f"| `{name}` |" not in OPERATIONS) == []


def test_every_command_says_what_it_does() -> None:
    assert [name for name, command in commands(main) if not command.help] == []


def test_every_error_code_is_in_the_api_page() -> None:
    # A process of its own: refusals of test modules are no refusals of the service.
    asked = "import error_table as t; assert t.written(t.PAGE.read_text()) == t.PAGE.read_text()"
    found = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT / "tools", env={"PYTHONPATH": str(ROOT)}
    )
    assert found.returncode == 0, "docs/api.md is stale: run tools/error_table.py"


@pytest.mark.parametrize("package", MOST_MODULES)
def test_a_package_has_folders_before_it_has_too_many_modules(package: str) -> None:
    modules = {path.name for path in (PACKAGE / package).glob("*.py")} - {"__init__.py"}
    assert 0 < len(modules) <= MOST_MODULES[package]


# Starting

#: Tables that cost each process half a second, and that only who writes a name reads; a client
#: of HTTP that only who sends an SMS needs.
IMPORTED_LATE = {"pypinyin", "requests"}


def imported(nodes: list[ast.stmt]) -> set[str]:
    """The packages that these statements import, without what functions import when called."""
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in found}


def test_what_costs_every_start_is_imported_where_it_is_used() -> None:
    early, used = {}, set()
    # Every start reads every migration too.
    for path in (*PACKAGE.rglob("*.py"), *migrations_folder().rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if too_early := imported(tree.body) & IMPORTED_LATE:
            early[path.name] = too_early
        used |= imported([node for node in ast.walk(tree) if isinstance(node, ast.stmt)])
    assert early == {}
    assert used >= IMPORTED_LATE

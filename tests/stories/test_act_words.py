"""Every verb that the journal keeps has words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from volunteer_service.stories.act_words import ACTS

PACKAGE = Path(__file__).resolve().parents[2] / "volunteer_service"


def _verbs() -> Iterator[str]:
    """Verbs that are written out, at the journal or at a function that hands its first on to it."""
    codes = [path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))]
    handed_on: dict[str, str] = {}
    for code in codes:
        tree = ast.parse(code if "journal.record(" in code else "")
        passing: dict[str, str] = {}
        yield from _written_out(tree, passing)
        handed_on |= {name: prefix for name, prefix in passing.items() if name[0] != "_"}
        for name, first in _calls(tree):
            if name in passing and isinstance(first, ast.Constant):
                yield f"{passing[name]}{first.value}"
    for code in codes:
        yield from _of_other_modules(code, handed_on)


def _written_out(tree: ast.Module, passing: dict[str, str]) -> Iterator[str]:
    """Verbs at the journal itself; ``passing`` gets functions that hand theirs on, with the prefix
    that they put before it.
    """
    for function, verb in _at_the_journal(tree):
        match verb:
            case ast.Constant(value=str(written)):
                yield written
            case ast.JoinedStr(values=[ast.Constant(value=str(prefix)), _]):
                passing[function] = prefix
            case ast.Name():
                passing[function] = ""


def _of_other_modules(code: str, handed_on: dict[str, str]) -> Iterator[str]:
    """Verbs that a module hands to a function of another one, which writes them."""
    for name, first in _calls(ast.parse(code)):
        module, _dot, function = name.rpartition(".")
        if module == "round_steps" and function in handed_on and isinstance(first, ast.Constant):
            yield f"{handed_on[function]}{first.value}"


def _at_the_journal(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            yield from ((function.name, v) for n, v in _calls(function) if n == "journal.record")


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    calls = (each for each in ast.walk(tree) if isinstance(each, ast.Call) and each.args)
    return ((ast.unparse(each.func), each.args[0]) for each in calls)


VERBS = sorted(set(_verbs()))


def test_the_verbs_are_found() -> None:
    told = {"teams.edit", "events.publish", "ratings.freeze", "people.disable", "ratings.sign_off"}
    assert told <= set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_words(verb: str) -> None:
    assert verb in ACTS

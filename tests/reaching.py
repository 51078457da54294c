"""Which functions of the package name which others, found by reading their code."""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "volunteer_service"
Function = tuple[str, str]


@cache
def named() -> dict[Function, set[Function]]:
    """By module and name of a function of a module: the functions that its code names."""
    return {
        (module, node.name): _names(node, module, tree)
        for module, tree in _modules().items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def reaching(target: Function) -> set[Function]:
    """The functions that name ``target``, directly or through others."""
    found, ask = set(), {target}
    while ask:
        ask = {name for name, others in named().items() if others & ask} - found
        found |= ask
    return found


@cache
def _modules() -> dict[str, ast.Module]:
    return {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def _names(function: ast.FunctionDef, module: str, tree: ast.Module) -> set[Function]:
    imported = {
        name.asname or name.name: (node.module or "", name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            found.add(imported.get(node.id, (module, node.id)))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            package, name = imported.get(node.value.id, ("", ""))
            found.add((f"{package}.{name}", node.attr))
    return found

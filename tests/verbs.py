"""Finds every verb: each function that pages, API, commands, jobs or other domains call.

Found by reading who calls what, so that a new verb is tried by the suite as soon as it has a door.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent / "volunteer_service"
DOMAINS = (
    "areas",
    "attendance",
    "certificates",
    "events",
    "merging",
    "openings",
    "people",
    "scoring.points",
    "scoring.ratings",
    "scoring.rewards",
    "teams",
    "workbooks",
)


def domain_of(module: str) -> str | None:
    """The domain that a module of the package lies in."""
    inside = module.removeprefix("volunteer_service.")
    return next((each for each in DOMAINS if f"{inside}.".startswith(f"{each}.")), None)


@cache
def offered() -> dict[str, Callable[..., Any]]:
    """The functions by ``domain.name``; two of one name in a domain would hide each other."""
    found: dict[str, Callable[..., Any]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for function in _called(path):
            key = f"{domain_of(function.__module__)}.{function.__name__}"
            assert found.setdefault(key, function) is function, f"two functions are {key}"
    return found


def verbs() -> dict[str, Callable[..., Any]]:
    """Those that take who acts and when."""
    return {
        name: function
        for name, function in offered().items()
        if {"by", "at"} <= set(inspect.signature(function).parameters)
    }


def _called(path: Path) -> Iterator[Callable[..., Any]]:
    """Functions of other domains that this file names, as ``module.function`` or by import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = domain_of(
        ".".join(("volunteer_service", *path.relative_to(PACKAGE).with_suffix("").parts))
    )
    modules: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("volunteer_service"):
            for name in node.names:
                module = f"{node.module}.{name.name}"
                is_module = (PACKAGE.parent / f"{module.replace('.', '/')}.py").is_file()
                if is_module and domain_of(module) not in (None, own):
                    modules[name.asname or name.name] = import_module(module)
                elif not is_module and domain_of(node.module or "") not in (None, own):
                    yield from _function(getattr(import_module(node.module or ""), name.name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield from _function(getattr(modules.get(node.value.id), node.attr, None))


def _function(found: Any) -> Iterator[Callable[..., Any]]:
    if inspect.isfunction(found) and domain_of(found.__module__) is not None:
        yield found

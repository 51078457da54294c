"""Writes the table of refusals into docs/api.md; a test fails if it is stale.

Every refusal is a class, so the table is read from the classes: code, status, when, words.
"""

import importlib
import pkgutil
import sys
from pathlib import Path

import volunteer_service
from volunteer_service.errors import Refused

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api.md"
BEGIN, END = "<!-- errors: tools/error_table.py -->", "<!-- /errors -->"


def refusals() -> list[type[Refused]]:
    """Return every refusal of the service, by code."""
    for module in pkgutil.walk_packages(volunteer_service.__path__, "volunteer_service."):
        # Importing a __main__ would run it.
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: dict[str, type[Refused]] = {}
    waiting = Refused.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("volunteer_service."):
            found[f"{kind.code()} {kind.__module__}"] = kind
    return [found[key] for key in sorted(found)]


def table() -> str:
    """Return the table in Markdown."""
    rows = [
        f"| `{each.code()}` | {each.status} | {_when(each)} | {each.message} |"
        for each in refusals()
    ]
    return "\n".join(["| code | status | when | words |", "|---|---|---|---|", *rows])


def written(page: str) -> str:
    """Return ``page`` with the present table between its marks."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{PAGE.name} has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _when(kind: type[Refused]) -> str:
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split())


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(written(page), encoding="utf-8")
    sys.stdout.write(f"{len(refusals())} refusals in {PAGE.name}\n")

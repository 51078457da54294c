"""``rights_matrix.txt``: the reviewed answers, read and written by column."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.make_world import ROLES, WHOSE

TABLE = Path(__file__).with_name("rights_matrix.txt")

#: What a letter of the table says, by status.
ANSWERS = {
    "+": "done, or shown",
    "~": "refused by a rule: whoever asks may try",
    "x": "forbidden (403)",
    ".": "hidden (404)",
    "?": "sign in first; or signed out by this",
}
_SCOPE_COLUMNS = ("scope:read", "scope:write", "scope:desk", "scope:admin")


def read_table() -> dict[str, dict[str, str]]:
    """Words by call and role."""
    if not TABLE.exists():
        return {}
    rows = [line for line in TABLE.read_text("utf-8").splitlines() if line and line[0] != "#"]
    heads, found = re.split(r"\s{2,}", rows[0])[1:], {}
    for line in rows[1:]:
        name, *cells = re.split(r"\s{2,}", line)
        found[name] = dict(zip(heads, cells, strict=True))
    return found


def write_column(role: str, words: Mapping[str, str]) -> None:
    """Put the column of one role into the table, and leave the others as they are."""
    table = read_table()
    heads = [each for each in (*ROLES, *_SCOPE_COLUMNS) if each in {role, *_heads(table)}]
    lines = [("call", *heads)]
    for name in words if role in ROLES else table:
        cells = table.get(name, {}) | {role: words.get(name, "-")}
        lines.append((name, *(cells.get(head, "-") for head in heads)))
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads) + 1)]
    said = [
        "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    TABLE.write_text("\n".join([*_legend(), *said]) + "\n", "utf-8")


def _heads(table: Mapping[str, Mapping[str, str]]) -> Iterable[str]:
    return next(iter(table.values()), {})


def _legend() -> list[str]:
    return [
        "# Who may do what, at every door; CONTRIBUTING.md says how it is written and reviewed.",
        "# A word has a letter for whose thing is named: "
        + ", ".join(f"{key} {words}" for key, words in WHOSE.items()),
        "# A letter says: " + ", ".join(f"{key} {words}" for key, words in ANSWERS.items()),
        "# Behind the address: #field: only this field names another street's thing; "
        "?field: a list is asked for this.",
        "",
    ]

"""Aligns columns in a terminal, where a Chinese character takes two cells."""

from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

import click


def say_table(rows: Iterable[Sequence[object]]) -> None:
    """Print the rows, words flush left, whole numbers flush right with marked thousands."""
    lines = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    numeric = [all(map(_is_number, column[-1:])) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = zip(line, widths, numeric, strict=True)
        click.echo("  ".join(_filled(*cell) for cell in cells).rstrip())


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_number(text: str) -> bool:
    return text.replace(",", "").isdigit()


def _filled(text: str, width: int, is_number: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if is_number else text + gap


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)

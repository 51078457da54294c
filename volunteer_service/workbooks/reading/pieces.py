"""Reads a stream of bytes piece by piece."""

from collections.abc import Sequence
from typing import IO

PIECE = 64 * 1024


def counted(source: IO[bytes], marks: Sequence[bytes]) -> int:
    """Return the count of the most frequent of these marks, which are equally long."""
    found, before = [0] * len(marks), b""
    while piece := source.read(PIECE):
        both = before + piece
        found = [n + both.count(mark) for n, mark in zip(found, marks, strict=True)]
        # A mark across two pieces counts; the rest of a counted one is not counted again.
        before = both[len(both) - len(marks[0]) + 1 :]
    return max(found)

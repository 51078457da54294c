"""SQLite's private temporary database for sums, so that memory does not grow with the rows."""

import sqlite3
import weakref


def opened(owner: object, schema: str) -> sqlite3.Connection:
    """Open one with these tables; it ends with its owner or with the process."""
    sums = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    # A weak reference closes it with the owner; Python 3.13 warns of one that nobody closed.
    weakref.finalize(owner, sums.close)
    sums.executescript(f"PRAGMA journal_mode = OFF; {schema} BEGIN;")
    return sums

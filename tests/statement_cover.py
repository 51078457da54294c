"""Chooses the tests for PostgreSQL: together they send every statement that the suite sends.

The suite on SQLite notes what each test sends (``--note-statements FOLDER``). On PostgreSQL
(``--cover-statements FOLDER``) a test is left out where enough others send each of its statements,
and meet each error of the database that it meets. Nothing is kept in the tree: the choice is made
anew from the run before. Never left out is a test of ``ALWAYS``, one that starts a process with a
database, whose statements nobody sees, or one that the run before did not have.
"""

import heapq
import json
import os
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import ExceptionContext

#: Tests that send a statement on PostgreSQL, where the suite has so many that send it.
ENOUGH = 2
#: Folders and files where the data tells two databases apart, and not the statement.
ALWAYS = {
    "tests/races/": "transactions that meet",
    "tests/api/test_sorting.py": "the order of words, of nothing and of equal values",
    "tests/lists/test_every_list.py": "filters and orders of every column",
    "tests/people/test_person_search.py": "which words are alike",
    "tests/people/test_odd_spellings.py": "which letters are alike",
    "tests/figures/test_counting.py": "sums, shares and months",
    "tests/scoring/points/test_ledger.py": "triggers and guarded balances",
    "tests/test_away.py": "a server that is gone",
    "tests/test_bounds.py": "the longest text and the largest number of a column",
    "tests/test_databases.py": "the suite's own databases",
    "tests/test_ground.py": "checks, foreign keys and append-only tables",
    "tests/test_hostile.py": "text that a database refuses",
    "tests/test_migrations.py": "the schema",
    "tests/test_old_databases.py": "the schema of an older program",
    "tests/test_prepared_statements.py": "values on their way to the driver",
    "tests/test_upgrading.py": "the schema of an older program",
}
#: Seconds that a test takes beside its own work; the choice weighs them.
_AROUND = 0.02
_FORKS = {"os.fork", "os.forkpty"}
#: Two numbers in a list or twenty, one row or many: one statement.
_NUMBERS = re.compile(r"\?(, \?)+")
_ROWS = re.compile(r"(\([^()]*\))(, \1)+")


@dataclass
class Sent:
    """What one test sent: fingerprints of statements and errors, and seconds of the processor."""

    test: str
    prints: set[int] = field(default_factory=set)
    cpu: float = 0.0
    is_watched: bool = True

    def line(self) -> str:
        """As it is noted."""
        return json.dumps([self.test, sorted(self.prints), round(self.cpu, 3), self.is_watched])


class Notes:
    """Notes what the tests of this process send, a line a test."""

    def __init__(self, folder: Path, process: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{process}.jsonl"
        self._now: Sent | None = None
        self._known: dict[str, int] = {}

    def listen(self, engine: Engine | type[Engine]) -> None:
        """Note what goes through this engine, or through every one."""
        event.listen(engine, "before_cursor_execute", self._sends)
        event.listen(engine, "handle_error", self._meets)

    def watch_processes(self) -> None:
        """Note who starts a process with a database, as nobody sees its statements; to the end."""
        sys.addaudithook(self._hears)

    @contextmanager
    def of(self, test: str) -> Iterator[None]:
        """Everything that is sent meanwhile is this test's."""
        self._now, begun = Sent(test), time.process_time()
        yield
        self._now.cpu = time.process_time() - begun
        with self._path.open("a", encoding="utf-8") as file:
            file.write(self._now.line() + "\n")
        self._now = None

    def _sends(self, _connection: object, _cursor: object, said: str, *_rest: object) -> None:
        if self._now is not None:
            self._now.prints.add(self._print_of(said))

    def _meets(self, context: ExceptionContext) -> None:
        if self._now is not None:
            said = f"{context.original_exception} {context.statement}"
            self._now.prints.add(self._print_of(said))

    def _hears(self, name: str, arguments: tuple[Any, ...]) -> None:
        if self._now is None:
            return
        # One that is not told where the database is sends it nothing: it paints or reads a file.
        is_told = name == "subprocess.Popen" and "DATABASE_URL" in (arguments[3] or os.environ)
        if is_told or name in _FORKS:
            self._now.is_watched = False

    def _print_of(self, said: str) -> int:
        if said not in self._known:
            plain = _ROWS.sub(r"\1", _NUMBERS.sub("?", said))
            self._known[said] = crc32(plain.encode())
        return self._known[said]


def forget(folder: Path) -> None:
    """Begin a new run."""
    shutil.rmtree(folder, ignore_errors=True)


def noted(folder: Path) -> dict[str, Sent]:
    """What the run before noted, by test."""
    found = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            test, prints, cpu, is_watched = json.loads(line)
            found[test] = Sent(test, set(prints), cpu, is_watched)
    return found


def is_always(test: str) -> bool:
    """Tell whether a test runs whatever the others send."""
    return test.partition("::")[0].startswith(tuple(ALWAYS))


def chosen(tests: Iterable[str], sent: dict[str, Sent]) -> set[str]:
    """Those of ``tests`` that run: ``ALWAYS``, the unknown, and who sends what else few would."""
    tests = set(tests)
    # Of equal ones the first by name, so that every process of a run chooses the same.
    known = sorted(
        each for each in tests & sent.keys() if sent[each].is_watched and not is_always(each)
    )
    running = tests - set(known)
    has = Counter(each for test in tests if test in sent for each in sent[test].prints)
    lacks = Counter({each: min(ENOUGH, count) for each, count in has.items()})
    for test in running & sent.keys():
        _count(lacks, sent[test])

    def worth(test: str) -> float:
        gains = sum(1 for each in sent[test].prints if lacks[each] > 0)
        return gains / (sent[test].cpu + _AROUND)

    queue = [(-worth(test), test) for test in known]
    heapq.heapify(queue)
    while queue:
        before, test = heapq.heappop(queue)
        now = -worth(test)
        if now == 0:
            continue
        # Others that were chosen since may send the same: then it waits for its turn again.
        if now > before and queue and now > queue[0][0]:
            heapq.heappush(queue, (now, test))
            continue
        running.add(test)
        _count(lacks, sent[test])
    return running


def _count(lacks: Counter[int], sent: Sent) -> None:
    for each in sent.prints:
        lacks[each] -= 1

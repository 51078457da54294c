"""The choice of the tests that run on PostgreSQL (docs/decisions/0038-tests-for-postgresql.md)."""

import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from tests.statement_cover import ALWAYS, ENOUGH, Notes, Sent, chosen, noted


def sent(**tests: str) -> dict[str, Sent]:
    """Tests and what they send, a letter a statement."""
    return {test: Sent(test, {ord(each) for each in said}) for test, said in tests.items()}


def test_who_sends_what_enough_others_send_is_left_out() -> None:
    found = sent(a="xyz", b="xyz", c="xy", d="z")
    assert chosen(found, found) == {"a", "b"}


def test_a_statement_of_one_test_alone_is_sent() -> None:
    found = sent(a="xyz", b="xyz", c="xy", d="q")
    assert chosen(found, found) == {"a", "b", "d"}


def test_always_means_always_and_counts_for_the_others() -> None:
    race, sorting = "tests/races/test_x.py::test_a", "tests/api/test_sorting.py::test_b[1]"
    always = {race: "x", sorting: "x"}
    found = sent(a="xyz", b="xyz", **always)
    assert chosen(found, found) == {"a", "b", race, sorting}
    found = sent(a="x", b="x", **always)
    assert chosen(found, found) == {race, sorting}


def test_what_always_runs_is_there() -> None:
    root = Path(__file__).resolve().parent.parent
    assert [name for name in ALWAYS if not (root / name).exists()] == []


def test_the_unknown_and_who_starts_processes_run() -> None:
    found = sent(a="x", b="x", c="x")
    found["c"].is_watched = False
    assert chosen([*found, "new"], found) >= {"c", "new"}


def test_of_equal_tests_the_quick_ones_run() -> None:
    found = sent(a="x", b="x", c="x")
    found["a"].cpu = 5.0
    assert chosen(found, found) == {"b", "c"}


@given(st.dictionaries(st.integers(0, 30), st.sets(st.integers(0, 12)), max_size=12))
def test_each_statement_is_sent_often_enough(prints: dict[int, set[int]]) -> None:
    found = {str(test): Sent(str(test), said) for test, said in prints.items()}
    running = chosen(found, found)
    for each in set().union(*prints.values()):
        senders = {test for test, said in found.items() if each in said.prints}
        assert len(senders & running) >= min(ENOUGH, len(senders))


def test_statements_errors_and_processes_are_noted(tmp_path: Path) -> None:
    engine = create_engine("sqlite://")
    notes = Notes(tmp_path, "one")
    notes.listen(engine)
    notes.watch_processes()
    with engine.connect() as connection:
        connection.execute(
            text("CREATE TABLE t (n INTEGER CHECK (n > 0), m INTEGER CHECK (m > 0))")
        )
        with notes.of("two numbers"):
            connection.execute(text("SELECT n FROM t WHERE n IN (:a, :b)"), {"a": 1, "b": 2})
        with notes.of("three numbers"):
            connection.execute(
                text("SELECT n FROM t WHERE n IN (:a, :b, :c)"), {"a": 1, "b": 2, "c": 3}
            )
        for name, n, m in (("fits", 1, 1), ("no n", 0, 1), ("no m", 1, 0)):
            with notes.of(name):
                try:
                    connection.execute(text("INSERT INTO t VALUES (:n, :m)"), {"n": n, "m": m})
                except IntegrityError:
                    continue
    with notes.of("a process with a database"):
        subprocess.run([sys.executable, "-c", ""], env={"DATABASE_URL": "x"}, check=True)
    with notes.of("a process without"):
        subprocess.run([sys.executable, "-c", ""], env={"LANG": "C"}, check=True)
    found = noted(tmp_path)
    assert found["two numbers"].prints == found["three numbers"].prints != set()
    fits, no_n, no_m = (found[name].prints for name in ("fits", "no n", "no m"))
    assert (len(fits), len(no_n), len(no_m)) == (1, 2, 2)
    assert no_n & no_m == fits
    assert [name for name, each in found.items() if not each.is_watched] == [
        "a process with a database"
    ]

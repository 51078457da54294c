"""Races: works that begin at the same moment, each with the session and transaction of its edge.

:func:`at_once` lets a crowd loose; :func:`overlapped` is the worst case on purpose: the second
work does all it can while the first one is done but not committed.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from typing import Any

from flask import Flask
from sqlalchemy import text

from volunteer_service.db import db, transaction
from volunteer_service.db.retry import again_on_conflict
from volunteer_service.errors import Refused
from volunteer_service.scoring.points import doctor
from volunteer_service.scoring.rewards import doctor as rewards_doctor

Work = Callable[[], Any]

#: Seconds in which the second work surely has come to where it must wait for the first.
ARRIVED = 0.3
_PATIENCE = 30


def verb(app: Flask, act: Work) -> Work:
    """``act`` as the edge runs it: its own transaction, again on a conflict, refusals by code."""

    def once() -> Any:
        with transaction():
            return act()

    def run() -> Any:
        with app.app_context():
            try:
                return again_on_conflict(once)
            except Refused as refused:
                return refused.code()
            finally:
                db.session.remove()

    return run


def at_once(works: Sequence[Work]) -> list[Any]:
    """What each of the works said, in their order; all began at the same moment."""
    start = Barrier(len(works))

    def run(work: Work) -> Any:
        start.wait(timeout=_PATIENCE)
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def overlapped(app: Flask, first: Work, second: Work) -> tuple[Any, Any]:
    """What two verbs said of which the second came before the first was committed."""
    said: list[Any] = []
    follower = Thread(target=lambda: said.append(verb(app, second)()))

    def lead() -> Any:
        answer = first()
        db.session.flush()
        if not follower.ident:
            follower.start()
            follower.join(ARRIVED)
        return answer

    answer = verb(app, lead)()
    assert follower.ident, f"the first one was told {answer}"
    follower.join(_PATIENCE)
    return answer, said[0]


def codes(said: Sequence[Any]) -> list[str]:
    """The refusals among the answers, sorted."""
    return sorted(each for each in said if isinstance(each, str))


def sound(app: Flask) -> None:
    """The doctors find nothing, and what members and the programme hold makes zero together."""
    with app.app_context(), transaction(write=False):
        assert doctor.doctor() == []
        assert rewards_doctor.doctor() == []
        assert db.session.scalar(text(_SUM)) == 0


_SUM = """
    SELECT COALESCE(SUM(a.posted), 0)
         + COALESCE((SELECT SUM(t.amount) FROM transfers t JOIN points_accounts s
                     ON s.id = t.credit_id WHERE s.system_name IS NOT NULL), 0)
         - COALESCE((SELECT SUM(t.amount) FROM transfers t JOIN points_accounts s
                     ON s.id = t.debit_id WHERE s.system_name IS NOT NULL), 0)
    FROM points_accounts a WHERE a.system_name IS NULL
"""

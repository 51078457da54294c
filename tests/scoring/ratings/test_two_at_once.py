"""Two coordinators click the same button: one acts, the other is told, nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from tests.make import acting, cast
from tests.make_ratings import JULY, record, round_at
from volunteer_service.db import db, transaction
from volunteer_service.errors import Conflict
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.ratings import results, round_steps
from volunteer_service.scoring.ratings.refusals import RoundExists


def both(app: Flask, act: Callable[[Actor], object], actors: list[Actor]) -> list[str]:
    """What each was told."""
    start = Barrier(len(actors))

    def click(by: Actor) -> str:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    act(by)
            except Conflict as refused:
                return refused.code()
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(len(actors)) as pool:
        return sorted(pool.map(click, actors))


def test_freezing_at_once_freezes_once(app: Flask) -> None:
    with app.app_context():
        with transaction():
            town = cast()
            record(town.wang, town.team)
            row_id = round_at("open", town).id
            actors = [acting(town.coordinator), acting(town.second)]
        told = both(app, lambda by: round_steps.freeze(row_id, by=by, at=JULY), actors)
        assert told == ["done", "round_moved_on"]
        assert results.people(row_id) == 1


def test_opening_at_once_opens_once(app: Flask) -> None:
    with app.app_context():
        with transaction():
            town = cast()
            area_id = town.town.id
            actors = [acting(town.coordinator), acting(town.second)]

        def open_it(by: Actor) -> None:
            try:
                round_steps.open_round(area_id, "2026H1", by=by, at=JULY)
            except RoundExists as refused:
                raise Conflict from refused

        assert both(app, open_it, actors) == ["conflict", "done"]
        assert len(results.rounds(actors[0]).items) == 1

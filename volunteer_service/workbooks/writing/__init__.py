"""Writes the taken rows to the database in chunks, with a few statements for each."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from volunteer_service.areas.models import Area
from volunteer_service.db import page_cache
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks.judging.hand_in import Judged, Tell, in_chunks
from volunteer_service.workbooks.judging.taken_or_refused import Row, Taken
from volunteer_service.workbooks.writing.areas import Areas
from volunteer_service.workbooks.writing.changes import Changes
from volunteer_service.workbooks.writing.context import Context
from volunteer_service.workbooks.writing.gifts import Gifts
from volunteer_service.workbooks.writing.openings import Openings
from volunteer_service.workbooks.writing.service_log import Records
from volunteer_service.workbooks.writing.teams import Teams
from volunteer_service.workbooks.writing.volunteers import People

Bring = Callable[[list[Any]], None]


@page_cache.small()
def write(judged: Judged, root: Area, context: Context, *, by: Actor, tell: Tell) -> int:
    """Write every new taken row, and the agreed changes.

    Everything else stays as it is. Returns how many changes were made or wait.
    """
    changes = Changes(root, context, by)
    # Before the areas, because without agreement to a move a new one of that name is made.
    made = changes.move_areas()
    areas = Areas(root, context)
    teams = Teams(root, areas, context)
    openings = Openings(context, by)
    kinds: dict[str, Bring] = {
        "areas": areas.bring,
        "teams": teams.bring,
        "volunteers": People(areas, teams, context).bring,
        "service_log": Records(teams, context, by).bring,
        "gifts": Gifts(root, context, by).bring,
        "open_points": openings.bring_points,
        "open_hours": openings.bring_hours,
        "open_stars": openings.bring_stars,
        "open_papers": openings.bring_papers,
    }
    done = 0
    for kind, chunk in _chunks(judged):
        kinds[kind](chunk)
        done += len(chunk)
        tell("writing", done, judged.rows)
    return made + changes.make_the_others(areas, teams)


def _chunks(judged: Judged) -> Iterator[tuple[str, list[Row]]]:
    for kind, group in groupby(judged.taken, key=_kind):
        for chunk in in_chunks(outcome.row for outcome in group):
            yield kind, chunk


def _kind(outcome: Taken) -> str:
    return outcome.kind

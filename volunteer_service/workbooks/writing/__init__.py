"""Bringing the taken rows into the database, a chunk at a time, a few statements a chunk."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from volunteer_service.areas.models import Area
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import pages
from volunteer_service.workbooks.judging.hand_in import Judged, Tell, in_chunks
from volunteer_service.workbooks.judging.rows import Row, Taken
from volunteer_service.workbooks.writing.areas import Places, Teams
from volunteer_service.workbooks.writing.context import Context
from volunteer_service.workbooks.writing.gifts import Gifts
from volunteer_service.workbooks.writing.people import People
from volunteer_service.workbooks.writing.records import Records

Bring = Callable[[list[Any]], None]


@pages.few()
def write(judged: Judged, root: Area, context: Context, *, by: Actor, tell: Tell) -> None:
    """Write every taken row that is not there yet; what is there stays as it is."""
    places = Places(root, context)
    teams = Teams(root, places, context)
    kinds: dict[str, Bring] = {
        "areas": places.bring,
        "teams": teams.bring,
        "volunteers": People(places, teams, context).bring,
        "service_log": Records(teams, context, by).bring,
        "gifts": Gifts(root, context, by).bring,
    }
    done = 0
    for kind, chunk in _chunks(judged):
        kinds[kind](chunk)
        done += len(chunk)
        tell("writing", done, judged.rows)


def _chunks(judged: Judged) -> Iterator[tuple[str, list[Row]]]:
    for kind, group in groupby(judged.taken, key=_kind):
        for chunk in in_chunks(outcome.row for outcome in group):
            yield kind, chunk


def _kind(outcome: Taken) -> str:
    return outcome.kind

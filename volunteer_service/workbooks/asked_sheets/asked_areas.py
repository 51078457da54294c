"""Whether names of areas that look alike are one place: the question, and the street's answer.

Until the answer the rows with the later spellings wait (``judging/alike_areas.py``).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from volunteer_service import bounds, journal
from volunteer_service.errors import Invalid
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import stored_files
from volunteer_service.workbooks.asked_sheets import sheet_memory
from volunteer_service.workbooks.import_states import allowed, move
from volunteer_service.workbooks.judging.alike_areas import ALL, ANSWERS
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import ImportNotReady


def answers_of(row: Import) -> dict[str, str]:
    """Return the answers about the places of an import, by their key."""
    return {key: one["are"] for key, one in (row.alike_areas or {}).items()}


def places_of(row: Import) -> list[dict[str, Any]]:
    """Return the places that are written in several ways, those that wait first.

    ``are``: one, apart, None; ``said``: the day of an earlier answer of the street.
    """
    said = row.alike_areas or {}
    nothing = {"are": None, "said": None}
    found: list[dict[str, Any]] = [
        place | (said.get(place["key"]) or said.get(ALL) or nothing)
        for place in row.counts.get("alike_areas", ())
    ]
    return sorted(found, key=lambda place: place["are"] is not None)


def choose_places(
    import_id: int, are: str, *, keys: Sequence[str] | None = None, by: Actor, at: datetime
) -> Import:
    """Set whether the spellings of places of a preview are one place each (``one``, ``apart``).

    ``keys`` None means all places that still wait. The import must be judged anew afterwards; the
    answer is kept for the street.
    """
    bounds.one_of(are, ANSWERS, "are")
    row = allowed(import_id, by)
    places = {place["key"]: place for place in places_of(row)}
    if keys is not None and not set(keys) <= places.keys():
        raise Invalid(field="keys", why="没有这个地方，请刷新页面后再选")
    waiting = [key for key, place in places.items() if place["are"] is None]
    chosen = dict.fromkeys(keys if keys is not None else (*waiting, ALL), are)
    if not move(row.id, "previewed", state="reading", problem=None):
        raise ImportNotReady(state=row.state)
    stored_files.tell(row.id, stored_files.Progress("reading", 0, row.total))
    say(row, chosen, by=by, at=at)
    return row


def say(
    row: Import, said: Mapping[str, str], *, by: Actor, at: datetime, is_kept: bool = True
) -> None:
    """Keep an answer with the import, and (``is_kept``) for its street."""
    if not said:
        return
    new = {key: {"are": are, "said": None} for key, are in said.items()}
    row.alike_areas = {**(row.alike_areas or {}), **new}
    facts = {"places": len(said), "are": next(iter(said.values()))}
    journal.record("imports.places", row, account_id=by.account_id, door=by.door, at=at, **facts)
    if is_kept:
        remember(row, by=by, at=at)


def remember(row: Import, *, by: Actor, at: datetime) -> None:
    """Keep the answers about the places of this import for the street, once the street exists."""
    if row.area_id is None:
        return
    for place in places_of(row):
        # Another street answers for itself.
        if place["are"] is not None and place["said"] is None and not place["street"]:
            words = "、".join((place["name"], *place["others"]))
            meaning = {"key": place["key"], "are": place["are"]}
            sheet_memory.keep_places(row.area_id, words, meaning, by=by, at=at)


def remembered(area_id: int | None) -> dict[str, Any] | None:
    """Return the street's answers about such places, for a new import; None without any."""
    return sheet_memory.places_of(area_id) or None

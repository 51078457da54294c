"""Finds anything by one text: the first rows of each list that the reader may open, and rounds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, or_

from volunteer_service.certificates.models import Certificate
from volunteer_service.events.models import Event
from volunteer_service.lists import asking, reading, registry
from volunteer_service.lists.declaration import Column
from volunteer_service.lists.filters import LONGEST_TEXT
from volunteer_service.lists.reading import Row
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings import results
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams.models import Team

#: The most rows of a section; its list has the others.
AT_MOST = 5
#: The lists that are searched, with the columns of a row and the column that puts an equal row
#: first.
_ASKED: dict[str, tuple[tuple[str, ...], tuple[Any, ...]]] = {
    "people": (("name", "number", "area"), (Volunteer.number, Volunteer.name)),
    "teams": (("name", "area"), (Team.name,)),
    "events": (("title", "starts_at", "team"), (Event.title,)),
    "certificates": (("number", "name", "state"), (Certificate.number,)),
    "orders": (("gift", "name", "ordered_at", "state"), (Volunteer.number, Gift.name)),
}
_ROUND_COLUMNS = (
    Column(name="half_year", label=_l("半年"), sql=Round.half_year),
    Column(name="area", label=_l("区域"), sql=Round.area_id),
    #: The number of the supplement; none for the round itself.
    Column(name="supplement", label=_l("补充评定"), sql=Round.supplement),
)
_HALF_YEAR = re.compile(r"(?<!\d)(20\d\d) ?(?:[hH]([12])(?!\d)|年? ?([上下])半年)", re.ASCII)


@dataclass(frozen=True)
class Section:
    """What one list has: ``name`` is the list's, or ``rounds``."""

    name: str
    title: Any
    columns: tuple[Column, ...]
    rows: list[Row]
    #: More rows match than are here.
    is_more: bool


def plain(text: str) -> str:
    """Return the text as it is searched."""
    return text.replace("\0", "").strip()[:LONGEST_TEXT]


def find(text: str, *, by: Actor) -> list[Section]:
    """Return the sections with a row; a half-year in the text (``close 2026H1``) finds its rounds.

    A row whose number or name equals the text comes first. An empty text finds nothing.
    """
    asked = plain(text)
    if not asked:
        return []
    found = [*_rounds(asked, by), *_lists(asked, by)]
    return [each for each in found if each.rows]


def half_year(text: str) -> str | None:
    """Return the half-year that a text names, as ``2026H1``: also from ``2026年上半年``."""
    found = _HALF_YEAR.search(text)
    if found is None:
        return None
    return f"{found[1]}H{found[2] or (1 if found[3] == '上' else 2)}"


def _lists(text: str, by: Actor) -> Iterator[Section]:
    for name, (columns, exact) in _ASKED.items():
        declared = registry.LISTS[name]
        if not registry.is_open_to(declared, by=by):
            continue
        asked = replace(asking.read(declared, {"q": text}, columns, by=by), size=AT_MOST + 1)
        first = case((or_(*(each == text for each in exact)), 0), else_=1)
        rows = reading.rows(asked, first=first)
        yield Section(name, declared.title, asked.columns, rows[:AT_MOST], len(rows) > AT_MOST)


def _rounds(text: str, by: Actor) -> Iterator[Section]:
    named = half_year(text)
    if named is None:
        return
    page = results.rounds(by, half_year=named, limit=AT_MOST)
    rows = [
        Row(each.id, None, each.id, (each.half_year, each.area.name, each.supplement or None))
        for each in page.items
    ]
    yield Section("rounds", _l("星级评定"), _ROUND_COLUMNS, rows, page.next is not None)

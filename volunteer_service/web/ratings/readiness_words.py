"""What is still to be done before a freeze, in words with links, for the page of a round."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from volunteer_service.scoring.ratings import frozen_facts, readiness
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.half_years import HalfYear

#: The list of each kind; a kind without one names its people.
LISTS: dict[str, Callable[[HalfYear], str]] = {
    "overdue": lambda half: _waiting(half),
    "waiting": lambda half: _waiting(half),
    "disputes": lambda half: _waiting(half),
    "anomalies": lambda half: url_for(
        "lists.show",
        list_name="anomalies",
        state="open",
        from_on=half.starts_on,
        to_on=half.ends_on,
    ),
    "forgotten": lambda _half: url_for("records.missing_ends"),
}


@dataclass(frozen=True)
class Undone:
    """One kind of thing still to be done: words, number, link, and the first people concerned."""

    word: str
    count: int
    hold: str
    url: str | None
    people: tuple[tuple[int, str], ...]


def undone(row: Round, *, at: datetime) -> list[Undone]:
    """Return what is still to be done in the round's half-year, beginning with what holds it up."""
    half_year = frozen_facts.half_year_of(row)
    return [_of(each, half_year) for each in readiness.look(row, at=at)]


def _of(found: readiness.Found, half_year: HalfYear) -> Undone:
    kind = found.kind
    link = LISTS.get(kind.name)
    people = () if link else found.people
    return Undone(
        _(kind.word.message), found.count, kind.hold, link(half_year) if link else None, people
    )


def _waiting(half_year: HalfYear) -> str:
    days: dict[str, Any] = {"from_on": half_year.starts_on, "to_on": half_year.ends_on}
    return url_for("records.waiting", **days)

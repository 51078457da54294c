"""Counting figures: what a place has in a period, against the year before, whole or broken down.

All figures that count the same rows are computed by one statement.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from volunteer_service import bounds, settings
from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotAllowed
from volunteer_service.figures import memberships, people, points, ratings, rewards, service
from volunteer_service.figures.figure import DIMENSIONS, Asked, Figure, Source
from volunteer_service.figures.periods import Period
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need, places
from volunteer_service.teams.models import Brand, Project, Team

#: Every figure, in the order in which lists and papers show them.
FIGURES: tuple[Figure, ...] = (
    *people.FIGURES,
    *service.FIGURES,
    *memberships.FIGURES,
    *ratings.FIGURES,
    *points.FIGURES,
    *rewards.FIGURES,
)
_NAMED: Mapping[str, type[Brand | Project]] = {"brand": Brand, "project": Project}
BY_CODE: Mapping[str, Figure] = {figure.code: figure for figure in FIGURES}


@dataclass(frozen=True)
class Place:
    """The place that is counted: areas with all below them, or teams; ``area`` is the one asked
    about.
    """

    paths: tuple[str, ...] = ()
    team_ids: tuple[int, ...] = ()
    area: Area | None = None
    team: Team | None = None


@dataclass(frozen=True)
class Count:
    """A figure's value, and that of a year before; None where only the present is known."""

    figure: Figure
    value: int
    before: int | None


@dataclass(frozen=True)
class Part:
    """One part of a breakdown: its key, its name if it has one, its values by code.

    ``key`` is an id, a word or a :class:`Period`; None for rows that belong to no part.
    """

    key: Any
    name: str | None
    values: Mapping[str, int] = field(default_factory=dict)

    @property
    def written_key(self) -> str | None:
        """Return the key as text: a period by its first day."""
        key = self.key.since if isinstance(self.key, Period) else self.key
        return None if key is None else str(key)


def place_of(by: Actor, *, area_id: int | None = None, team_id: int | None = None) -> Place:
    """Return the place asked about, or every place where the actor may see records.

    Raises:
        NotFound, NotAllowed: the actor has no right to see records there, or anywhere.
    """
    if team_id is not None:
        team = fetch(Team, team_id)
        need(by, Right.RECORD_SEE, area_path=areas.path_of(team.area_id), team_id=team.id)
        return Place(team_ids=(team.id,), team=team)
    if area_id is not None:
        area = areas.of(area_id)
        need(by, Right.RECORD_SEE, area_path=area.path)
        return Place(paths=(area.path,), area=area)
    paths, team_ids = places(by, Right.RECORD_SEE)
    if not paths and not team_ids:
        raise NotAllowed()
    return Place(paths=tuple(paths), team_ids=tuple(team_ids), area=_only_area(paths))


def count(
    place: Place,
    period: Period,
    *,
    today: datetime,
    codes: Iterable[str] | None = None,
    with_year_before: bool = True,
) -> list[Count]:
    """Return the figures of a place in a period, and what they were a year before.

    A place that consists of teams has only the figures whose rows have a team.
    """
    asked = Asked(period, settings.local_day(today))
    wanted = [figure for figure in _wanted(codes) if _is_countable(figure.source, place)]
    before = replace(asked, period=period.year_before()) if with_year_before else None
    now, past = _totals(wanted, place, asked, before)
    return [Count(figure, now[figure.code], past.get(figure.code)) for figure in wanted]


def split(
    place: Place,
    period: Period,
    dimension: str,
    *,
    today: datetime,
    codes: Iterable[str] | None = None,
) -> list[Part]:
    """Return the figures of a place by one dimension, if their rows have it.

    Months and weeks come in order and without a gap, stars and months of expiry in order; the
    others by their first figure, largest first; rows that belong to no part come last.
    """
    found = splits(place, [period], [dimension], today=today, codes=codes)
    return found[period, dimension]


def splits(
    place: Place,
    periods: Sequence[Period],
    dimensions: Sequence[str],
    *,
    today: datetime,
    codes: Iterable[str] | None = None,
) -> dict[tuple[Period, str], list[Part]]:
    """Return several breakdowns of several periods, each as :func:`split` does.

    Figures of the same rows take one statement for all of them. A figure known only for the present
    is counted once, for the first period, and repeated in each.
    """
    for dimension in dimensions:
        bounds.one_of(dimension, DIMENSIONS, "by")
    day, figures = settings.local_day(today), _wanted(codes)
    countable = [figure for figure in figures if _is_countable(figure.source, place)]
    asked = [
        (Asked(period, day), dimension)
        for period in dict.fromkeys(periods)
        for dimension in dict.fromkeys(dimensions)
    ]
    values: dict[tuple[Period, str], dict[Any, dict[str, int]]] = {}
    names: dict[tuple[str, Any], str | None] = {}
    for source, same in _by_source(countable):
        for (period, dimension), key, name, counts in _grouped(source, same, place, asked):
            values.setdefault((period, dimension), {}).setdefault(key, {}).update(counts)
            names[dimension, key] = name
    found = {}
    for period, dimension in ((each.period, by) for each, by in asked):
        wanted = [figure.code for figure in countable if figure.source.knows(dimension)]
        rows = values.get((period, dimension), {})
        called = {key: names[dimension, key] for key in rows}
        found[period, dimension] = _parts(rows, called, dimension, period, wanted)
    return found


def beside(now: Sequence[Part], before: Sequence[Part]) -> list[tuple[Part, Part]]:
    """Pair the parts of a breakdown with those of a year before, by their keys.

    A part that only one of them has is paired with zeros; parts of only the year before come last.
    """
    empty = dict.fromkeys((now or before)[0].values, 0) if now or before else {}
    past = {part.key: part for part in before}
    pairs = [(part, past.pop(part.key, Part(part.key, part.name, empty))) for part in now]
    return [*pairs, *((Part(part.key, part.name, empty), part) for part in past.values())]


def behind(
    place: Place,
    period: Period,
    figure: Figure,
    *,
    today: datetime,
    dimension: str | None = None,
    key: str | None = None,
) -> Select[Any] | None:
    """Return the ids of the rows that a figure counts, in its list; None where no list has them.

    With a ``dimension``, those of one part by its written key, or those that belong to no part.
    """
    if figure.behind is None or not _is_countable(figure.source, place):
        return None
    asked = Asked(period, settings.local_day(today))
    if dimension is None:
        query = _rows(figure.source, place, asked)
    else:
        part, _name, query = _keyed(figure.source, place, asked, dimension)
        query = query.where(part.is_(None) if key is None else sql_cast(part, String) == key)
    if figure.only:
        query = query.where(figure.only(asked))
    return query.add_columns(figure.behind[1])


def _wanted(codes: Iterable[str] | None) -> Sequence[Figure]:
    if codes is None:
        return FIGURES
    return [BY_CODE[bounds.one_of(code, BY_CODE, "codes")] for code in codes]


def _is_countable(source: Source, place: Place) -> bool:
    return bool(place.paths) or source.team_id is not None


def _by_source(figures: Iterable[Figure]) -> Iterator[tuple[Source, list[Figure]]]:
    ordered = sorted(figures, key=lambda figure: id(figure.source))
    for _id, group in groupby(ordered, key=lambda figure: id(figure.source)):
        same = list(group)
        yield same[0].source, same


def _totals(
    figures: Iterable[Figure], place: Place, asked: Asked, before: Asked | None
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the values by code, now and ``before``, with one statement for each source."""
    found: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for source, same in _by_source(figures):
        spans = [asked]
        if before is not None and source.counted != "now":
            spans.append(before)
        selects = [
            _rows(source, place, span).add_columns(literal(n).label("span"), *_columns(same, span))
            for n, span in enumerate(spans)
        ]
        query = selects[0] if len(selects) == 1 else union_all(*selects)
        for span, *values in db.session.execute(query):
            pairs = zip(same, values, strict=True)
            found[span].update((figure.code, int(value or 0)) for figure, value in pairs)
    return found


def _grouped(
    source: Source, figures: Sequence[Figure], place: Place, asked: Sequence[tuple[Asked, str]]
) -> Iterator[tuple[tuple[Period, str], Any, str | None, dict[str, int]]]:
    """Yield each part of each breakdown that a source has, with one statement."""
    known = [(span, by) for span, by in asked if source.knows(by)]
    if source.counted == "now":
        known = [(span, by) for span, by in known if span == known[0][0]]
    branches = []
    for n, (span, by) in enumerate(known):
        key, name, query = _keyed(source, place, span, by)
        columns = (key.label("key"), func.min(name).label("name"), *_columns(figures, span))
        rows = query.add_columns(*columns).group_by(key).subquery()
        texts = (sql_cast(rows.c.key, String), sql_cast(rows.c.name, String))
        branches.append(select(literal(n), *texts, *(rows.c[figure.code] for figure in figures)))
    if not branches:
        return
    for n, key, name, *counts in db.session.execute(union_all(*branches)):
        span, by = known[n]
        pairs = zip(figures, counts, strict=True)
        counted = {figure.code: int(value or 0) for figure, value in pairs}
        same = [each.period for each, dimension in asked if dimension == by]
        for period in same if source.counted == "now" else [span.period]:
            yield (period, by), _read_key(by, key), name, counted


def _read_key(dimension: str, key: str | None) -> Any:
    return key if key is None or dimension == "grade" else int(key)


def _columns(figures: Iterable[Figure], asked: Asked) -> list[ColumnElement[Any]]:
    return [figure.value(asked).label(figure.code) for figure in figures]


def _rows(source: Source, place: Place, asked: Asked) -> Select[Any]:
    conditions = [*source.where(asked), _within(source, place), *_on_days(source, asked.period)]
    return select().select_from(source.rows()).where(*conditions)


def _within(source: Source, place: Place) -> ColumnElement[bool]:
    here = [areas.within(source.area_id, place.paths)] if place.paths else []
    if place.team_ids and source.team_id is not None:
        here.append(source.team_id.in_(place.team_ids))
    return or_(*here)


def _on_days(source: Source, period: Period) -> list[ColumnElement[bool]]:
    if source.day is None or source.counted == "now":
        return []
    begins, after = _edges(source, period)
    if source.counted == "up_to":
        return [or_(source.day < after, source.day.is_(None))]
    return [source.day >= begins, source.day < after]


def _edges(source: Source, period: Period) -> tuple[Any, Any]:
    """Return the first day or instant of a period, and the first one after it."""
    if source.has_instants:
        return settings.day_begins(period.since), settings.day_ends(period.until)
    return period.since, period.until + timedelta(days=1)


def _keyed(
    source: Source, place: Place, asked: Asked, dimension: str
) -> tuple[ColumnElement[Any], ColumnElement[Any], Select[Any]]:
    """Return the SQL of the parts' key and name, and the rows with the tables they need joined."""
    query = _rows(source, place, asked)
    if dimension == "area":
        below = _areas_below(place)
        on = below.c.area_id == source.area_id
        return below.c.child_id, below.c.child_name, query.join(below, on, isouter=True)
    if dimension == "team" and source.team_id is not None:
        return source.team_id.expression, Team.name.expression, query
    if dimension in source.keys:
        key = source.keys[dimension].expression
        if (model := _NAMED.get(dimension)) is None:
            return key, null(), query
        return key, model.name.expression, query.join(model, model.id == key, isouter=True)
    steps = enumerate(_steps(asked.period, dimension))
    branches = [(source.day < _edges(source, step)[1], literal(n)) for n, step in steps]
    return case(*branches), null(), query


def _areas_below(place: Place) -> Any:
    """Return each area with its part: the area directly below the place."""
    each, child = aliased(Area), aliased(Area)
    on = and_(
        each.path.startswith(child.path),
        child.parent_id == place.area.id if place.area else child.parent_id.is_(None),
    )
    columns = (
        each.id.label("area_id"),
        child.id.label("child_id"),
        child.name.label("child_name"),
    )
    return select(*columns).join_from(each, child, on).subquery("below")


def _only_area(paths: Sequence[str]) -> Area | None:
    """Return the area of these paths if it is one; None for several, or for the whole service."""
    if len(set(paths)) != 1 or paths[0] == "/":
        return None
    return areas.of(int(paths[0].rstrip("/").rpartition("/")[2]))


def _steps(period: Period, dimension: str) -> list[Period]:
    return list(period.months() if dimension == "month" else period.weeks())


def _parts(
    values: Mapping[Any, Mapping[str, int]],
    names: Mapping[Any, str | None],
    dimension: str,
    period: Period,
    codes: Sequence[str],
) -> list[Part]:
    def part(key: Any, name: str | None, found: Mapping[str, int]) -> Part:
        return Part(key, name, {code: found.get(code, 0) for code in codes})

    if dimension in ("month", "week"):
        steps = enumerate(_steps(period, dimension))
        return [part(step, None, values.get(n, {})) for n, step in steps]
    parts = [part(key, names[key], found) for key, found in values.items()]
    if dimension in ("stars", "expiry"):
        return sorted(parts, key=lambda each: (each.key is None, each.key))
    first = codes[0] if codes else ""
    return sorted(
        parts, key=lambda each: (each.key is None, -each.values.get(first, 0), str(each.key))
    )

"""The values that a list may change: the present one, in words, and the list's own.

A value is a small mapping as JSON; None means that there is none. The meaning of a key never
changes; new keys come with the next format (docs/formats.md). A list's place is the names of the
path to it (``place``), because the same list may create the place.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import Phrase, Verbatim, WrittenByNewerProgram
from volunteer_service.people.changes import person_values
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points.accounts import worded
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks.models import ImportChange

#: The newest format, and the fields of people that came with it; every other is in format 1.
FORMAT = 2
_SINCE_2 = frozenset({"identity", "registered", *person_values.DETAILS})

Value = dict[str, Any]
Target = Area | Team | Volunteer | Gift

#: Fields of a person that :mod:`person_changes` changes.
PERSONAL = ("phone", "name", "identity", "home", "guardian", "registered", *person_values.DETAILS)
FIELD_WORDS = {
    **{name: person_values.FIELD_WORDS[name] for name in PERSONAL},
    "team": Phrase("服务队"),
    "community": Phrase("所属社区"),
    "recording_unit": Phrase("记录单位"),
    "brand": Phrase("服务品牌"),
    "project": Phrase("服务项目"),
    "founded_on": Phrase("成立日期"),
    "price": Phrase("所需积分"),
    "stars": Phrase("最低星级"),
    "stock": Phrase("库存数量"),
    "above": Phrase("上级区域"),
}
_STARS = Phrase("%(n)s 星")
_PIECES = Phrase("%(n)s 件")
_POINTS = Phrase("%(n)s 分")
_NO_STAR = Phrase("没有要求")
_MODELS: Mapping[str, type[Target]] = {
    "areas": Area,
    "teams": Team,
    "volunteers": Volunteer,
    "gifts": Gift,
}


def target(kind: str, target_id: int) -> Target | None:
    """Return what a change is about; None where it is gone."""
    model: Any = _MODELS[kind]
    found: Target | None = db.session.get(model, target_id)
    return found


def names_of(rows: list[ImportChange]) -> dict[tuple[str, int], str]:
    """Return the name of what each change is about, by kind and id."""
    found: dict[tuple[str, int], str] = {}
    for kind, model in _MODELS.items():
        ids = {row.target_id for row in rows if row.kind == kind}
        if ids:
            named = db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
            found |= {(kind, row.id): row.name for row in named}
    return found


def present(of: Target, field: str) -> Value | None:
    """Return the present value."""
    if isinstance(of, Volunteer) and field in PERSONAL:
        return person_values.present(of, field)
    return _PRESENT[field](of)


def format_of(field: str) -> int:
    """Return the format in which a change of this field is stored."""
    return FORMAT if field in _SINCE_2 else 1


def written(value: Value | None) -> str | None:
    """Return the text that is stored for a value."""
    return person_values.written(value)


def was_and_now(row: ImportChange) -> tuple[Value | None, Value | None]:
    """Return the old and the new value of a change."""
    WrittenByNewerProgram.unless(row.format, known=FORMAT)
    was, now = (None if text is None else json.loads(text) for text in (row.was, row.now))
    return was, now


def was_and_now_in_words(row: ImportChange, gettext: Callable[[str], str]) -> tuple[str, str]:
    """Return the old and the new value of a change in the reader's words."""
    was, now = (in_words(row.field, value).worded(gettext) for value in was_and_now(row))
    return was, now


def in_words(field: str, value: Value | None) -> Phrase:
    """Return a value in words, with numbers masked."""
    if value is None:
        return person_values.NOTHING
    if "place" in value:
        return Verbatim(" ".join(name for name in value["place"] if name))
    if field in person_values.FIELD_WORDS:
        return person_values.told(field, value)
    return _TOLD[next(iter(value))](value)


def places_of_person(volunteer_id: int) -> list[Membership]:
    """Return the standing places of a person in teams."""
    query = select(Membership).where(
        Membership.volunteer_id == volunteer_id, Membership.state.in_(("active", "coming"))
    )
    return list(db.session.scalars(query.order_by(Membership.id)))


def _team(person: Any) -> Value | None:
    places = places_of_person(person.id)
    if len(places) != 1:
        return None
    return {"team": places[0].team_id, "name": places[0].team.name}


def _area(area: Area) -> Value:
    return {"area": area.id, "name": area.name}


def _named(found: Any) -> Value | None:
    return {"name": found.name} if found is not None else None


_PRESENT: Mapping[str, Callable[[Any], Value | None]] = {
    "team": _team,
    "community": lambda team: _area(team.area),
    "recording_unit": lambda team: {"name": team.recording_unit},
    "brand": lambda team: _named(team.brand),
    "project": lambda team: _named(team.project),
    "founded_on": lambda team: {"day": str(team.founded_on)} if team.founded_on else None,
    "price": lambda gift: {"centi": gift.price_centi},
    "stars": lambda gift: {"stars": gift.minimum_stars},
    "stock": lambda gift: {"pieces": gift.stock},
    "above": lambda area: _area(db.session.get_one(Area, area.parent_id)),
}
_TOLD: Mapping[str, Callable[[Value], Phrase]] = {
    "name": lambda value: Verbatim(value["name"]),
    "team": lambda value: Verbatim(value["name"]),
    "area": lambda value: Verbatim(value["name"]),
    "day": lambda value: Verbatim(value["day"]),
    "centi": lambda value: _POINTS.filled(n=worded(value["centi"])),
    "stars": lambda value: _STARS.filled(n=value["stars"]) if value["stars"] else _NO_STAR,
    "pieces": lambda value: _PIECES.filled(n=value["pieces"]),
}

"""What an address asks of a list: filters, order, columns, page; anything else is ignored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import Args, Filter
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import places

#: The first is the default, because each row is a card on a phone.
SIZES = (30, 50, 100, 200)
_FARTHEST_PAGE = 10**6


@dataclass(frozen=True)
class Asked:
    """A list as one reader asks for it."""

    declared: StaffList
    by: Actor
    #: Filters that are set, with their values.
    filters: tuple[tuple[Filter, Any], ...]
    sort: str
    columns: tuple[Column, ...]
    page: int
    size: int
    is_counted_whole: bool
    is_summed: bool
    #: The uppermost areas of the reader.
    reach: tuple[Area, ...]

    def value(self, name: str) -> Any:
        """Return what a filter is set to, or None."""
        return next((value for each, value in self.filters if each.name == name), None)


def read(declared: StaffList, args: Args, chosen: Sequence[str], *, by: Actor) -> Asked:
    """Return what ``args`` asks; ``chosen`` are the columns that it names, empty for the list's
    own.
    """
    values = [(each, each.read(args)) for each in declared.filters]
    sort, reach = args.get("sort", ""), reach_of(declared, by)
    size = _number(args, "size", 200)
    return Asked(
        declared=declared,
        by=by,
        filters=tuple((each, value) for each, value in values if value is not None),
        sort=sort if sort in declared.sorts.names else declared.order,
        columns=_columns(declared, chosen, is_many=len(reach) != 1),
        page=_number(args, "page", _FARTHEST_PAGE) or 1,
        size=size if size in SIZES else SIZES[0],
        is_counted_whole=args.get("count") == "all",
        is_summed=bool(args.get("sums")),
        reach=reach,
    )


def reach_of(declared: StaffList, by: Actor) -> tuple[Area, ...]:
    """Return the uppermost areas over which the reader holds the list's right, by name."""
    paths, _team_ids = places(by, declared.right)
    if "/" in paths:
        query = db.select(Area).where(Area.parent_id.is_(None))
    else:
        upper = [path for path in paths if not any(_is_below(path, other) for other in paths)]
        query = db.select(Area).where(Area.path.in_(upper))
    return tuple(db.session.scalars(query.order_by(Area.name_order)))


def _is_below(path: str, other: str) -> bool:
    return path != other and path.startswith(other)


def _columns(declared: StaffList, chosen: Sequence[str], *, is_many: bool) -> tuple[Column, ...]:
    known = {each.name for each in declared.columns}
    wanted = known & set(chosen)
    if not wanted:
        return tuple(
            each
            for each in declared.columns
            if each.is_first and (is_many or not each.is_of_streets)
        )
    # The first column names the row and leads to it.
    wanted.add(declared.columns[0].name)
    return tuple(each for each in declared.columns if each.name in wanted)


def _number(args: Mapping[str, str], name: str, most: int) -> int:
    text = args.get(name, "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= 9
    return min(int(text), most) if is_number else 0

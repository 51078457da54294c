"""Names of communities, grids and buildings that look like one place: a question, never a guess.

1号楼, 1栋 and 1幢 of one grid may be one building or three. Until somebody answers, the rows
with the later spellings wait. A place in the tree, or of an earlier row, gives the name; a
closed one gives none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from volunteer_service.areas import area_looks
from volunteer_service.workbooks.judging.known import AreaHere, Known
from volunteer_service.workbooks.judging.taken_or_refused import ANSWER_ALIKE, Reason
from volunteer_service.workbooks.reading.cells import match_key

#: The possible answers: all spellings are one place, or each is its own.
ONE, APART = "one", "apart"
ANSWERS = (ONE, APART)
#: In place of a key: every place without an answer of its own.
ALL = "*"
#: The most places, and spellings of one, that a preview names.
MOST_PLACES, MOST_NAMES = 200, 8

Names = tuple[str, ...]
_LEVELS = ("community", "grid", "building")


@dataclass
class Place:
    """One place as the lists write it: the name that counts, and the other spellings."""

    key: str
    level: str
    #: Names of the areas above it.
    where: Names
    name: str
    street: str
    others: dict[str, None] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Return the place as a preview shows it; the keys never change."""
        return {
            "key": self.key,
            "level": self.level,
            "street": self.street,
            "where": list(self.where),
            "name": self.name,
            "others": list(self.others)[:MOST_NAMES],
            "more": max(0, len(self.others) - MOST_NAMES),
        }


@dataclass
class _Street:
    """The areas of one street, by exact name and by look."""

    there: set[Names] = field(default_factory=set)
    looks: dict[tuple[Names, str], str] = field(default_factory=dict)

    def add(self, above: Names, above_name: str, name: str) -> None:
        self.there.add((*above, match_key(name)))
        look = area_looks.look(name, len(above), above_name)
        self.looks.setdefault((above, look), name)


class Alike:
    """Follows the names of places through one hand-in; ``answers`` are the answers by key."""

    def __init__(self, known: Known, answers: Mapping[str, str]) -> None:
        self._known = known
        self._answers = answers
        self._streets: dict[str, _Street] = {}
        self._places: dict[str, Place] = {}

    def placed(self, street: str, path: tuple[str, str, str]) -> tuple[str, str, str]:
        """Return the path with the names that count; raises :class:`Reason` while the question is
        open.
        """
        here = self._of(street)
        if tuple(match_key(name) for name in path if name) in here.there:
            return path
        found: list[str] = []
        for depth, name in enumerate(path):
            found.append(self._name(here, street, tuple(found), depth, name))
        community, grid, building = found
        return community, grid, building

    def is_there(self, street: str, path: tuple[str, str, str]) -> bool:
        """Tell whether this path is in the tree, before this run or by it."""
        return tuple(map(match_key, path)) in self._of(street).there

    def note(self, street: str, path: tuple[str, str, str]) -> None:
        """Note that a row brings this path."""
        here = self._of(street)
        for depth, name in enumerate(path):
            here.add(tuple(map(match_key, path[:depth])), path[depth - 1] if depth else "", name)

    def told(self) -> list[dict[str, Any]]:
        """Return the places that are written in several ways, as far as a preview names them."""
        return [place.told() for place in [*self._places.values()][:MOST_PLACES]]

    def _of(self, street: str) -> _Street:
        found = self._streets.get(street)
        if found is None:
            found = self._streets[street] = _Street()
            areas = self._known.areas_of(street)
            for names, area in areas.items():
                if names:
                    _put(found, areas, names, area)
        return found

    def _name(self, here: _Street, street: str, above: Names, depth: int, name: str) -> str:
        keys = tuple(match_key(one) for one in above if one)
        # A row without a grid names no building that could be found.
        if not name or len(keys) != depth or (*keys, match_key(name)) in here.there:
            return name
        look = area_looks.look(name, depth, above[-1] if above else "")
        key = _key(street, keys, look)
        said = self._answers.get(key)
        like = here.looks.get((keys, look))
        if like is None:
            bare = _without_flat(name, depth)
            if said != ONE or bare == name:
                return name
            self._tell(key, depth, street, above, bare, name)
            return bare
        self._tell(key, depth, street, above, like, name)
        said = said or self._answers.get(ALL)
        if said is None:
            raise Reason("maybe_same_area", _LEVELS[depth], ANSWER_ALIKE)
        return like if said == ONE else name

    def _tell(self, key: str, depth: int, street: str, above: Names, name: str, other: str) -> None:
        place = self._places.get(key)
        if place is None:
            if len(self._places) >= MOST_PLACES:
                return
            counts = _without_flat(name, depth)
            place = self._places[key] = Place(key, _LEVELS[depth], above, counts, street)
            if counts != name:
                place.others[f"{counts}…"] = None
        bare = _without_flat(other, depth)
        place.others[other if bare == other else f"{bare}…"] = None


def _without_flat(name: str, depth: int) -> str:
    """Return a building's name without the flat, which does not matter here."""
    return area_looks.without_unit(name) if depth == area_looks.BUILDING else name


def _put(found: _Street, areas: Mapping[Names, AreaHere], names: Names, area: AreaHere) -> None:
    if area.is_closed:
        found.there.add(names)
        return
    above = areas.get(names[:-1])
    found.add(names[:-1], above.name if above and len(names) > 1 else "", area.name)


def _key(street: str, above: Names, look: str) -> str:
    words = "\0".join((match_key(street), str(len(above)), *above, look))
    return sha256(words.encode(errors="surrogatepass")).hexdigest()[:16]

"""The judges' questions about existing data, and their answers in an empty service."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple, Protocol


class AreaHere(NamedTuple):
    """An area of the tree."""

    id: int
    path: str
    name: str
    is_closed: bool = False


class Known(Protocol):
    """The answers of the database; names compare by :func:`cells.match_key`, times are local."""

    def has_area(self, community: str, grid: str, building: str) -> bool:
        """Tell whether the path is in the tree; grid and building may be ""."""

    def is_closed(self, community: str, grid: str, building: str) -> bool:
        """Tell whether the area of this path, or one above it, is closed to anything new."""

    def has_area_of(self, street: str, path: tuple[str, ...]) -> bool:
        """Tell whether another street has this path in its tree."""

    def is_closed_of(self, street: str, path: tuple[str, ...]) -> bool:
        """Tell whether the area of another street, or one above it, is closed to anything new."""

    def areas_of(self, street: str) -> Mapping[tuple[str, ...], AreaHere]:
        """Return the areas of a street by their key; "": those of the sub-district itself."""

    def communities(self) -> Collection[str]:
        """Return names of all communities."""

    def has_team(self, name: str) -> bool:
        """Tell whether a team of this name exists."""

    def would_join_closed(self, team: str, id_key: str) -> bool:
        """Tell whether the team is closed and the volunteer with this keyed ID hash is
        not in it.
        """

    def would_move_into_closed(self, id_key: str, place: tuple[str, str, str]) -> bool:
        """Tell whether a list that names this place would move the volunteer into a closed area."""

    def team_would_move_into_closed(self, team: str, community: str) -> bool:
        """Tell whether a list that names this community would move the team into a closed one."""

    def team_names(self) -> Collection[str]:
        """Return names of all teams."""

    def has_gift(self, name: str) -> bool:
        """Tell whether a gift of this name exists."""

    def name_behind(self, id_key: str) -> str | None:
        """Return the name of the volunteer with this keyed ID hash."""

    def entry_here(self, name: str, phone: str) -> str | None:
        """Return the key of the one active volunteer at home here with this name and phone."""

    def is_reached_at(self, id_key: str, phone: str) -> bool:
        """Tell whether the volunteer with this keyed ID hash lives here and has this phone."""

    def has_left(self, id_key: str) -> bool:
        """Tell whether this volunteer left, or said that the registration was never theirs."""

    def maybe_here(self, name: str, born_on: date, place: tuple[str, ...]) -> str | None:
        """Return the number of a taken person without identity number who may be this one."""

    def people_called(self, name: str, phone: str) -> Collection[str]:
        """Return keyed ID hashes of the volunteers with this name and phone."""

    def left_called(self, name: str, phone: str) -> bool:
        """Tell whether somebody with this name and phone left."""

    def records_between(self, person: str, start: datetime, end: datetime) -> Iterable[str]:
        """Return keys of the person's records that share a minute with ``start`` to ``end``."""

    def minutes_of(self, person: str, key: str) -> int | None:
        """Return minutes of the record with this key; None where there is none."""

    def lives_elsewhere(self, person: str) -> bool:
        """Tell whether the person is registered at home outside the sub-district."""

    def taken_over(self, kind: str, person: str, what: str) -> str | None:
        """Return what was already taken over of this, in words; ``kind`` is a list of opening
        balances.
        """


class NothingYet:
    """An empty service."""

    def has_area(self, community: str, grid: str, building: str) -> bool:
        """Answer for an empty service."""
        return False

    def is_closed(self, community: str, grid: str, building: str) -> bool:
        """Answer for an empty service."""
        return False

    def has_area_of(self, street: str, path: tuple[str, ...]) -> bool:
        """Answer for an empty service."""
        return False

    def is_closed_of(self, street: str, path: tuple[str, ...]) -> bool:
        """Answer for an empty service."""
        return False

    def areas_of(self, street: str) -> Mapping[tuple[str, ...], AreaHere]:
        """Answer for an empty service."""
        return {}

    def communities(self) -> Collection[str]:
        """Answer for an empty service."""
        return ()

    def has_team(self, name: str) -> bool:
        """Answer for an empty service."""
        return False

    def would_join_closed(self, team: str, id_key: str) -> bool:
        """Answer for an empty service."""
        return False

    def would_move_into_closed(self, id_key: str, place: tuple[str, str, str]) -> bool:
        """Answer for an empty service."""
        return False

    def team_would_move_into_closed(self, team: str, community: str) -> bool:
        """Answer for an empty service."""
        return False

    def team_names(self) -> Collection[str]:
        """Answer for an empty service."""
        return ()

    def has_gift(self, name: str) -> bool:
        """Answer for an empty service."""
        return False

    def name_behind(self, id_key: str) -> str | None:
        """Answer for an empty service."""
        return None

    def entry_here(self, name: str, phone: str) -> str | None:
        """Answer for an empty service."""
        return None

    def is_reached_at(self, id_key: str, phone: str) -> bool:
        """Answer for an empty service."""
        return False

    def has_left(self, id_key: str) -> bool:
        """Answer for an empty service."""
        return False

    def maybe_here(self, name: str, born_on: date, place: tuple[str, ...]) -> str | None:
        """Answer for an empty service."""
        return None

    def people_called(self, name: str, phone: str) -> Collection[str]:
        """Answer for an empty service."""
        return ()

    def left_called(self, name: str, phone: str) -> bool:
        """Answer for an empty service."""
        return False

    def records_between(self, person: str, start: datetime, end: datetime) -> Iterable[str]:
        """Answer for an empty service."""
        return ()

    def minutes_of(self, person: str, key: str) -> int | None:
        """Answer for an empty service."""
        return None

    def lives_elsewhere(self, person: str) -> bool:
        """Answer for an empty service."""
        return False

    def taken_over(self, kind: str, person: str, what: str) -> str | None:
        """Answer for an empty service."""
        return None

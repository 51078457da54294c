"""Reasons of a rule: a code and whole numbers, worded by the pages and the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; ``numbers`` are sorted by name, so that equal reasons compare equal."""

    code: str
    numbers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, code: str, **numbers: int) -> Self:
        """Return a reason: ``Reason.of("next_star", star=2, short_minutes=210)``."""
        return cls(code, tuple(sorted(numbers.items())))

    def number(self, name: str) -> int:
        """Return one of the numbers by its name; raise ``KeyError`` if the reason has none of that
        name.
        """
        return dict(self.numbers)[name]

    def to_dict(self) -> dict[str, Any]:
        """Return the form that is stored and sent: ``{"code": ..., "numbers": {...}}``."""
        return {"code": self.code, "numbers": dict(self.numbers)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read back what `to_dict` made (a JSON column may have reordered the names)."""
        return cls.of(stored["code"], **stored["numbers"])

"""Half-years: 1 January to 30 June (H1) and 1 July to 31 December (H2), local days."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Self

_WRITTEN = re.compile(r"([0-9]{4})H([12])")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


@dataclass(frozen=True, order=True, slots=True)
class HalfYear:
    """One half-year, written ``2026H1``; earlier ones sort first."""

    year: int
    half: int

    def __post_init__(self) -> None:
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR or self.half not in (1, 2):
            raise ValueError(f"no such half-year: {self.year}H{self.half}")

    def __str__(self) -> str:
        return f"{self.year}H{self.half}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2026H1``, and nothing else; ``ValueError`` otherwise."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f"not a half-year like 2026H1: {text!r}")
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the half-year that holds this local day."""
        return cls(day.year, 1 if day.month <= 6 else 2)

    @property
    def starts_on(self) -> date:
        """Return its first day."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def ends_on(self) -> date:
        """Return its last day, which still belongs to it."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def previous(self) -> Self:
        """Return the half-year before."""
        return type(self)(self.year - (self.half == 1), 3 - self.half)

    @property
    def next(self) -> Self:
        """Return the half-year after."""
        return type(self)(self.year + (self.half == 2), 3 - self.half)

    def bounds_utc(self, tz: tzinfo) -> tuple[datetime, datetime]:
        """Return its first instant and the first one after it, in UTC, for local days of ``tz``."""
        return _midnight(self.starts_on, tz), _midnight(self.ends_on + timedelta(days=1), tz)


def _midnight(day: date, tz: tzinfo) -> datetime:
    return datetime.combine(day, time(), tz).astimezone(UTC)

"""The programme's numbers, as one frozen, versioned, hashed value.

Version 1 is the standing policy. A coordinator adds versions; none is ever changed, because a
final round must replay to the same stars from the version it was frozen with.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from itertools import pairwise
from typing import Any, Self

#: Evidence grades, best first.
GRADES = ("scanned", "leader", "imported", "backfilled")
STARS = 5


class BadPolicy(ValueError):
    """A policy that cannot be: ``field`` names the number at fault, ``why`` what it must be.

    ``why`` is a message with placeholders, filled from ``bounds`` in the reader's language.
    """

    def __init__(self, field: str, why: str, **bounds: object) -> None:
        super().__init__(f"{field}: {why % bounds}")
        self.field = field
        self.why = why
        self.bounds = bounds


Fault = tuple[str, dict[str, object]]


def _whole(standing: int, least: int, most: int) -> int:
    def fault(value: object) -> Fault | None:
        # A bool is an int to Python, but nobody means True minutes.
        fits = type(value) is int and least <= value <= most
        why = "应为 %(least)s 到 %(most)s 的整数"
        return None if fits else (why, {"least": least, "most": most})

    return field(default=standing, metadata={"fault": fault})


def _thresholds(*standing: int) -> tuple[int, ...]:
    def fault(value: object) -> Fault | None:
        fits = (
            isinstance(value, tuple)
            and len(value) == STARS
            and all(type(minutes) is int for minutes in value)
            and value[0] > 0
            and all(low < high for low, high in pairwise(value))
        )
        why = "应为 %(count)s 个大于 0 且递增的分钟数"
        return None if fits else (why, {"count": STARS})

    return field(default=standing, metadata={"fault": fault})


def _grades(*standing: str) -> tuple[str, ...]:
    def fault(value: object) -> Fault | None:
        # One way to write a set of grades: two hashes for one rule would be two policies.
        fits = value and value == tuple(grade for grade in GRADES if grade in _members(value))
        why = "应从 %(grades)s 中选一项或几项，按此顺序"
        return None if fits else (why, {"grades": ", ".join(GRADES)})

    return field(default=standing, metadata={"fault": fault})


def _members(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Every number of the programme; a value that cannot be raises `BadPolicy` naming it."""

    version: int = _whole(1, 1, 1_000_000)

    # Recognised minutes.
    #: A check-in this many minutes before the shift, a check-out this many after, is on time.
    early_minutes: int = _whole(30, 0, 24 * 60)
    late_minutes: int = _whole(15, 0, 24 * 60)
    #: Minutes are rounded down to a multiple of this (6 min = 0.1 h).
    rounding_minutes: int = _whole(6, 1, 60)
    #: Presence under this share of the shift earns nothing.
    presence_percent: int = _whole(60, 1, 100)
    #: Above this many minutes a local day, a record waits for a coordinator.
    day_cap_minutes: int = _whole(8 * 60, 60, 24 * 60)

    # Evidence.
    grades_for_stars: tuple[str, ...] = _grades(*GRADES)
    grades_for_points: tuple[str, ...] = _grades("scanned", "leader", "imported")

    # Points, in hundredths.
    points_per_hour_centi: int = _whole(100, 0, 100_000)
    default_coefficient_centi: int = _whole(100, 1, 10_000)
    #: Points are valid until 31 December this many years after the year they were earned in.
    points_valid_years: int = _whole(1, 0, 50)

    # Stars of the half-year, and the lifetime star: minutes for one to five.
    star_minutes: tuple[int, ...] = _thresholds(600, 1_200, 2_400, 4_200, 6_600)
    lifetime_minutes: tuple[int, ...] = _thresholds(6_000, 18_000, 36_000, 60_000, 90_000)
    #: Registered at least this many days before the half-year's last day.
    registered_days: int = _whole(90, 0, 180)
    #: More upheld complaints than this in the half-year cost the star.
    complaints_allowed: int = _whole(0, 0, 100)
    #: From this many evaluations on, their mean (hundredths, of 500) must reach the second.
    evaluations_needed: int = _whole(3, 1, 1_000)
    quality_mean_centi: int = _whole(300, 100, 500)
    notice_working_days: int = _whole(5, 1, 60)

    # Redemption.
    orders_a_month: int = _whole(1, 1, 1_000)
    pieces_an_order: int = _whole(2, 1, 1_000)
    order_days: int = _whole(14, 1, 365)

    # Conduct: this many no-shows within this many days block sign-up.
    no_shows_to_block: int = _whole(5, 1, 1_000)
    no_show_days: int = _whole(365, 1, 3_660)

    def __post_init__(self) -> None:
        for number in fields(self):
            fault: Fault | None = number.metadata["fault"](getattr(self, number.name))
            if fault is not None:
                why, bounds = fault
                raise BadPolicy(number.name, why, **bounds)

    @classmethod
    def from_dict(cls, numbers: Mapping[str, Any]) -> Self:
        """Read a whole policy; a missing, unknown or absurd number raises `BadPolicy` naming it."""
        names = [number.name for number in fields(cls)]
        for name in names:
            if name not in numbers:
                raise BadPolicy(name, why="缺少这一项")
        for name in numbers:
            if name not in names:
                raise BadPolicy(name, why="政策里没有这一项")
        return cls(**{name: _tupled(value) for name, value in numbers.items()})

    def to_dict(self) -> dict[str, Any]:
        """Every number by name, as JSON knows it (lists, not tuples)."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def policy_hash(policy: Policy) -> str:
    """SHA-256 (hex) of the policy's canonical JSON, its version included."""
    canonical = json.dumps(policy.to_dict(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


STANDING = Policy()

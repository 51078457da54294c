"""The programme's numbers, as one frozen, versioned, hashed value.

Version 1 is the standing policy. A coordinator adds versions; none is ever changed, because a final
round must replay to the same stars from the version with which it was frozen.

A new number is declared with ``since``, the next format, and a default that never changes again,
because policies without the number mean it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, Self

from volunteer_service.scoring.rules import formats

#: Evidence grades, best first.
GRADES = ("scanned", "leader", "imported", "backfilled")
STARS = 5


class BadPolicy(ValueError):
    """An impossible policy: ``field`` names the number at fault, ``why`` says what it must be.

    ``why`` is a message with placeholders, filled from ``bounds`` in the reader's language.
    """

    def __init__(self, field: str, why: str, **bounds: object) -> None:
        super().__init__(f"{field}: {why % bounds}")
        self.field = field
        self.why = why
        self.bounds = bounds


Fault = tuple[str, dict[str, object]]


def _whole(standing: int, least: int, most: int, since: int = 1) -> int:
    def fault(value: object) -> Fault | None:
        # A bool is an int to Python, but nobody means True minutes.
        fits = type(value) is int and least <= value <= most
        why = "应为 %(least)s 到 %(most)s 的整数"
        return None if fits else (why, {"least": least, "most": most})

    return field(default=standing, metadata={"fault": fault, "since": since})


def _thresholds(*standing: int, since: int = 1) -> tuple[int, ...]:
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

    return field(default=standing, metadata={"fault": fault, "since": since})


def _grades(*standing: str, since: int = 1) -> tuple[str, ...]:
    def fault(value: object) -> Fault | None:
        # A set of grades is written in one way, because two hashes for one rule would be two
        # policies.
        fits = value and value == tuple(grade for grade in GRADES if grade in _members(value))
        why = "应从 %(grades)s 中选一项或几项，按此顺序"
        return None if fits else (why, {"grades": ", ".join(GRADES)})

    return field(default=standing, metadata={"fault": fault, "since": since})


def _members(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Every number of the programme; an impossible value raises `BadPolicy`, which names it.

    A policy keeps the format in which it was written, and with it its hash.
    """

    #: Formats 2, 3 and 4 are of 2026-11-26, 5 to 8 of 2026-11-27; policies of format 1 do not state
    #: it.
    format: int = _whole(10, 1, 1_000, since=2)
    version: int = _whole(1, 1, 1_000_000)

    # Recognised minutes.
    #: A check-in this many minutes before the shift, a check-out this many after, is on time.
    early_minutes: int = _whole(30, 0, 24 * 60)
    late_minutes: int = _whole(15, 0, 24 * 60)
    #: Minutes are rounded down to a multiple of this (6 min = 0.1 h).
    rounding_minutes: int = _whole(6, 1, 60)
    #: Presence under this share of the shift earns nothing.
    presence_percent: int = _whole(60, 1, 100)
    #: Above this many minutes in a local day, a record waits for a coordinator.
    day_cap_minutes: int = _whole(8 * 60, 60, 24 * 60)

    # Evidence.
    grades_for_stars: tuple[str, ...] = _grades(*GRADES)
    grades_for_points: tuple[str, ...] = _grades("scanned", "leader", "imported")

    # Points, in hundredths.
    points_per_hour_centi: int = _whole(100, 0, 100_000)
    default_coefficient_centi: int = _whole(100, 1, 10_000)
    #: Points are valid until 31 December this many years after the year in which they were earned.
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

    # Corrections by hand, in hundredths: what one person adjusts without a second one, at once,
    # and in sum over this many days for one member and by one account.
    adjust_alone_centi: int = _whole(5_000, 0, 1_000_000, since=2)
    adjust_days: int = _whole(30, 1, 366, since=2)
    adjust_member_centi: int = _whole(5_000, 0, 10_000_000, since=2)
    adjust_account_centi: int = _whole(20_000, 0, 10_000_000, since=2)

    # An account whose password, phone or role the first person set within this many days is no
    # second person.
    independence_days: int = _whole(30, 1, 366, since=2)
    #: The accused may reply to a complaint for this many days before anybody decides it.
    complaint_reply_days: int = _whole(7, 1, 60, since=2)
    #: An import of more records than this waits for a second person.
    import_alone_records: int = _whole(100, 0, 100_000, since=2)
    #: Two people correct a record by more minutes than this, in sum.
    correct_alone_minutes: int = _whole(120, 0, 24 * 60, since=3)

    # A tap without network: how old it may be; how late it may come before the grade drops; what
    # two readings of the phone's clock may differ by when it is set back in between.
    late_tap_hours: int = _whole(24, 0, 240, since=4)
    late_tap_minutes: int = _whole(2, 0, 60, since=4)
    late_tap_jitter_seconds: int = _whole(60, 0, 600, since=4)
    #: Minutes within which a volunteer may take back their own check-out.
    undo_check_out_minutes: int = _whole(10, 0, 24 * 60, since=4)
    #: Minutes after its end at which the service closes an event that nobody closed.
    close_after_minutes: int = _whole(30, 0, 7 * 24 * 60, since=4)
    #: People whom one person declares to live with them, within this many days.
    household_most: int = _whole(8, 1, 100, since=4)
    household_days: int = _whole(30, 1, 366, since=4)
    #: Days that a request of one admin about another or about an auditor waits for a second admin.
    second_admin_days: int = _whole(7, 1, 60, since=4)
    # Two entries of one person: two people merge more confirmed minutes than this, and a merging
    # can be undone for this many days.
    merge_alone_minutes: int = _whole(120, 0, 1_000_000, since=4)
    merge_undo_days: int = _whole(7, 0, 366, since=4)
    #: The minutes of «半天» in a service log; a whole day is twice as much.
    half_day_minutes: int = _whole(240, 30, 12 * 60, since=5)

    #: 1: hours taken over from an earlier system count for the lifetime star, and a star taken over
    #: for gifts until a round here is final. 0: neither does.
    openings_for_stars: int = _whole(0, 0, 1, since=5)

    # Local minutes of the day between which e-mail and SMS wait, for readers who chose no others.
    quiet_from_minute: int = _whole(21 * 60, 0, 24 * 60 - 1, since=6)
    quiet_to_minute: int = _whole(8 * 60, 0, 24 * 60 - 1, since=6)

    # A volunteer may claim a shift without a scan for this many days, and this often within them.
    claim_days: int = _whole(30, 0, 366, since=7)
    claims_at_once: int = _whole(5, 0, 1_000, since=7)

    # A place that becomes free is kept this many hours for the first person waiting, and given at
    # once from this many hours before the shift on.
    offer_hours: int = _whole(24, 0, 240, since=8)
    offer_at_once_hours: int = _whole(48, 0, 240, since=8)

    #: A phone's clock that is wrong by more than this is shown beside the scans that it dated.
    clock_skew_seconds: int = _whole(60, 0, 24 * 3600, since=9)
    #: A person with more minutes than this in one week is put on the anomaly desk.
    plausible_week_minutes: int = _whole(40 * 60, 60, 7 * 24 * 60, since=10)

    def __post_init__(self) -> None:
        for number in fields(self):
            fault: Fault | None = number.metadata["fault"](getattr(self, number.name))
            if fault is not None:
                why, bounds = fault
                raise BadPolicy(number.name, why, **bounds)
        for number in fields(self):
            # The hash of an older format does not cover it, so it must be what its absence means.
            later = number.name != "format" and formats.first(number) > self.format
            if later and getattr(self, number.name) != number.default:
                why = "格式 %(format)s 的政策里没有这一项"
                raise BadPolicy(number.name, why, format=self.format)

    @classmethod
    def from_dict(cls, numbers: Mapping[str, Any]) -> Self:
        """Read a whole policy of any format up to ours.

        A missing, unknown or absurd number raises `BadPolicy` naming it, a format that only a
        newer program knows `NewerFormat`.
        """
        format_ = numbers.get("format", 1)
        if type(format_) is int and format_ >= 1:
            formats.need_known("policy", format_, formats.newest(cls))
            _need_whole(numbers, formats.names(cls, format_))
        read = {name: _tupled(value) for name, value in numbers.items()}
        return cls(**{**read, "format": format_})

    @property
    def numbers(self) -> dict[str, Any]:
        """Return every number by name, including those that its format implies."""
        names = (number.name for number in fields(self) if number.name != "format")
        return {name: _listed(getattr(self, name)) for name in names}

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers of its format as they are stored and hashed: JSON, with lists for
        tuples.
        """
        names = formats.names(type(self), self.format)
        return {name: _listed(getattr(self, name)) for name in names}


def _need_whole(numbers: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if name not in numbers:
            raise BadPolicy(name, why="缺少这一项")
    for name in numbers:
        if name not in names and name != "format":
            raise BadPolicy(name, why="政策里没有这一项")


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def canonical(policy: Policy) -> str:
    """Return the policy's canonical JSON, its version included: the text that is hashed."""
    return json.dumps(policy.to_dict(), sort_keys=True, separators=(",", ":"))


def policy_hash(policy: Policy) -> str:
    """Return the SHA-256 (hex) of the policy's canonical JSON."""
    return hashlib.sha256(canonical(policy).encode()).hexdigest()


#: Version 1 was written in format 1, and its hash is of that format.
STANDING = Policy(format=1)

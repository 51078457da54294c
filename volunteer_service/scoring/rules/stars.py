"""Stars of the half-year and of a lifetime, from frozen facts; replayed the same for ever.

Facts have a format and the rules a version; a round stores both and is replayed with them. A new
fact is a new field with ``formats.since``; a changed rule is a new entry of `RULES`.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

from volunteer_service.scoring.rules import formats
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import Policy, policy_hash
from volunteer_service.scoring.rules.reasons import Reason

#: Every reason these rules give, with the names of its numbers (pages and API word them all).
REASONS: dict[str, tuple[str, ...]] = {
    "stars_by_minutes": ("minutes", "stars"),
    "registered_too_late": ("days", "needed_days"),
    "complaint_upheld": ("complaints", "allowed"),
    "quality_too_low": ("mean_centi", "needed_centi", "evaluations"),
    "next_star": ("star", "short_minutes"),
}


class FrozenRecord(NamedTuple):
    """A confirmed record as it was when the facts were frozen: its id, minutes and grade."""

    id: int
    minutes: int
    grade: str

    def __str__(self) -> str:
        return ":".join(map(str, self))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read back what ``str`` made."""
        id_, minutes, grade = text.split(":")
        return cls(int(id_), int(minutes), grade)


def read_records(text: str) -> tuple[FrozenRecord, ...]:
    """Return records separated by blanks (``12:120:scanned 15:60:leader``), by rising id."""
    return tuple(sorted(map(FrozenRecord.parse, text.split())))


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that decide one person's star; only people with confirmed records are rated."""

    volunteer_id: int
    half_year: HalfYear
    #: Confirmed in the half-year, by records whose grade counts for stars.
    confirmed_minutes: int
    registered_on: date
    #: Upheld complaints about what happened in the half-year.
    upheld_complaints: int = 0
    #: Evaluations (1 to 5) of the half-year's records: how many, and their sum.
    evaluation_count: int = 0
    evaluation_sum: int = 0
    #: The records that ``confirmed_minutes`` are the sum of, by rising id.
    records: tuple[FrozenRecord, ...] = formats.since(2, meant=())

    def to_dict(self, format_: int | None = None) -> dict[str, Any]:
        """Return the form that a round of this format stores; by default of the newest."""
        return {name: _kept(getattr(self, name)) for name in self._names(format_)}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any], format_: int | None = None) -> Self:
        """Read back what `to_dict` made, for a replay; a later fact gets the value that its absence
        means.

        Raises ``NewerFormat`` for the facts of a newer program.
        """
        return cls(**{name: _read(name, kept[name]) for name in cls._names(format_)})

    def line(self, format_: int | None = None) -> str:
        """Return the facts of this format in a fixed order on one line, which is hashed."""
        return ",".join(map(str, self.to_dict(format_).values())) + "\n"

    @classmethod
    def _names(cls, format_: int | None) -> tuple[str, ...]:
        newest = formats.newest(cls)
        number = newest if format_ is None else format_
        formats.need_known("facts", number, newest)
        return formats.names(cls, number)


#: How a fact that is no number is read back from JSON.
_READ: dict[str, Callable[[str], Any]] = {
    "half_year": HalfYear.parse,
    "registered_on": date.fromisoformat,
    "records": read_records,
}


def _kept(value: Any) -> Any:
    return value if isinstance(value, int) else _text(value)


def _text(value: HalfYear | date | tuple[FrozenRecord, ...]) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(name: str, value: Any) -> Any:
    return _READ[name](value) if name in _READ else value


_BY_MINUTES = ("stars_by_minutes", "next_star")


@dataclass(frozen=True, slots=True)
class Rating:
    """0 to 5 stars and why: first the minutes, then what costs the star, then what is missing."""

    stars: int
    reasons: tuple[Reason, ...]

    @property
    def costs(self) -> tuple[Reason, ...]:
        """Return what costs the star, however many hours there are."""
        return tuple(reason for reason in self.reasons if reason.code not in _BY_MINUTES)

    @property
    def next_star(self) -> Reason | None:
        """Return what is missing for the next star (``star``, ``short_minutes``), if only hours are
        missing.
        """
        if self.costs:
            return None
        return next((reason for reason in self.reasons if reason.code == "next_star"), None)


def rate(facts: Facts, policy: Policy, rules: int | None = None) -> Rating:
    """Return stars of the half-year by this version of the rules, by default the newest.

    Raises ``NewerFormat`` for a version of a newer program.
    """
    number = max(RULES) if rules is None else rules
    formats.need_known("rules", number, max(RULES))
    return RULES[number](facts, policy)


def _first_rules(facts: Facts, policy: Policy) -> Rating:
    """Return stars of the half-year by confirmed minutes (600 to 6,600 for one to five), or none.

    Any star needs a registration at least 90 days before the half-year's last day (2 October is in
    time for 31 December), no upheld complaint, and a mean evaluation of 3.00 if there are 3.
    """
    by_minutes = _by_minutes(facts.confirmed_minutes, policy.star_minutes)
    costs = _costs(facts, policy)
    first, *missing = by_minutes.reasons
    return Rating(0 if costs else by_minutes.stars, (first, *costs, *missing))


#: Every version of the rules that rated a round; none is ever changed or removed.
RULES: dict[int, Callable[[Any, Policy], Rating]] = {1: _first_rules}


def lifetime(minutes: int, policy: Policy) -> Rating:
    """Return the lifetime star, a separate label, by all confirmed minutes (6,000 to 90,000)."""
    return _by_minutes(minutes, policy.lifetime_minutes)


def _by_minutes(minutes: int, thresholds: tuple[int, ...]) -> Rating:
    stars = sum(minutes >= threshold for threshold in thresholds)
    reached = Reason.of("stars_by_minutes", minutes=minutes, stars=stars)
    if stars == len(thresholds):
        return Rating(stars, (reached,))
    short = thresholds[stars] - minutes
    return Rating(stars, (reached, Reason.of("next_star", star=stars + 1, short_minutes=short)))


def _costs(facts: Facts, policy: Policy) -> list[Reason]:
    costs = []
    days = (facts.half_year.ends_on - facts.registered_on).days
    if days < policy.registered_days:
        needed = policy.registered_days
        costs.append(Reason.of("registered_too_late", days=days, needed_days=needed))
    if facts.upheld_complaints > policy.complaints_allowed:
        complaints, allowed = facts.upheld_complaints, policy.complaints_allowed
        costs.append(Reason.of("complaint_upheld", complaints=complaints, allowed=allowed))
    if _quality_too_low(facts, policy):
        costs.append(
            Reason.of(
                "quality_too_low",
                # Rounded down, because 2.999 must not be shown as the 3.00 that it misses.
                mean_centi=facts.evaluation_sum * 100 // facts.evaluation_count,
                needed_centi=policy.quality_mean_centi,
                evaluations=facts.evaluation_count,
            )
        )
    return costs


def _quality_too_low(facts: Facts, policy: Policy) -> bool:
    judged = facts.evaluation_count >= policy.evaluations_needed
    reached = facts.evaluation_sum * 100 >= policy.quality_mean_centi * facts.evaluation_count
    return judged and not reached


def facts_hash(facts: Iterable[Facts], policy: Policy, format_: int = 1) -> str:
    """Return the SHA-256 (hex) over the policy and all facts of a format, by rising volunteer id.

    Another order or a person twice raises ``ValueError``: one set of facts has one hash, and a
    million of them need no memory (the query orders by volunteer id).
    """
    # Data of format 1 do not state their format.
    said = "" if format_ == 1 else f"facts {format_}\n"
    digest = hashlib.sha256(f"{policy_hash(policy)}\n{said}".encode())
    before: int | None = None
    for person in facts:
        if before is not None and person.volunteer_id <= before:
            raise ValueError(f"facts out of order: {person.volunteer_id} after {before}")
        before = person.volunteer_id
        digest.update(person.line(format_).encode())
    return digest.hexdigest()

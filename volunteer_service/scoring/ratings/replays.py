"""Replays a round: its frozen facts under its own policy always give the same stars."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from volunteer_service import policies
from volunteer_service.attendance.records import rating_facts
from volunteer_service.scoring.ratings import frozen_facts
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.stars import Facts, facts_hash, rate

#: The most differences that a replay names; their number is always complete.
NAMED = 100


@dataclass(frozen=True)
class Difference:
    """A person whose stored stars differ from those that the facts give."""

    volunteer_id: int
    kept: int | None
    computed: int


@dataclass(frozen=True)
class Replay:
    """What a replay found; ``differences`` names the first hundred of ``different`` people."""

    people: int
    hash_equal: bool
    final_hash: str
    final_hash_equal: bool
    different: int
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Tell whether facts and stars are those that were frozen, rated and signed off."""
        return self.hash_equal and self.final_hash_equal and not self.different


def replay(row: Round) -> Replay:
    """Recompute hash and stars of a frozen round, streamed; changes nothing.

    The frozen facts must meet ``facts_hash``, the facts that hold after objections
    ``final_hash`` (once signed off), and every stored star must be the one that they give.
    """
    policy = policies.of(row.policy_version or 0)
    differences: list[Difference] = []
    counts = Counter[str]()
    form = row.facts_format or 1
    frozen_hash = _hash((person.frozen for person in frozen_facts.kept(row.id)), policy, form)
    final_hash = _hash(_compared(row, counts, differences), policy, form)
    return Replay(
        people=counts["people"],
        hash_equal=frozen_hash == row.facts_hash,
        final_hash=final_hash,
        final_hash_equal=row.final_hash in (None, final_hash),
        different=counts["different"],
        differences=tuple(differences),
    )


def _compared(row: Round, counts: Counter[str], differences: list[Difference]) -> Iterator[Facts]:
    """Yield the facts that hold, comparing each with the stored star."""
    rated, rate_by = row.state not in ("open", "frozen"), frozen_facts.rules_of(row)
    for person in frozen_facts.kept(row.id):
        counts["people"] += 1
        stars = rate_by(person.effective).stars
        # Facts that name somebody else would otherwise be rated under this person's name.
        strange = person.effective.volunteer_id != person.volunteer_id
        if rated and (stars != person.stars or strange):
            counts["different"] += 1
            if len(differences) < NAMED:
                differences.append(Difference(person.volunteer_id, person.stars, stars))
        yield person.effective


def preview(half_year: HalfYear, area_path: str) -> Counter[str]:
    """Return how many people would get ``star_0`` to ``star_5`` if the half-year were rated now."""
    policy = policies.of_round(area_path, half_year)
    counts = Counter[str]()
    for person in rating_facts.facts_for(half_year, area_path, policy):
        counts[f"star_{rate(person, policy).stars}"] += 1
    return counts


def _hash(people: Iterator[Facts], policy: Policy, facts_format: int) -> str:
    try:
        return facts_hash(people, policy, facts_format)
    except ValueError:
        # Facts out of order name another person than their row, so they are not as frozen.
        return ""

"""Numbers that nobody could reach are refused; the last ones that somebody can reach are not."""

from dataclasses import replace
from typing import Any

import pytest

from volunteer_service.scoring.rules.policy import STANDING, BadPolicy
from volunteer_service.scoring.rules.sense import need_sense

MOST = 184 * STANDING.day_cap_minutes
LIFE = 1_200_000


def changed(name: str, index: int, value: int) -> dict[str, Any]:
    found = list(getattr(STANDING, name))
    found[index] = value
    return {name: tuple(found)}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        changed("star_minutes", -1, MOST),
        changed("lifetime_minutes", -1, LIFE),
        changed("star_minutes", 0, STANDING.rounding_minutes),
    ],
)
def test_what_somebody_can_reach_passes(changes: dict[str, Any]) -> None:
    need_sense(replace(STANDING, **changes))


@pytest.mark.parametrize(
    ("changes", "field", "facts"),
    [
        (changed("star_minutes", -1, MOST + 1), "star_minutes", {"most": MOST}),
        (
            changed("lifetime_minutes", -1, LIFE + 1),
            "lifetime_minutes",
            {"most": LIFE, "hours": 20_000},
        ),
        (
            changed("star_minutes", 0, STANDING.rounding_minutes - 1),
            "star_minutes",
            {"least": STANDING.rounding_minutes},
        ),
    ],
)
def test_what_nobody_can_reach_is_refused(
    changes: dict[str, Any], field: str, facts: dict[str, int]
) -> None:
    with pytest.raises(BadPolicy) as refused:
        need_sense(replace(STANDING, **changes))
    assert (refused.value.field, repr(refused.value.bounds)) == (field, repr(facts))

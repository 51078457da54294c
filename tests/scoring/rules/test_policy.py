"""The policy: version 1 is the programme's word; nothing absurd gets in; the hash is steady."""

import json
from dataclasses import replace
from typing import Any

import pytest

from volunteer_service.scoring.rules.policy import STANDING, BadPolicy, Policy, policy_hash


def test_version_1_is_the_standing_policy() -> None:
    assert STANDING.to_dict() == {
        "version": 1,
        "early_minutes": 30,
        "late_minutes": 15,
        "rounding_minutes": 6,
        "presence_percent": 60,
        "day_cap_minutes": 480,
        "grades_for_stars": ["scanned", "leader", "imported", "backfilled"],
        "grades_for_points": ["scanned", "leader", "imported"],
        "points_per_hour_centi": 100,
        "default_coefficient_centi": 100,
        "points_valid_years": 1,
        "star_minutes": [600, 1200, 2400, 4200, 6600],
        "lifetime_minutes": [6000, 18000, 36000, 60000, 90000],
        "registered_days": 90,
        "complaints_allowed": 0,
        "evaluations_needed": 3,
        "quality_mean_centi": 300,
        "notice_working_days": 5,
        "orders_a_month": 1,
        "pieces_an_order": 2,
        "order_days": 14,
        "no_shows_to_block": 5,
        "no_show_days": 365,
    }


def test_a_policy_survives_json() -> None:
    assert Policy.from_dict(json.loads(json.dumps(STANDING.to_dict()))) == STANDING


@pytest.mark.parametrize("name", list(STANDING.to_dict()))
def test_a_missing_number_is_named(name: str) -> None:
    numbers = STANDING.to_dict()
    del numbers[name]
    with pytest.raises(BadPolicy, match=f"^{name}: 缺少这一项") as refused:
        Policy.from_dict(numbers)
    assert refused.value.field == name


def test_an_unknown_number_is_named() -> None:
    with pytest.raises(BadPolicy, match=r"^star_hours: 政策里没有这一项"):
        Policy.from_dict({**STANDING.to_dict(), "star_hours": 10})


@pytest.mark.parametrize("name", list(STANDING.to_dict()))
@pytest.mark.parametrize("value", [-1, None, "6", 6.0, True, [], 10**9, {}, [600.0] * 5])
def test_an_absurd_number_is_named(name: str, value: Any) -> None:
    with pytest.raises(BadPolicy, match=f"^{name}: 应"):
        Policy.from_dict({**STANDING.to_dict(), name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", 0),
        ("rounding_minutes", 0),
        ("presence_percent", 101),
        ("day_cap_minutes", 1441),
        ("quality_mean_centi", 501),
        ("star_minutes", [600, 1200, 2400, 4200]),
        ("star_minutes", [600, 1200, 1200, 4200, 6600]),
        ("star_minutes", [1200, 600, 2400, 4200, 6600]),
        ("star_minutes", [0, 600, 1200, 2400, 4200]),
        ("star_minutes", [True, 600, 1200, 2400, 4200]),
        ("grades_for_points", ["scanned", "guessed"]),
        ("grades_for_points", ["leader", "scanned"]),
        ("grades_for_points", ["scanned", "scanned"]),
        ("grades_for_stars", "scanned"),
    ],
)
def test_just_beyond_what_can_be(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{name}: 应"):
        Policy.from_dict({**STANDING.to_dict(), name: value})


def test_the_hash_knows_every_number() -> None:
    changed = {
        "grades_for_stars": ("scanned",),
        "grades_for_points": ("scanned",),
        "star_minutes": (1, 2, 3, 4, 5),
        "lifetime_minutes": (1, 2, 3, 4, 5),
        "presence_percent": 61,
    }
    hashes = {policy_hash(STANDING)}
    for name, value in STANDING.to_dict().items():
        other: Any = changed[name] if name in changed else value + 1
        hashes.add(policy_hash(replace(STANDING, **{name: other})))
    assert len(hashes) == 1 + len(STANDING.to_dict())


def test_the_hash_of_version_1_never_moves() -> None:
    # Final rounds hold it: a change here would mean that no old round replays.
    assert (
        policy_hash(STANDING) == "e86643a312d7d1ad61bfdb67efa449d65be8322e441b3036e0745963a3d975aa"
    )
    shuffled = dict(sorted(STANDING.to_dict().items(), reverse=True))
    assert policy_hash(Policy.from_dict(shuffled)) == policy_hash(STANDING)

"""The policy: version 1 is the programme's word; nothing absurd gets in; the hash is steady."""

import hashlib
import json
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_service.scoring.rules import formats, policy
from volunteer_service.scoring.rules.formats import NewerFormat
from volunteer_service.scoring.rules.policy import (
    GRADES,
    STANDING,
    BadPolicy,
    Policy,
    policy_hash,
)

#: What format 2 added, and what the versions of format 1 mean by not having it: for ever.
FORMAT_2 = {
    "adjust_alone_centi": 5_000,
    "adjust_days": 30,
    "adjust_member_centi": 5_000,
    "adjust_account_centi": 20_000,
    "independence_days": 30,
    "complaint_reply_days": 7,
    "import_alone_records": 100,
}
#: What format 3 added.
FORMAT_3 = {"correct_alone_minutes": 120}
#: What format 4 added.
FORMAT_4 = {
    "late_tap_hours": 24,
    "late_tap_minutes": 2,
    "late_tap_jitter_seconds": 60,
    "undo_check_out_minutes": 10,
    "close_after_minutes": 30,
    "household_most": 8,
    "household_days": 30,
    "second_admin_days": 7,
    "merge_alone_minutes": 120,
    "merge_undo_days": 7,
}
#: What format 5 added.
FORMAT_5 = {"half_day_minutes": 240, "openings_for_stars": 0}
#: What format 6 added.
FORMAT_6 = {"quiet_from_minute": 1_260, "quiet_to_minute": 480}
#: What format 7 added.
FORMAT_7 = {"claim_days": 30, "claims_at_once": 5}
#: What format 8 added.
FORMAT_8 = {"offer_hours": 24, "offer_at_once_hours": 48}
#: What format 9 added.
FORMAT_9 = {"clock_skew_seconds": 60}
#: What format 10 added.
FORMAT_10 = {"plausible_week_minutes": 2_400}
#: What each format added.
ADDED = {2: FORMAT_2, 3: FORMAT_3, 4: FORMAT_4, 5: FORMAT_5, 6: FORMAT_6, 7: FORMAT_7}
ADDED |= {8: FORMAT_8, 9: FORMAT_9, 10: FORMAT_10}
#: The same policy in the newest format.
NEWEST = Policy()


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
    assert Policy.from_dict(json.loads(json.dumps(NEWEST.to_dict()))) == NEWEST


@pytest.mark.parametrize("name", sorted(NEWEST.numbers))
def test_a_missing_number_is_named(name: str) -> None:
    numbers = NEWEST.to_dict()
    del numbers[name]
    with pytest.raises(BadPolicy, match=f"^{name}: 缺少这一项") as refused:
        Policy.from_dict(numbers)
    assert refused.value.field == name


def test_an_unknown_number_is_named() -> None:
    with pytest.raises(BadPolicy, match=r"^star_hours: 政策里没有这一项"):
        Policy.from_dict({**NEWEST.to_dict(), "star_hours": 10})


@pytest.mark.parametrize("name", list(NEWEST.numbers))
@pytest.mark.parametrize("value", [-1, None, "6", 6.0, True, [], 10**9, {}, [600.0] * 5])
def test_an_absurd_number_is_named(name: str, value: Any) -> None:
    with pytest.raises(BadPolicy, match=f"^{name}: 应"):
        Policy.from_dict({**NEWEST.to_dict(), name: value})


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
        ("star_minutes", [-1, 600, 1200, 2400, 4200]),
        ("star_minutes", [True, 600, 1200, 2400, 4200]),
        ("grades_for_points", ["scanned", "guessed"]),
        ("grades_for_points", ["leader", "scanned"]),
        ("grades_for_points", ["scanned", "scanned"]),
        ("grades_for_stars", "scanned"),
    ],
)
def test_just_beyond_what_can_be(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{name}: 应"):
        Policy.from_dict({**NEWEST.to_dict(), name: value})


#: The least and the most that each number may be.
BOUNDS = {
    "format": (1, 1_000),
    "version": (1, 1_000_000),
    "early_minutes": (0, 1_440),
    "late_minutes": (0, 1_440),
    "rounding_minutes": (1, 60),
    "presence_percent": (1, 100),
    "day_cap_minutes": (60, 1_440),
    "points_per_hour_centi": (0, 100_000),
    "default_coefficient_centi": (1, 10_000),
    "points_valid_years": (0, 50),
    "registered_days": (0, 180),
    "complaints_allowed": (0, 100),
    "evaluations_needed": (1, 1_000),
    "quality_mean_centi": (100, 500),
    "notice_working_days": (1, 60),
    "orders_a_month": (1, 1_000),
    "pieces_an_order": (1, 1_000),
    "order_days": (1, 365),
    "no_shows_to_block": (1, 1_000),
    "no_show_days": (1, 3_660),
    "adjust_alone_centi": (0, 1_000_000),
    "adjust_days": (1, 366),
    "adjust_member_centi": (0, 10_000_000),
    "adjust_account_centi": (0, 10_000_000),
    "independence_days": (1, 366),
    "complaint_reply_days": (1, 60),
    "import_alone_records": (0, 100_000),
    "correct_alone_minutes": (0, 1_440),
    "late_tap_hours": (0, 240),
    "late_tap_minutes": (0, 60),
    "late_tap_jitter_seconds": (0, 600),
    "undo_check_out_minutes": (0, 1_440),
    "close_after_minutes": (0, 10_080),
    "household_most": (1, 100),
    "household_days": (1, 366),
    "second_admin_days": (1, 60),
    "merge_alone_minutes": (0, 1_000_000),
    "merge_undo_days": (0, 366),
    "half_day_minutes": (30, 720),
    "openings_for_stars": (0, 1),
    "quiet_from_minute": (0, 1_439),
    "quiet_to_minute": (0, 1_439),
    "claim_days": (0, 366),
    "claims_at_once": (0, 1_000),
    "offer_hours": (0, 240),
    "offer_at_once_hours": (0, 240),
    "clock_skew_seconds": (0, 86_400),
    "plausible_week_minutes": (60, 10_080),
}


def test_every_whole_number_has_bounds() -> None:
    whole_numbers = {name for name, value in NEWEST.numbers.items() if type(value) is int}
    assert BOUNDS.keys() == whole_numbers | {"format"}


@pytest.mark.parametrize(("name", "least", "most"), [(n, *both) for n, both in BOUNDS.items()])
def test_a_number_may_be_its_bounds_and_nothing_beyond(name: str, least: int, most: int) -> None:
    # What a later format adds is as standing, so an older format may be set alone.
    for value in (least, most):
        assert getattr(replace(NEWEST, **{name: value}), name) == value
    for value in (least - 1, most + 1):
        with pytest.raises(BadPolicy) as refused:
            replace(NEWEST, **{name: value})
        assert (refused.value.field, refused.value.bounds) == (name, {"least": least, "most": most})


def test_thresholds_may_begin_with_one_minute_and_the_refusal_says_how_many() -> None:
    lowest = (1, 2, 3, 4, 5)
    assert replace(NEWEST, star_minutes=lowest).star_minutes == lowest
    for wrong in ((1, 2, 3, 4), (1, 2, 3, 4, 5, 6)):
        with pytest.raises(BadPolicy) as refused:
            replace(NEWEST, star_minutes=wrong)
        assert refused.value.bounds == {"count": 5}


def test_a_policy_never_changes() -> None:
    with pytest.raises(FrozenInstanceError):
        NEWEST.version = 2  # type: ignore[misc]
    with pytest.raises(TypeError, match="positional"):
        Policy(3)  # type: ignore[misc]


def test_the_hash_knows_every_number() -> None:
    changed = {
        "grades_for_stars": ("scanned",),
        "grades_for_points": ("scanned",),
        "star_minutes": (1, 2, 3, 4, 5),
        "lifetime_minutes": (1, 2, 3, 4, 5),
        "presence_percent": 61,
    }
    hashes = {policy_hash(NEWEST)}
    for name, value in NEWEST.to_dict().items():
        other: Any = changed[name] if name in changed else value + 1
        hashes.add(policy_hash(replace(NEWEST, **{name: other})))
    assert len(hashes) == 1 + len(NEWEST.to_dict())


def test_the_hash_of_version_1_never_moves() -> None:
    # Final rounds hold it: a change here would mean that no old round replays.
    assert (
        policy_hash(STANDING) == "e86643a312d7d1ad61bfdb67efa449d65be8322e441b3036e0745963a3d975aa"
    )
    shuffled = dict(sorted(STANDING.to_dict().items(), reverse=True))
    assert policy_hash(Policy.from_dict(shuffled)) == policy_hash(STANDING)


# Formats


def test_a_number_says_the_format_it_came_with() -> None:
    came = {number.name: formats.first(number) for number in fields(Policy)}
    of_format_1 = dict.fromkeys(STANDING.to_dict(), 1)
    later = {name: number for number, names in ADDED.items() for name in names}
    assert came == of_format_1 | later | {"format": 2}
    assert formats.first(field()) == 1
    # What older data means by not having it is said by name: for ever.
    with pytest.raises(TypeError, match="positional"):
        formats.since(2, 15)  # type: ignore[misc]


@pytest.mark.parametrize("format_", ADDED)
def test_the_numbers_of_each_format(format_: int) -> None:
    older = {
        name: value for n, each in ADDED.items() if n <= format_ for name, value in each.items()
    }
    assert Policy(format=format_).to_dict() == STANDING.to_dict() | older | {"format": format_}


def test_the_newest_format_means_what_the_standing_policy_means() -> None:
    assert NEWEST.format == formats.newest(Policy) == max(ADDED)
    assert STANDING.numbers == NEWEST.numbers
    assert NEWEST.to_dict() == NEWEST.numbers | {"format": NEWEST.format}


@pytest.mark.parametrize(
    ("format_", "kept"),
    [
        (2, "5ffd301d1fb51abbd7dce87796baab94929ed67e83d276b71a6012c3e66fdb92"),
        (4, "1e6299d100b42ee69f95caf08b44e8b790db8639896e599d388152fcea0ea406"),
        (3, "86b74ef11ccbe6edbb335a4454f4e7ba4c48ca9700ebdd1947ec54ae1f820a5b"),
    ],
)
def test_the_hash_of_an_older_format_never_moves(format_: int, kept: str) -> None:
    assert policy_hash(Policy(format=format_)) == kept


def whole(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least, most)


THRESHOLDS = st.lists(whole(1, 100_000), min_size=5, max_size=5, unique=True).map(sorted)
SOME_GRADES = st.sets(st.sampled_from(GRADES), min_size=1).map(
    lambda some: sorted(some, key=GRADES.index)
)
#: Whatever a coordinator of the program before formats could have written.
FORMAT_1 = st.fixed_dictionaries(
    {
        "version": whole(1, 1_000_000),
        "early_minutes": whole(0, 1_440),
        "late_minutes": whole(0, 1_440),
        "rounding_minutes": whole(1, 60),
        "presence_percent": whole(1, 100),
        "day_cap_minutes": whole(60, 1_440),
        "grades_for_stars": SOME_GRADES,
        "grades_for_points": SOME_GRADES,
        "points_per_hour_centi": whole(0, 100_000),
        "default_coefficient_centi": whole(1, 10_000),
        "points_valid_years": whole(0, 50),
        "star_minutes": THRESHOLDS,
        "lifetime_minutes": THRESHOLDS,
        "registered_days": whole(0, 180),
        "complaints_allowed": whole(0, 100),
        "evaluations_needed": whole(1, 1_000),
        "quality_mean_centi": whole(100, 500),
        "notice_working_days": whole(1, 60),
        "orders_a_month": whole(1, 1_000),
        "pieces_an_order": whole(1, 1_000),
        "order_days": whole(1, 365),
        "no_shows_to_block": whole(1, 1_000),
        "no_show_days": whole(1, 3_660),
    }
)


@dataclass(frozen=True, kw_only=True)
class Later(Policy):
    """The policy of a later program: one more number, in the next format."""

    format: int = policy._whole(11, 1, 1_000, since=2)
    tea_minutes: int = policy._whole(15, 0, 60, since=11)


@pytest.mark.parametrize("kind", [Policy, Later])
@given(kept=FORMAT_1)
def test_any_policy_of_format_1_reads_hashes_and_goes_round_as_before(
    kind: type[Policy], kept: dict[str, Any]
) -> None:
    read = kind.from_dict(kept)
    assert read.to_dict() == kept
    as_before = json.dumps(kept, sort_keys=True, separators=(",", ":"))
    assert policy_hash(read) == hashlib.sha256(as_before.encode()).hexdigest()
    assert {name: read.numbers[name] for name in FORMAT_2} == FORMAT_2
    assert kind.from_dict(json.loads(json.dumps(read.to_dict()))) == read


@given(kept=FORMAT_1, new=st.fixed_dictionaries({name: whole(1, 60) for name in FORMAT_2}))
def test_a_later_program_reads_format_2_and_writes_its_own(
    kept: dict[str, Any], new: dict[str, int]
) -> None:
    before = Policy.from_dict({**kept, **new, "format": 2})
    read = Later.from_dict(before.to_dict())
    assert (read.to_dict(), policy_hash(read)) == (before.to_dict(), policy_hash(before))
    assert read.numbers == before.numbers | {"tea_minutes": 15}
    newest = Later.from_dict(read.numbers | {"format": 11, "tea_minutes": 20})
    later = FORMAT_3 | FORMAT_4 | FORMAT_5 | FORMAT_6 | FORMAT_7 | FORMAT_8 | FORMAT_9 | FORMAT_10
    later = later | {"format": 11, "tea_minutes": 20}
    assert newest.to_dict() == before.to_dict() | later
    assert policy_hash(newest) != policy_hash(before)


def test_a_format_of_a_newer_program_is_not_guessed_at() -> None:
    with pytest.raises(NewerFormat, match="a newer program wrote it, this one reads up to 10"):
        Policy.from_dict(Later().to_dict())


@pytest.mark.parametrize("format_", ["2", 2.0, True, None, 0, -1])
def test_a_format_that_is_none(format_: Any) -> None:
    with pytest.raises(BadPolicy, match=r"^format: 应为"):
        Policy.from_dict({**NEWEST.to_dict(), "format": format_})


@pytest.mark.parametrize("name", FORMAT_2)
def test_an_older_format_has_no_number_of_a_later_one(name: str) -> None:
    with pytest.raises(BadPolicy, match=f"^{name}: 政策里没有这一项"):
        Policy.from_dict({**STANDING.to_dict(), name: FORMAT_2[name]})
    # Two policies would have one hash.
    for other in (FORMAT_2[name] - 1, FORMAT_2[name] + 1):
        with pytest.raises(BadPolicy, match=f"^{name}: 格式 1 的政策里没有这一项"):
            replace(STANDING, **{name: other})

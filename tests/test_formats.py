"""After one more fact, number, rule or column, existing data still reads, replays and verifies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, Subquery, func, select

from tests import make, make_points, make_ratings
from volunteer_service import policies
from volunteer_service.attendance.check_ins import rosters as records
from volunteer_service.attendance.models import RecordChange, ServiceRecord
from volunteer_service.attendance.records import rating_facts
from volunteer_service.attendance.records import record_decisions as amending
from volunteer_service.attendance.refusals import REFUSED_AT_SCAN
from volunteer_service.crypto import Vault
from volunteer_service.db import Base, db
from volunteer_service.errors import WrittenByNewerProgram
from volunteer_service.scoring.points import doctor, seals
from volunteer_service.scoring.points.models import Seal, Transfer
from volunteer_service.scoring.ratings import (
    frozen_facts,
    objections,
    replays,
    results,
    round_steps,
    sign_off,
    supplements,
)
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rewards import desk_days
from volunteer_service.scoring.rules import (
    formats,
    policy,
    recognised_minutes,
    stars,
)
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import Policy, policy_hash
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.web.shared import record_reasons
from volunteer_service.web.shared import star_reasons as star_words

ROOT = Path(__file__).resolve().parent.parent
JULY = make_ratings.JULY
NEXT_FACTS = formats.newest(stars.Facts) + 1
NEXT_RULES = max(stars.RULES) + 1
NEXT_POLICY = formats.newest(Policy) + 1


@dataclass(frozen=True, slots=True)
class LaterFacts(stars.Facts):
    """The facts of a later program: also how many records there are."""

    record_count: int = formats.since(NEXT_FACTS, meant=0)


@dataclass(frozen=True, kw_only=True)
class LaterPolicy(Policy):
    """The policy of a later program: also how many records a star needs."""

    format: int = policy._whole(NEXT_POLICY, 1, 1_000, since=2)
    records_needed: int = policy._whole(0, 0, 1_000, since=NEXT_POLICY)


def counted(half_year: HalfYear) -> Subquery:
    """How many confirmed records."""
    return (
        select(ServiceRecord.volunteer_id, func.count().label("record_count"))
        .where(
            ServiceRecord.state == "confirmed",
            ServiceRecord.served_on.between(half_year.starts_on, half_year.ends_on),
        )
        .group_by(ServiceRecord.volunteer_id)
        .subquery("counted")
    )


def later_rules(person: Any, numbers: Any) -> stars.Rating:
    """As before, but no star for fewer records than the policy says."""
    rating = stars.RULES[NEXT_RULES - 1](person, numbers)
    enough = person.record_count >= numbers.records_needed
    return stars.Rating(rating.stars if enough else 0, rating.reasons)


@pytest.fixture
def later_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function that makes this program the next one: the lines that a developer would add."""

    def become() -> None:
        monkeypatch.setattr(rating_facts, "Facts", LaterFacts)
        monkeypatch.setattr(frozen_facts, "Facts", LaterFacts)
        monkeypatch.setattr(rating_facts, "SOURCES", [*rating_facts.SOURCES, counted])
        monkeypatch.setattr(policies, "Policy", LaterPolicy)
        monkeypatch.setitem(stars.RULES, NEXT_RULES, later_rules)
        policies.by_hash.cache_clear()

    yield become
    policies.by_hash.cache_clear()


def town_with_an_old_round() -> tuple[make.Cast, Round]:
    """王建国 has one record of 700 minutes, 赵芳 two of 600; a final round of today's program."""
    cast = make.cast()
    make_ratings.record(cast.wang, cast.team, 700)
    make_ratings.record(cast.zhao, cast.other_team, 600)
    make_ratings.record(cast.zhao, cast.other_team, 600)
    return cast, make_ratings.round_at("final", cast)


def test_one_more_fact_number_and_rule_leave_an_old_round_as_it_was(session, later_program) -> None:
    cast, old = town_with_an_old_round()
    before = replays.replay(old)
    assert (before.equal, old.facts_format, old.rules_version) == (True, NEXT_FACTS - 1, 1)
    later_program()
    assert replays.replay(old) == before
    assert "record_count" not in make_ratings.result(old, cast.wang).facts
    explained = results.explain(make_ratings.result(old, cast.wang))
    assert (explained.facts.to_dict()["record_count"], explained.policy.format) == (0, 1)


def test_a_new_round_has_the_new_fact_and_is_rated_by_the_new_rules(session, later_program) -> None:
    cast = make.cast()
    make_ratings.record(cast.wang, cast.team, 700)
    for _ in range(2):
        make_ratings.record(cast.zhao, cast.other_team, 600)
    later_program()
    added = policies.add_version(
        {"records_needed": 2}, reason="x", account_id=None, at=make.MORNING
    )
    assert (added.format, policies.versions()[0].numbers["records_needed"]) == (NEXT_POLICY, 2)
    new = make_ratings.round_at("final", cast)
    assert (new.facts_format, new.rules_version) == (NEXT_FACTS, NEXT_RULES)
    one, two = (make_ratings.result(new, each) for each in (cast.wang, cast.zhao))
    assert [each.facts["record_count"] for each in (one, two)] == [1, 2]
    assert [each.stars for each in (one, two)] == [0, 2]
    assert replays.replay(new).equal
    one.facts = one.facts | {"record_count": 2}
    db.session.flush()
    assert not replays.replay(new).hash_equal


def test_an_objection_and_a_supplement_stay_in_the_format_of_their_round(
    session, later_program
) -> None:
    cast = make.cast()
    make_ratings.record(cast.wang, cast.team, 700)
    row = make_ratings.round_at("notice", cast)
    later_program()
    by, second = make.acting(cast.coordinator), make.acting(cast.second)
    mine = make_ratings.result(row, cast.wang)
    said = objections.object_to(mine.id, "少了", by=make.acting(cast.wang_account), at=JULY)
    make_ratings.record(cast.wang, cast.team, 600)
    objections.decide_objection(said.id, upheld=True, answer="对", by=by, at=JULY)
    assert (said.facts_after, "record_count" in said.facts_after) == (
        make_ratings.result(row, cast.wang).amended,
        False,
    )
    round_steps.close_notice(row.id, by=by, at=make_ratings.AFTER_NOTICE)
    assert sign_off.sign_off(row.id, by=second, at=make_ratings.AFTER_NOTICE).state == "final"
    extra = supplements.supplement(
        row.id, [cast.wang.id], reason="漏", by=by, at=make_ratings.AFTER_NOTICE
    )
    round_steps.draft(extra.id, by=by, at=make_ratings.AFTER_NOTICE)
    assert (extra.facts_format, extra.rules_version) == (NEXT_FACTS - 1, 1)
    assert replays.replay(extra).equal


def test_thawing_takes_format_and_rules_away_and_freezing_gives_the_newest(
    session, later_program
) -> None:
    cast = make.cast()
    make_ratings.record(cast.wang, cast.team, 700)
    row = make_ratings.round_at("draft", cast)
    later_program()
    by = make.acting(cast.coordinator)
    round_steps.thaw(row.id, reason="记录有误", by=by, at=JULY)
    assert (row.facts_format, row.rules_version) == (None, None)
    round_steps.freeze(row.id, by=by, at=JULY)
    assert (row.facts_format, row.rules_version) == (NEXT_FACTS, NEXT_RULES)


@pytest.mark.parametrize("column", ["facts_format", "rules_version"])
def test_a_round_of_a_newer_program_says_what_to_do(session, column: str) -> None:
    _cast, row = town_with_an_old_round()
    setattr(row, column, 9)
    db.session.flush()
    with pytest.raises(WrittenByNewerProgram, match="升级程序"):
        replays.replay(row)


# Seals


def test_every_column_of_a_transfer_is_sealed() -> None:
    # A new column belongs to the next format of the seal.
    assert seals.COLUMNS[max(seals.COLUMNS)] == tuple(Transfer.__table__.columns.keys())


def seal_all() -> Seal:
    """On PostgreSQL the first seal only marks what the next one takes in."""
    for _ in range(2):
        seals.seal(at=make_points.FRIDAY)
    return db.session.scalars(select(Seal).order_by(Seal.id.desc()).limit(1)).one()


def test_seals_of_an_old_format_are_computed_in_it_and_new_ones_follow(
    session, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make.cast()
    make_points.earned(cast.wang)
    old = seal_all()
    next_ = max(seals.COLUMNS) + 1
    monkeypatch.setitem(seals.COLUMNS, next_, (*reversed(seals.COLUMNS[next_ - 1]),))
    make_points.earned(cast.zhao)
    new = seal_all()
    assert (old.format, new.format) == (next_ - 1, next_)
    assert doctor.doctor() == []
    monkeypatch.delitem(seals.COLUMNS, next_)
    with pytest.raises(WrittenByNewerProgram):
        doctor.doctor()


# Papers, day sheets, changes of records


def test_a_day_sheet_of_a_newer_program_says_what_to_do(session) -> None:
    cast = make.cast()
    gift = make_points.gift(cast)
    by = make.acting(cast.desk)
    sheet = desk_days.close_day(cast.town.id, {gift.id: 10}, by=by, at=make_points.FRIDAY)
    assert (sheet.format, desk_days.lines_of(sheet)[0].counted) == (1, 10)
    sheet.format = 2
    with pytest.raises(WrittenByNewerProgram):
        desk_days.lines_of(sheet)


def test_a_change_says_its_format(session) -> None:
    cast = make.cast()
    record = make_ratings.record(cast.wang, cast.team, 120)
    by = make.acting(cast.coordinator)
    change = amending.amend(record, minutes=60, reason="x", by=by, at=JULY)
    first = {"state", "minutes", "grade", "ends_at"}
    since_2 = {"starts_at", "served_on", "coefficient_centi"}
    assert (change.format, set(change.before)) == (2, first | since_2)
    newer = {"before": {}, "after": {}, "reason": "x", "format": 3}
    db.session.add(RecordChange(record_id=record.id, at=JULY, **newer))
    db.session.flush()
    with pytest.raises(WrittenByNewerProgram):
        records.explain(record.id, by=by)


def test_the_hash_of_each_version_is_that_of_its_own_format(session, later_program) -> None:
    policies.add_version({}, reason="x", account_id=None, at=make.MORNING)
    later_program()
    policies.add_version({}, reason="x", account_id=None, at=make.MORNING)
    kept = policies.versions()
    assert [each.policy.format for each in kept] == [NEXT_POLICY, NEXT_POLICY - 1, 1]
    assert [policy_hash(each.policy) for each in kept] == [each.hash for each in kept]


# What is known by its code

#: The codes of kept reasons and their numbers: more may come, these stay as they are.
REASONS = {
    "check_in_before_window": {"minutes", "allowed_minutes"},
    "check_out_after_window": {"minutes", "allowed_minutes"},
    "check_out_before_check_in": {"minutes"},
    "complaint_upheld": {"complaints", "allowed"},
    "end_set_by_leader": set(),
    "minutes_decided": set(),
    "entered_late": {"working_days", "allowed"},
    "next_star": {"star", "short_minutes"},
    "no_check_out": set(),
    "over_day_cap": {"day_minutes", "cap_minutes"},
    "overlaps_record": {"record"},
    "presence_too_short": {"minutes", "needed_minutes", "shift_minutes"},
    "quality_too_low": {"mean_centi", "needed_centi", "evaluations"},
    "registered_too_late": {"days", "needed_days"},
    "rounded_down": {"minutes", "from_minutes", "step_minutes"},
    "stars_by_minutes": {"minutes", "stars"},
    "times_corrected": set(),
}
#: The refusals of a scan that is kept, and the numbers kept with them.
REFUSED_SCANS: dict[str, dict[str, str]] = {
    "already_checked_in": {},
    "already_checked_out": {},
    "event_called_off": {},
    "event_not_open": {"opens": "08:30"},
    "event_over": {},
    "minor_on_dangerous_post": {},
    "not_checked_in": {},
    "not_signed_up": {},
    "registration_ended": {},
    "sign_up_blocked": {},
    "sign_up_overlaps": {"title": "护学"},
}


@pytest.mark.parametrize("code", REASONS)
def test_a_reason_that_is_kept_has_its_numbers_for_ever(app: Flask, code: str) -> None:
    kept = {"code": code, "numbers": dict.fromkeys(sorted(REASONS[code]), 3)}
    declared = recognised_minutes.REASONS | stars.REASONS
    if code in declared:
        assert set(declared[code]) == REASONS[code]
    with app.test_request_context():
        if code in star_words.WORDED:
            said = star_words.sentence(Reason.from_dict(kept))
        else:
            said = record_reasons.reason(kept)
    assert said
    assert code not in said
    assert "%(" not in said


@pytest.mark.parametrize("code", REFUSED_SCANS)
def test_a_refused_scan_is_told_again_with_the_numbers_it_kept(code: str) -> None:
    refusal = REFUSED_AT_SCAN[code](**REFUSED_SCANS[code])
    assert "%(" not in str(refusal)


def test_what_was_sealed_opens_and_is_found_again() -> None:
    # Made once, by the first program: what lies in databases was made the same way.
    vault = Vault("test-personal-key-test-personal-0123456789")
    sealed = bytes.fromhex(
        "911c67f7337f9704e4bfd41d84e506fe3796bb8abf538c8d5345d11d2af069856d4b17b098154f"
    )
    assert vault.unseal(sealed, "volunteer.phone") == "17000000001"
    key = vault.key_of("17000000001", "volunteer.phone")
    assert key == "ryfZvkvy6vE_Fu77pghO0mqAMAG4CZchXCUtv3aZrZA"


# Completeness

#: JSON that is not kept for ever; docs/formats.md says why.
PASSING = {"idempotency_keys.body", "job_runs.result", "tokens.scopes"}


def test_a_kept_json_is_in_the_table_of_formats() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    table = "\n".join(line.split("|")[2] for line in page.splitlines() if line[:2] == "| ")
    named = {name.split(".")[-1] for name in re.findall(r"`([a-z_.]+)`", table)}
    columns = [
        (f"{each.name}.{column.name}", column.name, each.name)
        for each in Base.metadata.sorted_tables
        for column in each.columns
        if isinstance(column.type, JSON)
    ]
    assert len(columns) > 10
    missing = [
        full
        for full, name, kind in columns
        if full not in PASSING and not (name in named and f"`{kind}." in table)
    ]
    assert missing == []

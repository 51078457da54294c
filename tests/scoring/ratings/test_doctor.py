"""The doctor computes the minutes of every star again from the records."""

from datetime import timedelta

from tests.make import acting, cast
from tests.make_ratings import AFTER_NOTICE, JULY, record, result, round_at
from volunteer_service.jobs.doctor import doctor
from volunteer_service.scoring.ratings import objections


def stars() -> list[tuple[str, str, str]]:
    found = doctor()
    return [(each.subject, each.stored, each.computed) for each in found if "star's" in each.check]


def test_minutes_that_are_no_record_s_are_found(session: None) -> None:
    town = cast()
    served = record(town.wang, town.team, 700)
    record(town.wang, town.team, 60, state="refused")
    mine = result(round_at("notice", town), town.wang)
    assert stars() == []
    mine.amended = mine.facts | {"confirmed_minutes": 7_200}
    assert stars() == [(f"round_results/{mine.id}", "7200", "700")]
    mine.amended = None
    served.minutes = 640
    assert stars() == [(f"round_results/{mine.id}", "700", "640")]


def test_what_changed_later_is_a_supplement_s_matter_and_an_upheld_objection_is_one_of_records(
    session: None,
) -> None:
    town = cast()
    record(town.wang, town.team, 700)
    mine = result(round_at("notice", town), town.wang)
    said = objections.object_to(mine.id, "少", by=acting(town.wang_account), at=JULY)
    later = JULY + timedelta(hours=1)
    record(town.wang, town.team, 60, confirmed_at=later)
    assert stars() == []
    by, at = acting(town.coordinator), later + timedelta(hours=1)
    objections.decide_objection(said.id, upheld=True, answer="对", by=by, at=at)
    assert stars() == []
    record(town.wang, town.team, 60, confirmed_at=AFTER_NOTICE)
    assert stars() == []
    record(town.wang, town.team, 60, confirmed_at=JULY)
    assert stars() == []


def test_a_typed_figure_of_an_earlier_version_is_added(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 570)
    mine = result(round_at("notice", town), town.wang)
    said = objections.object_to(mine.id, "少", by=acting(town.wang_account), at=JULY)
    typed = mine.facts | {"confirmed_minutes": 600}
    said.state, said.typed, said.decided_at = "upheld", True, JULY
    said.facts_before, said.facts_after, mine.amended = mine.facts, typed, typed
    assert stars() == []
    said.typed = False
    assert stars() == [(f"round_results/{mine.id}", "600", "570")]

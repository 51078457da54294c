"""The public notice names only those who agreed, masked, and counts the others."""

from datetime import timedelta

import pytest

from tests.make import cast, volunteer
from tests.make_ratings import AFTER_NOTICE, JULY, may_be_named, record, round_at
from volunteer_service.errors import NotFound
from volunteer_service.scoring.ratings import public_notices


def test_masked_names_of_those_who_agreed(session: None) -> None:
    town = cast()
    rare = volunteer("𬱖志华", team=town.team)
    silent, regretted = volunteer("孙晨"), volunteer("周全")
    for person, minutes in ((town.wang, 700), (rare, 1300), (silent, 700), (regretted, 700)):
        person.area_id = town.community.id
        record(person, town.team, minutes)
    record(town.zhao, town.other_team, 60)
    for person in (town.wang, rare, town.zhao):
        may_be_named(person)
        may_be_named(person, withdrawn=True)
    may_be_named(regretted, withdrawn=True)

    found = public_notices.notice(round_at("notice", town).id, at=JULY)

    assert [(level.stars, level.names) for level in found.levels] == [
        (2, ("𬱖*华",)),
        (1, ("王*国",)),
    ]
    assert (found.counts, found.starred, found.named, found.unnamed) == (
        [1, 3, 1, 0, 0, 0],
        4,
        2,
        2,
    )


@pytest.mark.parametrize("state", ["open", "frozen", "draft"])
def test_there_is_no_notice_before_it_is_published(session: None, state: str) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at(state, town)
    with pytest.raises(NotFound):
        public_notices.notice(row.id, at=JULY)


def test_a_long_notice_comes_in_pages(session: None, monkeypatch) -> None:
    town = cast()
    for n in range(5):
        person = volunteer(f"志愿{n}", team=town.team)
        record(person, town.team, 600 * (1 + n % 2))
        may_be_named(person)
    monkeypatch.setattr(public_notices, "NAMES", 2)
    row = round_at("notice", town)
    sizes, after = [], None
    while True:
        page = public_notices.notice(row.id, after=after, at=JULY)
        sizes.append([(level.stars, len(level.names)) for level in page.levels])
        after = page.next
        if after is None:
            break
    assert sizes == [[(2, 2)], [(1, 2)], [(1, 1)]]
    with pytest.raises(NotFound):
        public_notices.notice(row.id, after="x-1", at=JULY)


def test_names_come_down_after_the_last_day_and_the_first_page_forgets_it(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 700)
    may_be_named(town.wang)
    row = round_at("notice", town)
    for at, is_up in ((AFTER_NOTICE - timedelta(days=1), True), (AFTER_NOTICE, False)):
        found = public_notices.notice(row.id, at=at)
        assert (found.is_over, bool(found.levels), found.named) == (not is_up, is_up, 1)
        assert [each.id for each in public_notices.running(at=at)] == ([row.id] if is_up else [])

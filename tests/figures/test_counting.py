"""Figures against a recount in plain Python over the rows themselves, for every place and part."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make, make_attendance, make_points
from tests.statements import counted
from volunteer_service import settings, working_days
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotAllowed, NotFound
from volunteer_service.figures import counting
from volunteer_service.figures.counting import Place
from volunteer_service.figures.periods import Period
from volunteer_service.people.authorization.actor import Actor, Held
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Brand, Project, Team

SPRING = Period(date(2026, 1, 1), date(2026, 6, 30))
TODAY = make.MORNING


@dataclass(frozen=True)
class Street:
    """A street with two communities, and another street beside it."""

    street: Area
    east: Area
    west: Area
    abroad: Area
    teams: list[Team]


@pytest.fixture
def street(session: None) -> Street:
    """Four teams, twelve people, 200 records strewn over two years and all states."""
    return _strewn(Random(11))


def _strewn(random: Random) -> Street:
    street, abroad = make.area(), make.area("城东街道")
    east = make.area("庆丰社区", parent=street, kind="community")
    west = make.area("望湖社区", parent=street, kind="community")
    grid = make.area("第一网格", parent=east, kind="grid")
    brand, project = Brand(name="红马甲"), Project(name="一老一小")
    db.session.add_all([brand, project])
    db.session.flush()
    teams = [
        make.team("护学队", area=grid, brand_id=brand.id),
        make.team("清洁队", area=west, project_id=project.id, brand_id=brand.id),
        make.team("街道队", area=street),
        make.team("外街队", area=abroad),
    ]
    people = [make.volunteer(f"甲{n}", team=teams[n % 4]) for n in range(12)]
    for _n in range(200):
        make_attendance.record(
            random.choice(people),
            team=random.choice(teams),
            starts_at=datetime(2025, 1, 1, 2, tzinfo=make.MORNING.tzinfo)
            + timedelta(days=random.randrange(720), hours=random.randrange(0, 22)),
            minutes=random.randrange(6, 480),
            grade=random.choice(["scanned", "leader", "imported"]),
            state=random.choice(["confirmed", "confirmed", "waiting", "refused"]),
        )
    return Street(street, east, west, abroad, teams)


def _records(street: Street, period: Period, teams: list[Team]) -> list[ServiceRecord]:
    """The confirmed records of these teams in the period, picked one by one."""
    ids = {team.id for team in teams}
    return [
        row
        for row in db.session.scalars(select(ServiceRecord))
        if row.state == "confirmed"
        and row.team_id in ids
        and period.since <= row.served_on <= period.until
    ]


def _values(place: Place, period: Period = SPRING) -> dict[str, int]:
    return {each.figure.code: each.value for each in counting.count(place, period, today=TODAY)}


@pytest.mark.parametrize("where", ["street", "east", "west", "abroad"])
def test_service_of_a_place_is_what_its_records_sum_up_to(street: Street, where: str) -> None:
    area = getattr(street, where)
    ours = {
        "street": street.teams[:3],
        "east": street.teams[:1],
        "west": street.teams[1:2],
        "abroad": street.teams[3:],
    }[where]
    rows = _records(street, SPRING, ours)

    found = _values(counting.place_of(Actor.system(), area_id=area.id))

    assert rows
    assert found["participations"] == len(rows)
    assert found["minutes"] == sum(row.minutes for row in rows)
    assert found["minutes_scanned"] == sum(r.minutes for r in rows if r.grade == "scanned")
    assert found["people_served_with"] == len({row.volunteer_id for row in rows})
    assert found["teams_serving"] == len({row.team_id for row in rows})


def test_beside_each_value_stands_that_of_the_same_days_a_year_before(street: Street) -> None:
    place = counting.place_of(Actor.system(), area_id=street.street.id)
    before = _records(street, SPRING.year_before(), street.teams[:3])

    counts = {each.figure.code: each for each in counting.count(place, SPRING, today=TODAY)}

    assert counts["participations"].before == len(before)
    assert counts["minutes"].before == sum(row.minutes for row in before)
    assert counts["records_waiting"].before is None


@pytest.mark.parametrize("dimension", ["area", "brand", "project", "team", "grade"])
def test_the_parts_of_a_breakdown_sum_up_to_the_whole(street: Street, dimension: str) -> None:
    place = counting.place_of(Actor.system(), area_id=street.street.id)
    whole = _values(place)

    parts = counting.split(place, SPRING, dimension, today=TODAY)

    assert len(parts) > 1
    for code in parts[0].values:
        if counting.BY_CODE[code].adds_up:
            assert sum(part.values[code] for part in parts) == whole[code], code


def test_each_part_is_what_its_records_sum_up_to(street: Street) -> None:
    place = counting.place_of(Actor.system(), area_id=street.street.id)
    rows = _records(street, SPRING, street.teams[:3])
    communities = {
        t.id: a.id for t, a in zip(street.teams, [street.east, street.west], strict=False)
    }
    by_area = Counter(communities.get(row.team_id) for row in rows)
    by_month = Counter(row.served_on.month for row in rows)

    areas = counting.split(place, SPRING, "area", today=TODAY, codes=["participations"])
    months = counting.split(place, SPRING, "month", today=TODAY, codes=["participations"])

    assert {part.key: part.values["participations"] for part in areas} == by_area
    assert areas[-1].key is None
    assert {part.name for part in areas} == {"庆丰社区", "望湖社区", None}
    assert [part.values["participations"] for part in months] == [by_month[n] for n in range(1, 7)]


def test_weeks_are_whole_and_sum_up(street: Street) -> None:
    place = counting.place_of(Actor.system(), area_id=street.street.id)

    weeks = counting.split(place, SPRING, "week", today=TODAY, codes=["minutes"])

    assert [part.key.since for part in weeks][:2] == [date(2026, 1, 1), date(2026, 1, 5)]
    assert sum(part.values["minutes"] for part in weeks) == _values(place)["minutes"]


def test_weeks_before_have_the_same_days_of_the_week() -> None:
    days = Period(date(2026, 9, 7), date(2026, 11, 28))

    before = days.weeks_before(52)

    assert before == Period(date(2025, 9, 8), date(2025, 11, 29))
    assert [len(list(each.weeks())) for each in (days, before)] == [12, 12]


def test_overdue_is_what_waits_for_more_than_ten_working_days(street: Street) -> None:
    today = settings.local_day(TODAY)
    waiting = [
        row
        for row in db.session.scalars(select(ServiceRecord))
        if row.state == "waiting" and row.team_id != street.teams[3].id
    ]
    late = [
        r for r in waiting if r.served_on < today and working_days.gone_by(r.served_on, today) > 10
    ]

    found = _values(counting.place_of(Actor.system(), area_id=street.street.id))

    assert found["records_waiting"] == len(waiting)
    assert 0 < found["records_overdue"] == len(late) < len(waiting)


def test_people_are_counted_where_they_live(street: Street) -> None:
    found = _values(counting.place_of(Actor.system(), area_id=street.street.id))
    here = [row for row in db.session.scalars(select(Volunteer)) if row.area_id != street.abroad.id]

    assert found["people"] == len(here) == 9
    assert found["people_new"] == 0


@pytest.mark.usefixtures("session")
def test_points_follow_the_ledger() -> None:
    cast = make.cast()
    make_points.earned(cast.wang, 1250)
    period = Period.of_month(make_points.TODAY)

    found = _values(counting.place_of(Actor.system(), area_id=cast.town.id), period)

    assert found["points_earned"] == 1250
    assert found["points_unspent"] == 1250
    assert found["points_spent"] == 0


def test_a_leader_has_the_figures_of_the_own_team_and_no_other(street: Street) -> None:
    leader = Actor(None, None, "李梅", "page", (Held("leader", team_id=street.teams[0].id),))
    rows = _records(street, SPRING, street.teams[:1])

    found = _values(counting.place_of(leader))

    assert found["participations"] == len(rows)
    assert "people" not in found
    with pytest.raises(NotFound):
        counting.place_of(leader, team_id=street.teams[1].id)
    with pytest.raises(NotFound):
        counting.place_of(leader, area_id=street.street.id)


def test_who_sees_no_records_has_no_figures(street: Street) -> None:
    with pytest.raises(NotAllowed):
        counting.place_of(Actor(None, 1, "王建国", "page"))


def test_a_figure_or_dimension_that_does_not_exist_is_refused(street: Street) -> None:
    place = counting.place_of(Actor.system())

    with pytest.raises(Invalid):
        counting.count(place, SPRING, today=TODAY, codes=["happiness"])
    with pytest.raises(Invalid):
        counting.split(place, SPRING, "weather", today=TODAY)


def test_all_figures_of_a_place_take_one_statement_for_each_kind_of_rows(
    app: Flask, street: Street
) -> None:
    place = counting.place_of(Actor.system(), area_id=street.street.id)
    sources = {id(figure.source) for figure in counting.FIGURES}

    with counted(app) as statements:
        counting.count(place, SPRING, today=TODAY, with_year_before=False)

    # One more reads the corrected working days.
    assert len(statements) == len(sources) + 1

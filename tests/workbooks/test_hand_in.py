"""The five workbooks of a street, and another street's, judged whole."""

import json
import tracemalloc
from collections import Counter, defaultdict
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from tests.workbooks.street import Street
from tests.workbooks.street_cells import TODAY
from volunteer_service.scoring.rules import stars
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import STANDING
from volunteer_service.workbooks.judging.hand_in import HandIn
from volunteer_service.workbooks.judging.known import NothingYet
from volunteer_service.workbooks.judging.taken_or_refused import (
    RefusedRow,
    Row,
    ServiceRow,
    Taken,
    VolunteerRow,
)

EXAMPLES = Path(__file__).parents[2] / "examples" / "programme"
EXPECTED = Path(__file__).with_name("expected.json")


def key_of(number: str) -> str:
    return sha256(number.encode()).hexdigest()


def read(paths: list[Path]) -> tuple[HandIn, list[Taken], list[RefusedRow]]:
    programme = HandIn(paths, NothingYet(), key_of, TODAY, STANDING)
    outcomes = list(programme)
    taken = [outcome for outcome in outcomes if isinstance(outcome, Taken)]
    return programme, taken, [outcome for outcome in outcomes if isinstance(outcome, RefusedRow)]


@pytest.fixture(scope="module")
def example() -> tuple[HandIn, list[Taken], list[RefusedRow]]:
    return read(sorted(EXAMPLES.glob("*.xlsx")))


def test_the_example_is_judged_to_the_row(
    example: tuple[HandIn, list[Taken], list[RefusedRow]],
) -> None:
    expected = json.loads(EXPECTED.read_text())
    by_stars = {name: expected.pop(name) for name in list(expected) if name.startswith("stars")}

    counts = example[0].tally.counts()

    assert {name: counts[name] for name in expected} == expected
    assert star_counts(example[1], by_policy=False) == by_stars["stars_by_hours_alone"]
    assert star_counts(example[1], by_policy=True) == by_stars["stars_by_policy_1"]


def star_counts(taken: list[Taken], by_policy: bool) -> dict[str, dict[str, int]]:
    registered_on: dict[str, date] = {}
    minutes: dict[HalfYear, Counter[str]] = defaultdict(Counter)
    for row in (outcome.row for outcome in taken):
        if isinstance(row, VolunteerRow):
            registered_on[row.id_key] = row.registered_on
        elif isinstance(row, ServiceRow):
            minutes[HalfYear.of(row.start.date())][row.person] += row.minutes
    found: dict[str, Counter[str]] = {}
    for half, people in minutes.items():
        found[str(half)] = Counter()
        for person, given in people.items():
            since = registered_on[person] if by_policy else date(2000, 1, 1)
            rating = stars.rate(stars.Facts(1, half, given, since), STANDING)
            found[str(half)][f"star_{rating.stars}"] += 1
    return {half: dict(sorted(count.items())) for half, count in found.items()}


def test_the_example_names_the_cure(
    example: tuple[HandIn, list[Taken], list[RefusedRow]],
) -> None:
    wrong = [row for row in example[2] if row.reason_code == "unknown_team"]

    assert {row.field for row in wrong} == {"team"}
    for row in wrong:
        typed = next(cell for cell in row.cells if "自愿服务队" in str(cell))
        assert row.cure == f"您是不是要写“{typed.replace('自愿', '志愿')}”？"


def test_the_example_keeps_rare_characters_and_formulas_as_text(
    example: tuple[HandIn, list[Taken], list[RefusedRow]],
) -> None:
    people = [row.row for row in example[1] if isinstance(row.row, VolunteerRow)]

    assert any("𬱖" in person.name for person in people)
    # Typed as text it is text; a formula whose result nobody stored says nothing.
    remarks = {person.remark for person in people}
    assert {"-2+3", "@SUM(1+1)", ""} <= remarks
    assert not any("HYPERLINK" in remark for remark in remarks)


@pytest.mark.parametrize("seed", range(4))
def test_another_street_is_judged_as_well(tmp_path: Path, seed: int) -> None:
    street = Street(tmp_path, seed)

    programme, taken, refused = read(street.write())

    assert Counter(row.kind for row in taken) == street.taken
    reasons = {code: n for code, n in programme.tally.counts()["dirt"].items() if ":" in code}
    assert reasons == street.refused
    assert programme.tally.minutes == street.minutes
    assert len(refused) == street.refused.total()


def test_another_street_reads_grades_areas_and_gifts(tmp_path: Path) -> None:
    _, taken, _ = read(Street(tmp_path, 7).write())
    rows: list[Row] = [outcome.row for outcome in taken]

    grades = Counter(row.grade for row in rows if isinstance(row, ServiceRow))
    assert grades == {"scanned": 120, "leader": 120, "backfilled": 120}
    assert repr(rows[0]) == (
        "AreaRow(street='临江镇', community='临江社区', grid='一网格', building='1幢')"
    )
    assert "GiftRow(name='毛巾', points_centi=450, stock=200, minimum_star=3)" in map(repr, rows)


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    paths = Street(tmp_path, 1).write()

    forward, backward = read(paths)[0], read(paths[::-1])[0]

    assert forward.tally.counts() == backward.tally.counts()


class Service(NothingYet):
    """What a service knows after a first import."""

    def __init__(self, taken: list[Taken]) -> None:
        self.rows = [outcome.row for outcome in taken]
        self.names = {row.id_key: row.name for row in self.rows if isinstance(row, VolunteerRow)}

    def name_behind(self, id_key: str) -> str | None:
        return self.names.get(id_key)

    def records_between(self, person: str, start: object, end: object) -> list[str]:
        return [
            row.key
            for row in self.rows
            if isinstance(row, ServiceRow)
            and row.person == person
            and row.start < end  # type: ignore[operator]
            and row.end > start  # type: ignore[operator]
        ]


def test_run_twice_nothing_is_new(tmp_path: Path) -> None:
    paths = Street(tmp_path, 2, people=30).write()
    _, first, _ = read(paths)

    again = HandIn(paths, Service(first), key_of, TODAY, STANDING)
    outcomes = list(again)

    assert again.tally.counts()["volunteers_accepted"] == 31
    assert again.tally.new["volunteers"] == 0
    assert again.tally.new["service_log"] == 0
    assert sum(isinstance(outcome, RefusedRow) for outcome in outcomes) == 28


def test_memory_holds_no_rows(tmp_path: Path) -> None:
    def peak(people: int) -> int:
        folder = tmp_path / str(people)
        folder.mkdir()
        paths = Street(folder, 3, people=people).write()
        tracemalloc.start()
        for _outcome in HandIn(paths, NothingYet(), key_of, TODAY, STANDING):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    # Eight times the rows; what grows is the 4,096 texts at hand, until they are as many.
    assert peak(400) < 2 * peak(50)

"""Plays the table of cases of docs/rules.md row by row: acts and their results."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import make_days
from volunteer_service.scoring.points import doctor

RULES = Path(__file__).parents[2] / "docs" / "rules.md"


class Case(NamedTuple):
    """A row of the table, as it is written."""

    name: str
    places: str
    acts: str
    minutes: str
    grade: str
    state: str
    points: str
    no_shows: str


def cases() -> list[Case]:
    text = RULES.read_text(encoding="utf-8")
    table = text.partition("## Table of cases")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][1:]
    return [Case(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


def by_shift(words: str, shifts: list[str]) -> dict[str, str]:
    """``A 120, B 0`` by shift; one word alone holds for each of them."""
    if re.match(r"[A-Z] ", words):
        return dict(re.fullmatch(r"([A-Z]) (.*)", each).groups() for each in words.split(", "))
    return dict.fromkeys(shifts, words)


def state_of(record) -> str:
    return f"waits for {record.waits_for}" if record.state == "waiting" else record.state


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_each_row(session, case: Case) -> None:
    day = make_days.day(case.places)
    ends = {}
    for act in filter(None, case.acts.split(", ")):
        if act.startswith("end "):
            _end, name, at = act.split()
            ends[name] = day.instant(at)
            continue
        refused = day.act(act.removeprefix("!"))
        assert bool(refused) == act.startswith("!"), (act, refused)
    day.close_all()
    for name, at in ends.items():
        day.set_end(name, at)
    day.confirm()
    found = day.by_shift()
    assert {name: str(r.minutes) for name, r in found.items()} == by_shift(case.minutes, [])
    shifts = list(found)
    assert {name: r.grade for name, r in found.items()} == by_shift(case.grade, shifts)
    assert {name: state_of(r) for name, r in found.items()} == by_shift(case.state, shifts)
    assert f"{day.points() / 100:.2f}" == case.points
    assert day.no_shows() == case.no_shows.split()
    assert doctor.doctor() == []


def test_the_table_has_its_rows() -> None:
    found = cases()
    assert len(found) > 40
    assert len({case.name for case in found}) == len(found)

"""Random days against the independent model: the same answers, minutes, states and no-shows."""

import os
import random

import pytest

from tests import make_days
from tests.model_of_hours import Model
from volunteer_service.scoring.points import doctor

PLACES = ("A", "A B", "A C", "A B C", "A D", "E F", "A B D")
KINDS = ("in", "out", "tick in", "tick out", "close")


def minutes(words: str) -> int:
    plus, clock = words.startswith("+"), words.lstrip("+")
    hours, rest = clock.split(":")
    return (24 * 60 if plus else 0) + int(hours) * 60 + int(rest)


def words(minute: int) -> str:
    day, rest = divmod(minute, 24 * 60)
    return f"{'+' if day else ''}{rest // 60:02d}:{rest % 60:02d}"


def moments(spans: list[tuple[int, int]], chance: random.Random) -> list[int]:
    """Instants around beginnings and ends, and between them."""
    edges = [edge for span in spans for edge in span]
    near = [chance.choice(edges) + chance.randint(-35, 40) for _n in range(chance.randint(2, 7))]
    between = [chance.randint(spans[0][0], spans[-1][1]) for _n in range(chance.randint(0, 3))]
    return sorted({minute for minute in near + between if minute >= 0})


#: More of them in the drill, ``tools/drills/hours.py``.
SEEDS = range(int(os.environ.get("RANDOM_DAYS", "24")))


@pytest.mark.parametrize("seed", SEEDS)
def test_random_days(session, seed: int) -> None:
    play(random.Random(seed))


def play(chance: random.Random) -> None:
    """One random day, by the verbs and by the model."""
    places = chance.choice(PLACES)
    spans = [tuple(minutes(each) for each in make_days.SHIFTS[name]) for name in places.split()]
    day, model = make_days.day(places), Model(spans)
    done = [f"places {places}"]
    for at in moments(spans, chance):
        kind = chance.choice(KINDS)
        done.append(f"{kind} {words(at)}")
        refused = day.act(done[-1])
        if kind == "close":
            if refused is None:
                model.close(at)
            continue
        accepted = model.enter(at) if kind.endswith("in") else model.leave(at)
        assert (refused is None) == accepted, (done, refused)
    day.close_all()
    found = day.by_shift()
    absent = day.no_shows()
    expected = model.end()
    for name, (state, worth) in zip(places.split(), expected, strict=True):
        record = found.get(name)
        if record is None:
            seen = ("no_show" if name in absent else "nothing", 0)
        else:
            seen = (record.waits_for or record.state, record.minutes)
        assert seen == (state, worth), (done, name)
    day.confirm()
    assert day.points() == sum(worth for state, worth in expected if state == "leader") * 100 // 60
    assert doctor.doctor() == []

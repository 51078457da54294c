"""Random days against the independent model: the same answers, minutes, states and no-shows.

After each day confirmed minutes, points and the facts of stars agree, and the doctor is clean.
"""

import os
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import current_app

from tests import make, make_days
from tests.model_of_hours import Model, Shift, Teams
from volunteer_service import policies
from volunteer_service.attendance.backfills import backfill
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import disputes, rating_facts, record_decisions
from volunteer_service.attendance.refusals import RecordOverlaps
from volunteer_service.scoring.points import doctor
from volunteer_service.scoring.rules.half_years import HalfYear

PLACES = ("A", "A B", "A C", "A B C", "A D", "E F", "A B D", "L", "L F", "K", "K B", "N")
KINDS = (
    *("in", "out", "tick in", "tick out", "close", "reopen", "edit", "put off", "serves", "give"),
    *("share", "stop", "hand over"),
)
ODDS = (6, 6, 2, 2, 3, 1, 3, 1, 1, 1, 3, 1, 1)
#: Teams of the volunteer: their own, the other one, both, none.
MINE = (("home",), ("other",), ("home", "other"), ())


def minutes(words: str) -> int:
    plus, clock = words.startswith("+"), words.lstrip("+")
    hours, rest = clock.split(":")
    return (24 * 60 if plus else 0) + int(hours) * 60 + int(rest)


def words(minute: int) -> str:
    day, rest = divmod(minute, 24 * 60)
    return f"{'+' if day else ''}{rest // 60:02d}:{rest % 60:02d}"


def moments(shifts: list[Shift], chance: random.Random) -> list[int]:
    """Instants around beginnings and ends, and between them."""
    edges = [edge for shift in shifts for edge in (shift.first, shift.last)]
    near = [chance.choice(edges) + chance.randint(-35, 40) for _n in range(chance.randint(2, 7))]
    between = [
        chance.randint(shifts[0].first, shifts[-1].last) for _n in range(chance.randint(0, 3))
    ]
    return sorted({minute for minute in near + between if 0 <= minute < 48 * 60})


#: More of them in the drill, ``tools/drills/hours.py``.
SEEDS = range(int(os.environ.get("FIRST_DAY", "0")), int(os.environ.get("RANDOM_DAYS", "24")))


@pytest.fixture
def zone(session: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service is in the zone of the days; the drill takes another one."""
    kept = current_app.extensions["settings"]
    there = replace(kept, time_zone=make_days.ZONE.key)
    monkeypatch.setitem(current_app.extensions, "settings", there)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_days(zone: None, seed: int) -> None:
    played = Played(random.Random(seed))
    played.through()
    played.closed()
    played.decided()
    played.sound()


class Played:
    """One random day, by the verbs and by the model."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        places = chance.choice(PLACES)
        self.names = places.split()
        teams = Teams(mine=chance.choice(MINE))
        self.model = Model([_shift(name) for name in self.names], teams)
        self.day = make_days.day(places)
        self.day.belong(teams.mine)
        self.done = [f"places {places} of {teams.mine}"]
        if chance.random() < 0.5:
            self.share(0)

    def through(self) -> None:
        for at in moments(self.model.shifts, self.chance):
            kind = self.chance.choices(KINDS, ODDS)[0]
            self.day.by_partner = self.chance.random() < 0.3
            acts = {
                "edit": self.edit,
                "put off": self.put_off,
                "serves": self.serves,
                "give": self.give,
                "share": self.share,
                "stop": self.stop_sharing,
                "hand over": self.hand_over,
            }
            if kind in acts:
                acts[kind](at)
            else:
                self.act(kind, at)
        self.day.by_partner = False

    @property
    def by(self) -> str:
        """The team whose leader acts."""
        return "other" if self.day.by_partner else "home"

    @property
    def runs(self) -> bool:
        """Whether the leader who acts runs the event."""
        return self.by in self.model.teams.all

    def act(self, kind: str, at: int) -> None:
        self.done.append(f"{kind} {words(at)}")
        refused = self.day.act(self.done[-1])
        if kind not in ("in", "out") and not self.runs:
            assert refused == "not_found", (self.done, self.by, refused)
            return
        if kind == "close":
            if refused is None:
                self.model.close(at)
            return
        if kind == "reopen":
            accepted = self.model.reopen(at)
        elif self.model.over:
            accepted = False
        else:
            accepted = self.model.enter(at) if kind.endswith("in") else self.model.leave(at)
        assert (refused is None) == accepted, (self.done, refused)

    def edit(self, at: int) -> None:
        """Set other times that overlap no other shift and keep their order."""
        n = self.chance.randrange(len(self.names))
        shifts = self.model.shifts
        shift, name = shifts[n], self.names[n]
        lowest = shifts[n - 1].last if n else 0
        highest = shifts[n + 1].first if n + 1 < len(shifts) else shift.last + 90
        by = self.chance.choice((-30, -12, 0, 0, 12, 30))
        first = max(shift.first + by, lowest)
        longer = by if self.chance.random() < 0.5 else self.chance.choice((-60, -10, 10, 60))
        last = min(shift.last + longer, highest)
        if last <= first or (first, last) == (shift.first, shift.last):
            return
        self.done.append(f"{words(at)}: {name} is {words(first)}-{words(last)}")
        times = (self.at(first), self.at(last))
        refused = make_days.refusal(lambda: self.day.edit(name, *times, at=self.at(at)))
        accepted = self.runs and self.model.edit(shift, first, last, at)
        assert (refused is None) == accepted, (self.done, refused)

    def put_off(self, at: int) -> None:
        by = self.chance.choice((-60, 30, 90))
        if self.model.shifts[0].first + by < 0:
            return
        self.done.append(f"{words(at)}: put off by {by}")
        begins = self.at(self.model.shifts[0].first + by)
        event = self.day.event
        if event.starts_at != self.at(self.model.shifts[0].first):
            return  # the event begins before its first shift since that was moved
        refused = make_days.refusal(lambda: self.day.put_off(begins, at=self.at(at)))
        accepted = self.runs and self.model.put_off(by, at)
        assert (refused is None) == accepted, (self.done, refused)

    def serves(self, at: int) -> None:
        """The post of one shift, and so of all its shifts, begins or ceases to serve."""
        name, serves = self.chance.choice(self.names), self.chance.random() < 0.5
        at_post = [
            shift
            for other, shift in zip(self.names, self.model.shifts, strict=True)
            if (other in make_days.CLASSES) == (name in make_days.CLASSES)
        ]
        self.done.append(f"{words(at)}: post of {name} serves {serves}")
        refused = make_days.refusal(lambda: self.day.serve(name, serves, at=self.at(at)))
        accepted = self.runs and self.model.serve(at_post, serves, at)
        assert (refused is None) == accepted, (self.done, refused)

    def give(self, at: int) -> None:
        """Their place on one shift is given away at the gate."""
        n = self.chance.randrange(len(self.names))
        self.done.append(f"give {self.names[n]} {words(at)}")
        refused = self.day.act(self.done[-1])
        accepted = self.runs and self.model.give(self.model.shifts[n], at)
        assert (refused is None) == accepted, (self.done, refused)

    def share(self, at: int) -> None:
        """Both teams run the event."""
        team = "home" if self.by == "other" else "other"
        self.done.append(f"{words(at)}: {self.by} shares with {team}")
        refused = make_days.refusal(lambda: self.day.share(team, self.at(at)))
        accepted = not self.model.over and self.model.teams.share(team, self.by)
        assert (refused is None) == accepted, (self.done, refused)

    def stop_sharing(self, at: int) -> None:
        """A team no longer runs it."""
        team = self.chance.choice(("home", "other"))
        self.done.append(f"{words(at)}: {self.by} stops sharing with {team}")
        refused = make_days.refusal(lambda: self.day.stop_sharing(team, self.at(at)))
        accepted = not self.model.over and self.model.teams.stop(team, self.by)
        assert (refused is None) == accepted, (self.done, refused)

    def hand_over(self, at: int) -> None:
        """A coordinator gives the event to a team."""
        team = self.chance.choice(("home", "other"))
        self.done.append(f"{words(at)}: {team} organises")
        refused = make_days.refusal(lambda: self.day.hand_over(team, self.at(at)))
        accepted = not self.model.over and self.model.teams.hand_over(team)
        assert (refused is None) == accepted, (self.done, refused)

    def closed(self) -> None:
        """Everything is closed: the same states, minutes and no-shows."""
        self.day.close_all()
        found, absent = self.day.by_shift(), self.day.no_shows()
        self.expected = dict(zip(self.names, self.model.end(), strict=True))
        for name, expected in self.expected.items():
            record = found.get(name)
            if record is None:
                seen = ("no_show" if name in absent else "nothing", 0)
            else:
                seen = (record.waits_for or record.state, record.minutes)
            assert seen == expected, (self.done, name)
            team = self.model.shifts[self.names.index(name)].team
            of = record and next(n for n, row in self.day.teams.items() if row.id == record.team_id)
            assert of == team, (self.done, name)
        self.confirm(found)

    def confirm(self, found: dict[str, ServiceRecord]) -> None:
        """Each leader confirms the records of their team, and of what it runs."""
        for name, record in found.items():
            if (record.state, record.waits_for) != ("waiting", "leader"):
                continue
            may = {self.model.shifts[self.names.index(name)].team, *self.model.teams.all}
            if len(self.model.teams.all) == 1:
                may = {self.model.shifts[self.names.index(name)].team}
            first = self.chance.choice(("home", "other"))
            last = "other" if first == "home" else "home"
            for self.day.by_partner in (first == "other", last == "other"):
                refused = make_days.refusal(lambda one=record: self.day.confirm_one(one))
                assert (refused is None) == (self.by in may), (self.done, name, self.by, refused)
                if refused is None:
                    break
            self.day.by_partner = False

    def decided(self) -> None:
        """A dispute of one record, upheld as it says; and service entered by hand."""
        self.minutes = {
            name: worth for name, (state, worth) in self.expected.items() if state == "leader"
        }
        self.points = sum(self.minutes.values()) * 100 // 60
        self.waiting = {n: w for n, (state, w) in self.expected.items() if state == "coordinator"}
        self.dispute()
        self.backfill()

    def dispute(self) -> None:
        found = self.day.by_shift()
        if not found or self.waiting or self.chance.random() < 0.4:
            return
        name = self.chance.choice(list(found))
        record, shift = found[name], self.model.shifts[self.names.index(name)]
        first = shift.first + self.chance.randint(-15, 60)
        last = shift.last + self.chance.randint(-60, 15)
        if last <= first:
            return
        self.done.append(f"{name} was {words(first)}-{words(last)}")
        row = disputes.dispute(
            record.id,
            words="时间不对",
            starts_at=self.at(first),
            ends_at=self.at(last),
            by=make.acting(self.day.cast.wang_account),
            at=self.late(),
        )
        disputes.decide_dispute(
            row.id,
            upheld=True,
            answer="核对了签到表",
            by=make.acting(self.day.cast.coordinator),
            at=self.late(),
        )
        worth = self.model.disputed(shift, first, last)
        self.expected[name] = ("confirmed", worth)
        self.points += (worth - self.minutes.pop(name, 0)) * 100 // 60
        if worth:
            self.minutes[name] = worth
        seen = (record.state, record.minutes, record.grade)
        assert seen == ("confirmed" if worth else "refused", worth, "leader"), self.done

    def backfill(self) -> None:
        """Backfill without overlapping a valid record: hours without points, once a second person
        agrees.
        """
        first = self.chance.randint(8 * 60, 20 * 60)
        last = first + self.chance.randint(10, 120)
        self.done.append(f"by hand {words(first)}-{words(last)}")
        plan = backfill.Backfill(
            team_id=self.day.cast.team.id,
            volunteer_id=self.day.who.id,
            event_name="搬桌椅",
            place="社区",
            content="搬桌椅",
            starts_at=self.at(first),
            ends_at=self.at(last),
            minutes=last - first,
            leader_name="李梅",
            reason="忘了登记",
        )
        stands = [
            span
            for name, shift in zip(self.names, self.model.shifts, strict=True)
            if self.expected[name][0] in ("leader", "confirmed", "end", "coordinator")
            and (self.expected[name][1] or self.expected[name][0] == "end")
            for span in shift.occupied()
        ]
        over = any(a < last and first < b for a, b in stands)
        try:
            row = backfill.backfill(plan, by=self.day.leader, at=self.late())
        except RecordOverlaps:
            assert over, self.done
            return
        assert not over, self.done
        coordinator = make.acting(self.day.cast.coordinator)
        backfill.approve_backfill(row.id, by=coordinator, at=self.late())
        self.minutes["by hand"] = last - first

    def sound(self) -> None:
        """Hours -> points -> facts agree, and the doctor is clean."""
        for record in self.day.by_shift().values():
            if record.waits_for == "coordinator":
                self.decide_above_cap(record.id, record.minutes)
        minutes = sum(self.minutes.values()) + sum(self.waiting.values())
        half_year = HalfYear.of(self.day.on)
        (facts,) = rating_facts.facts_of(half_year, [self.day.who.id], policies.active())
        assert facts.confirmed_minutes == minutes, self.done
        assert self.day.points() == self.points, self.done
        assert doctor.doctor() == []

    def decide_above_cap(self, record_id: int, worth: int) -> None:
        by = make.acting(self.day.cast.coordinator)
        record_decisions.decide_waiting(
            record_id, minutes=worth, reason="核对了", by=by, at=self.late()
        )
        self.points += worth * 100 // 60

    def at(self, minute: int):
        return self.day.instant("00:00") + timedelta(minutes=minute)

    def late(self):
        return self.at(72 * 60)


def _shift(name: str) -> Shift:
    first, last = (minutes(each) for each in make_days.SHIFTS[name])
    breaks = [tuple(minutes(each) for each in span) for span in make_days.BREAKS.get(name, ())]
    return Shift(first, last, breaks, name not in make_days.CLASSES)

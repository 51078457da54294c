"""An independent model of hours, from the table of cases in docs/rules.md alone, in minutes.

It knows nothing of the package: a day is shifts and acts in minutes, and what becomes of them. The
numbers are those of the standing policy.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

EARLY, LATE, AFTER, STEP, SHARE, UNDO, CAP, DAY = 30, 15, 30, 6, 60, 10, 480, 24 * 60

Pairs = list[tuple[int, int]]


@dataclass
class Shift:
    """A shift that the person holds; ``pairs`` are entries with their exits, None while inside."""

    first: int
    last: int
    breaks: Pairs = field(default_factory=list)
    serves: bool = True
    pairs: list[list[int | None]] = field(default_factory=list)
    closed: bool = False
    #: When it was closed, and until when scans of a reopened one count.
    closed_at: int = 0
    open_until: int | None = None
    #: Whether the place is theirs; else there is room for whoever walks in.
    held: bool = True
    #: Whether it served when it was closed; the result of then stays.
    judged: bool = True
    #: Closed without an exit: nobody is inside any more.
    forgotten: bool = False
    #: Its last entry was made by closing.
    made: bool = False
    #: The team of the record's hours, once there is a record.
    team: str | None = None

    @property
    def inside(self) -> bool:
        return bool(self.pairs) and self.pairs[-1][1] is None

    @property
    def until(self) -> int:
        """The last minute at which an exit counts."""
        return self.last + AFTER if self.open_until is None else self.open_until

    def worth(self, pairs: Pairs) -> int:
        """Counted minute by minute: inside the shift and the pairs, outside the breaks."""
        paused = {minute for a, b in self.breaks for minute in range(a, b)}
        mine = set(range(self.first, self.last)) - paused
        served = sum(minute in mine for a, b in pairs for minute in range(a, b))
        return served // STEP * STEP if served * 100 >= len(mine) * SHARE else 0

    def outcome(self) -> tuple[str, int]:
        """``no_show``, ``nothing``, ``end``, ``refused`` or ``leader``, and the minutes."""
        if not (self.judged if self.closed else self.serves) or not self.held:
            return "nothing", 0
        if not self.pairs:
            return "no_show", 0
        if self.inside:
            return "end", 0
        worth = self.worth([(a or 0, b or 0) for a, b in self.pairs])
        return ("leader", worth) if worth else ("refused", 0)

    def span(self) -> tuple[int, int]:
        """When the time given began and ended; the whole shift where nothing lies inside it."""
        last = self.pairs[-1][1]
        first = max(self.pairs[0][0] or 0, self.first)
        end = self.last if last is None else min(last, self.last)
        return (first, end) if first < end else (self.first, self.last)

    def occupied(self) -> Pairs:
        """The time given, without what lies between leaving and coming back."""
        first, end = self.span()
        found = []
        for (_in, left), (back, _out) in pairwise(self.pairs):
            if left is not None and first < left and (back or 0) < end:
                found.append((first, left))
                first = back or 0
        return [*found, (first, end)]


@dataclass
class Teams:
    """The teams of the event, and those that the person is a member of."""

    organises: str = "home"
    asked: list[str] = field(default_factory=list)
    mine: tuple[str, ...] = ("home",)

    @property
    def all(self) -> list[str]:
        """The teams that run it, the organising one first."""
        return [self.organises, *(each for each in self.asked if each != self.organises)]

    def served(self) -> str:
        """The team that gets the hours: the person's own, else the organising one."""
        return next((each for each in self.all if each in self.mine), self.organises)

    def share(self, team: str, by: str) -> bool:
        """The organising team lets another one run it too."""
        if by != self.organises or team in self.all:
            return False
        self.asked.append(team)
        return True

    def stop(self, team: str, by: str) -> bool:
        """A team leaves, or is let go by the organising one."""
        if team not in self.all[1:] or by not in (team, self.organises):
            return False
        self.asked.remove(team)
        return True

    def hand_over(self, team: str) -> bool:
        """Another team organises it; the former one keeps no part unless it had been asked."""
        if team == self.organises:
            return False
        self.organises = team
        return True


class Model:
    """One person who holds every shift; shifts do not overlap and come by time."""

    def __init__(self, shifts: list[Shift], teams: Teams) -> None:
        self.shifts = shifts
        self.teams = teams

    @property
    def over(self) -> bool:
        return all(shift.closed for shift in self.shifts)

    def chain(self, shift: Shift) -> list[Shift]:
        """The shift and those that follow without leaving."""
        found = [shift]
        for each in self.shifts:
            follows = each.first >= found[-1].last and each.first - EARLY <= found[-1].last
            if follows and each.held and not each.pairs:
                found.append(each)
        return found

    def here(self, at: int) -> list[Shift]:
        """The chain of who is inside; empty where nobody is."""
        for shift in reversed(self.shifts):
            if shift.inside and not shift.forgotten:
                chain = self.chain(shift)
                is_open = any(not each.closed for each in chain)
                if is_open and at <= max(each.until for each in chain):
                    return chain
        return []

    def enter(self, at: int) -> bool:
        """«In»: whether it is accepted."""
        chain = self.here(at)
        if chain:
            begun = [b for a, b in pairwise(chain) if a.last <= at]
            ready = [s for s in begun if not s.closed and s.first - EARLY <= at <= s.last]
            if ready:
                self._carry(chain, ready[-1], min(ready[-1].first, at), None, at)
                return True
            on = [s for s in chain[1:] if s.first < at] or chain[:1]
            room = self._room(at) if at >= on[-1].last else None
            if room is not None:
                room.held = True
                self._carry([*chain[: chain.index(on[-1]) + 1], room], room, at, None, at)
            return room is not None
        ready = [
            s for s in self.shifts if s.held and not s.closed and s.first - EARLY <= at <= s.last
        ]
        out = [s for s in ready if not s.inside]
        fresh = [s for s in out if not (s.pairs and at - (s.pairs[-1][1] or 0) <= UNDO)]
        fresh.sort(key=lambda s: (s.first > at, s.first))
        if fresh:
            fresh[0].pairs.append([at, None])
            return True
        room = None if ready else self._room(at)
        if room is not None:
            room.held = True
            room.pairs.append([at, None])
        return room is not None

    def _room(self, at: int) -> Shift | None:
        """The shift that whoever walks in gets; none where there is a choice to make."""
        free = [s for s in self.shifts if not s.held and not s.closed]
        free = [s for s in free if s.first - EARLY <= at <= s.last]
        return free[0] if len(free) == 1 and at < free[0].last else None

    def leave(self, at: int) -> bool:
        """«Out»: whether it is accepted."""
        chain = self.here(at)
        if not chain or at < (chain[0].pairs[-1][0] or 0):
            return False
        to = [s for s in chain[1:] if s.first < at]
        if not to:
            if chain[0].closed:
                return False
            chain[0].pairs[-1][1] = at
            return True
        if to[-1].closed:
            return False
        self._carry(chain, to[-1], to[-1].first, at, at)
        return True

    def _carry(self, chain: list[Shift], to: Shift, first: int, last: int | None, at: int) -> None:
        entered = chain[0]
        on_time = last is None and at <= entered.last + LATE
        entered.pairs[-1][1] = at if on_time else entered.last
        for each in chain[1 : chain.index(to)]:
            each.pairs.append([each.first, each.last])
        to.pairs.append([first, last])

    def close(self, at: int) -> None:
        """What is over is closed; who never left is inside the shifts that follow, too."""
        for shift in self.shifts:
            came = bool(shift.pairs) and not shift.inside
            is_over = at >= shift.last or (came and at >= self.shifts[0].first)
            if is_over and not shift.closed:
                shift.closed, shift.closed_at, shift.open_until = True, at, None
                shift.judged = shift.serves
        self._forget()
        self._credit()

    def _credit(self) -> None:
        """A closed shift gets its record once it is known when they left, or that nobody knows."""
        for shift in self.shifts:
            known = shift.closed and (not shift.inside or shift.forgotten)
            if known and shift.team is None and shift.outcome()[0] not in ("nothing", "no_show"):
                shift.team = self.teams.served()

    def _forget(self) -> None:
        """A shift closed without an exit and without any hint waits for its end."""
        for shift in list(self.shifts):
            if shift.inside and not shift.forgotten:
                chain = self.chain(shift)
                if all(each.closed for each in chain):
                    for each in chain[1:]:
                        each.pairs.append([each.first, None])
                        each.made = True
                    for each in chain:
                        each.forgotten = True

    def reopen(self, at: int) -> bool:
        """What was closed today goes on, until the end of the day where its time is over."""
        today = [s for s in self.shifts if s.closed and s.closed_at // DAY == at // DAY]
        for shift in today:
            shift.closed = shift.forgotten = False
            shift.team = None
            if shift.made:
                shift.pairs.pop()
                shift.made = False
            shift.open_until = (at // DAY + 1) * DAY if shift.last <= at else None
        return bool(today)

    def edit(self, shift: Shift, first: int, last: int, at: int) -> bool:
        """Other times of a shift: not of one that is over, and nobody's minutes become fewer."""
        if self.over or shift.closed or shift.last <= at or last <= at:
            return False
        by = first - shift.first
        moves = by == last - shift.last
        breaks = [(a + by, b + by) for a, b in shift.breaks] if moves else shift.breaks
        if any(a < first or b > last for a, b in breaks):
            return False
        new = Shift(first, last, breaks, shift.serves)
        if shift.serves and self._loses(shift, new, at):
            return False
        shift.first, shift.last, shift.breaks = first, last, breaks
        return True

    def _loses(self, old: Shift, new: Shift, at: int) -> bool:
        """Who left is known; who is inside leaves now, or stays to the earlier end."""
        came = [[old.first, None]] if self.stays_on(old, at) else old.pairs
        stays = min(old.last, new.last) if new.first < old.last else old.last
        for left in (at, stays) if came and came[-1][1] is None else (at,):
            pairs = [(a or 0, max(left, a or 0) if b is None else b) for a, b in came]
            if new.worth(pairs) < old.worth(pairs):
                return True
        return False

    def stays_on(self, shift: Shift, at: int) -> bool:
        """Whether they are on a shift that began, inside since the one before it."""
        return not shift.pairs and shift in self.here(at)[1:] and shift.first < at

    def came(self, shift: Shift, at: int) -> bool:
        """Whether they came to a shift, or stay on it."""
        return bool(shift.pairs) or self.stays_on(shift, at)

    def serve(self, post: list[Shift], serves: bool, at: int) -> bool:
        """A post begins to serve, or no longer does: nobody who came gains or loses hours."""
        if self.over or post[0].serves == serves:
            return False
        if any(self.came(s, at) and (s.closed or not serves) for s in post):
            return False
        for shift in post:
            shift.serves = serves
        return True

    def give(self, shift: Shift, at: int) -> bool:
        """The place of an absent person goes to somebody else: they may walk in there again."""
        if not shift.held or shift.closed or at < shift.first or self.came(shift, at):
            return False
        shift.held = False
        return True

    def put_off(self, by: int, at: int) -> bool:
        """The whole event begins later or earlier, while nobody has come."""
        begins = self.shifts[0].first + by
        if self.over or any(shift.pairs for shift in self.shifts) or begins <= at:
            return False
        for shift in self.shifts:
            shift.first, shift.last = shift.first + by, shift.last + by
            shift.breaks = [(a + by, b + by) for a, b in shift.breaks]
        return True

    def end(self) -> list[tuple[str, int]]:
        """What becomes of each shift after everything is closed."""
        for shift in list(self.shifts):
            if shift.inside and not shift.forgotten:
                for each in self.chain(shift)[1:]:
                    each.pairs.append([each.first, None])
        for shift in self.shifts:
            if shift.team is None and shift.outcome()[0] not in ("nothing", "no_show"):
                shift.team = self.teams.served()
        return self._capped([shift.outcome() for shift in self.shifts])

    def _capped(self, found: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """Above the daily cap a coordinator decides."""
        of_day: Counter[int] = Counter()
        for n, (shift, (state, worth)) in enumerate(zip(self.shifts, found, strict=True)):
            of_day[shift.first // DAY] += worth
            if state == "leader" and of_day[shift.first // DAY] > CAP:
                found[n] = ("coordinator", worth)
        return found

    def disputed(self, shift: Shift, first: int, last: int) -> int:
        """What a record is worth with the times that its volunteer says: the gaps stay out."""
        served, since = [], first
        for (_in, left), (back, _out) in pairwise(shift.pairs):
            gap_begins, gap_ends = left or 0, back or 0
            if since < gap_begins and gap_ends < last:
                served.append((since, gap_begins))
                since = gap_ends
        shift.pairs = [[a, b] for a, b in (*served, (since, last))]
        return shift.worth([*served, (since, last)])

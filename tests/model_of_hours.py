"""An independent model of hours, from the table of cases in docs/rules.md alone, in minutes.

It knows nothing of the package: a day is shifts and acts in minutes, and what becomes of them. The
numbers are those of the standing policy.
"""

from dataclasses import dataclass, field
from itertools import pairwise

EARLY, LATE, AFTER, STEP, SHARE, UNDO = 30, 15, 30, 6, 60, 10


@dataclass
class Shift:
    """A shift that the person holds; ``pairs`` are entries with their exits, None while inside."""

    first: int
    last: int
    pairs: list[list[int | None]] = field(default_factory=list)
    closed: bool = False

    @property
    def inside(self) -> bool:
        return bool(self.pairs) and self.pairs[-1][1] is None

    def outcome(self) -> tuple[str, int]:
        """``no_show``, ``end``, ``refused`` or ``leader``, and the minutes."""
        if not self.pairs:
            return "no_show", 0
        if self.inside:
            return "end", 0
        clamped = (min(b, self.last) - max(a, self.first) for a, b in self.pairs)
        served = sum(max(minutes, 0) for minutes in clamped)
        worth = served // STEP * STEP
        if served * 100 < (self.last - self.first) * SHARE or not worth:
            return "refused", 0
        return "leader", worth


class Model:
    """One person who holds every shift; shifts do not overlap and come by time."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.shifts = [Shift(*span) for span in spans]

    def chain(self, shift: Shift) -> list[Shift]:
        """The shift and those that follow without leaving."""
        found = [shift]
        for each in self.shifts:
            follows = each.first >= found[-1].last and each.first - EARLY <= found[-1].last
            if follows and not each.pairs:
                found.append(each)
        return found

    def here(self, at: int) -> list[Shift]:
        """The chain of who is inside; empty where nobody is."""
        for shift in reversed(self.shifts):
            if shift.inside:
                chain = self.chain(shift)
                is_open = any(not each.closed for each in chain)
                if is_open and at <= max(each.last for each in chain) + AFTER:
                    return chain
        return []

    def enter(self, at: int) -> bool:
        """«In»: whether it is accepted."""
        chain = self.here(at)
        if chain:
            begun = [b for a, b in pairwise(chain) if a.last <= at]
            ready = [s for s in begun if not s.closed and s.first - EARLY <= at <= s.last]
            if not ready:
                return False
            self._carry(chain, ready[-1], min(ready[-1].first, at), None, at)
            return True
        ready = [s for s in self.shifts if not s.closed and s.first - EARLY <= at <= s.last]
        out = [s for s in ready if not s.inside]
        fresh = [s for s in out if not (s.pairs and at - (s.pairs[-1][1] or 0) <= UNDO)]
        fresh.sort(key=lambda s: (s.first > at, s.first))
        if fresh:
            fresh[0].pairs.append([at, None])
        return bool(fresh)

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
            shift.closed = shift.closed or at >= shift.last or (came and at >= self.shifts[0].first)

    def end(self) -> list[tuple[str, int]]:
        """What becomes of each shift after everything is closed."""
        for shift in list(self.shifts):
            if shift.inside:
                for each in self.chain(shift)[1:]:
                    each.pairs.append([each.first, None])
        return [shift.outcome() for shift in self.shifts]

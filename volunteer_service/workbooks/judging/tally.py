"""The counts of an import, in the words of ``import --json``."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.workbooks.judging.points_of_row import points_of
from volunteer_service.workbooks.judging.rows import (
    AreaRow,
    RefusedRow,
    ServiceRow,
    Taken,
    TeamRow,
)

_NAMED = ("communities", "grids", "brands", "projects")
_PREFIX = {"volunteers": "refused", "service_log": "log_refused"}


@dataclass
class Tally:
    """Grows by one outcome at a time; holds counts and the names of areas, brands, projects."""

    #: Says what a minute is worth.
    policy: Policy
    taken: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    tidied: Counter[str] = field(default_factory=Counter)
    minutes: int = 0
    points_centi: int = 0
    people_sharing_a_phone: int = 0
    people_with_hours: int = 0
    _names: dict[str, set[tuple[str, ...]]] = field(
        default_factory=lambda: {plural: set() for plural in _NAMED}
    )

    def add(self, outcome: Taken | RefusedRow) -> None:
        """Count one row."""
        if isinstance(outcome, RefusedRow):
            self.refused[outcome.kind] += 1
            prefix = _PREFIX.get(outcome.kind, f"{outcome.kind}_refused")
            self.reasons[f"{prefix}:{outcome.reason_code}"] += 1
            return
        self.taken[outcome.kind] += 1
        self.new[outcome.kind] += outcome.is_new
        self.tidied.update(outcome.tidied)
        if isinstance(outcome.row, ServiceRow):
            row = outcome.row
            self.minutes += row.minutes
            self.points_centi += points_of(row, self.policy)
        else:
            self._name(outcome.row)

    def _name(self, row: Any) -> None:
        if isinstance(row, AreaRow):
            self._names["communities"].add((row.community,))
            self._names["grids"].add((row.community, row.grid))
        elif isinstance(row, TeamRow):
            for plural, name in (("brands", row.brand), ("projects", row.project)):
                if name:
                    self._names[plural].add((name,))

    def counts(self) -> dict[str, Any]:
        """One object with the keys of ``expected.json`` that reading alone can tell."""
        return {
            "areas": {
                "communities": len(self._names["communities"]),
                "grids": len(self._names["grids"]),
                "buildings": self.taken["areas"],
            },
            "teams": self.taken["teams"],
            "brands": len(self._names["brands"]),
            "projects": len(self._names["projects"]),
            **self._rows("volunteers", "volunteers", "refused_or_skipped"),
            **self._rows("service_log", "service", "refused"),
            "service_minutes": self.minutes,
            "points_centi_without_backfill": self.points_centi,
            "people_with_hours": self.people_with_hours,
            "gifts": self.taken["gifts"],
            "dirt": dict(sorted(self._dirt().items())),
            "new": {kind: self.new[kind] for kind in sorted(self.taken)},
            "by_kind": {
                kind: [self.taken[kind], self.new[kind], self.refused[kind]]
                for kind in sorted({*self.taken, *self.refused})
            },
        }

    def _rows(self, kind: str, name: str, refused: str) -> dict[str, int]:
        return {
            f"{name}_rows": self.taken[kind] + self.refused[kind],
            f"{name}_accepted": self.taken[kind],
            f"{name}_{refused}": self.refused[kind],
        }

    def _dirt(self) -> dict[str, int]:
        shared = {"people_sharing_a_phone": self.people_sharing_a_phone}
        return {**self.reasons, **self.tidied, **({k: n for k, n in shared.items() if n})}

"""The clock and the people of the demo: on which days it plays, who acts, what happens when."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from volunteer_service import settings
from volunteer_service.areas.models import Area
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.teams.models import Team

#: Days from the half-year's end to its certificates (35), and on to the end of the notice of a
#: supplement, holidays included.
ROUND_DAYS = 65


@dataclass(frozen=True)
class Days:
    """Every day of the demo, counted from the instant at which it is seeded."""

    at: datetime
    zone: ZoneInfo

    @classmethod
    def around(cls, at: datetime) -> "Days":
        """Return the days around ``at`` in the programme's time zone."""
        return cls(at.astimezone(UTC), settings.current().zone)

    @property
    def today(self) -> date:
        """Return the local day of the seeding."""
        return self.at.astimezone(self.zone).date()

    @property
    def finished(self) -> HalfYear:
        """Return the last half-year whose rating can be over by now."""
        last = HalfYear.of(self.today).previous
        is_rated = self.today >= last.ends_on + timedelta(days=ROUND_DAYS)
        return last if is_rated else last.previous

    @property
    def founded(self) -> date:
        """Return the day on which the town began: half a year before its first rated half-year."""
        return self.finished.starts_on - timedelta(days=180)

    def on(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return a local time of a day, in UTC."""
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)

    def ago(self, days: int, hour: int, minute: int = 0) -> datetime:
        """Return a local time, so many days ago."""
        return self.on(self.today - timedelta(days=days), hour, minute)


@dataclass(frozen=True)
class Act:
    """Something that happens at an instant; the acts of all parts are played in order of time."""

    at: datetime
    play: Callable[[], object]


@dataclass
class Town:
    """What has been built so far; each part of the demo adds to it."""

    days: Days
    root: Area
    #: Another sub-district of the same staff, empty.
    neighbour: Area
    communities: dict[str, Area] = field(default_factory=dict)
    #: Staff by sign-in: ``coordinator``, ``desk``, ...
    staff: dict[str, Actor] = field(default_factory=dict)
    teams: list[Team] = field(default_factory=list)
    #: In the order of ``names.PEOPLE``.
    people: list[Volunteer] = field(default_factory=list)
    #: The people as actors; somebody without an account acts nowhere.
    actors: list[Actor] = field(default_factory=list)
    #: The leaders of ``teams``, in the same order.
    leaders: list[Actor] = field(default_factory=list)

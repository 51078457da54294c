"""Columns that several lists have: the person of a row, and its street."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from volunteer_service.errors import Phrase
from volunteer_service.events import event_teams
from volunteer_service.events.models import Event, EventTeam
from volunteer_service.lists import expressions
from volunteer_service.lists.declaration import Column
from volunteer_service.lists.filters import Named
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team
from volunteer_service.wording import gettext

#: The volunteer of a row by name, and by number where the reader chooses it.
VOLUNTEER = (
    Column(name="name", label=_l("志愿者"), sql=Volunteer.name, sort=Volunteer.name_order),
    Column(name="number", label=_l("编号"), sql=Volunteer.number, is_first=False),
)


def lazily(phrase: Phrase) -> LazyString:
    """Return the phrase in the reader's language."""
    return LazyString(lambda: phrase.worded(gettext))


def street(area_id: Any) -> Column:
    """Return the column of a row's street, for readers of several streets."""
    return Column(
        name="street", label=_l("街道"), sql=expressions.street_name(area_id), is_of_streets=True
    )


_PARTNER = Team.__table__.alias("partner")
#: The teams that run an event of the row together with the organising one, by name.
PARTNERS = Column(
    name="partners",
    label=_l("合办队伍"),
    sql=select(func.aggregate_strings(_PARTNER.c.name, "、"))
    .select_from(EventTeam)
    .join(_PARTNER, _PARTNER.c.id == EventTeam.team_id)
    .where(EventTeam.event_id == Event.id, EventTeam.team_id != Event.team_id)
    .correlate(Event)
    .scalar_subquery(),
    is_first=False,
)


def run_by() -> Named:
    """Return the filter of rows whose event a team of such a name organises or runs too."""
    return Named(
        name="team",
        label=_l("队伍"),
        named=Team.name,
        matching=lambda named: event_teams.run_by(select(Team.id).where(named).correlate(None)),
    )

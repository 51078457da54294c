"""Columns that several lists have: whose row it is, and the street that it belongs to."""

from typing import Any

from flask_babel import lazy_gettext as _l

from volunteer_service.lists import expressions
from volunteer_service.lists.declaration import Column
from volunteer_service.people.models import Volunteer

#: The volunteer of a row by name, and by number where the reader chooses it.
VOLUNTEER = (
    Column(name="name", label=_l("志愿者"), sql=Volunteer.name, sort=Volunteer.name_order),
    Column(name="number", label=_l("编号"), sql=Volunteer.number, is_first=False),
)


def street(area_id: Any) -> Column:
    """Return the column of a row's street, for who reads several."""
    return Column(
        name="street", label=_l("街道"), sql=expressions.street_name(area_id), is_of_streets=True
    )

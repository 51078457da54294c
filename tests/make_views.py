"""A saved view of a street's office."""

from tests.make import MORNING, Cast
from volunteer_service.db import db
from volunteer_service.lists.views.view_models import ListView


def shared(cast: Cast) -> int:
    """A view of people that the coordinator's office shares; its id."""
    row = ListView(
        list_name="people",
        name="在册的人",
        account_id=cast.coordinator.id,
        area_id=cast.town.id,
        asked=[["state", "active"]],
        created_at=MORNING,
    )
    db.session.add(row)
    db.session.flush()
    return row.id

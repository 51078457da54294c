"""Whose data somebody may touch: their own, or that of people who live where they hold a right."""

from volunteer_service.areas import lookup as areas
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.models import Volunteer


def need_on_person(by: Actor, right: Right, volunteer: Volunteer, *, own: bool = False) -> None:
    """Pass for who holds ``right`` over the person's home, and with ``own`` for the person."""
    if own and by.volunteer_id == volunteer.id:
        return
    need(by, right, area_path=areas.path_of(volunteer.area_id))

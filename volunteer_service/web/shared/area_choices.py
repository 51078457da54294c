"""The places that a form offers: those over which the reader holds a right."""

from volunteer_service.areas import lookup as areas
from volunteer_service.people.authorization.rights import Right, places
from volunteer_service.web.shared.guard import actor


def area_choices(right: Right) -> list[tuple[int, str]]:
    """Return sub-districts and communities where the reader holds ``right``, indented by depth."""
    paths, _teams = places(actor(), right)
    found = {area.id: area for path in paths for area in areas.subtree(path)}
    return [
        (area.id, "　" * (area.path.count("/") - 2) + area.name)
        for area in found.values()
        if area.kind in ("subdistrict", "community") and area.closed_at is None
    ]

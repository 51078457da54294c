"""The one street that staff of several streets look at."""

from flask import request
from werkzeug.wrappers import Response

from volunteer_service.web.lists.blueprint import bp
from volunteer_service.web.shared import area_switch, forms
from volunteer_service.web.shared.frame import local_path
from volunteer_service.web.shared.guard import actor, staff


@bp.post("/lists/street")
@staff("leader", "coordinator", "desk", "auditor")
def choose_street() -> Response:
    """Limit every list to one street, or show all streets again."""

    def work() -> str:
        area_switch.choose(request.form.get("area_id", type=int), by=actor())
        return area_switch.without_area(local_path(request.form.get("back", "/lists")))

    return forms.act(work, by=actor())

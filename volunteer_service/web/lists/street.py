"""The street that somebody of several streets looks at."""

from flask import request
from werkzeug.wrappers import Response

from volunteer_service.web.lists.blueprint import bp
from volunteer_service.web.shared import area_switch, forms
from volunteer_service.web.shared.frame import local_path
from volunteer_service.web.shared.guard import actor, staff


@bp.post("/lists/street")
@staff("leader", "coordinator", "desk", "auditor")
def choose_street() -> Response:
    """Look at one street in every list, or at all of them again."""

    def work() -> str:
        area_switch.choose(request.form.get("area_id", type=int), by=actor())
        return area_switch.without_area(local_path(request.form.get("back", "/lists")))

    return forms.act(work, by=actor())

"""What a reader keeps of a list: columns and size, and views under a name."""

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.lists import registry
from volunteer_service.lists.asking import SIZES
from volunteer_service.lists.views import displays, saved_views
from volunteer_service.web.lists.blueprint import bp
from volunteer_service.web.shared import forms, list_pages
from volunteer_service.web.shared.frame import local_path
from volunteer_service.web.shared.guard import actor, signed_in, staff


@bp.post("/lists/<list_name>/display")
@signed_in
def keep_display(list_name: str) -> Response:
    """Keep columns, page size and density of a list, or forget them."""

    def work() -> str:
        declared, sent = registry.open_to(list_name, by=actor()), request.form
        if "reset" in sent:
            displays.forget(declared, by=actor())
            return _back()
        size = sent.get("size", type=int, default=SIZES[0])
        is_dense = sent.get("dense") == "1"
        displays.keep(declared, sent.getlist("col"), size, is_dense=is_dense, by=actor())
        return _back()

    return forms.act(work, by=actor())


@bp.post("/lists/<list_name>/views")
@staff("leader", "coordinator", "desk", "auditor")
def save_view(list_name: str) -> Response:
    """Keep what the address asks of a list under a name, for oneself or for the office."""

    def work() -> str:
        asked, pairs = list_pages.view_of(list_name, by=actor())
        name, area_id = request.form.get("name", ""), request.form.get("area_id", type=int)
        row = saved_views.save(asked, name, pairs, area_id, by=actor(), at=clock.now())
        return forms.done(_("视图“%(name)s”已保存。", name=row.name), _back())

    return forms.act(work, by=actor())


@bp.post("/lists/views/<int:view_id>/remove")
@staff("leader", "coordinator", "desk", "auditor")
def remove_view(view_id: int) -> Response:
    """Remove one's own view, or one of an office that one keeps."""

    def work() -> str:
        saved_views.remove(view_id, by=actor(), at=clock.now())
        return forms.done(_("视图已删除。"), _back())

    return forms.act(work, by=actor())


def _back() -> str:
    """Return the page of the list from which the form was sent."""
    return local_path(request.form.get("back", "/lists"))

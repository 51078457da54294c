"""Every staff list at one address, as a page and as a file."""

from flask import Response, render_template

from volunteer_service.lists import registry
from volunteer_service.web.lists.blueprint import bp
from volunteer_service.web.shared import list_pages
from volunteer_service.web.shared.guard import actor, signed_in, staff


@bp.get("/lists")
@staff("leader", "coordinator", "desk", "auditor")
def index() -> str:
    """Show the lists that the reader may open."""
    return render_template("lists/index.html", lists=registry.all_open_to(by=actor()))


@bp.get("/lists/<list_name>")
@signed_in
def show(list_name: str) -> str:
    """Show one list; a reader without the right gets NotFound."""
    shown = list_pages.shown(list_name, by=actor())
    is_staff = actor().has_role("admin", "leader", "coordinator", "desk", "auditor")
    return render_template("lists/show.html", shown=shown, is_staff=is_staff)


@bp.get("/lists/<list_name>.xlsx")
@signed_in
def workbook(list_name: str) -> Response:
    """Show the same list as a workbook, all pages of it."""
    return list_pages.exported(list_name, "xlsx", by=actor())


@bp.get("/lists/<list_name>.csv")
@signed_in
def text_file(list_name: str) -> Response:
    """Show the same list as a text file, all pages of it."""
    return list_pages.exported(list_name, "csv", by=actor())

"""One field that finds anything: rows of lists, rounds, and pages by a word in their name."""

from flask import render_template, request

from volunteer_service.lists import finding, registry
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.web.lists.blueprint import bp
from volunteer_service.web.shared import list_pages, nav
from volunteer_service.web.shared.guard import actor, staff


@bp.get("/find")
@staff("leader", "coordinator", "desk", "auditor")
def find() -> str:
    """Show what the text of the search field finds, by list."""
    text = finding.plain(request.args.get("q", ""))
    return render_template(
        "lists/find.html",
        text=text,
        sections=finding.find(text, by=actor()),
        pages=_pages(text, actor()),
        opened=list_pages.opened,
    )


def _pages(text: str, by: Actor) -> list[nav.Item]:
    """Return the reader's pages and lists whose name holds the text."""
    wanted = text.casefold()
    found = [*nav.items(by), *(nav.list_item(each) for each in registry.all_open_to(by=by))]
    return [each for each in found if wanted and wanted in each["label"].casefold()]

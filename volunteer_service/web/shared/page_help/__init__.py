"""The help behind the «?» of a page: three sentences and a picture, declared for each page."""

from flask import request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException

from volunteer_service.web.shared.page_help.declaration import Help
from volunteer_service.web.shared.page_help.declared import (
    events,
    office,
    people,
    points_and_gifts,
    signing_in,
    stars_and_records,
)

PAGES: dict[str, Help] = (
    signing_in.PAGES
    | events.PAGES
    | people.PAGES
    | office.PAGES
    | stars_and_records.PAGES
    | points_and_gifts.PAGES
)


def page_help() -> Help | None:
    """Return the help of the page that is shown, None where it has none.

    A form that is shown again after a refusal is the page at the same address.
    """
    if request.endpoint in PAGES or request.method in ("GET", "HEAD"):
        return PAGES.get(request.endpoint or "")
    try:
        return PAGES.get(str(_asked_with_get()))
    except HTTPException:
        return None


def _asked_with_get() -> str:
    adapter = request_ctx.url_adapter
    return str(adapter.match(method="GET")[0]) if adapter else ""

"""The story of a person, team, event, record, gift, round or account: one page for all."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from volunteer_service import clock, settings
from volunteer_service.errors import Phrase
from volunteer_service.stories import reading
from volunteer_service.web.shared import workbooks
from volunteer_service.web.shared.guard import actor, signed_in, staff
from volunteer_service.web.stories import act_links
from volunteer_service.wording import gettext

bp = Blueprint("stories", __name__)

#: The most acts on one page.
PAGE = 50


@bp.get("/people/<int:volunteer_id>/story")
@bp.get("/people/<int:volunteer_id>/story.xlsx")
@staff("coordinator", "auditor")
def person(volunteer_id: int) -> ResponseReturnValue:
    """Show what happened to a person."""
    return _told("person", volunteer_id, url_for("people.show", volunteer_id=volunteer_id))


@bp.get("/teams/<int:team_id>/story")
@bp.get("/teams/<int:team_id>/story.xlsx")
@staff("leader", "coordinator", "auditor")
def team(team_id: int) -> ResponseReturnValue:
    """Show what happened to a team."""
    return _told("team", team_id, url_for("teams.show", team_id=team_id))


@bp.get("/e/<int:event_id>/story")
@bp.get("/e/<int:event_id>/story.xlsx")
@staff("leader", "coordinator")
def event(event_id: int) -> ResponseReturnValue:
    """Show what happened to an event."""
    return _told("event", event_id, url_for("events.manage", event_id=event_id))


@bp.get("/records/<int:record_id>/story")
@bp.get("/records/<int:record_id>/story.xlsx")
@signed_in
def record(record_id: int) -> ResponseReturnValue:
    """Show what happened to a record."""
    return _told("record", record_id, url_for("records.of", record_id=record_id))


@bp.get("/gifts/<int:gift_id>/story")
@bp.get("/gifts/<int:gift_id>/story.xlsx")
@staff("desk", "coordinator")
def gift(gift_id: int) -> ResponseReturnValue:
    """Show what happened to a gift."""
    return _told("gift", gift_id, url_for("gifts.edit", gift_id=gift_id))


@bp.get("/ratings/<int:round_id>/story")
@bp.get("/ratings/<int:round_id>/story.xlsx")
@staff("coordinator", "auditor")
def of_round(round_id: int) -> ResponseReturnValue:
    """Show what happened to a round."""
    return _told("round", round_id, url_for("ratings.show", round_id=round_id))


@bp.get("/accounts/<int:account_id>/story")
@bp.get("/accounts/<int:account_id>/story.xlsx")
@staff("coordinator")
def account(account_id: int) -> ResponseReturnValue:
    """Show what happened to an account."""
    return _told("account", account_id, url_for("people.account", account_id=account_id))


def _told(kind: str, id_: int, thing_url: str) -> ResponseReturnValue:
    """Return the page, or under ``.xlsx`` all of it as a workbook."""

    def read(cursor: str | None) -> reading.Told:
        return reading.story(kind, id_, by=actor(), at=clock.now(), cursor=cursor, limit=PAGE)

    cursor = request.args.get("cursor")
    # Before a file is begun, so that a reader who may not see the thing is refused.
    told = read(cursor)
    if request.path.endswith(".xlsx"):
        acts = workbooks.all_pages(lambda cursor: read(cursor).acts)
        return workbooks.sent("story.xlsx", workbooks.written(_("经过"), _headers(), _lines(acts)))
    may = [(each.words, act_links.url(each.code, id_)) for each in told.may]
    facts: dict[str, Any] = {"acts": told.acts.items, "next": told.acts.next, "may": may}
    paged = cursor is not None
    return render_template(
        "stories/story.html", name=told.name, thing_url=thing_url, paged=paged, **facts
    )


def _headers() -> list[str]:
    return [_("时间"), _("操作"), _("经手人"), _("入口"), _("内容"), _("原来"), _("改为")]


def _lines(acts: Iterable[reading.Act]) -> Iterator[list[Any]]:
    """Yield one line for each fact, and one for an act without facts."""
    zone = settings.current().zone
    for act in acts:
        head = [
            act.at.astimezone(zone).isoformat(sep=" ", timespec="minutes"),
            _in_words(act.words),
            _in_words(act.who),
            act.door,
        ]
        if not act.facts:
            yield [*head, "", "", ""]
        for fact in act.facts:
            yield [*head, _in_words(fact.label), _in_words(fact.before), _in_words(fact.value)]


def _in_words(said: Any) -> Any:
    if isinstance(said, Phrase):
        return said.worded(gettext)
    return "" if said is None else said

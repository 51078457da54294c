"""The counter: one input, a big result, one tap, the next person; and the end of the day."""

from flask import Blueprint, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from volunteer_service import clock, settings
from volunteer_service.db import fetch
from volunteer_service.people.models import Volunteer
from volunteer_service.rate_limits import pick_up_codes
from volunteer_service.scoring.ratings import results
from volunteer_service.scoring.rewards import (
    catalogue,
    desk_days,
    desk_search,
    gift_pictures,
    orders,
)
from volunteer_service.scoring.rewards.models import Redemption
from volunteer_service.web.gifts.forms import HandOverForm, WalkInForm, counts_form
from volunteer_service.web.points.forms import ReasonForm
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.forms import Values
from volunteer_service.web.shared.guard import actor, staff

bp = Blueprint("desk", __name__)

#: The most waiting orders shown; people who come are found by the code, not by reading further.
QUEUE = 30


@bp.get("/desk")
@pick_up_codes(lambda: f"account:{session.get('account')}")
@staff("desk")
def index() -> ResponseReturnValue:
    """Find an order or a person by what was typed or scanned."""
    text = request.args.get("q", "").strip()[:400]
    found = desk_search.find(text, by=actor())
    page = render_template(
        "desk/index.html",
        found=found,
        picture_of=gift_pictures.picture_of,
        q=text,
        queue=desk_search.waiting(by=actor(), at=clock.now(), limit=QUEUE),
        most=QUEUE,
        desks=desk_days.desks(by=actor()),
        **_today(),
        me=actor().volunteer_id,
        now=clock.now(),
    )
    return page, 404 if found.is_miss else 200


@bp.get("/desk/people/<int:volunteer_id>")
@staff("desk")
def person(volunteer_id: int) -> ResponseReturnValue:
    """Show a volunteer at the counter: what waits for them, and what they can have now."""
    return _person(volunteer_id, {}, {})


@bp.post("/desk/people/<int:volunteer_id>/order")
@staff("desk")
def order(volunteer_id: int) -> ResponseReturnValue:
    """Order at the counter for somebody without a phone."""

    def work(values: Values) -> str:
        stars = results.latest_stars(volunteer_id)
        _row, code = orders.order_at_counter(
            **values, volunteer_id=volunteer_id, stars=stars, by=actor(), at=clock.now()
        )
        return forms.done(_("已下单，现在可以发放。"), url_for("desk.index", q=code))

    return forms.submit(
        WalkInForm, work, lambda raw, bad: _person(volunteer_id, raw, bad), by=actor()
    )


@bp.post("/desk/orders/<int:order_id>/hand-over")
@staff("desk")
def hand_over(order_id: int) -> ResponseReturnValue:
    """Hand the order over, once."""

    def work(values: Values) -> str:
        row = orders.hand_over(order_id, **values, by=actor(), at=clock.now())
        name, pieces = row.gift.name, row.quantity
        message = _("已发放 %(name)s × %(pieces)s，请接待下一位。", name=name, pieces=pieces)
        return forms.done(message, url_for("desk.index"))

    def again(raw: Values, errors: Values) -> str:
        return _person(fetch(Redemption, order_id).volunteer_id, raw, errors)

    return forms.submit(HandOverForm, work, again, by=actor())


@bp.post("/desk/orders/<int:order_id>/return")
@staff("desk", "coordinator")
def give_back(order_id: int) -> ResponseReturnValue:
    """Undo a hand-over of today."""

    def work() -> str:
        values, _bad = forms.read(ReasonForm)
        reason = values.get("reason") or _("发放有误")
        orders.return_same_day(order_id, reason, by=actor(), at=clock.now())
        return forms.done(_("已撤销发放，积分和库存已退回。"), url_for("desk.day"))

    return forms.act(work, by=actor())


@bp.get("/desk/day")
@staff("desk", "coordinator")
def day() -> ResponseReturnValue:
    """Show the running day of one desk."""
    return _day(request.args.get("area", type=int), {}, {})


@bp.post("/desk/areas/<int:area_id>/close")
@staff("desk")
def close(area_id: int) -> ResponseReturnValue:
    """Close the day with what was counted."""
    lines = desk_days.day_of(area_id, by=actor(), at=clock.now())

    def work(values: Values) -> str:
        counts = {int(name.removeprefix("count-")): n for name, n in values.items()}
        sheet = desk_days.close_day(area_id, counts, by=actor(), at=clock.now())
        return forms.done(_("今天已日结。"), url_for("desk.sheet", sheet_id=sheet.id))

    return forms.submit(
        counts_form(line.gift_id for line in lines),
        work,
        lambda raw, bad: _day(area_id, raw, bad),
        by=actor(),
    )


def _today() -> Values:
    """Return what was handed over today, and why the reader may not undo it."""
    rows = desk_search.handed_over_today(by=actor(), at=clock.now())
    return {"today": rows, "undo": desk_search.why_not_undone(rows, by=actor(), at=clock.now())}


def _person(volunteer_id: int, raw: Values, errors: Values) -> str:
    row = fetch(Volunteer, volunteer_id)
    desk_search.need_customer(row, by=actor())
    stars = results.latest_stars(volunteer_id)
    return render_template(
        "desk/person.html",
        picture_of=gift_pictures.picture_of,
        person=row,
        stars=stars,
        standing=catalogue.purse(volunteer_id, at=clock.now()),
        offers=catalogue.affordable(volunteer_id, stars=stars, at=clock.now()),
        left=catalogue.orders_left(volunteer_id, at=clock.now()),
        orders=desk_search.open_orders_of(volunteer_id, by=actor()),
        is_own=volunteer_id == actor().volunteer_id,
        raw=raw,
        errors=errors,
    )


def _day(area_id: int | None, raw: Values, errors: Values) -> str:
    desks = desk_days.desks(by=actor())
    area_id = area_id or (desks[0].id if desks else None)
    today = settings.local_day(clock.now())
    return render_template(
        "desk/day.html",
        desks=desks,
        area_id=area_id,
        day=today,
        lines=desk_days.day_of(area_id, by=actor(), at=clock.now()) if area_id else [],
        sheet=desk_days.sheet_of(area_id, today) if area_id else None,
        **_today(),
        raw=raw,
        errors=errors,
    )

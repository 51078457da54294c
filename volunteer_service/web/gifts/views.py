"""The catalogue, ordering, and one's own orders; keeping the catalogue."""

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from volunteer_service import clock, settings
from volunteer_service.areas import desk_contacts
from volunteer_service.db import fetch
from volunteer_service.identifiers import base32
from volunteer_service.paper.qr import qr_svg
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.scoring.ratings import results
from volunteer_service.scoring.rewards import catalogue as rewards_catalogue
from volunteer_service.scoring.rewards import desk_days, gift_pictures, gifts, orders, pick_up_codes
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.web.gifts.forms import GiftForm, OrderForm, StockForm, as_typed
from volunteer_service.web.shared import forms, list_pages
from volunteer_service.web.shared.forms import Values
from volunteer_service.web.shared.guard import actor, signed_in, staff

bp = Blueprint("gifts", __name__)


@bp.get("/gifts")
@signed_in
def index() -> ResponseReturnValue:
    """Show what one can have, what is left, what each gift needs; for staff the catalogue they
    keep.
    """
    volunteer_id = actor().volunteer_id
    if volunteer_id is None:
        return _catalogue()
    stars = results.latest_stars(volunteer_id)
    return render_template(
        "gifts/index.html",
        offers=rewards_catalogue.affordable(volunteer_id, stars=stars, at=clock.now()),
        stars=stars,
        standing=rewards_catalogue.purse(volunteer_id, at=clock.now()),
        left=rewards_catalogue.orders_left(volunteer_id, at=clock.now()),
        orders=rewards_catalogue.orders_of(volunteer_id, limit=5),
        desk=desk_contacts.desk_of_person(volunteer_id),
        keeps=bool(rewards_catalogue.catalogue(actor())),
    )


@bp.get("/gifts/catalogue")
@staff("desk", "coordinator")
def catalogue() -> ResponseReturnValue:
    """Show the gifts of the places where I keep them."""
    return _catalogue()


@bp.get("/gifts/<int:gift_id>/order")
@signed_in
def confirm(gift_id: int) -> ResponseReturnValue:
    """Show what it costs before it is ordered."""
    return _confirm(gift_id, {}, {})


@bp.post("/gifts/<int:gift_id>/order")
@signed_in
def order(gift_id: int) -> ResponseReturnValue:
    """Order for oneself."""

    def work(values: Values) -> str:
        mine = actor().volunteer_id or 0
        stars = results.latest_stars(mine)
        row, _code = orders.order(
            gift_id, values["quantity"], mine, stars=stars, by=actor(), at=clock.now()
        )
        return url_for("gifts.of", order_id=row.id)

    return forms.submit(OrderForm, work, lambda raw, bad: _confirm(gift_id, raw, bad), by=actor())


@bp.get("/orders/<int:order_id>")
@signed_in
def of(order_id: int) -> ResponseReturnValue:
    """Show one's order with its code, for the desk."""
    row = orders.seen(order_id, by=actor())
    own = row.volunteer_id == actor().volunteer_id
    audit_looks.opened(row.volunteer, "order", by=actor(), at=clock.now())
    return render_template(
        "gifts/order.html",
        order=row,
        picture=gift_pictures.picture_of(row.gift.name, row.gift.picture),
        code=base32.spaced(pick_up_codes.code_of(row)) if own else "",
        is_own=own,
        audits=not own and actor().has_role("coordinator", "admin", "auditor"),
        desk=desk_contacts.desk_of(row.gift.area_id),
        sheet=None if own else desk_days.sheet_of_order(row, by=actor()),
    )


@bp.get("/orders/<int:order_id>/code.svg")
@signed_in
def code(order_id: int) -> ResponseReturnValue:
    """Show the pick-up code as a QR that opens the desk's page."""
    row = orders.of(order_id, by=actor())
    if row.volunteer_id != actor().volunteer_id:
        rights.need(actor(), Right.DESK, area_path=row.gift.area.path)
    path = url_for("desk.index", q=pick_up_codes.code_of(row))
    return Response(qr_svg(f"{settings.current().base_url}{path}"), mimetype="image/svg+xml")


@bp.post("/orders/<int:order_id>/cancel")
@signed_in
def cancel(order_id: int) -> ResponseReturnValue:
    """Cancel the order."""

    def work() -> str:
        orders.cancel(order_id, by=actor(), at=clock.now())
        target = url_for("gifts.of", order_id=order_id)
        return forms.done(_("订单已取消，积分已退回。"), target)

    return forms.act(work, by=actor())


@bp.get("/gifts/new")
@staff("desk", "coordinator")
def new() -> ResponseReturnValue:
    """Show the form of a new gift."""
    return _form(None, {}, {})


@bp.post("/gifts/new")
@staff("desk", "coordinator")
def add() -> ResponseReturnValue:
    """Offer a new gift."""

    def work(values: Values) -> str:
        for name in ("version", "state"):
            values.pop(name, None)
        row = gifts.add_gift(values.pop("area_id", 0), **values, by=actor(), at=clock.now())
        target = url_for("gifts.edit", gift_id=row.id)
        return forms.done(_("礼品已添加。现在登记入库数量。"), target)

    return forms.submit(GiftForm, work, lambda raw, bad: _form(None, raw, bad), by=actor())


@bp.get("/gifts/<int:gift_id>/edit")
@staff("desk", "coordinator")
def edit(gift_id: int) -> ResponseReturnValue:
    """Price, star, stock of one gift."""
    return _form(gift_id, {}, {})


@bp.post("/gifts/<int:gift_id>/edit")
@staff("desk", "coordinator")
def save(gift_id: int) -> ResponseReturnValue:
    """Change what is offered."""

    def work(values: Values) -> str:
        values.pop("area_id", None)
        version = values.pop("version", 0)
        gifts.edit_gift(gift_id, version, **values, by=actor(), at=clock.now())
        return forms.done(_("已保存。"), url_for("gifts.edit", gift_id=gift_id))

    return forms.submit(
        GiftForm,
        work,
        lambda raw, bad: _form(gift_id, raw, bad),
        by=actor(),
        stands=lambda: as_typed(fetch(Gift, gift_id)),
    )


@bp.post("/gifts/<int:gift_id>/stock")
@staff("desk", "coordinator")
def stock(gift_id: int) -> ResponseReturnValue:
    """Receive, write off or count."""

    def work(values: Values) -> str:
        gifts.move_stock(gift_id, **values, by=actor(), at=clock.now())
        return forms.done(_("库存已登记。"), url_for("gifts.edit", gift_id=gift_id))

    return forms.submit(StockForm, work, lambda raw, bad: _form(gift_id, raw, bad), by=actor())


def _catalogue() -> str:
    return render_template(
        "gifts/catalogue.html",
        shown=list_pages.shown("gifts", by=actor()),
        oversees=actor().has_role("coordinator", "admin"),
    )


def _confirm(gift_id: int, raw: Values, errors: Values) -> str:
    gift = rewards_catalogue.gift_for(gift_id, by=actor())
    mine = actor().volunteer_id or 0
    stars = results.latest_stars(mine)
    return render_template(
        "gifts/confirm.html",
        offer=rewards_catalogue.offer_of(gift, mine, stars=stars, at=clock.now()),
        standing=rewards_catalogue.purse(mine, at=clock.now()),
        left=rewards_catalogue.orders_left(mine, at=clock.now()),
        raw=raw,
        errors=errors,
    )


def _form(gift_id: int | None, raw: Values, errors: Values) -> str:
    gift = fetch(Gift, gift_id) if gift_id else None
    if gift is not None:
        rights.need(actor(), Right.GIFT_EDIT, area_path=gift.area.path)
    return render_template(
        "gifts/edit.html",
        gift=gift,
        areas=desk_days.areas_for_gifts(by=actor()),
        raw=raw,
        errors=errors,
        pictures=gift_pictures.PICTURES,
    )

"""Areas: the tree, new, renamed, moved, closed, and where their staff are found."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.areas import desk_contacts, lookup, occupancy, outline, tree
from volunteer_service.areas.models import KINDS, Area
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.rights import Right, may, need
from volunteer_service.web.areas.forms import (
    AreaForm,
    ContactForm,
    MoveForm,
    RenameForm,
    StateForm,
)
from volunteer_service.web.shared import forms, row_ids
from volunteer_service.web.shared.guard import actor, staff

bp = Blueprint("areas", __name__)

KIND_WORDS = {
    "subdistrict": _l("街道"),
    "community": _l("社区"),
    "grid": _l("网格"),
    "building": _l("楼栋"),
}


@bp.get("/areas")
@staff("coordinator")
def index() -> str:
    """Show the tree, as far as the reader may change it."""
    return render_template(
        "areas/index.html",
        tops=outline.outline(actor()),
        kinds=KIND_WORDS,
        may_add_street=account_scope.covers_service(actor(), Right.SERVICE_EDIT),
    )


@bp.get("/areas/new")
@staff("coordinator")
def new() -> str:
    """Show the form for a new area below the one in the address; without one, for a street."""
    return _form({"parent_id": request.args.get("parent_id", type=int)}, {})


@bp.post("/areas/new")
@staff("coordinator")
def create() -> Response:
    """Add an area."""

    def work(values: dict[str, Any]) -> str:
        area = tree.add(**values, by=actor(), at=clock.now())
        return forms.done(_("区域已建立。"), url_for("areas.show", area_id=area.id))

    return forms.submit(AreaForm, work, _form, by=actor())


@bp.get("/areas/<int:area_id>")
@staff("coordinator")
def show(area_id: int) -> str:
    """Show one area: what is in it, what is below it, what was done to it."""
    return _shown(area_id, {}, {})


@bp.post("/areas/<int:area_id>/rename")
@staff("coordinator")
def rename(area_id: int) -> Response:
    """Give it another name."""

    def work(values: dict[str, Any]) -> str:
        tree.rename(area_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已改名。"), url_for("areas.show", area_id=area_id))

    return forms.submit(RenameForm, work, lambda raw, bad: _shown(area_id, raw, bad), by=actor())


@bp.get("/areas/<int:area_id>/move")
@staff("coordinator")
def moving(area_id: int) -> str:
    """Show the choice of a new parent, then what moves with the area."""
    return _moving(area_id, {"parent_id": request.args.get("parent_id", type=int)}, {})


@bp.post("/areas/<int:area_id>/move")
@staff("coordinator")
def move(area_id: int) -> Response:
    """Put it below another one."""

    def work(values: dict[str, Any]) -> str:
        tree.move(area_id, **values, by=actor(), at=clock.now())
        told = _("已搬好。要撤销，就把它搬回原来的地方。")
        return forms.done(told, url_for("areas.show", area_id=area_id))

    return forms.submit(MoveForm, work, lambda raw, bad: _moving(area_id, raw, bad), by=actor())


@bp.post("/areas/<int:area_id>/close")
@staff("coordinator")
def close(area_id: int) -> Response:
    """Take nothing new into it."""

    def work(values: dict[str, Any]) -> str:
        tree.close(area_id, reason=values["state_reason"], by=actor(), at=clock.now())
        return forms.done(_("已停用。"), url_for("areas.show", area_id=area_id))

    return forms.submit(StateForm, work, lambda raw, bad: _shown(area_id, raw, bad), by=actor())


@bp.post("/areas/<int:area_id>/reopen")
@staff("coordinator")
def reopen(area_id: int) -> Response:
    """Open it again."""

    def work(values: dict[str, Any]) -> str:
        tree.reopen(area_id, reason=values["state_reason"], by=actor(), at=clock.now())
        return forms.done(_("已恢复使用。"), url_for("areas.show", area_id=area_id))

    return forms.submit(StateForm, work, lambda raw, bad: _shown(area_id, raw, bad), by=actor())


@bp.get("/areas/<int:area_id>/contact")
@staff("desk", "coordinator")
def contact(area_id: int) -> str:
    """Show the form with where the staff are found."""
    return _contact(area_id, vars(_own_contact(area_id)), {})


@bp.post("/areas/<int:area_id>/contact")
@staff("desk", "coordinator")
def set_contact(area_id: int) -> Response:
    """Set where the staff are found."""

    def work(values: dict[str, Any]) -> str:
        wanted = desk_contacts.Contact(**values)
        desk_contacts.set_contact(area_id, wanted, by=actor(), at=clock.now())
        return forms.done(_("已保存，大家在登录页、礼品和订单页上都看得到。"), _back(area_id))

    return forms.submit(ContactForm, work, lambda raw, bad: _contact(area_id, raw, bad), by=actor())


def _back(area_id: int) -> str:
    """Return to the area's page, or to the desk's for people who may not change the tree."""
    if may(actor(), Right.AREA_EDIT, area_path=lookup.path_of(area_id)):
        return url_for("areas.show", area_id=area_id)
    return url_for("desk.index")


def _own_contact(area_id: int) -> desk_contacts.Contact:
    area = lookup.of(area_id)
    return desk_contacts.Contact(area.address, area.opening_hours, area.phone)


def _shown(area_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    area = lookup.of(area_id)
    history = outline.history(area, by=actor())
    above = lookup.of(area.parent_id) if area.parent_id else None
    return render_template(
        "areas/show.html",
        area=area,
        above=above,
        may_see_above=above and may(actor(), Right.AREA_EDIT, area_path=above.path),
        inside=occupancy.occupancy(area),
        below=lookup.children(area.id),
        people=occupancy.people_by_area([area.path]),
        may_add=area.kind != KINDS[-1] and area.closed_at is None,
        kinds=KIND_WORDS,
        history=history,
        values=values,
        errors=errors,
    )


def _moving(area_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    area = lookup.of(area_id)
    need(actor(), Right.AREA_EDIT, area_path=area.path)
    parent_id = row_ids.read(str(values.get("parent_id") or ""))
    target = None if parent_id is None else _target(area, parent_id)
    return render_template(
        "areas/move.html",
        area=area,
        target=target,
        place=lookup.name_path(target) if target else None,
        inside=occupancy.occupancy(area),
        choices=outline.targets(area, by=actor()),
        values=values,
        errors=errors,
    )


def _target(area: Area, parent_id: int) -> Area | None:
    """Return the new parent, if the reader may move the area there."""
    return next(
        (lookup.of(id_) for id_, _name in outline.targets(area, by=actor()) if id_ == parent_id),
        None,
    )


def _form(values: dict[str, Any], errors: dict[str, Any]) -> str:
    parent_id = row_ids.read(str(values.get("parent_id") or ""))
    parent = None if parent_id is None else lookup.of(parent_id)
    if parent is None:
        account_scope.need_whole_service(actor(), Right.SERVICE_EDIT)
    else:
        need(actor(), Right.AREA_EDIT, area_path=parent.path)
    kinds = [(kind, KIND_WORDS[kind]) for kind in KINDS if tree.fits_below(kind, parent)]
    return render_template(
        "areas/new.html", values=values, errors=errors, parent=parent, kinds=kinds
    )


def _contact(area_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    area = lookup.of(area_id)
    need(actor(), Right.GIFT_EDIT, area_path=area.path)
    return render_template(
        "areas/contact.html", area=area, back=_back(area_id), values=values, errors=errors
    )

"""A member's points and statement; for coordinators unspent points, and corrections."""

from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from volunteer_service import clock, policies, settings
from volunteer_service.areas import desk_contacts
from volunteer_service.db import fetch
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.scoring.points import adjustments, balances, reversals
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.scoring.rewards import catalogue
from volunteer_service.web.points import sheet, sources
from volunteer_service.web.points.forms import AdjustForm, DecisionForm, ReasonForm
from volunteer_service.web.shared import asked_days, forms, list_pages, workbooks
from volunteer_service.web.shared.forms import Values
from volunteer_service.web.shared.guard import actor, signed_in, staff

bp = Blueprint("points", __name__)


@bp.app_context_processor
def _sources() -> Values:
    return {"sources": sources}


#: Lines of a statement: the newest at once, and how many more each «更多» brings.
FIRST, FURTHER = 8, 24


@bp.get("/my/points")
@signed_in
def mine() -> ResponseReturnValue:
    """Show one's points: what there is, what waits, what ends when, and where it came from."""
    volunteer_id = actor().volunteer_id
    if volunteer_id is None:
        raise NotFound()
    desk = desk_contacts.desk_of_person(volunteer_id)
    return render_template("points/mine.html", desk=desk, **_account(volunteer_id))


@bp.get("/points")
@staff("coordinator", "auditor")
def outstanding() -> ResponseReturnValue:
    """Show unspent points by the day they end, and adjustments that wait for a second person."""
    days = asked_days.of_request()
    return render_template(
        "points/outstanding.html",
        rows=balances.outstanding(by=actor(), **days),
        days=days,
        waiting=adjustments.waiting_adjustments(by=actor(), at=clock.now()),
    )


@bp.get("/points.xlsx")
@staff("coordinator", "auditor")
def outstanding_workbook() -> ResponseReturnValue:
    """Return unspent points of the same days as a workbook."""
    rows = balances.outstanding(by=actor(), **asked_days.of_request())
    return workbooks.sent("points-by-last-day.xlsx", sheet.outstanding(rows))


@bp.get("/points/entries")
@staff("coordinator", "auditor")
def entries() -> ResponseReturnValue:
    """Show every entry of the ledger, by person, kind and day; each leads to its record or
    order.
    """
    return render_template("points/entries.html", shown=list_pages.shown("entries", by=actor()))


@bp.get("/points/entries.xlsx")
@staff("coordinator", "auditor")
def entries_workbook() -> ResponseReturnValue:
    """Return the entries of the same filters as a workbook."""
    return list_pages.exported("entries", "xlsx", by=actor(), every_column=True)


@bp.get("/people/<int:volunteer_id>/points")
@staff("coordinator", "auditor")
def of_person(volunteer_id: int) -> ResponseReturnValue:
    """Show one member's account for staff; an auditor's look is kept."""
    person = balances.need_sight(volunteer_id, by=actor())
    audit_looks.opened(person, "points", by=actor(), at=clock.now())
    return _of_person(volunteer_id, {}, {})


@bp.post("/people/<int:volunteer_id>/points/adjust")
@staff("coordinator")
def adjust(volunteer_id: int) -> ResponseReturnValue:
    """Correct by hand, with a reason."""

    def work(values: Values) -> str:
        row = adjustments.adjust(volunteer_id, **values, by=actor(), at=clock.now())
        back = url_for("points.of_person", volunteer_id=volunteer_id)
        if row.state == "waiting":
            return forms.done(_("已提交，等另一位管理员批准。"), back, "info")
        return forms.done(_("积分已调整。"), back)

    return forms.submit(
        AdjustForm, work, lambda raw, bad: _of_person(volunteer_id, raw, bad), by=actor()
    )


@bp.post("/points/adjustments/<int:adjustment_id>/decide")
@staff("coordinator")
def decide(adjustment_id: int) -> ResponseReturnValue:
    """Approve or refuse what somebody else asked for."""

    def work() -> str:
        values, bad = forms.read(DecisionForm)
        if bad:
            raise NotFound()
        adjustments.decide_adjustment(adjustment_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已处理。"), url_for("points.outstanding"))

    return forms.act(work, by=actor())


@bp.get("/points/transfers/<int:transfer_id>/reverse")
@staff("coordinator")
def reversal(transfer_id: int) -> ResponseReturnValue:
    """Show what taking this back would do, before it is done."""
    return _reversal(transfer_id, {}, {})


@bp.post("/points/transfers/<int:transfer_id>/reverse")
@staff("coordinator")
def reverse(transfer_id: int) -> ResponseReturnValue:
    """Take it back."""

    def work(values: Values) -> str:
        reversals.reverse(transfer_id, values["reason"], by=actor(), at=clock.now())
        return forms.done(_("已冲正。"), url_for("points.outstanding"))

    return forms.submit(
        ReasonForm, work, lambda raw, bad: _reversal(transfer_id, raw, bad), by=actor()
    )


def _account(volunteer_id: int) -> dict[str, Any]:
    cursor = request.args.get("cursor") if request.method == "GET" else None
    lines = balances.statement(volunteer_id, cursor=cursor, limit=FURTHER if cursor else FIRST)
    return {
        "standing": catalogue.purse(volunteer_id, at=clock.now()),
        "lines": lines,
        "source_of": sources.of(line.transfer for line in lines.items),
        "months": [(month, list(rows)) for month, rows in groupby(lines.items, _month)],
        "asked_further": bool(cursor),
    }


def _month(line: balances.Line) -> date:
    return settings.local_day(line.transfer.at).replace(day=1)


def _of_person(volunteer_id: int, raw: Values, errors: Values) -> str:
    person = balances.need_sight(volunteer_id, by=actor())
    is_own = volunteer_id == actor().volunteer_id
    may_adjust = any(Right.POINTS_ADJUST in rights.RIGHTS[held.role] for held in actor().grants)
    return render_template(
        "points/of_person.html",
        person=person,
        may_adjust=may_adjust and not is_own,
        is_own=may_adjust and is_own,
        policy=policies.active(),
        raw=raw,
        errors=errors,
        **_account(volunteer_id),
    )


def _reversal(transfer_id: int, raw: Values, errors: Values) -> str:
    return render_template(
        "points/reverse.html",
        transfer=fetch(Transfer, transfer_id),
        effect=reversals.effect_of(transfer_id, by=actor(), at=clock.now()),
        raw=raw,
        errors=errors,
    )

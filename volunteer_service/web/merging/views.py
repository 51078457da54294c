"""Merging two entries: choose the other one, look at both, say why; decide; undo."""

from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock, policies
from volunteer_service.areas import lookup
from volunteer_service.merging import entries, later_acts, moved_rows, preview, steps, undoing
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import Volunteer
from volunteer_service.people.search import people_lists
from volunteer_service.web.merging.forms import MergeForm, RefuseForm, UndoForm, UndoReasonForm
from volunteer_service.web.shared import forms, row_ids
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import refusal

bp = Blueprint("merging", __name__)
#: The most people shown as possible other entries.
_LIKELY = 30


@bp.get("/people/<int:volunteer_id>/merge")
@staff("coordinator")
def choose(volunteer_id: int) -> str:
    """Find the other entry; with ``merged_id`` both side by side."""
    other = request.args.get("merged_id", type=int)
    if other is not None:
        return _compare(volunteer_id, other)
    kept = people_lists.volunteer(volunteer_id, by=actor())
    q = request.args.get("q", "")[:400] or kept.name
    found = people_lists.volunteers(by=actor(), q=q, limit=_LIKELY).items
    likely = [row for row in found if row.id != kept.id and row.merged_into_id is None]
    return render_template(
        "merging/choose.html", kept=kept, q=q, likely=likely, places=_places(likely)
    )


@bp.post("/people/<int:volunteer_id>/merge")
@staff("coordinator")
def merge(volunteer_id: int) -> Response:
    """Merge the other entry into this one, at once or after a second person."""

    def work(values: dict[str, Any]) -> str:
        row = steps.merge(
            volunteer_id,
            values["merged_id"],
            taken=[field for field in entries.FIELDS if values[f"take_{field}"]],
            reason=values["merge_reason"],
            by=actor(),
            at=clock.now(),
        )
        return _done(row, _("已合并，已告诉本人。"), _("已提出，等第二个人确认。"))

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return _compare(volunteer_id, row_ids.read(values.get("merged_id", "")) or 0, errors)

    return forms.submit(MergeForm, work, again, by=actor())


@bp.get("/mergings")
@staff("coordinator")
def index() -> str:
    """Show what waits for a second person."""
    return render_template("merging/index.html", waiting=preview.waiting(by=actor()))


@bp.get("/mergings/<int:merging_id>")
@staff("coordinator")
def show(merging_id: int) -> str:
    """Show one merging: what it would do, or what it did and until when it is undone."""
    return _shown(merging_id, {})


@bp.post("/mergings/<int:merging_id>/approve")
@staff("coordinator")
def approve(merging_id: int) -> Response:
    """Agree as the second person; the two are merged at once."""

    def work() -> str:
        row = steps.decide_merging(merging_id, approve=True, by=actor(), at=clock.now())
        return _done(row, _("已合并，已告诉本人。"))

    return forms.act(work, by=actor())


@bp.post("/mergings/<int:merging_id>/refuse")
@staff("coordinator")
def refuse(merging_id: int) -> Response:
    """Say as the second person why not; nothing changes."""

    def work(values: dict[str, Any]) -> str:
        row = steps.decide_merging(
            merging_id, approve=False, answer=values["answer"], by=actor(), at=clock.now()
        )
        return _done(row, _("已答复，两份登记不变。"))

    return forms.submit(RefuseForm, work, partial(_again, merging_id), by=actor())


@bp.post("/mergings/<int:merging_id>/undo")
@staff("coordinator")
def undo(merging_id: int) -> Response:
    """Take a merging back."""

    def work(values: dict[str, Any]) -> str:
        reason = values["undo_reason"]
        row = undoing.undo_merging(merging_id, reason=reason, by=actor(), at=clock.now())
        return _done(row, _("合并已撤销，两份登记恢复原样。"))

    return forms.submit(UndoForm, work, partial(_again, merging_id), by=actor())


@bp.post("/mergings/<int:merging_id>/undo/approve")
@staff("coordinator")
def approve_undo(merging_id: int) -> Response:
    """Take it back as the second person."""

    def work() -> str:
        row = undoing.undo_merging(merging_id, by=actor(), at=clock.now())
        return _done(row, _("合并已撤销，两份登记恢复原样。"))

    return forms.act(work, by=actor())


@bp.post("/mergings/<int:merging_id>/undo/ask")
@staff("coordinator")
def ask_undo(merging_id: int) -> Response:
    """Ask a second person to take it back."""

    def work(values: dict[str, Any]) -> str:
        row = undoing.ask_undo(merging_id, **values, by=actor(), at=clock.now())
        return _done(row, _("已提交，等另一个人审批"))

    return forms.submit(UndoReasonForm, work, partial(_again, merging_id), by=actor())


@bp.post("/mergings/<int:merging_id>/undo/withdraw")
@staff("coordinator")
def withdraw_undo(merging_id: int) -> Response:
    """Take back one's own request."""

    def work() -> str:
        row = undoing.withdraw_undo(merging_id, by=actor(), at=clock.now())
        return _done(row, _("已收回，不再等审批"))

    return forms.act(work, by=actor())


@bp.post("/mergings/<int:merging_id>/undo/refuse")
@staff("coordinator")
def refuse_undo(merging_id: int) -> Response:
    """Refuse the undo as the second person, and say why."""

    def work(values: dict[str, Any]) -> str:
        row = undoing.refuse_undo(merging_id, **values, by=actor(), at=clock.now())
        return _done(row, _("没有撤销，合并保持不变"))

    return forms.submit(RefuseForm, work, partial(_again, merging_id), by=actor())


def _compare(kept_id: int, merged_id: int, errors: dict[str, Any] | None = None) -> str:
    found = preview.preview(kept_id, merged_id, by=actor(), at=clock.now())
    return render_template(
        "merging/compare.html",
        found=found,
        places=_places([found.kept.volunteer, found.merged.volunteer]),
        in_the_way=[refusal(each) for each in [*found.obstacles, found.refused] if each],
        errors=errors or {},
        days=policies.active().merge_undo_days,
    )


def _again(merging_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    return _shown(merging_id, errors, values)


def _shown(merging_id: int, errors: dict[str, Any], values: dict[str, Any] | None = None) -> str:
    by, at = actor(), clock.now()
    row = preview.merging(merging_id, by=by)
    who = steps.others(row.kept_id, row.merged_id, row.asked_by_id, at)
    waits = row.state == "waiting"
    found = _asked(row) if waits else None
    return render_template(
        "merging/show.html",
        row=row,
        found=found,
        places=_places([row.kept, row.merged]),
        in_the_way=[refusal(each) for each in (found.obstacles if found else [])],
        not_mine=refusal(found.refused) if found and found.refused else "",
        why_not=conflicts.sentence(by, row.asked_by_id, at=at, who=who) if waits else None,
        undone_until=_until(row),
        not_undone=_why_not_undone(row),
        names=preview.names(row),
        undo=undoing.standing(row, by=by, at=at),
        refusal=refusal,
        values=values or {},
        errors=errors,
    )


def _asked(row: Merging) -> preview.Preview:
    both, by, at = (row.kept_id, row.merged_id), actor(), clock.now()
    return preview.preview(*both, taken=row.taken, but=row, by=by, at=at)


def _why_not_undone(row: Merging) -> str:
    found = later_acts.why_not(row, moved_rows.of(row), at=clock.now())
    return refusal(found) if found else ""


def _until(row: Merging) -> Any:
    days = timedelta(days=policies.active().merge_undo_days)
    return row.done_at + days if row.done_at and row.state == "done" else None


def _places(people: list[Volunteer]) -> dict[int, str]:
    homes = {row.id: row.area_id for row in people if row.area_id is not None}
    return {id_: lookup.name_path(lookup.of(area_id)) for id_, area_id in homes.items()}


def _done(row: Merging, said: str, waits: str = "") -> str:
    words = waits if row.state == "waiting" else said
    return forms.done(words, url_for("merging.show", merging_id=row.id))
